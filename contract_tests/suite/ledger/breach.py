"""What a breach of the contract looks like: one paragraph with clause, request, answer and expectation."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract_tests.suite.ledger.clauses import Clause
    from contract_tests.suite.ledger.exchange import Exchange


class Breach(AssertionError):  # noqa: N818  # a breach is what the contract calls it, and no error of ours
    """A server broke a clause."""

    def __init__(self, clause: "Clause", *, expected: str, exchange: "Exchange | None" = None) -> None:
        self.clause = clause
        self.expected = expected
        self.exchange = exchange
        super().__init__(clause.id, expected)

    def __str__(self) -> str:
        """Tell the breach in one paragraph."""
        return paragraph(self.clause, expected=self.expected, exchange=self.exchange)


def paragraph(clause: "Clause", *, expected: str, exchange: "Exchange | None") -> str:
    """Tell a breach, or a remark, so that a reader needs no other source.

    Args:
        clause: The clause that does not hold.
        expected: What should have been answered, in words.
        exchange: The call and its answer, when one call shows it.

    Returns:
        Five lines: clause, rule with sources, request as curl without secrets, answer, expectation.
    """
    lines = [
        f"Breach of {clause.id}",
        f"  rule      {clause.rule}",
        f"  source    {', '.join(clause.sources)} ({clause.strength}"
        + (f"; seen live by others: {clause.observed})" if clause.observed else ")"),
    ]
    if exchange is not None:
        lines += [f"  request   {exchange.curl()}", f"  answer    {exchange.answer()}"]
    lines.append(f"  expected  {expected}")
    if exchange is not None and exchange.since:
        lines.append(f"  since     {exchange.since}")
    return "\n".join(lines)
