"""Tests of scripts/clauses.py: what the page says of each clause, and what it leaves alone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import clauses
from contract_tests.suite.evidence.published import Source
from contract_tests.suite.ledger.clauses import Clause, read_clauses
from contract_tests.suite.proof.asserted import EVERY_ANSWER, asserted_by, judged_always
from contract_tests.suite.proof.matrix import matrix_section

if TYPE_CHECKING:
    from pathlib import Path

PROBE = Source(called="A probe", kind="probe", where="someone/something", date="2026-01-02")


def clause(name: str, **more: object) -> Clause:
    """Return a clause with what a test does not care about filled in."""
    members = {
        "rule": "A rule.",
        "sources": ("seed",),
        "family": "both",
        "strength": "documented",
        "pointer": "/info",
        "documented": True,
        "observed": None,
        "confirmed_live": "never",
        "unobservable": None,
    }
    return Clause(id=name, **{**members, **more})  # type: ignore[arg-type]  # each member is of the clause's own type


@pytest.fixture
def small() -> clauses.Known:
    """Return a ledger of three clauses in two chapters."""
    ledger = [
        clause("auth.first", observed=PROBE.axis, strength="observed", documented=False),
        clause("auth.second", rule="A <scope> | another.", unobservable="Nobody can see it."),
        clause("upload.third"),
    ]
    return clauses.Known(
        clauses={one.id: one for one in ledger},
        tests={"auth.first": ("authentication::test_it",), "upload.third": ("a::b", "a::c", "a::d", "a::e")},
        drifts={"auth.first": ("one-drift",)},
        sources={PROBE: (3, 1)},
        contradictions=(("probe.one", "C-3", "It was a slip."),),
    )


def row(page: str, name: str) -> list[str]:
    """Return the cells of the row of a clause."""
    line = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    return line.removeprefix("| ").removesuffix(" |").split(" | ")


def test_a_row_tells_each_axis_apart(small: clauses.Known) -> None:
    """A row tells documented, observed, asserted, broken and confirmed in cells of their own."""
    expected = [
        *("`auth.first`", "A rule.", "both", "observed", "seed", "no", "A probe, 2026-01-02"),
        *("authentication::test_it", "`one-drift`", "never"),
    ]

    assert expected == row(clauses.section(small), "auth.first")


def test_a_clause_without_a_test_gives_its_reason(small: clauses.Known) -> None:
    """Where no test asserts a clause, the written reason stands in the cell of the tests."""
    assert "no test: Nobody can see it." in row(clauses.section(small), "auth.second")


def test_many_tests_are_folded(small: clauses.Known) -> None:
    """More than three entries of a cell are folded under their number."""
    assert "<details><summary>4</summary>a::b<br>a::c<br>a::d<br>a::e</details>" in row(
        clauses.section(small), "upload.third"
    )


def test_a_rule_cannot_break_the_table(small: clauses.Known) -> None:
    """Bars and angle brackets of a rule are escaped."""
    assert "A &lt;scope&gt; \\| another." in clauses.section(small)


def test_the_summary_counts_each_axis(small: clauses.Known) -> None:
    """The summary counts clauses and each axis, for all of them and for each chapter."""
    page = clauses.section(small)

    assert "| **all** | 3 | 2 | 1 | 2 | 1 | 1 | 0 |" in page
    assert "| [Credentials](#credentials) | 2 | 1 | 1 | 1 | 1 | 1 | 0 |" in page
    assert "| [Upload objects](#upload-objects) | 1 | 1 | 0 | 1 | 0 | 0 | 0 |" in page


def test_the_page_says_that_nothing_was_confirmed_live(small: clauses.Known) -> None:
    """Without a date in the ledger, the page says that we never confirmed a clause live."""
    assert "Confirmed live by us: never." in clauses.section(small)


def test_the_page_tells_the_last_confirmation(small: clauses.Known) -> None:
    """With dates in the ledger, the page tells the last one."""
    confirmed = clause("auth.first", confirmed_live="2027-03-04")
    known = replace(small, clauses={**small.clauses, "auth.first": confirmed})

    assert "Confirmed live by us: 2027-03-04." in clauses.section(known)


def test_a_source_is_told_with_its_numbers(small: clauses.Known) -> None:
    """The table of sources tells how many exchanges and reports each has."""
    assert "| A probe | probe | 2026-01-02 | someone/something | 3 | 1 |" in clauses.section(small)


def test_a_contradiction_is_told_with_its_reason(small: clauses.Known) -> None:
    """The page tells which exchange the document reads otherwise, by which conflict, and why."""
    assert "| `probe.one` | C-3 | It was a slip. |" in clauses.section(small)


def test_every_link_of_the_summary_leads_to_a_heading(small: clauses.Known) -> None:
    """Each chapter is linked from the summary under the anchor that its heading gets."""
    page = clauses.section(small)

    assert "(#credentials)" in page
    assert "## Credentials" in page
    assert "(#map-users-legacy)" in clauses._linked("map-users")


def test_every_clause_has_a_chapter() -> None:
    """The id of each clause begins with a word that has a heading."""
    assert clauses.CHAPTERS.keys() == {name.partition(".")[0] for name in read_clauses()}


def test_a_new_page_has_both_sections() -> None:
    """A page that did not exist has the ledger and a place for the matrix."""
    page = clauses.page_with("LEDGER", None)

    assert page.startswith(f"{clauses.TITLE}\n\nLEDGER\n")
    assert matrix_section() in page


def test_only_the_own_section_is_replaced() -> None:
    """What stands before and after the marks stays as it is."""
    before = f"# Title\n\nwords\n\n{clauses.BEGIN}\nold\n{clauses.END}\n\nmatrix\n"

    assert "# Title\n\nwords\n\nLEDGER\n\nmatrix\n" == clauses.page_with("LEDGER", before)


def test_a_page_without_marks_keeps_everything() -> None:
    """The ledger goes under the title of a page that has none yet."""
    assert "# Title\n\nLEDGER\n\nmatrix\n" == clauses.page_with("LEDGER", "# Title\n\nmatrix\n")
    assert f"{clauses.TITLE}\n\nLEDGER\n\nmatrix\n" == clauses.page_with("LEDGER", "matrix\n")


def test_check_passes_a_fresh_page(small: clauses.Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the page was written, --check passes and leaves it alone."""
    page = tmp_path / "conformance.md"
    monkeypatch.setattr(clauses, "known", lambda: small)

    assert 0 == clauses.main(["--page", str(page)])
    assert 0 == clauses.main(["--page", str(page), "--check"])


