"""What a drift is, what a tolerated variation is, and how each becomes an application."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from contract_tests.drifts.pieces import unchanged
from contract_tests.drifts.wrapping import Wrapped
from gong_crm_emulator import EmulatorSettings, create_app

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from contract_tests.drifts.exchange import Recipe


@dataclass(frozen=True, kw_only=True)
class _Changed:
    """A server that differs from the stand-in in one thing.

    Attributes:
        id: Its name.
        change: What the server does now, in one sentence.
        kind: The class it belongs to.
        recipe: How it answers.
        settings: Switches of the stand-in that it sets.
    """

    id: str
    change: str
    kind: str
    recipe: Recipe = unchanged
    settings: Mapping[str, Any] = field(default_factory=dict)

    def app(self, settings: EmulatorSettings | None = None) -> ASGIApp:
        """Make the server.

        Args:
            settings: Switches of the stand-in, or None for their defaults; its own come on top.

        Returns:
            The application.
        """
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


def drift(
    name: str, clauses: str, change: str, recipe: Recipe = unchanged, /, *, kind: str, **settings: object
) -> Drift:
    """Write one row of a table of drifts.

    Args:
        name: Its id.
        clauses: The clauses that it breaks, with blanks between them.
        change: What the server does now.
        recipe: How it answers.
        kind: The class it belongs to.
        settings: Switches of the stand-in that it sets.

    Returns:
        The drift.
    """
    return Drift(id=name, clauses=tuple(clauses.split()), change=change, kind=kind, recipe=recipe, settings=settings)


def variation(
    name: str, permitted_by: str, change: str, recipe: Recipe = unchanged, /, *, kind: str, **settings: object
) -> Variation:
    """Write one row of a table of variations.

    Args:
        name: Its id.
        permitted_by: The fact that permits it.
        change: What the server does now.
        recipe: How it answers.
        kind: The class it belongs to.
        settings: Switches of the stand-in that it sets.

    Returns:
        The variation.
    """
    return Variation(id=name, permitted_by=permitted_by, change=change, kind=kind, recipe=recipe, settings=settings)
