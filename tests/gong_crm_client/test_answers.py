"""Tests that every answer is either parsed or raised as one error of the client."""

from __future__ import annotations

import base64
import json
import pickle
from typing import TYPE_CHECKING

import pytest

from gong_crm_client import AuthenticatedClient
from gong_crm_client.api.crm import get_crm_entities, get_crm_request_status, list_crm_integrations
from gong_crm_client.errors import UnexpectedResponse
from gong_crm_client.models import (
    CrmObjectType,
    ErrorResponse,
    GetGenericCrmObjectsResponse,
    ListGenericCrmIntegrationsResponse,
    RequestStatusResponse,
)

if TYPE_CHECKING:
    from tests.gong_crm_client.conftest import Call, Server

STATUS = {"integration_id": 1, "client_request_id": "r1"}
HTML = b"<html><head><title>502 Bad Gateway</title></head>\n<body>cloudflare</body></html>"
BODIES = [HTML, b"", b"[]", b'"text"', b"null", b"{}", b'{"requestId"', b"\xff\xfe", b"[" * 9999]
KEY, SECRET = "ACCESSKEY123", "s3cr3t-of-the-key"


def test_documented_answer_is_parsed(call: Call, server: Server) -> None:
    """A documented success becomes its model, with exact ids."""
    integration = {"integrationId": 2**53 + 1, "ownerEmail": "a@b.example", "name": "Acme"}
    server.answer(200, json.dumps({"requestId": "x", "integrations": [integration]}).encode())

    parsed = call(list_crm_integrations).parsed

    assert isinstance(parsed, ListGenericCrmIntegrationsResponse)
    assert 2**53 + 1 == parsed.integrations[0].integration_id


@pytest.mark.parametrize("status", [400, 401, 405, 429, 500])
def test_documented_refusal_is_parsed(call: Call, server: Server, status: int) -> None:
    """A documented refusal becomes an ErrorResponse, never None, and keeps its headers."""
    server.answer(status, b'{"requestId": "x", "errors": ["No"]}', "Retry-After: 7")

    answer = call(list_crm_integrations)

    assert ErrorResponse(request_id="x", errors=["No"]) == answer.parsed
    assert (status, "7") == (answer.status_code, answer.headers["retry-after"])


def test_get_sends_its_body(call: Call, server: Server) -> None:
    """The ids of a read travel as a JSON array in the body of the GET."""
    server.answer(200, b'{"requestId": "x", "crmObjectsMap": {"a1": {"name": "Acme", "renewal": null}, "a2": null}}')

    parsed = call(get_crm_entities, integration_id=1, object_type=CrmObjectType.ACCOUNT, body=["a1", "a2"]).parsed

    assert isinstance(parsed, GetGenericCrmObjectsResponse)
    assert server.requests[-1].line.startswith("GET /v2/crm/entities?")
    assert b'["a1","a2"]' == server.requests[-1].body.replace(b" ", b"")
    assert "application/json" == server.requests[-1].headers["content-type"]
    assert {"a1": {"name": "Acme", "renewal": None}, "a2": None} == parsed.crm_objects_map.to_dict()


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 413, 429, 500, 502, 503, 520, 599])
@pytest.mark.parametrize(
    "body", [HTML, b"", b"[]", b'"text"', b"null", b"{}", b'{"requestId"', b"\xff\xfe", b"[" * 9999]
)
def test_answer_that_nobody_described_is_one_error(call: Call, server: Server, status: int, body: bytes) -> None:
    """Whatever the status and the body, what the document does not describe ends in UnexpectedResponse."""
    server.answer(status, b"" if status == 204 else body, "X-Traceid: t1")

    with pytest.raises(UnexpectedResponse) as caught:
        call(get_crm_request_status, **STATUS)

    assert (status, "t1") == (caught.value.status_code, caught.value.request_id)
    assert (None, None) == (caught.value.__cause__, caught.value.__context__)