@pytest.mark.parametrize("change", ["missing", "other"])
def test_check_fails_a_stale_page(
    small: clauses.Known,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: str,
) -> None:
    """A page that is missing or says something else fails --check, which writes nothing."""
    page = tmp_path / "conformance.md"
    monkeypatch.setattr(clauses, "known", lambda: small)
    if change == "other":
        clauses.main(["--page", str(page)])
        page.write_text(page.read_text(encoding="utf-8").replace("| never |", "| 2026-01-01 |"), encoding="utf-8")
    before = page.read_text(encoding="utf-8") if page.exists() else None

    assert 1 == clauses.main(["--page", str(page), "--check"])
    assert before == (page.read_text(encoding="utf-8") if page.exists() else None)
    assert "conformance.md is stale" in capsys.readouterr().out


def test_what_the_judge_writes_out_is_asserted_by_every_answer() -> None:
    """A clause that no test names, but that every answer is held against, counts as asserted by every answer."""
    assert {"envelope.request-id": (EVERY_ANSWER,)} == asserted_by([], ["envelope.request-id", "upload.delete"])


def test_a_name_in_a_remark_is_not_judged(tmp_path: Path) -> None:
    """Only what the judge writes out as a string counts, not what its remarks mention."""
    judge = tmp_path / "judge.py"
    judge.write_text('# upload.delete\nclause = "upload.success"\n', encoding="utf-8")

    assert {"upload.success"} == judged_always(judge)


def test_the_whole_ledger_is_written(tmp_path: Path) -> None:
    """Run as a command, the script writes a row for each clause, with the tests that assert it."""
    page = tmp_path / "conformance.md"
    command = [sys.executable, str(clauses.ROOT / "scripts" / "clauses.py"), "--page", str(page)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603  # our own

    assert (0, "") == (done.returncode, done.stderr)
    written = page.read_text(encoding="utf-8")
    assert [] == [name for name in read_clauses() if f"| `{name}` |" not in written]
    assert "lifecycle::test_one_whole_integration" in row(written, "auth.basic-accepted")[7]
    assert "no test: missing" not in written
