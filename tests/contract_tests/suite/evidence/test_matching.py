"""A request is the recorded one when it means the same, and another one when it does not."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from contract_tests.suite.evidence.matching import (
    same_body,
    same_caller,
    same_path,
    same_query,
)
from contract_tests.suite.ledger.forms import NoForm, Part, parts_of

LINES = b'{"objectId": "a"}\r\n--not the boundary\r\n{"objectId": "b"}\n'


@dataclass(kw_only=True)
class Request:
    """A request as the recorder hands it over."""

    method: str = "POST"
    uri: str = "https://gong.invalid/v2/crm/entities"
    headers: Any = field(default_factory=dict)
    body: bytes | None = None


def form(content: bytes = LINES, *, boundary: str = "one", name: str = "dataFile", kind: str = "text/plain") -> Request:
    """Make an upload."""
    text = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="x"\r\nContent-Type: {kind}\r\n\r\n'
    )
    body = text.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    return Request(headers={"content-type": f"multipart/form-data; boundary={boundary}"}, body=body)


def json(body: bytes) -> Request:
    """Make a request with a JSON body."""
    return Request(method="GET", headers={"content-type": "application/json"}, body=body)


def test_a_form_is_taken_apart() -> None:
    """Name, file name, content type and every byte of a part are found."""
    request = form()
    expected = Part(name="dataFile", file_name="x", content_type="text/plain", content=LINES)
    assert (expected,) == parts_of(request.headers["content-type"], request.body or b"")


def test_a_form_that_ends_too_early_is_none() -> None:
    """A form without its last boundary is not complete."""
    with pytest.raises(NoForm, match="no complete form"):
        parts_of("multipart/form-data; boundary=one", b'--one\r\nContent-Disposition: form-data; name="a"\r\n\r\nx')


def test_the_boundary_does_not_matter() -> None:
    """The same parts under another boundary are the same upload."""
    same_body(form(boundary="one"), form(boundary="another"))


@pytest.mark.parametrize(
    "other",
    [
        form(LINES + b"\n"),
        form(LINES.replace(b"\r\n", b"\n")),
        form(name="file"),
        form(kind="application/x-ndjson"),
        Request(headers=form().headers, body=(form().body or b"")[:-6]),
        json(b"[]"),
    ],
    ids=["one byte more", "another line end", "another name", "another type", "no form", "no form at all"],
)
def test_a_changed_upload_is_another(other: Request) -> None:
    """A form whose name, type or bytes differ is another upload."""
    with pytest.raises(AssertionError, match="the body differs"):
        same_body(form(), other)


def test_a_form_of_two_parts_is_not_a_form_of_one() -> None:
    """A part more is another upload."""
    one = form()
    two = Request(headers=one.headers, body=(one.body or b"").removesuffix(b"--\r\n") + b"\r\n" + (one.body or b"")[5:])
    with pytest.raises(AssertionError):
        same_body(one, two)


def test_json_is_compared_by_value() -> None:
    """Blanks and the order of members do not matter."""
    same_body(json(b'{"a": 1.50, "b": [1, null]}'), json(b'{"b":[1,null],"a":1.5}'))


@pytest.mark.parametrize("other", [b'["a"]', b'["b","a"]', b'["a","b","c"]', b"", b"nothing", b"[1,true]"])
def test_a_changed_json_body_is_another(other: bytes) -> None:
    """The body of a GET counts as much as that of a POST."""
    with pytest.raises(AssertionError, match="the body differs"):
        same_body(json(b'["a","b"]'), json(other))


def test_true_is_not_one() -> None:
    """Values that Python takes for equal are told apart."""
    with pytest.raises(AssertionError):
        same_body(json(b"[true]"), json(b"[1]"))


def test_long_numbers_keep_every_digit() -> None:
    """Two ids that a double cannot tell apart are two."""
    with pytest.raises(AssertionError):
        same_body(json(b"[2271307570613351879]"), json(b"[2271307570613351880]"))


def test_the_query_is_compared_by_value() -> None:
    """The order of parameters and the way they are escaped do not matter."""
    same_query(Request(uri="https://gong.invalid/?a=1&b=%2D"), Request(uri="https://gong.invalid/?b=-&a=1"))


@pytest.mark.parametrize("query", ["a=1", "a=1&b=", "a=1&b=2&b=2", "a=1&b=3"])
def test_a_changed_query_is_another(query: str) -> None:
    """A parameter that is missing, blank, repeated or changed makes another request."""
    with pytest.raises(AssertionError, match="the query differs"):
        same_query(Request(uri="https://gong.invalid/?a=1&b=2"), Request(uri=f"https://gong.invalid/?{query}"))


def test_path_and_caller_count() -> None:
    """Another path is another request, and so is one that does not say who calls."""
    with pytest.raises(AssertionError, match="the path differs"):
        same_path(Request(), Request(uri="https://gong.invalid/v2/crm/object/entities"))
    with pytest.raises(AssertionError, match="the authorization scheme differs"):
        same_caller(Request(headers={"authorization": "Basic scrubbed"}), Request())
    same_caller(Request(headers={"authorization": "Basic a"}), Request(headers={"authorization": "Basic b"}))