def test_error_of_an_html_page_says_what_is_known(call: Call, server: Server) -> None:
    """The error tells status, headers and the start of the page in one line."""
    server.answer(502, HTML, "Retry-After: 5", "Set-Cookie: AWSALB=whatever")

    with pytest.raises(UnexpectedResponse) as caught:
        call(list_crm_integrations)

    error = caught.value
    expected = f"the status is not documented (status 502): {' '.join(HTML.decode().split())}"
    assert expected == str(error)
    assert ("5", None) == (error.headers["Retry-After"], error.headers.get("set-cookie"))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b'{"integrations": []}', "the required member 'requestId' is missing"),
        (b'{"requestId": "x"}', "the required member 'integrations' is missing"),
        (b'{"requestId": "x", "integrations": [{"name": "y"}]}', "the required member 'integrationId' is missing"),
        (b'{"requestId": "x", "integrations": null}', "the body does not have the documented shape"),
        (b'{"requestId": "x", "integrations": ["y"]}', "the body does not have the documented shape"),
        (b"oops", "the body is not JSON"),
    ],
)
def test_error_names_the_problem(call: Call, server: Server, body: bytes, problem: str) -> None:
    """The error says which member is missing, or that the body is no JSON."""
    server.answer(200, body)

    with pytest.raises(UnexpectedResponse) as caught:
        call(list_crm_integrations)

    assert problem == caught.value.problem


def test_error_keeps_the_request_id_of_the_body(call: Call, server: Server) -> None:
    """An undocumented refusal in Gong's envelope gives its request id to the error."""
    server.answer(404, b'{"requestId": "4al018gzaztcr8nbukw", "errors": ["Not found"]}')

    with pytest.raises(UnexpectedResponse, match="request id 4al018gzaztcr8nbukw") as caught:
        call(list_crm_integrations)

    assert "4al018gzaztcr8nbukw" == caught.value.request_id


def test_nullable_member_of_another_shape_is_an_error(call: Call, server: Server) -> None:
    """A nullable list whose entries lack a required member is not passed on as raw JSON."""
    server.answer(200, b'{"requestId": "x", "status": "DONE", "errors": [{"line": 1}]}')

    with pytest.raises(UnexpectedResponse, match="'description' is missing"):
        call(get_crm_request_status, **STATUS)


def test_nullable_members_may_be_null(call: Call, server: Server) -> None:
    """Null where the document allows it is kept as None."""
    server.answer(200, b'{"requestId": "x", "status": "DONE", "errors": null, "totalErrorCount": null}')

    parsed = call(get_crm_request_status, **STATUS).parsed

    assert isinstance(parsed, RequestStatusResponse)
    assert (None, None) == (parsed.errors, parsed.total_error_count)


def test_undocumented_status_can_be_asked_for(call: Call, server: Server) -> None:
    """A client that shall not raise hands an undocumented status over with its bytes."""
    server.answer(520, HTML)
    client = AuthenticatedClient(base_url=server.url, token="t", raise_on_unexpected_status=False)

    answer = call(list_crm_integrations, client=client)

    assert (520, HTML, None) == (answer.status_code, answer.content, answer.parsed)


@pytest.mark.parametrize("prefix", ["Basic", "Bearer"])
def test_error_shows_no_secret_that_the_answer_echoes(call: Call, server: Server, prefix: str) -> None:
    """Credentials, cookies, tokens and e-mail addresses in a body are redacted in the excerpt."""
    pair = f"{KEY}:{SECRET}" if prefix == "Basic" else f"{KEY} {SECRET}"
    token = base64.b64encode(pair.encode()).decode()
    headers, cookies = {"X-Proxy-Pass": "hush-hush"}, {"sid": "c00kie"}
    client = AuthenticatedClient(base_url=server.url, token=token, prefix=prefix, headers=headers, cookies=cookies)
    echoed = f"{prefix} {token} {token} hush-hush sid=c00kie jane.doe@acme.com access_token=abc.def 'password': 'pa55' "
    echoed += f"{KEY} {SECRET} " if prefix == "Basic" else ""
    server.answer(500, echoed.encode() + b"kept")

    with pytest.raises(UnexpectedResponse) as caught:
        call(list_crm_integrations, client=client)

    shown = f"{caught.value!r} {caught.value} {pickle.dumps(caught.value)!r}"
    secrets = [KEY, SECRET, token, "hush-hush", "c00kie", "jane.doe", "pa55", "abc.def"]
    assert [] == [secret for secret in secrets if secret in shown]
    assert "kept" in caught.value.excerpt


def test_excerpt_is_short(call: Call, server: Server) -> None:
    """A long page is cut after 200 characters."""
    server.answer(500, b"word " * 10_000)

    with pytest.raises(UnexpectedResponse) as caught:
        call(list_crm_integrations)

    assert 203 == len(caught.value.excerpt)


def test_error_survives_pickle(call: Call, server: Server) -> None:
    """An error that crosses a process boundary keeps what it says."""
    server.answer(503, HTML, "X-Traceid: t1")
    with pytest.raises(UnexpectedResponse) as caught:
        call(list_crm_integrations)

    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  (our own bytes)

    assert (str(caught.value), 503, "t1") == (str(copy), copy.status_code, copy.headers["x-traceid"])
