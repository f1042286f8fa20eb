"""The contract as a whole: ledger, document, how strict a run is, and what it has remarked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from contract_tests.suite.ledger.breach import Breach, paragraph
from contract_tests.suite.ledger.clauses import Clause
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.exchange import Exchange


@dataclass(kw_only=True)
class Contract:
    """What every judgement of a run shares.

    Attributes:
        only: The clauses whose breaches count, so that the proof of the suite can hold a drift against its own clauses
            without stopping at another's breach first; None for all, as in every other run.
    """

    clauses: Mapping[str, Clause]
    document: Document
    strict: bool = False
    remarks: dict[str, str] = field(default_factory=dict)
    only: frozenset[str] | None = None

    def breach(self, clause: str, *, expected: str, exchange: Exchange | None = None) -> None:
        """Say that a clause is broken.

        Args:
            clause: Id of the clause.
            expected: What should have been answered, in words.
            exchange: The call that shows it.

        Raises:
            Breach: The clause counts in this run.
        """
        if self.only is not None and clause not in self.only:
            return
        raise Breach(self.clauses[clause], expected=expected, exchange=exchange)

    def remark(self, clause: str, *, expected: str, exchange: Exchange | None = None) -> None:
        """Say that something differs which no official text promises.

        Args:
            clause: Id of the clause.
            expected: What others saw, or how we read a silence, in words.
            exchange: The call that shows it.

        Raises:
            Breach: The run is strict.
        """
        if self.strict:
            self.breach(clause, expected=expected, exchange=exchange)
            return
        text = paragraph(self.clauses[clause], expected=expected, exchange=exchange)
        self.remarks.setdefault(clause, text.replace("Breach of", "Remark on", 1))
