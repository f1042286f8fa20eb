"""Ids that come back are found in constant memory, whatever spills."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gong_crm.checking.repeated import Repeated
from gong_crm.checking.spans import Span

IDS = st.lists(st.integers(0, 60).map(str) | st.integers(0, 10**6).map("{:07d}".format), max_size=80)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ids=IDS | IDS.map(sorted),
    block=st.integers(1, 10),
    piece=st.sampled_from([1, 7, 1_000]),
    bucket=st.sampled_from([1, 9, 1_000]),
)
def test_every_line_of_an_id_that_comes_back_is_suspected(ids: list[str], block: int, piece: int, bucket: int) -> None:
    """And no other line; each once, in order, with the span that it stands in."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ids"
        repeated = Repeated(path, piece=piece, bucket=bucket)
        for start in range(0, len(ids), block):
            part = ids[start : start + block]
            repeated.add(part, [Span(3, 1 + start, len(part), 10 * start, 10 * len(part))])
        found = [(span, place) for span, places in repeated.suspects() for place in places]
        counts = Counter(ids)
        expected = [place for place, one in enumerate(ids) if counts[one] > 1]
        assert expected == [span.first_line - 1 + place for span, place in found]
        assert all((span.source, 10 * (span.first_line - 1)) == (3, span.offset) for span, _ in found)
        repeated.close()
        assert not path.exists()


def test_ids_that_ascend_by_length_and_text_are_never_suspected(tmp_path: Path) -> None:
    """Numbers without leading noughts ascend so; the first that does not is noticed."""
    repeated = Repeated(tmp_path / "ids")
    for start in range(1, 1_001, 100):
        repeated.add(list(map(str, range(start, start + 100))), [Span(0, start, 100, 0, 0)])
    assert [] == list(repeated.suspects())
    repeated.add(["1000"], [Span(0, 1_001, 1, 0, 0)])
    assert [(901, [99]), (1_001, [0])] == [(span.first_line, places) for span, places in repeated.suspects()]
