"""What a drift is, what a tolerated variation is, and how each becomes an application."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.types import ASGIApp

from contract_tests.drifts.exchange import Recipe
from contract_tests.drifts.recipes import unchanged
from contract_tests.drifts.wrapping import Wrapped
from gong_crm_emulator import EmulatorSettings, create_app


@dataclass(frozen=True, kw_only=True)
class _Changed:
    """A server that differs from the emulator in one thing.

    Attributes:
        id: Its name.
        change: What the server does now, in one sentence.
        recipe: How it answers.
        settings: Switches of the emulator that it sets.
    """

    id: str
    change: str
    recipe: Recipe = unchanged
    settings: Mapping[str, Any] = field(default_factory=dict)

    def app(self, settings: EmulatorSettings | None = None) -> ASGIApp:
        """Make the server, its own switches on top of those given."""
        own = replace(settings or EmulatorSettings(), **self.settings)
        return Wrapped(create_app(own), begin=lambda: self.recipe(own))


@dataclass(frozen=True, kw_only=True)
class Drift(_Changed):
    """A server that breaks the contract in one thing.

    Attributes:
        clauses: The clauses that it breaks, one or several; a test that asserts one of them has to find it.
    """

    clauses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Variation(_Changed):
    """A server that does one thing otherwise and breaks nothing.

    Attributes:
        permitted_by: The fact, conflict (C-n) or unknown (U-n) that permits it.
    """

    permitted_by: str


def drift(name: str, clauses: str, change: str, recipe: Recipe, /) -> Drift:
    """Write one row of a table of drifts; several clauses stand with blanks between them."""
    return Drift(id=name, clauses=tuple(clauses.split()), change=change, recipe=recipe)


def variation(
    name: str, permitted_by: str, change: str, recipe: Recipe = unchanged, /, **settings: object
) -> Variation:
    """Write one row of a table of variations: a recipe, or switches of the emulator."""
    return Variation(id=name, permitted_by=permitted_by, change=change, recipe=recipe, settings=settings)
