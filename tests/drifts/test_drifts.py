"""Every drift and every variation changes what a caller can see."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import pytest
import yaml

from contract_tests.drifts import DRIFTS, FIRST_OF_EACH_CLAUSE, TO_THE_LETTER, VARIATIONS, limits
from gong_crm_emulator import EmulatorSettings, create_app
from tests.drifts.chapters import CHAPTERS
from tests.drifts.talk import Clock, Difference, Talk, close

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp

    from contract_tests.drifts import Drift, Variation

SETTINGS: Final = EmulatorSettings(max_file_bytes=50_000)
LEDGER: Final = Path(__file__).parents[2] / "contract_tests" / "clauses.yaml"

LIKELY: Final[dict[str, tuple[str, ...]]] = {
    "authentication": ("callers",),
    "scopes": ("callers",),
    "registration": ("registration",),
    "deletion": ("deletion",),
    "rate limit": ("crowd",),
    "methods and media types": ("routes",),
    "schema rules": ("schema", "values"),
    "schema parameters": ("schema",),
    "upload parameters": ("uploads",),
    "repeated client request id": ("uploads",),
    "storing": ("following", "reading"),
    "states": ("following",),
    "line errors": ("following",),
    "mandatory members": ("lines",),
    "line formats": ("formats",),
    "good lines refused": ("formats", "lines"),
    "reading objects": ("reading",),
    "reading parameters": ("reading",),
    "members missing": ("stages", "registration", "deletion", "schema", "following"),
    "members null": ("stages", "registration", "deletion", "schema", "following"),
    "members of another type": ("stages", "registration", "deletion", "schema", "following"),
    "asynchronous work": ("following", "deletion"),
    "schema lists": ("schema",),
    "objects shown": ("reading",),
    "lines": ("formats", "lines"),
    "legacy stages and users": ("stages", "uploads"),
}
"""Chapters in which a class of drifts is likely to show, to be held first."""

CHEAPEST_FIRST: Final = (
    *("stages", "values", "registration", "crowd", "deletion", "routes", "schema", "following", "uploads", "callers"),
    *("reading", "formats", "lines"),
)

OBSERVABLE_WITHOUT_DRIFT: Final[dict[str, str]] = {}
"""Clauses that a test can assert and that no drift breaks, with the reason; there is none."""

Transcripts: TypeAlias = dict[str, Talk]


async def _hold(app: ASGIApp, name: str, clock: Clock) -> Talk:
    async with Talk(app, clock=clock) as talk:
        await CHAPTERS[name](talk)
    return talk


async def _hold_all(app: ASGIApp) -> Transcripts:
    try:
        return {name: await _hold(app, name, Clock()) for name in CHAPTERS}
    finally:
        await close(app)


@pytest.fixture(scope="session")
def clean() -> Transcripts:
    """Give what the stand-in says in every chapter when nothing is changed."""
    return asyncio.run(_hold_all(create_app(SETTINGS)))


async def _shows(changed: Drift | Variation, clock: Clock, clean: Transcripts) -> bool:
    likely = LIKELY.get(changed.kind, ())
    by_layout = changed.kind == "layout"
    app = changed.app(SETTINGS)
    try:
        for name in (*likely, *(one for one in CHEAPEST_FIRST if one not in likely)):
            expected = {"expected_layout": clean[name].bytes} if by_layout else {"expected": clean[name].meanings}
            async with Talk(app, clock=clock, **expected) as talk:
                await CHAPTERS[name](talk)
    except Difference:
        return True
    finally:
        await close(app)
    return False


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give the clock by which a limited server counts."""
    own = Clock()
    monkeypatch.setattr(limits, "clock", own)
    return own


@pytest.mark.parametrize("name", CHAPTERS)
def test_talk_repeats(clean: Transcripts, name: str) -> None:
    """The same talk with the stand-in leaves the same transcript, byte for byte."""
    app = create_app(SETTINGS)

    async def again() -> Talk:
        try:
            return await _hold(app, name, Clock())
        finally:
            await close(app)

    talk = asyncio.run(again())

    assert clean[name].bytes == talk.bytes
    assert clean[name].meanings == talk.meanings


@pytest.mark.parametrize("name", [*DRIFTS, *TO_THE_LETTER])
def test_drift_shows(clean: Transcripts, clock: Clock, name: str) -> None:
    """A caller can tell the drifted server from the clean one by meaning, not by layout."""
    drifted = {**DRIFTS, **TO_THE_LETTER}[name]

    assert asyncio.run(_shows(drifted, clock, clean))


@pytest.mark.parametrize("name", VARIATIONS)
def test_variation_shows(clean: Transcripts, clock: Clock, name: str) -> None:
    """A caller can tell the varied server from the plain one."""
    assert asyncio.run(_shows(VARIATIONS[name], clock, clean))


def _ledger() -> Mapping[str, Mapping[str, object]]:
    return {clause["id"]: clause for clause in yaml.safe_load(LEDGER.read_text())["clauses"]}


def test_drifts_name_known_clauses() -> None:
    """A drift names a clause of the ledger."""
    unknown = {one.clause for one in (*DRIFTS.values(), *TO_THE_LETTER.values())} - _ledger().keys()

    assert set() == unknown


def test_every_clause_has_a_drift() -> None:
    """A clause that can be observed is broken by a drift, or the reason is written down."""
    broken = {one.clause for one in (*DRIFTS.values(), *TO_THE_LETTER.values())}
    observable = {name for name, clause in _ledger().items() if "unobservable" not in clause}

    assert OBSERVABLE_WITHOUT_DRIFT.keys() == observable - broken


def test_ids_are_unique() -> None:
    """No two servers share an id, whether drift or variation."""
    ids = Counter([*DRIFTS, *TO_THE_LETTER, *VARIATIONS])

    assert [] == [name for name, count in ids.items() if count > 1]


def test_short_list_has_each_clause_once() -> None:
    """The short list breaks every clause that the long one breaks, each once."""
    clauses = [DRIFTS[name].clause for name in FIRST_OF_EACH_CLAUSE]

    assert {one.clause for one in DRIFTS.values()} == set(clauses)
    assert len(clauses) == len(set(clauses))


def test_sentences() -> None:
    """Each change is told in one sentence, and each variation says what permits it."""
    told = [one.change for one in (*DRIFTS.values(), *TO_THE_LETTER.values(), *VARIATIONS.values())]

    assert [] == [sentence for sentence in told if not sentence.endswith(".") or not sentence[0].isupper()]
    assert [] == [name for name, one in VARIATIONS.items() if not one.permitted_by]


def test_enough() -> None:
    """There are more drifts and variations than the proof asks for."""
    assert len(FIRST_OF_EACH_CLAUSE) >= 120
    assert len(VARIATIONS) >= 35
