"""The integration that the tests of a run share, kept in sight: whether it is still there, and since when it is not."""

from dataclasses import dataclass, field
from typing import Final

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.cleanup import OURS, Cleanup
from contract_tests.suite.ledger.breach import Breach, NotJudged
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.exchange import Exchange

OWNER: Final = "contract.suite@example.com"
LOSSES: Final = 5
"""Times that the integration may vanish in one run; after that nothing can be judged on it."""

_CLAUSES: Final = {"PUT": "register.second-changes-nothing", "DELETE": "delete.refused-deletes-nothing"}
_REMEMBERED: Final = 200


@dataclass(frozen=True, kw_only=True)
class Integration:
    """An integration as it was registered."""

    id: int
    name: str
    owner_email: str


@dataclass(kw_only=True)
class SharedIntegration:
    """Registers the integration that tests share, and says after which call it vanished.

    Attributes:
        current: The integration; None before it is registered.
        losses: How often it has vanished.
    """

    gong: Caller
    cleanup: Cleanup
    contract: Contract
    current: Integration | None = None
    losses: int = 0
    _suspects: list[Exchange] = field(default_factory=list)

    def register(self) -> Integration:
        """Register it, anew where it has vanished; a registration whose answer was lost is taken up from the list.

        Raises:
            Breach: It cannot be registered.
            NotJudged: Nobody answers.
        """
        self.current = None
        self.cleanup.sweep()  # what a scenario has left when it failed
        name = f"{OURS} {self.cleanup.run_name}" + (f" {self.losses + 1}" if self.losses else "")
        for again in (False, True):
            try:
                answer = self.gong.register_crm_integration("current", name=name, owner_email=OWNER)
            except NotJudged:
                number = self._listed_as(name)
                if number is None and again:
                    raise
            else:
                answer.require("register.success", answer.status == 200, "200 with integrationId")
                number = answer.member("integrationId")
            if number is not None:
                break
        assert isinstance(number, int)
        self.current = Integration(id=number, name=name, owner_email=OWNER)
        self._suspects.clear()
        return self.current

    def _listed_as(self, name: str) -> int | None:
        found = [entry.get("integrationId") for entry in self.cleanup.listed() if entry.get("name") == name]
        return next((number for number in found if isinstance(number, int)), None)

    def watch(self, exchange: Exchange) -> None:
        """Remember the calls since the integration was last seen."""
        if self.current is None:
            return
        named = exchange.query.get("integrationId") == str(self.current.id)
        if named and exchange.status < 300 and exchange.method != "DELETE":
            self._suspects.clear()
        elif len(self._suspects) < _REMEMBERED:
            self._suspects.append(exchange)

    def vanished(self) -> Exchange | None:
        """Say after which call the integration vanished; None while it is there, or when the list cannot be read."""
        if self.current is None or not self._suspects:
            return None
        listing = self.cleanup.look()
        entries = listing.member("integrations")
        if not isinstance(entries, list) and listing.status != 404:  # an empty list may be a 404 (U-22)
            return None
        numbers = [entry.get("integrationId") for entry in entries or [] if isinstance(entry, dict)]
        if self.current.id in numbers:
            self._suspects.clear()
            return None
        self.losses += 1
        changing = [one for one in self._suspects if one.method in _CLAUSES]
        return (changing or self._suspects)[0]

    def loss(self, suspect: Exchange, breach: Breach | None) -> Breach:
        """Say what a vanished integration breaks: the breach that was met where it explains itself, else its cause."""
        assert self.current is not None
        remark = (
            f"the integration {self.current.id} is not listed any more since this call; it is registered anew, "
            "and the rest is judged on the new one"
        )
        clause, only = _CLAUSES.get(suspect.method, "list.registered"), self.contract.only
        if breach is not None and (breach.exchange == suspect or (only is not None and clause not in only)):
            return Breach(breach.clause, expected=f"{breach.expected}; {remark}", exchange=breach.exchange)
        expected = f"the integration {self.current.id} listed as before; {remark}"
        return Breach(self.contract.clauses[clause], expected=expected, exchange=suspect)
