"""Answers as data, and everything else as one error of ours."""

import asyncio
import io
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from gong_crm.errors import (
    AmbiguousError,
    AuthenticationError,
    CallError,
    ConflictError,
    RefusedError,
    SourceChangedError,
    ThrottledError,
    UnreachableError,
)
from gong_crm.wire.answers import Mismatch, Registration, read_id, read_objects
from gong_crm.wire.calls import Call, Calls
from gong_crm.wire.failures import translated
from gong_crm.wire.http import Wire
from gong_crm.wire.settings import Settings, make_settings

CALLS = Calls(legacy=False)
LIST = CALLS.list_integrations()
SECRET = "hush-hush-hush"
JSON = {"content-type": "application/json;charset=UTF-8"}


def settings(handler: Callable[[httpx.Request], httpx.Response]) -> Settings:
    """Make settings whose network is a function."""
    return make_settings(
        base_url="https://gong.example",
        access_key="key-of-acme",
        access_key_secret=SECRET,
        access_token=None,
        transport=httpx.MockTransport(handler),
        timeout=60.0,
    )


def answer_of(call: Call[Any], handler: Callable[[httpx.Request], httpx.Response]) -> Any:  # noqa: ANN401  (as the call)
    """Make a call twice, blocking and awaited, and see that both say the same."""

    async def awaited() -> Any:  # noqa: ANN401  (as the call)
        wire = Wire(settings(handler))
        try:
            return await wire.make_awaited(call)
        except Exception as problem:  # noqa: BLE001  (compared below)
            return problem
        finally:
            await wire.aclose()

    wire = Wire(settings(handler))
    try:
        blocking = wire.make(call)
    except Exception as problem:  # noqa: BLE001  (compared below)
        blocking = problem
    wire.close()
    second = asyncio.run(awaited())
    assert (type(blocking), str(blocking)) == (type(second), str(second))
    return blocking


def saying(status: int, body: Any = None, **headers: str) -> Callable[[httpx.Request], httpx.Response]:  # noqa: ANN401  (any JSON)
    """Answer always the same."""
    content = {"text": body} if isinstance(body, str) else {"json": body}
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, headers=sent, **content)


