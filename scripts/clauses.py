"""Write docs/conformance.md: each clause of the ledger, what is known of it, and which drifts its tests caught."""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from contract_tests.drifts import DRIFTS, VARIATIONS  # noqa: E402  (the root has to be importable)
from contract_tests.suite.evidence.published import Source, read_exchanges, read_reports  # noqa: E402  (same)
from contract_tests.suite.ledger.clauses import Clause, read_clauses  # noqa: E402  (same)
from contract_tests.suite.proof.matrix import Row, read_matrix  # noqa: E402  (same)

PAGE: Final = ROOT / "docs" / "conformance.md"
SHOWN: Final = 3
"""Drifts of a clause that are shown; more are folded."""

CHAPTERS: Final = {
    "auth": "Credentials",
    "scope": "Scopes",
    "envelope": "Every answer",
    "ids": "Integration ids",
    "route": "Paths, methods and media types",
    "limit": "Limits",
    "register": "Register an integration",
    "list": "List the integration",
    "delete": "Delete the integration",
    "schema": "Upload a schema",
    "schema-list": "List a schema",
    "upload": "Upload objects",
    "line": "Lines of a file",
    "status": "Follow a request",
    "objects": "Read objects",
    "map-users": "Map users (legacy)",
    "stages": "Upload stages (legacy)",
}
"""Headings, by what the id of a clause begins with."""


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the page says.

    Attributes:
        clauses: The ledger, by clause id.
        drifts: The drifts of each clause.
        variations: What each tolerated variation does, and what permits it.
        verdicts: What the last whole matrix showed of drifts and variations.
        run: Its day; None when there was none yet.
        sources: Who published or saw what, with the number of exchanges and reports.
        contradictions: Which exchange the document reads otherwise, by which conflict, and why.
    """

    clauses: Mapping[str, Clause]
    drifts: Mapping[str, tuple[str, ...]]
    variations: Mapping[str, tuple[str, str]]
    verdicts: Mapping[str, Row]
    run: str | None
    sources: Mapping[Source, tuple[int, int]]
    contradictions: tuple[tuple[str, str, str], ...]


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or say whether it is fresh.

    Args:
        arguments: What the command line says; its own otherwise.

    Returns:
        0 when the page is written or fresh, 1 when it is stale.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page, docs/conformance.md otherwise")
    options = parser.parse_args(arguments)
    page = page_of(known())
    if not options.check:
        options.page.write_text(page, encoding="utf-8")
        return 0
    if not options.page.exists() or options.page.read_text(encoding="utf-8") != page:
        print(f"{options.page.name} is stale; nox -s clauses writes it anew")
        return 1
    return 0


def known() -> Known:
    """Ask ledger, drifts, matrix and evidence."""
    drifts: dict[str, list[str]] = defaultdict(list)
    for drift in DRIFTS.values():
        for clause in drift.clauses:
            drifts[clause].append(drift.id)
    evidence, matrix = read_exchanges(), read_matrix()
    exchanges = Counter(one.source for one in evidence)
    reports = Counter(one.source for one in read_reports())
    return Known(
        clauses=read_clauses(),
        drifts={clause: tuple(ids) for clause, ids in drifts.items()},
        variations={one.id: (one.change, one.permitted_by) for one in VARIATIONS.values()},
        verdicts=matrix.rows if matrix else {},
        run=matrix.date if matrix else None,
        sources={source: (exchanges[source], reports[source]) for source in {**exchanges, **reports}},
        contradictions=tuple(
            dict.fromkeys((one.id, edit.conflict, edit.reason) for one in evidence for edit in one.edits)
        ),
    )


def page_of(found: Known) -> str:
    """Write the page in Markdown."""
    chapters: dict[str, list[Clause]] = defaultdict(list)
    for clause in found.clauses.values():
        chapters[clause.id.partition(".")[0]].append(clause)
    tables = [_chapter(name, clauses, found) for name, clauses in chapters.items()]
    parts = ["# What the contract says, and how we know", _summary(chapters, found), _evidence(found)]
    return "\n\n".join([*parts, *tables, _variations(found)]) + "\n"


def _summary(chapters: Mapping[str, list[Clause]], found: Known) -> str:
    everything = list(found.clauses.values())
    live = max((clause.confirmed_live for clause in everything if clause.confirmed_live != "never"), default="never")
    rows = [_counts(_linked(name), clauses, found) for name, clauses in chapters.items()]
    return "\n".join(
        [
            f"The contract has {len(everything)} clauses, each a sentence that a client can observe, or says why not.",
            "`grep -rn 'upload.echo' contract_tests` shows the tests of a clause, and so for every other id.",
            "A drift is a server that is wrong in one thing.",
            "It counts as caught only when a test that asserts one of its clauses found a breach of that clause.",
            f"{_run(found)}",
            f"Confirmed live by us: {live}.",
            "",
            "The columns answer different questions and are never added up to one score.",
            "",
            *_head(
                *("", "clauses", "an official text says so", "others saw it live", "not observable"),
                *("a drift of it was caught", "confirmed live by us"),
            ),
            _counts("**all**", everything, found),
            *rows,
        ]
    )


def _run(found: Known) -> str:
    if found.run is None:
        return "No matrix was run yet; `nox -s drifts` runs it."
    words = Counter(row.word for row in found.verdicts.values())
    strict = sum(row.strict for row in found.verdicts.values())
    return (
        f"Run on {found.run}: {words['caught']} drifts caught ({strict} of them only by a strict run), "
        f"{words['elsewhere']} caught by another clause only, {words['survived']} survived; "
        f"{words['green']} tolerated variations green, {words['never met']} never met, "
        f"{words['false alarm']} false alarms."
    )


def _counts(name: str, clauses: list[Clause], found: Known) -> str:
    cells = [
        len(clauses),
        sum(clause.documented for clause in clauses),
        sum(clause.observed is not None for clause in clauses),
        sum(clause.unobservable is not None for clause in clauses),
        sum(any(_caught(drift, clause.id, found) for drift in found.drifts.get(clause.id, ())) for clause in clauses),
        sum(clause.confirmed_live != "never" for clause in clauses),
    ]
    return _row([name, *map(str, cells)])


def _caught(drift: str, clause: str, found: Known) -> bool:
    row = found.verdicts.get(drift)
    return row is not None and row.word == "caught" and clause in row.by


def _evidence(found: Known) -> str:
    rows = [
        _row([source.called, source.kind, source.date, _text(source.where), str(exchanges), str(reports)])
        for source, (exchanges, reports) in found.sources.items()
    ]
    return "\n".join(
        [
            "## What others published or saw",
            "",
            "Every exchange stands under `contract_tests/evidence/`, and the suite holds it against `openapi.yaml`.",
            "A published example shows what its author wrote, and is no observation.",
            "",
            *_head("source", "what it is", "date", "where", "exchanges", "reports without an exchange"),
            *rows,
            "",
            "In these the document deliberately reads otherwise; `docs/sources.md` explains each conflict (C-n).",
            "",
            *_head("exchange", "conflict", "why"),
            *(_row([f"`{name}`", conflict, _text(reason)]) for name, conflict, reason in found.contradictions),
        ]
    )


def _chapter(name: str, clauses: list[Clause], found: Known) -> str:
    head = _head("clause", "rule", "strength", "sources", "others saw it live", "drifts")
    return "\n".join([f"## {CHAPTERS.get(name, name)}", "", *head, *(_clause(clause, found) for clause in clauses)])


def _clause(clause: Clause, found: Known) -> str:
    live = "" if clause.confirmed_live == "never" else f", confirmed {clause.confirmed_live}"
    family = "" if clause.family in {"both", "shared"} else f", {clause.family}"
    return _row(
        [
            f"`{clause.id}`",
            _text(clause.rule),
            f"{clause.strength}{family}{live}",
            _text(", ".join(clause.sources)),
            clause.observed or "",
            f"not observable: {_text(clause.unobservable)}" if clause.unobservable else _drifts(clause.id, found),
        ]
    )


def _drifts(clause: str, found: Known) -> str:
    """Show the drifts of a clause with their verdict, and fold them where they are many."""
    shown = [f"`{drift}`{_verdict(drift, clause, found)}" for drift in found.drifts.get(clause, ())]
    if len(shown) <= SHOWN:
        return ", ".join(shown) or "none"
    caught = sum(_caught(drift, clause, found) for drift in found.drifts[clause])
    return f"<details><summary>{caught} of {len(shown)} caught</summary>{', '.join(shown)}</details>"


def _verdict(drift: str, clause: str, found: Known) -> str:
    row = found.verdicts.get(drift)
    if row is None:
        return " not run yet"
    if row.word == "caught" and clause not in row.by:
        return " caught by another of its clauses"
    return f" {row.word}{' by a strict run' if row.strict else ''}"


def _variations(found: Known) -> str:
    rows = [
        _row([f"`{name}`", _text(change), _text(permitted_by), found.verdicts.get(name, Row(word="not run yet")).word])
        for name, (change, permitted_by) in found.variations.items()
    ]
    return "\n".join(
        [
            "## What a server may do otherwise",
            "",
            "Each of these is a server that breaks nothing, and the suite has to stay green on it.",
            "One that is never met is green because no test asks for what it does otherwise.",
            "",
            *_head("variation", "what the server does", "what permits it", "verdict"),
            *rows,
        ]
    )


def _linked(name: str) -> str:
    heading = CHAPTERS.get(name, name)
    anchor = "".join(letter for letter in heading.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")
    return f"[{heading}](#{anchor})"


def _text(text: str) -> str:
    return escape(text, quote=False).replace("|", "\\|")


def _head(*names: str) -> tuple[str, str]:
    return _row(names), f"|{'---|' * len(names)}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    raise SystemExit(main())
