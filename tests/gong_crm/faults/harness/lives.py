"""The life of an integration from its registration to its deletion, taken up again after each failure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gong_crm.errors import GongCrmError
from tests.gong_crm.faults.harness.pushing import TIER, integration_of, result, resume_or_push

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.gong_crm.faults.harness.checker import Said
    from tests.gong_crm.faults.harness.pushing import Inputs, Opening, Script

_TRIES: Final = 3


@dataclass
class Life:
    """What came of one life.

    Attributes:
        failures: The errors after which somebody started the script again.
        said: What was said of the lines.
        read: Objects as they were read back.
    """

    failures: list[GongCrmError] = field(default_factory=list)
    said: Said | None = None
    read: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    def run(self, opening: Opening, script: Script) -> None:
        """Run a script, and once more after each error, as a scheduler does."""
        while len(self.failures) < _TRIES:
            try:
                opening.use(script)
            except GongCrmError as problem:
                self.failures.append(problem)
            else:
                return


def live(opening: Opening, inputs: Inputs, *, read: Sequence[str] = ()) -> Life:
    """Register, describe, push and read back."""
    life = Life()

    async def script(gong: Any) -> None:  # noqa: ANN401  (GongCrm or its awaited twin)
        integration = await integration_of(gong)
        await result(integration.describe_fields("ACCOUNT", [TIER]))
        life.said = await resume_or_push(gong, inputs)
        life.read = await result(integration.read("ACCOUNT", read))

    life.run(opening, script)
    return life


def end(opening: Opening) -> Life:
    """Delete the integration."""
    life = Life()

    async def script(gong: Any) -> None:  # noqa: ANN401  (same)
        integration = await result(gong.integration())
        if integration is not None:
            await result(integration.delete())

    life.run(opening, script)
    return life
