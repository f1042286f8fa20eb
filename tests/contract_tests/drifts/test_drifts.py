"""What the matrix cannot show of the drifts: their table, their tools, and the command that serves one."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest

from contract_tests.drifts import DRIFTS, FIRST_OF_EACH_CLAUSE, VARIATIONS
from contract_tests.drifts.__main__ import main
from contract_tests.drifts.edits import GONE, added, at, missing, renamed, value
from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.files import file_of, records_of, with_file, with_lines
from contract_tests.drifts.wrapping import Wrapped, ask_app

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from contract_tests.drifts.exchange import Ask, Behaviour

BOUNDARY = "a1b2"


def upload(file: bytes, *, disposition: str = 'name="dataFile"; filename="a.ldjson"') -> Call:
    """Return an upload whose form holds another part beside the file."""
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="other"\r\n\r\nfirst\r\n'
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n"
    ).encode()
    headers = (("content-type", f"multipart/form-data; boundary={BOUNDARY}"),)
    return Call(
        method="POST", path="/v2/crm/entities", headers=headers, body=body + file + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


def test_every_row_is_a_sentence_of_its_own() -> None:
    """Each drift says in one sentence what it does, no two say the same, and none shares its id with a variation."""
    changes = [row.change for row in DRIFTS.values()]

    assert [] == [change for change in changes if not change.endswith(".") or not change[0].isupper()]
    assert [] == sorted({change for change in changes if changes.count(change) > 1})
    assert set() == DRIFTS.keys() & VARIATIONS.keys()


def test_the_short_list_breaks_every_clause() -> None:
    """One drift of each clause is on the short list of the quick matrix."""
    short = {clause for name in FIRST_OF_EACH_CLAUSE for clause in DRIFTS[name].clauses}

    assert {clause for drift in DRIFTS.values() for clause in drift.clauses} == short


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (missing("list.*.name"), {"list": [{"id": 1}], "name": "a"}),
        (value("name", None), {"list": [{"id": 1, "name": "x"}], "name": None}),
        (renamed("list.*.id", "number"), {"list": [{"number": 1, "name": "x"}], "name": "a"}),
        (renamed("name", "called"), {"list": [{"id": 1, "name": "x"}], "called": "a"}),
        (added("list.*", "new", 2), {"list": [{"id": 1, "name": "x", "new": 2}], "name": "a"}),
        (added("", "new", 2), {"list": [{"id": 1, "name": "x"}], "name": "a", "new": 2}),
        (at("list.*", lambda _: GONE), {"list": [], "name": "a"}),
        (at("nothing.there", lambda _: GONE), {"list": [{"id": 1, "name": "x"}], "name": "a"}),
    ],
)
def test_an_edit_changes_one_member(edit: Callable[[object], object], expected: object) -> None:
    """An edit changes what its path leads to and nothing else."""
    assert expected == edit({"list": [{"id": 1, "name": "x"}], "name": "a"})


@pytest.mark.parametrize("disposition", ['name="dataFile"; filename="a.ldjson"', "name=dataFile", 'name="dataFile"'])
def test_the_data_file_is_found_and_replaced(disposition: str) -> None:
    """The part dataFile is read and rewritten without touching the other parts, however its head is written."""
    call = upload(b'{"objectId": "a"}\nno json\n', disposition=disposition)

    assert [{"objectId": "a"}] == records_of(call)
    assert upload(b"new", disposition=disposition).body == with_file(call, b"new").body


def test_a_form_without_data_file_has_none() -> None:
    """A form whose file has another name is left as it is."""
    call = upload(b"{}", disposition='name="file"')

    assert None is file_of(call)
    assert call == with_file(call, b"new")


def test_lines_that_do_not_change_stay_as_they_are() -> None:
    """A changed record is written anew; blank lines, other lines and the lack of a last newline stay to the byte."""
    call = upload(b'{"a":1}\n\nno json\n{"b":  2}')
    changed = with_lines(call, lambda record: {"a": 2} if "a" in record else record)

    assert b'{"a": 2}\n\nno json\n{"b":  2}' == file_of(changed)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the number of bytes received."""
    del scope
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps({"size": size}).encode()})


def counting() -> Behaviour:
    """Answer how often it was called since it began."""
    calls = 0

    async def behave(call: Call, ask: Ask) -> Answer:
        nonlocal calls
        calls += 1
        return (await ask(call)).with_json({"calls": calls})

    return behave


def asking(*, answer: bool = False, call: bool = False) -> Behaviour:
    """Ask the inner application, and change the call, the answer or nothing."""

    async def behave(received: Call, ask: Ask) -> Answer:
        given = await ask(received.with_body(b"other") if call else received)
        return given.with_status(201) if answer else given

    return behave


@pytest.mark.parametrize(("changed", "in_force"), [({}, False), ({"answer": True}, True), ({"call": True}, True)])
def test_a_change_is_noticed(changed: dict[str, bool], *, in_force: bool) -> None:
    """An application knows whether its behaviour has ever changed a call or an answer."""
    app = Wrapped(echo, begin=lambda: asking(**changed))
    before = app.in_force
    asyncio.run(ask_app(app, Call(method="POST", path="/v2/crm/entities", body=b"some")))

    assert (False, in_force) == (before, app.in_force)


@pytest.mark.parametrize("path", ["/_emulator/api/reset", "/_emulator/api/snapshots/a/restore"])
def test_a_reset_makes_a_drift_forget(path: str) -> None:
    """A drift remembers calls until the emulator is reset or restored, and never sees the control API."""
    app = Wrapped(echo, begin=counting)

    async def calls() -> list[object]:
        call = Call(method="GET", path="/v2/crm/integrations")
        answers = [await ask_app(app, call), await ask_app(app, call)]
        answers.append(await ask_app(app, Call(method="POST", path=path, body=b"{}")))
        answers.append(await ask_app(app, call))
        return [answer.json() for answer in answers]

    assert [{"calls": 1}, {"calls": 2}, {"size": 2}, {"calls": 1}] == asyncio.run(calls())


def test_a_large_body_streams_by() -> None:
    """A body of more than 16 MB passes a drift by, whole."""
    call = Call(method="POST", path="/v2/crm/entities", body=b"x" * 16_000_001)

    assert {"size": 16_000_001} == asyncio.run(ask_app(Wrapped(echo, begin=counting), call)).json()


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Each drift and variation has a line: id, clauses or fact, change."""
    code = main(["list"])

    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert (0, [*DRIFTS, *VARIATIONS]) == (code, [row[0] for row in rows])
    assert {3} == {len(row) for row in rows}


def test_serve_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that nobody has is refused in one sentence."""
    code = main(["serve", "no-such-drift"])

    assert 2 == code
    assert "No drift or variation is called no-such-drift" in capsys.readouterr().err
