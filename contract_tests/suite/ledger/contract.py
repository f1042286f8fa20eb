"""The contract as a whole: ledger, document, how strict a run is, and what it has remarked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from contract_tests.suite.ledger.breach import Breach, paragraph
from contract_tests.suite.ledger.clauses import Clause
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.exchange import Exchange


def _ignore(clause: str, text: str) -> None:
    """Keep no remark."""


@dataclass(frozen=True, kw_only=True)
class Contract:
    """What every judgement of a run shares.

    Attributes:
        strict: Whether a remark is a breach.
        only: The clauses whose breaches count, so that the proof of the suite can hold a drift against its own clauses
            without stopping at another's breach first; None for all, as in every other run.
        keep: Called with the clause and the paragraph of each remark.
    """

    clauses: Mapping[str, Clause]
    document: Document
    strict: bool = False
    only: frozenset[str] | None = None
    keep: Callable[[str, str], None] = field(default=_ignore, repr=False)

    def breach(self, clause: str, *, expected: str, exchange: Exchange | None = None) -> None:
        """Say that a clause is broken; expected says in words what should have been answered.

        Raises:
            Breach: The clause counts in this run.
        """
        if self.only is not None and clause not in self.only:
            return
        raise Breach(self.clauses[clause], expected=expected, exchange=exchange)

    def remark(self, clause: str, *, expected: str, exchange: Exchange | None = None) -> None:
        """Say that something differs which no official text promises.

        Raises:
            Breach: The run is strict.
        """
        if self.strict:
            self.breach(clause, expected=expected, exchange=exchange)
            return
        self.keep(clause, paragraph("Remark on", self.clauses[clause], expected=expected, exchange=exchange))
