"""What a breach of the contract looks like: one paragraph with clause, request, answer and expectation."""

from typing import Final

from contract_tests.suite.ledger.clauses import Clause
from contract_tests.suite.ledger.curl import curl
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.visible import excerpt, shortened, visible

_SHOWN_HEADERS: Final = frozenset({"content-type", "retry-after", "www-authenticate", "allow", "location", "x-traceid"})
_LONGEST: Final = 2_000
"""Characters of an expectation, which may repeat what a server has answered."""


class Breach(AssertionError):  # noqa: N818  (a breach is what the contract calls it, and no error of ours)
    """A server broke a clause."""

    def __init__(self, clause: Clause, *, expected: str, exchange: Exchange | None = None) -> None:
        self.clause = clause
        self.expected = expected
        self.exchange = exchange
        super().__init__(clause.id, expected)

    def __str__(self) -> str:
        """Write the breach as one paragraph."""
        return paragraph("Breach of", self.clause, expected=self.expected, exchange=self.exchange)


class NotJudged(Exception):  # noqa: N818  (says what happened; nothing is wrong with the server as far as we know)
    """A call has got no answer, so nothing can be said of what it was to show.

    Attributes:
        request: The request, as an exchange whose answer is empty.
        why: What happened, in words of ours.
        advice: What to do next.
    """

    def __init__(self, request: Exchange, *, why: str, advice: str) -> None:
        self.request = request
        self.why = why
        self.advice = advice
        super().__init__(why)

    def __str__(self) -> str:
        """Write it as one paragraph."""
        head = f"Not judged: {self.request.method} {self.request.path} got no answer"
        shown = curl(self.request)
        return f"{head}\n  why       {self.why}\n  request   {shown}\n  next      {self.advice}"


def paragraph(head: str, clause: Clause, *, expected: str, exchange: Exchange | None) -> str:
    """Write a breach, or a remark, so that a reader needs no other source."""
    lines = [
        f"{head} {clause.id}",
        f"  rule      {clause.rule}",
        f"  source    {', '.join(clause.sources)} ({clause.strength}"
        + (f"; seen live by others: {clause.observed})" if clause.observed else ")"),
    ]
    if exchange is not None:
        if exchange.upload is not None:
            lines.append(f"  upload    {curl(exchange.upload)}")
        lines += [f"  request   {curl(exchange)}", f"  answer    {answer_of(exchange)}"]
    lines.append(f"  expected  {shortened(visible(expected), most=_LONGEST)}")
    if exchange is not None and exchange.since:
        lines.append(f"  since     {exchange.since}")
    return "\n".join(lines)


def answer_of(exchange: Exchange) -> str:
    """Show the answer on one line: status, the headers that the contract speaks of, body."""
    headers = "; ".join(
        f"{name}: {shortened(visible(value), most=200)}"
        for name, value in exchange.headers.items()
        if name in _SHOWN_HEADERS
    )
    return f"{exchange.status} [{headers}] {excerpt(exchange.content)}"