def raising(problem: httpx.RequestError) -> Callable[[httpx.Request], httpx.Response]:
    """Fail always the same."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise type(problem)(str(problem), request=request)

    return handler


def test_a_success_becomes_data() -> None:
    """The integrations come as data of ours, with ids of 64 bits."""
    body = {
        "requestId": "abc",
        "integrations": [{"integrationId": 5517027188234205706, "name": "A", "ownerEmail": "o@a.co"}],
    }
    expected = [Registration(id=5517027188234205706, name="A", owner_email="o@a.co")]
    assert expected == answer_of(LIST, saying(200, body))


REFUSED = {"requestId": "4al018gzaztcr8nbukw", "errors": ["No.", f"You sent {SECRET}\x1b[2J"]}
HTML = "<html><h1>Bad gateway</h1></html>"


@pytest.mark.parametrize(
    ("handler", "kind", "status", "retryable"),
    [
        (saying(400, REFUSED), RefusedError, 400, False),
        (saying(401, REFUSED), AuthenticationError, 401, False),
        (saying(409, REFUSED), ConflictError, 409, False),
        (saying(429, REFUSED, retry_after="7"), ThrottledError, 429, True),
        (saying(500, REFUSED), AmbiguousError, 500, True),
        (saying(502, HTML), AmbiguousError, 502, True),
        (saying(503, REFUSED), AmbiguousError, 503, True),
        (saying(504, ""), AmbiguousError, 504, True),
        (saying(408, ""), AmbiguousError, 408, True),
        (saying(520, HTML), AmbiguousError, 520, True),
        (saying(403, HTML), RefusedError, 403, False),
        (saying(404, REFUSED), RefusedError, 404, False),
        (saying(302, "", location="https://elsewhere.example/"), RefusedError, 302, False),
        (saying(200, HTML), AmbiguousError, 200, True),
        (saying(200, {"requestId": "a"}), AmbiguousError, 200, True),
        (saying(200, {"requestId": "a", "integrations": [{"name": "A"}]}), AmbiguousError, 200, True),
        (saying(204, ""), AmbiguousError, 204, True),
        (raising(httpx.ConnectError("refused")), UnreachableError, None, True),
        (raising(httpx.ConnectTimeout("slow")), UnreachableError, None, True),
        (raising(httpx.PoolTimeout("busy")), UnreachableError, None, True),
        (raising(httpx.ReadTimeout("slow")), AmbiguousError, None, True),
        (raising(httpx.WriteError("reset")), AmbiguousError, None, True),
        (raising(httpx.RemoteProtocolError("closed")), AmbiguousError, None, True),
        (raising(httpx.ReadError(f"with {SECRET}")), AmbiguousError, None, True),
    ],
)
def test_whatever_is_no_success_is_one_error_that_says_all(
    handler: Callable[[httpx.Request], httpx.Response],
    kind: type[CallError],
    status: int | None,
    retryable: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    """Each failure has its kind, its status, whether again makes sense, and no secret."""
    problem = answer_of(LIST, handler)
    assert (kind, status, retryable) == (type(problem), problem.status, problem.retryable)
    assert "listCrmIntegrations" == problem.operation
    assert SECRET not in f"{problem!r} {problem} {problem.__dict__}"
    assert "\x1b" not in str(problem)


def test_a_refusal_carries_what_gong_said() -> None:
    """Sentences, request id and the wait that Gong asks for stay with the error, also through a pickle."""
    problem = answer_of(LIST, saying(429, REFUSED, retry_after="7"))
    assert ("No.", r"You sent [redacted]\x1b[2J") == problem.sentences
    assert "4al018gzaztcr8nbukw" == problem.request_id
    assert 7.0 == problem.retry_after
    again = pickle.loads(pickle.dumps(problem))  # noqa: S301  (made in this line)
    assert (str(problem), problem.__dict__) == (str(again), again.__dict__)


def test_no_frame_of_an_error_holds_the_credentials() -> None:
    """A traceback with local variables shows no credential, for no exception of httpx hangs on to the error."""
    wire = Wire(settings(raising(httpx.ReadError("gone"))))
    with pytest.raises(AmbiguousError) as caught:
        wire.make(LIST)
    wire.close()
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None
    shown = [repr(value) for entry in caught.traceback for value in entry.frame.f_locals.values()]
    assert not [text for text in shown if SECRET in text]


def test_a_status_answer_is_bounded_and_checked() -> None:
    """Counts that are no counts are passed over, and descriptions are made fit to be shown."""
    body = {
        "requestId": "a",
        "status": "FAILED",
        "errors": [{"line": 3, "description": f"bad {SECRET}\n" + "x" * 10_000}],
        "totalErrorCount": -5,
        "totalSuccessCount": 7,
    }
    made = settings(saying(200, body))
    calls = Calls(legacy=False, redact=made.redactor.clean)
    status = Wire(made).make(calls.status(integration_id=1, client_request_id="r"))
    assert ("FAILED", None, 7, True) == (status.status, status.total_errors, status.total_successes, status.is_final)
    assert 3 == status.errors[0].line
    assert status.errors[0].description.startswith(r"bad [redacted]\nxxx")
    assert 600 > len(status.errors[0].description)


def test_an_upload_that_is_answered_for_another_request_is_ambiguous() -> None:
    """A 201 that echoes another client request id is no acceptance of ours."""
    call = CALLS.upload(
        integration_id=1, object_type="ACCOUNT", client_request_id="ours", open_payload=lambda: io.BytesIO(b"{}")
    )
    problem = answer_of(call, saying(201, {"requestId": "a", "clientRequestId": "theirs"}))
    assert AmbiguousError is type(problem)
    assert "speaks of another client request id" in str(problem)


def test_a_source_that_fails_while_it_is_sent_stays_what_it_is() -> None:
    """An error of the payload is no error of the network."""

    class Changed(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise SourceChangedError("it changed")

    call = CALLS.upload(
        integration_id=1, object_type="ACCOUNT", client_request_id="ours", open_payload=lambda: Changed(b"{}")
    )
    assert SourceChangedError is type(answer_of(call, lambda request: httpx.Response(201, content=request.read())))


def test_legacy_calls_go_to_the_legacy_paths() -> None:
    """The family is a switch; only the status has one path for both."""
    seen: list[str] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(f"{request.method} {request.url.path}")
        return httpx.Response(500, json={"requestId": "a", "errors": []})

    calls = Calls(legacy=True)
    wire = Wire(settings(handler))
    made: tuple[Call[Any], ...] = (
        calls.list_integrations(),
        calls.register(name="A", owner_email="o@a.co"),
        calls.delete(integration_id=1, client_request_id="r"),
        calls.fields(integration_id=1, object_type="DEAL"),
        calls.describe_fields(integration_id=1, object_type="DEAL", fields=[]),
        calls.read(integration_id=1, object_type="DEAL", object_ids=["d"]),
        calls.upload(
            integration_id=1, object_type="DEAL", client_request_id="r", open_payload=lambda: io.BytesIO(b"{}")
        ),
        calls.status(integration_id=1, client_request_id="r"),
    )
    for call in made:
        with pytest.raises(CallError):
            wire.make(call)
    wire.close()
    assert [
        "GET /v2/crm/integration/list",
        "PUT /v2/crm/integration/new",
        "DELETE /v2/crm/integration/delete",
        "GET /v2/crm/object/schema/list",
        "POST /v2/crm/object/schema",
        "GET /v2/crm/object/list",
        "POST /v2/crm/object/entities",
        "GET /v2/crm/request-status",
    ] == seen


def test_objects_that_are_no_objects_are_not_handed_on() -> None:
    """A map whose values are no objects is an answer that breaks the contract."""
    with pytest.raises(Mismatch, match="no objects by their ids"):
        read_objects({"a1": "gone"})


@pytest.mark.parametrize("number", [True, None, "5", 2.271e18, 2**63, -(2**63) - 1])
def test_an_id_that_lost_digits_is_not_handed_on(number: object) -> None:
    """An integration that nobody has would be pushed to."""
    with pytest.raises(Mismatch, match="no whole number of 64 bits"):
        read_id(number)


def test_a_success_with_errors_is_none() -> None:
    """Fields that were refused in an answer of 200 are not called described."""
    call = CALLS.describe_fields(integration_id=1, object_type="ACCOUNT", fields=[])
    with pytest.raises(AmbiguousError, match=r"breaks the contract \(a success with errors: .*must include all fields"):
        Wire(settings(saying(200, {"requestId": "a", "errors": ["must include all fields"]}))).make(call)


def test_what_is_no_fault_of_the_network_stays_what_it_is() -> None:
    """A fault of the caller's own code is not dressed up as one of the network's."""
    problem = RuntimeError("the generator of records broke")
    assert problem is translated(LIST, problem, settings(saying(200)))


def test_a_door_that_made_no_call_closes_without_one() -> None:
    """Nothing is opened only to be closed."""
    wire = Wire(settings(saying(500)))
    wire.close()
    asyncio.run(wire.aclose())
    assert wire._made is None
