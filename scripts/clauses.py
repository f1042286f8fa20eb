"""Write the ledger of clauses into docs/conformance.md, with what is known about each and how."""

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

from contract_tests.drifts import DRIFTS  # noqa: E402  # the root has to be importable
from contract_tests.suite.evidence.published import Source, read_exchanges, read_reports  # noqa: E402  # same
from contract_tests.suite.ledger.clauses import Clause, read_clauses  # noqa: E402  # same
from contract_tests.suite.proof.asserted import asserted_by, collect  # noqa: E402  # same
from contract_tests.suite.proof.matrix import matrix_section  # noqa: E402  # same

PAGE: Final = ROOT / "docs" / "conformance.md"
BEGIN: Final = "<!-- clauses: written by `nox -s clauses` -->"
END: Final = "<!-- end of clauses -->"
TITLE: Final = "# What the contract says, and how we know"
SHOWN: Final = 3
"""Entries of a cell that are shown; more are folded."""

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
    """What is known of the clauses, each axis by clause id.

    Attributes:
        clauses: The ledger.
        tests: Which tests assert a clause.
        drifts: Which drifts break it.
        sources: Who published or saw what, with the number of exchanges and reports.
        contradictions: Which exchange the document reads otherwise, by which conflict, and why.
    """

    clauses: Mapping[str, Clause]
    tests: Mapping[str, tuple[str, ...]]
    drifts: Mapping[str, tuple[str, ...]]
    sources: Mapping[Source, tuple[int, int]]
    contradictions: tuple[tuple[str, str, str], ...]


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or see whether it is fresh.

    Args:
        arguments: What the command line says; its own otherwise.

    Returns:
        0 when the page is written or fresh, 1 when it is stale.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")
    parser.add_argument("--page", type=Path, default=PAGE, help="the page, docs/conformance.md otherwise")
    options = parser.parse_args(arguments)
    before = options.page.read_text(encoding="utf-8") if options.page.exists() else None
    after = page_with(section(known()), before)
    if not options.check:
        options.page.write_text(after, encoding="utf-8")
        return 0
    if before != after:
        print(f"{options.page.name} is stale; nox -s clauses writes it anew")
        return 1
    return 0


def known() -> Known:
    """Ask ledger, tests, drifts and evidence.

    Returns:
        What they say.
    """
    clauses = read_clauses()
    drifts: dict[str, list[str]] = defaultdict(list)
    for drift in DRIFTS.values():
        for clause in drift.clause.split():
            drifts[clause].append(drift.id)
    evidence = read_exchanges()
    exchanges = Counter(one.source for one in evidence)
    reports = Counter(one.source for one in read_reports())
    return Known(
        clauses=clauses,
        tests=asserted_by(collect(), clauses),
        drifts={clause: tuple(ids) for clause, ids in drifts.items()},
        sources={source: (exchanges[source], reports[source]) for source in {**exchanges, **reports}},
        contradictions=tuple(
            dict.fromkeys((one.id, edit.conflict, edit.reason) for one in evidence for edit in one.edits)
        ),
    )


def page_with(ledger: str, before: str | None) -> str:
    """Put the ledger into its place of the page and leave the rest as it is.

    Args:
        ledger: The section between its two marks.
        before: The page so far, None when there is none.

    Returns:
        The page.
    """
    if before is None:
        return f"{TITLE}\n\n{ledger}\n\n## The suite against servers that are wrong\n\n{matrix_section()}\n"
    if BEGIN in before:
        head, _, rest = before.partition(BEGIN)
        return f"{head}{ledger}{rest.partition(END)[2]}"
    title, newline, rest = before.partition("\n") if before.startswith("# ") else (TITLE, "\n", f"\n{before}")
    return f"{title}{newline}\n{ledger}\n{rest}"


def section(found: Known) -> str:
    """Tell the ledger in Markdown.

    Args:
        found: What is known of the clauses.

    Returns:
        The section between its two marks.
    """
    chapters: dict[str, list[Clause]] = defaultdict(list)
    for clause in found.clauses.values():
        chapters[clause.id.partition(".")[0]].append(clause)
    tables = [_chapter(name, clauses, found) for name, clauses in chapters.items()]
    return "\n\n".join([BEGIN, _summary(chapters, found), _evidence(found), *tables, END])


def _summary(chapters: Mapping[str, list[Clause]], found: Known) -> str:
    everything = list(found.clauses.values())
    live = max((clause.confirmed_live for clause in everything if clause.confirmed_live != "never"), default="never")
    rows = [_counts(_linked(name), clauses, found) for name, clauses in chapters.items()]
    return "\n".join(
        [
            f"The contract has {len(everything)} clauses, each a sentence that a client can observe, or says why not.",
            "The columns answer different questions and are never added up to one score.",
            "A drift is a server that is wrong in one thing; `nox -s drifts` shows that the suite catches it.",
            f"Confirmed live by us: {live}.",
            "",
            *_head(
                *("", "clauses", "an official text says so", "others saw it live", "a test asserts it"),
                *("not observable", "a drift breaks it", "confirmed live by us"),
            ),
            _counts("**all**", everything, found),
            *rows,
        ]
    )


def _counts(name: str, clauses: list[Clause], found: Known) -> str:
    ids = {clause.id for clause in clauses}
    cells = [
        name,
        len(ids),
        sum(clause.documented for clause in clauses),
        sum(clause.observed is not None for clause in clauses),
        len(ids & found.tests.keys()),
        sum(clause.unobservable is not None for clause in clauses),
        len(ids & found.drifts.keys()),
        sum(clause.confirmed_live != "never" for clause in clauses),
    ]
    return _row(map(str, cells))


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
            "In these the document deliberately reads otherwise; `docs/sources.md` tells each conflict (C-n).",
            "",
            *_head("exchange", "conflict", "why"),
            *(_row([f"`{name}`", conflict, _text(reason)]) for name, conflict, reason in found.contradictions),
        ]
    )


def _chapter(name: str, clauses: list[Clause], found: Known) -> str:
    return "\n".join(
        [
            f"## {CHAPTERS.get(name, name)}",
            "",
            *_head(
                *("clause", "rule", "family", "strength", "sources", "documented", "others saw it live"),
                *("asserted by", "broken by drifts", "confirmed live by us"),
            ),
            *(_clause(clause, found) for clause in clauses),
        ]
    )


def _clause(clause: Clause, found: Known) -> str:
    tests = found.tests.get(clause.id, ())
    return _row(
        [
            f"`{clause.id}`",
            _text(clause.rule),
            clause.family,
            clause.strength,
            _text(", ".join(clause.sources)),
            "yes" if clause.documented else "no",
            clause.observed or "no",
            _folded(tests) if tests else f"no test: {_text(clause.unobservable or 'missing')}",
            _folded([f"`{drift}`" for drift in found.drifts.get(clause.id, ())]),
            clause.confirmed_live,
        ]
    )


def _folded(entries: Iterable[str]) -> str:
    listed = list(entries)
    text = "<br>".join(listed)
    if len(listed) <= SHOWN:
        return text
    return f"<details><summary>{len(listed)}</summary>{text}</details>"


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
