"""How asynchronous requests pass through their states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gong_crm_emulator import EmulatorSettings, running_emulator
from tests.gong_crm_emulator.caller import connect, ldjson, line

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller


def test_an_upload_passes_through_the_states(caller: Caller) -> None:
    """By default the first poll says PENDING, the second IN_PROGRESS, the third and all later ones the end."""
    caller.upload("ACCOUNT", ldjson(line("a1"), line("a2")))
    assert ["PENDING", "IN_PROGRESS"] == [caller.status()["status"] for _ in range(2)]
    for _ in range(3):
        answer = caller.status()
        answer.pop("requestId")
        assert {"status": "DONE", "errors": [], "totalErrorCount": 0, "totalSuccessCount": 2} == answer


def test_unended_requests_carry_no_counts(caller: Caller) -> None:
    """PENDING and IN_PROGRESS carry the status alone (U-10)."""
    caller.upload("ACCOUNT", ldjson(line("a1")))
    assert {"requestId", "status"} == caller.status().keys()


def test_bad_lines_are_counted_in_full_and_shown_up_to_twenty(caller: Caller) -> None:
    """The error list ends at 20 while the counts tell of all lines; line numbers start at 1."""
    records = [line(f"a{number}") if number % 2 else {"objectId": f"a{number}"} for number in range(100)]
    answer = caller.outcome("ACCOUNT", ldjson(*records))
    assert ("FAILED", 50, 50) == (answer["status"], answer["totalErrorCount"], answer["totalSuccessCount"])
    assert list(range(1, 41, 2)) == [error["line"] for error in answer["errors"]]
    assert {"Mandatory field [modifiedDate] is missing or empty"} == {e["description"] for e in answer["errors"]}


def test_good_lines_of_a_failed_file_are_kept(caller: Caller) -> None:
    """FAILED does not throw the good lines away (C-22)."""
    caller.outcome("ACCOUNT", ldjson(line("good", name="G"), {"objectId": "bad"}))
    objects = caller.objects("ACCOUNT", "good", "bad")
    assert ("G", None) == (objects["good"]["name"], objects["bad"])


def test_a_used_client_request_id_is_refused(caller: Caller) -> None:
    """A client request id is good once, for uploads and deletion alike, even after FAILED (U-11)."""
    assert "FAILED" == caller.outcome("ACCOUNT", b"not json\n")["status"]
    again = caller.upload("CONTACT", ldjson(line("c")))
    assert (409, ["Client request id has already been used"]) == (again.status_code, again.json()["errors"])
    assert 409 == caller.http.delete("/v2/crm/integrations", params=caller.params(clientRequestId="r1")).status_code


def test_an_empty_file_is_done(caller: Caller) -> None:
    """An empty list is legitimate and ends DONE with nothing counted (C-34)."""
    answer = caller.outcome("LEAD", b"")
    assert ("DONE", 0, 0) == (answer["status"], answer["totalErrorCount"], answer["totalSuccessCount"])


def test_files_of_another_kind_get_one_general_error(caller: Caller) -> None:
    """A compressed or UTF-16 file is one error of line 0 that says what to send."""
    for name, content in (
        ("gz", b"\x1f\x8b\x08 rest"),
        ("zip", b"PK\x03\x04 rest"),
        ("utf16", "{}\n".encode("utf-16")),
    ):
        answer = caller.outcome("ACCOUNT", content, name=name)
        assert ("FAILED", [0]) == (answer["status"], [error["line"] for error in answer["errors"]])
        assert answer["errors"][0]["description"].startswith("The file is not LDJSON: it is ")


def test_line_ends_and_marks_do_not_matter(caller: Caller) -> None:
    """CRLF, a byte order mark, blank lines and a missing last newline are accepted; blank lines keep their number."""
    one, two = ldjson(line("a1")).strip(), ldjson(line("a2")).strip()
    answer = caller.outcome("ACCOUNT", b"\xef\xbb\xbf" + one + b"\r\n\r\n  \n" + two + b"\nbad")
    assert (2, 1, [5]) == (
        answer["totalSuccessCount"],
        answer["totalErrorCount"],
        [error["line"] for error in answer["errors"]],
    )


def test_too_long_lines_are_line_errors() -> None:
    """A line above the limit is one line error, whether it spans many chunks or ends the file."""
    with running_emulator(settings=EmulatorSettings(max_line_bytes=1000)) as emulator, connect(emulator) as caller:
        good, long = ldjson(line("a1")), b'{"objectId":"' + b"x" * 1_000_000 + b'"}\n'
        answer = caller.outcome("ACCOUNT", good + long + good + long[:-1])
        assert [2, 4] == [error["line"] for error in answer["errors"]]
        assert "Line is longer than 1000 bytes" == answer["errors"][0]["description"]


def test_deletion_ends_after_its_polls(caller: Caller) -> None:
    """Until its deletion is DONE an integration is listed and blocks a new one; afterwards both change (C-24)."""
    body = {"name": "Next", "ownerEmail": "next@example.com"}
    answer = caller.http.delete("/v2/crm/integrations", params=caller.params(clientRequestId="d1"))
    assert (201, "d1") == (answer.status_code, answer.json()["clientRequestId"])
    assert ["PENDING", "IN_PROGRESS"] == [caller.status("d1")["status"] for _ in range(2)]
    assert 1 == len(caller.http.get("/v2/crm/integrations").json()["integrations"])
    assert 409 == caller.http.put("/v2/crm/integrations", json=body).status_code
    assert "DONE" == caller.status("d1")["status"]
    assert [] == caller.http.get("/v2/crm/integrations").json()["integrations"]
    assert 200 == caller.http.put("/v2/crm/integrations", json=body).status_code
    assert "DONE" == caller.status("d1")["status"]


def test_a_deleted_integration_is_unknown(caller: Caller) -> None:
    """After deletion every operation but the status of its requests refuses the integration."""
    caller.outcome("ACCOUNT", ldjson(line("a1")))
    caller.http.delete("/v2/crm/integrations", params=caller.params(clientRequestId="d1"))
    caller.end("d1")
    assert 400 == caller.upload("ACCOUNT", b"", name="late").status_code
    assert 400 == caller.describe("ACCOUNT").status_code
    assert "DONE" == caller.status("r1")["status"]


def test_at_once_means_the_first_poll_sees_the_end() -> None:
    """In mode at-once nothing is ever PENDING, and objects can be read without a poll."""
    with running_emulator(settings=EmulatorSettings(processing="at-once")) as emulator, connect(emulator) as caller:
        caller.upload("ACCOUNT", ldjson(line("a1")))
        assert "a1" == caller.objects("ACCOUNT", "a1")["a1"]["objectId"]
        assert "DONE" == caller.status()["status"]
        caller.http.delete("/v2/crm/integrations", params=caller.params(clientRequestId="d1"))
        assert [] == caller.http.get("/v2/crm/integrations").json()["integrations"]
