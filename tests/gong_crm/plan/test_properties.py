"""Whatever the sources hold, a plan sends every good line once, in order, and can say where each came from."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gong_crm.feeds import feed
from gong_crm.plan.plan import Plan
from gong_crm.plan.planning import plan_push
from gong_crm.rules import Rules
from tests.gong_crm.plan.expected import Written, assert_planned, write
from tests.gong_crm.plan.little_memory import give_little_memory

TIMES = [
    "2026-01-01T00:00:00Z",
    "2026-01-01T01:00:00+01:00",
    "2025-12-31T19:00:00-05:00",
    "2026-01-01T00:00:01Z",
    "2026-03-01T12:00:00Z",
    "2026-03-01T23:30:00-14:00",
    "2026-03-02T13:29:59+00:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
]
BAD = [
    b"{",
    b"[]",
    b"null",
    b'{"objectId": "x"}',
    b'{"objectId": "a b", "name": "n"}',
    b'{"name": "\xff"}',
    b'{"name": 5}',
]
BLANK = [b"", b" ", b"\t "]
ENDS = st.sampled_from([b"\n", b"\n", b"\r\n"])


@st.composite
def good_lines(draw: st.DrawFn, *, is_dated: bool) -> Written:
    """A line about one of few objects, at one of few times, with one of few texts."""
    object_id = draw(st.sampled_from(["a", "b", "c", "d-1", "e@example.com"]) | st.integers(0, 30).map(str))
    modified = draw(st.sampled_from(TIMES if is_dated else [*TIMES, None]))
    record: dict[str, Any] = {"objectId": object_id, "name": draw(st.sampled_from(["n", "Straße", "x" * 300]))}
    if modified is not None or draw(st.booleans()):
        record["modifiedDate"] = modified
    text = json.dumps(record, ensure_ascii=draw(st.booleans())).encode()
    return Written(text=text, kind="good", object_id=object_id, modified=modified, end=draw(ENDS))


@st.composite
def sources(draw: st.DrawFn, *, is_dated: bool) -> list[Written]:
    """The lines of one source; they may repeat, be in order, and end without a newline."""
    others = st.builds(Written, text=st.sampled_from(BAD), kind=st.just("bad"), end=ENDS) | st.builds(
        Written, text=st.sampled_from(BLANK), kind=st.just("blank"), end=ENDS
    )
    good = good_lines(is_dated=is_dated)
    lines: list[Written] = draw(st.lists(good, max_size=40) | st.lists(good | others, max_size=40))
    if draw(st.booleans()):
        lines.sort(key=lambda line: (line.kind != "good", line.modified or "~"))
    if draw(st.booleans()) and lines:
        lines += draw(st.lists(st.sampled_from(lines), max_size=5))
    if draw(st.booleans()) and lines and lines[-1].text:
        lines[-1] = Written(**{**vars(lines[-1]), "end": b""})
    return lines


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    object_type=st.sampled_from(["ACCOUNT", "STAGE"]),
    data=st.data(),
    largest=st.sampled_from([1_500, 2_500, 1_000_000]),
    memory=st.sampled_from([500, 3_000, None]),
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_every_line_is_sent_once_in_order_and_found_again(
    object_type: str, data: st.DataObject, largest: int, memory: int | None, mark: bytes
) -> None:
    """Nothing is lost or doubled, each wave is in order of instants, and every line leads back to its bytes."""
    given_sources = data.draw(st.lists(sources(is_dated=object_type == "ACCOUNT"), min_size=1, max_size=3))
    with TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        if memory is not None:
            give_little_memory(patch, memory)
        folder = Path(name)
        stand = [
            one
            for number, lines in enumerate(given_sources)
            for one in write(folder / f"{number}.ldjson", lines, mark=mark)
        ]
        feeds = feed([folder / f"{number}.ldjson" for number in range(len(given_sources))], object_type=object_type)
        plan = plan_push({object_type: feeds}, {object_type: Rules(object_type)}, folder=folder / "p", largest=largest)
        assert_planned(plan, object_type, stand, largest=largest)
        plan.save()
        assert plan == Plan.load(folder / "p")
