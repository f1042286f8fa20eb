"""An answer in the hands of a test: what came, and the contract to hold it against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.exchange import Exchange


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a call was answered, and how a test says that a clause does or does not hold."""

    exchange: Exchange
    contract: Contract = field(repr=False)

    @property
    def status(self) -> int:
        """Status of the answer."""
        return self.exchange.status

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers of the answer, their names in lower case."""
        return self.exchange.headers

    @property
    def content(self) -> bytes:
        """Body of the answer."""
        return self.exchange.content

    @property
    def body(self) -> Any:  # noqa: ANN401  (an answer is any JSON)
        """The answer as JSON; None when it is no JSON."""
        return self.exchange.body

    @property
    def query(self) -> Mapping[str, str]:
        """Query of the request; the first value of each parameter."""
        return self.exchange.query

    def member(self, name: str) -> Any:  # noqa: ANN401  (same)
        """Take a member of the answer; None when the answer is no object or has no such member."""
        return self.exchange.member(name)

    def require(self, clause: str, holds: object, expected: str) -> None:
        """Hold the answer against a clause.

        Args:
            clause: Id of the clause.
            holds: Whether the clause holds.
            expected: What should have been answered, in words.

        Raises:
            Breach: It does not hold.
        """
        if not holds:
            self.contract.breach(clause, exchange=self.exchange, expected=expected)

    def prefer(self, clause: str, holds: object, expected: str) -> None:
        """Hold the answer against a clause that no official text states in full.

        Args:
            clause: Id of the clause.
            holds: Whether the clause holds.
            expected: What should have been answered, in words.

        Raises:
            Breach: It does not hold and the run is strict; otherwise a remark is kept.
        """
        if not holds:
            self.contract.remark(clause, exchange=self.exchange, expected=expected)
