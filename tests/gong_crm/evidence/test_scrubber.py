"""Nothing of anybody is left in evidence, wherever it stood and whatever it looks like."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gong_crm.evidence import scrubber
from gong_crm.evidence.contract import the_contract
from gong_crm.evidence.left import left_in
from gong_crm.evidence.recorder import Recorder
from gong_crm.evidence.scrubber import Scrubber

WORD = "Plantedname"
PLANTED = st.sampled_from(
    [
        WORD,
        f"{WORD} Ltd. & Söhne",
        f"{WORD.lower()}@{WORD.lower()}.org",
        f"https://{WORD}.example.org/a?b={WORD}",
        f"{WORD}-2026_11",
        base64.b64encode(f"key:{WORD}".encode()).decode(),
        "+49 30 901820",
        "5517027188234205706",
        "2026-11-27T08:09:10.123+01:00",
        "1987-06-05",
        f'Field [{WORD}] must be a number, not "{WORD}"',
        "名字-山田太郎",
    ]
)
MEMBERS = st.sampled_from(
    [
        *("name", "errors", "description", "label", "objectId", "uniqueName", "requestId", "own"),
        *("line", "totalErrorCount", "crmObjectsMap"),
    ]
)
BODIES = st.recursive(
    PLANTED | st.sampled_from([5517027188234205706, 49_301_234_567, -49_301_234_567]) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLANTED | MEMBERS, inner, max_size=3),
    max_leaves=8,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["content-type", "retry-after", "x-ratelimit-remaining", "allow", "www-authenticate", "x-traceid", "set-cookie"]
    )
    | st.just(f"x-{WORD}"),
    PLANTED,
)
OPERATIONS = st.sampled_from(["listCrmIntegrations", "getCrmEntities", "getCrmRequestStatus", "registerCrmIntegration"])


def left_of(text: str) -> list[str]:
    """Say what of the planted texts is left."""
    pieces = [WORD, "901820", "5517027188234205706", "49301234567", "08:09:10", "2026-11-27T", "1987", "山田", "söhne"]
    pieces += [base64.b64encode(f"key:{WORD}".encode()).decode()[4:16]]
    return [piece for piece in pieces if piece.casefold() in text.casefold()]


@given(
    operation=OPERATIONS,
    status=st.sampled_from([200, 201, 400, 404, 429, 500]),
    body=BODIES,
    headers=HEADERS,
    client_request_id=PLANTED,
    ids=st.lists(PLANTED, max_size=3),
)
def test_nothing_planted_is_left(  # noqa: PLR0913, PLR0917  (each is a place)
    operation: str,
    status: int,
    body: object,
    headers: dict[str, str],
    client_request_id: str,
    ids: list[str],
) -> None:
    """In names and values of members, in sentences, in headers, in the query and in the body of a request."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "evidence.yaml"
        recorder = Recorder(path, caller="bearer")
        arguments = {"integration_id": 5517027188234205706, "client_request_id": client_request_id, "body": ids}
        content = json.dumps(body, ensure_ascii=False).encode()
        recorder.saw(operation, arguments, status=status, headers=headers, content=content)
        recorder.saw(operation, arguments, status=status, headers=headers, content=f"<p>{body}".encode())
        recorder.close()
        text = path.read_text(encoding="utf-8")
        assert [] == left_of(text)
        assert [] == left_of("\n".join(recorder.differences))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jane@acme.org", "person1@example.com"),
        ("https://acme.org/x", "https://example.com/1"),
        ("2026-11-27T08:09:10.123+01:00", "2000-01-01T00:00:01.000+00:00"),
        ("2026-11-27 08:09:10Z", "2000-01-01 00:00:01Z"),
        ("2026-11-27", "2000-01-02"),
        ("12345", "10001"),
        ("ab-12_X", "x1xxxxx"),
        ("Two words", "Text 1"),
        ("", ""),
        ("PICKLIST", "PICKLIST"),
    ],
)
def test_a_placeholder_has_the_form_of_what_it_stands_for(text: str, expected: str) -> None:
    """So what the form breaks or keeps can still be seen."""
    assert expected == Scrubber(the_contract()).text(text)


def test_equal_values_stay_equal_and_others_apart() -> None:
    """An id is the same in the query, in an answer and as the name of a member."""
    scrubber = Scrubber(the_contract())
    found = scrubber.body({"a1": {"objectId": "a1", "name": "Acme Inc"}, "a2": {"objectId": "a2", "name": "Acme Inc"}})
    assert list(found) == [one["objectId"] for one in found.values()]
    assert [1, 2] == [len({one["name"] for one in found.values()}), len(found)]


def test_a_sentence_of_gong_keeps_the_words_that_are_gongs() -> None:
    """What it quotes of somebody's data is gone."""
    said = Scrubber(the_contract()).sentence("Mandatory field [objectId] is missing or empty, near Miller 17")
    assert "Mandatory field [ objectId ] is missing or empty , x x 0" == said


def test_numbers_count_lines_in_a_status_and_nowhere_else() -> None:
    """A custom member may be called like one of Gong's, and hold what is somebody's."""
    scrubber = Scrubber(the_contract())
    status = {"errors": [{"line": 17, "description": ""}], "totalErrorCount": 1, "totalSuccessCount": 3}
    assert status == scrubber.body(status)
    record = {"crmObjectsMap": {"a-1": {"line": 17, "totalErrorCount": 17}}}
    assert "17" not in json.dumps(scrubber.body(record))


def test_two_numbers_never_share_a_placeholder() -> None:
    """Whatever their length, and however many there are."""
    scrubber = Scrubber(the_contract())
    numbers = [str(number) for number in (*range(10**18, 10**18 + 1_200), *range(1, 1_200))]
    assert len(numbers) == len({scrubber.text(number) for number in numbers})


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | st.sampled_from(sorted(the_contract().names)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(ANY_JSON, st.text())
def test_what_is_scrubbed_is_known_to_be(body: object, trace: str) -> None:
    """Of whatever was scrubbed, nothing is left that a reader of the file would refuse."""
    scrubber = Scrubber(the_contract())
    exchange = {
        "id": "use.listCrmIntegrations-1",
        "what": "listCrmIntegrations is answered 200.",
        "caller": "bearer",
        "request": {"method": "GET", "path": "/v2/crm/integrations"},
        "answer": {"status": 200, "headers": scrubber.headers({"x-traceid": trace}), "body": scrubber.body(body)},
    }
    assert [] == list(left_in(exchange, the_contract()))


def test_what_stands_too_deep_is_cut_off() -> None:
    """An answer nested without an end is kept to a depth that a reader can follow."""
    deep: object = "Miller"
    for _ in range(50):
        deep = [deep]
    scrubbed = Scrubber(the_contract()).body(deep)
    depth = 0
    while isinstance(scrubbed, list):
        (scrubbed,), depth = scrubbed, depth + 1
    assert (None, 21) == (scrubbed, depth)


def test_no_more_is_remembered_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the most values that are remembered each gets a placeholder, and a known one keeps its own."""
    monkeypatch.setattr(scrubber, "_MOST_REMEMBERED", 1)
    own = Scrubber(the_contract())
    known, other = own.text("planted@one.org"), own.text("planted@two.org")
    assert known != other
    assert [known, other] == [own.text("planted@one.org"), own.text("planted@two.org")]
