"""What a run has found: an outcome a test, a state a clause, a paragraph a breach."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from contract_tests.suite.ledger.clauses import Clause

Result = Literal["passed", "failed", "skipped", "not judged"]
State = Literal["broken", "differs", "holds", "not judged"]
STATES: Final[tuple[State, ...]] = ("broken", "differs", "holds", "not judged")
_VARIANTS: Final = 3
"""Other expectations of one clause that are shown beside the first one."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one test has found.

    Attributes:
        number: Keeps tests apart that share a name.
        breach: The clause that it saw broken.
        expected: What the breach expected.
        operation: What the breach was met on.
        message: A paragraph for a breach, a sentence for a skipped test.
    """

    test: str
    layer: str
    clauses: tuple[str, ...]
    result: Result
    seconds: float
    number: int = 0
    breach: str | None = None
    expected: str = ""
    operation: str | None = None
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A clause with its state, and the reason where nobody judged it."""

    clause: Clause
    state: State
    reason: str = ""


@dataclass(kw_only=True)
class BreachGroup:
    """A breach, however often it was met: the first example, and what differs in the others."""

    clause: str
    first: Outcome
    count: int = 0
    operations: dict[str, None] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self.count += 1
        if outcome.operation:
            self.operations.setdefault(outcome.operation)
        self.variants.setdefault(_general(outcome.expected), outcome.expected)

    def text(self) -> str:
        """Write the breach as one paragraph."""
        lines = [self.first.message]
        others = list(self.variants.values())[1:]
        lines += [f"  also      expected {other}" for other in others[:_VARIANTS]]
        if len(others) > _VARIANTS:
            lines.append(f"  also      {len(others) - _VARIANTS} more expectations like these")
        if self.count > 1:
            names = list(self.operations)
            shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")  # a line's worth
            lines.append(f"  met       {self.count} times" + (f", on {shown}" if shown else ""))
        return "\n".join(lines)


def breaches_of(outcomes: Iterable[Outcome]) -> list[BreachGroup]:
    """Group breaches by clause, in the order in which they were met."""
    groups: dict[str, BreachGroup] = {}
    for one in outcomes:
        if one.breach:
            groups.setdefault(one.breach, BreachGroup(clause=one.breach, first=one)).add(one)
    return list(groups.values())


def findings_of(
    clauses: Mapping[str, Clause], outcomes: Sequence[Outcome], *, remarked: Iterable[str]
) -> list[Finding]:
    """Say for each clause what the run has found.

    A clause is broken when a breach names it, or when a test of it failed without naming any.
    It differs when nothing but a remark speaks against it, and holds when a test of it passed.
    """
    broken = {one.breach for one in outcomes if one.breach}
    broken |= {clause for one in outcomes if one.result == "failed" and not one.breach for clause in one.clauses}
    held = {clause for one in outcomes if one.result == "passed" for clause in one.clauses}
    states: list[tuple[State, set[str]]] = [("broken", broken), ("differs", set(remarked)), ("holds", held)]
    reasons: dict[str, dict[str, None]] = defaultdict(dict)
    for one in outcomes:
        for name in one.clauses:
            reasons[name].setdefault(_reason(one))

    def finding(clause: Clause) -> Finding:
        for state, names in states:
            if clause.id in names:
                return Finding(clause=clause, state=state)
        reason = "; ".join(reasons[clause.id]) or clause.unobservable or "no test of it was run"
        return Finding(clause=clause, state="not judged", reason=reason)

    return [finding(clause) for clause in clauses.values()]


def _reason(outcome: Outcome) -> str:
    if outcome.breach:
        return f"its test stopped at a breach of {outcome.breach}"
    return "a call of its test got no answer" if outcome.result == "not judged" else outcome.message


def _general(text: str) -> str:
    """Take out of an expectation what changes from test to test: numbers, names, what stands in quotes."""
    return re.sub(r"'[^']*'|\"[^\"]*\"|[\w.-]*\d[\w.-]*|\$\S*", "#", text.partition(":")[0])
