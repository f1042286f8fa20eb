"""Tests of scripts/clauses.py: what the page says of each clause and of its drifts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import clauses
from contract_tests.suite.evidence.published import Source
from contract_tests.suite.ledger.clauses import Clause, read_clauses
from contract_tests.suite.proof.matrix import Row

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
    """Return a ledger of three clauses in two chapters, with four drifts."""
    ledger = [
        clause("auth.first", observed=PROBE.axis, strength="observed", documented=False),
        clause("auth.second", rule="A <scope> | another.", unobservable="Nobody can see it."),
        clause("upload.third", family="legacy"),
    ]
    first = {"auth.first": ("authentication::test_it",)}
    return clauses.Known(
        clauses={one.id: one for one in ledger},
        drifts={"auth.first": ("strictly", "both"), "upload.third": ("both", "late", "slow", "quiet")},
        variations={"other-wording": ("Words errors otherwise.", "U-4")},
        verdicts={
            "strictly": Row(word="caught", by=first, strict=True),
            "both": Row(word="caught", by=first),
            "late": Row(word="elsewhere", by=first),
            "slow": Row(word="survived"),
            "other-wording": Row(word="green"),
        },
        run="2026-01-03",
        sources={PROBE: (3, 1)},
        contradictions=(("probe.one", "C-3", "It was a slip."),),
    )


def row(page: str, name: str) -> list[str]:
    """Return the cells of the row of a clause."""
    line = next(line for line in page.splitlines() if line.startswith(f"| `{name}` |"))
    return line.removeprefix("| ").removesuffix(" |").split(" | ")


def test_a_clause_has_one_line(small: clauses.Known) -> None:
    """A line has the rule, how strong it is, who says so, who saw it, and the verdict of each drift."""
    drifts = "`strictly` caught by a strict run, `both` caught"
    expected = ["`auth.first`", "A rule.", "observed", "seed", "A probe, 2026-01-02", drifts]

    assert expected == row(clauses.page_of(small), "auth.first")


def test_a_clause_that_nobody_can_observe_gives_its_reason(small: clauses.Known) -> None:
    """Where no test can assert a clause, the written reason stands in place of its drifts."""
    assert "not observable: Nobody can see it." == row(clauses.page_of(small), "auth.second")[-1]


def test_many_drifts_are_folded(small: clauses.Known) -> None:
    """More than three drifts are folded under the number that is caught, and each verdict has a word of its own."""
    words = "`both` caught by another of its clauses, `late` elsewhere, `slow` survived, `quiet` not run yet"
    cell = f"<details><summary>0 of 4 caught</summary>{words}</details>"

    assert cell == row(clauses.page_of(small), "upload.third")[-1]


def test_a_drift_counts_where_a_run_showed_it(small: clauses.Known) -> None:
    """The summary counts a clause as broken only where a run caught a drift by that clause."""
    page = clauses.page_of(small)

    assert "| **all** | 3 | 2 | 1 | 1 | 1 | 0 |" in page
    assert "| [Credentials](#credentials) | 2 | 1 | 1 | 1 | 1 | 0 |" in page
    assert "| [Upload objects](#upload-objects) | 1 | 1 | 0 | 0 | 0 | 0 |" in page
    assert "Run on 2026-01-03: 2 drifts caught (1 of them only by a strict run)" in page


def test_a_variation_shows_its_verdict(small: clauses.Known) -> None:
    """A tolerated variation has a line with what permits it and what the run said."""
    assert "| `other-wording` | Words errors otherwise. | U-4 | green |" in clauses.page_of(small)


def test_a_rule_cannot_break_the_table(small: clauses.Known) -> None:
    """Bars and angle brackets of a rule are escaped."""
    assert "A &lt;scope&gt; \\| another." in clauses.page_of(small)


def test_the_page_says_when_we_confirmed_last(small: clauses.Known) -> None:
    """The page says that we never confirmed a clause live, or when we did last."""
    confirmed = clause("auth.first", confirmed_live="2027-03-04")
    known = replace(small, clauses={**small.clauses, "auth.first": confirmed})

    assert "Confirmed live by us: never." in clauses.page_of(small)
    assert "Confirmed live by us: 2027-03-04." in clauses.page_of(known)


def test_sources_and_contradictions_are_listed(small: clauses.Known) -> None:
    """Each source has its numbers, and each exchange that the document reads otherwise its conflict and reason."""
    page = clauses.page_of(small)

    assert "| A probe | probe | 2026-01-02 | someone/something | 3 | 1 |" in page
    assert "| `probe.one` | C-3 | It was a slip. |" in page


def test_every_clause_has_a_chapter() -> None:
    """The id of each clause begins with a word that has a heading."""
    assert clauses.CHAPTERS.keys() == {name.partition(".")[0] for name in read_clauses()}


def test_check_passes_a_fresh_page_and_fails_a_stale_one(
    small: clauses.Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --check nothing is written: a page that is missing or says something else fails, a fresh one passes."""
    page = tmp_path / "conformance.md"
    monkeypatch.setattr(clauses, "known", lambda: small)
    check = ["--page", str(page), "--check"]

    assert 1 == clauses.main(check)
    assert not page.exists()
    assert 0 == clauses.main(["--page", str(page)])
    assert 0 == clauses.main(check)
    page.write_text(f"{page.read_text(encoding='utf-8')}more\n", encoding="utf-8")
    assert 1 == clauses.main(check)
    assert 2 == capsys.readouterr().out.count("conformance.md is stale")


def test_the_whole_ledger_is_written(tmp_path: Path) -> None:
    """Run as a command, the script writes a line for each clause."""
    page = tmp_path / "conformance.md"
    command = [sys.executable, str(clauses.ROOT / "scripts" / "clauses.py"), "--page", str(page)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (0, "") == (done.returncode, done.stderr)
    written = page.read_text(encoding="utf-8")
    assert [] == [name for name in read_clauses() if f"| `{name}` |" not in written]
