"""A recorded exchange that does not obey the document is reported, whatever part of it is wrong."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contract_tests.suite.evidence.cassette_faults import faults_of
from contract_tests.suite.evidence.cassettes import CASSETTES, Interaction, Recording, read_recording
from contract_tests.suite.ledger.document import Document

FOLDER = CASSETTES / "emulator"
DOCUMENT = Document()
Change = Callable[[Interaction], Interaction]


def upload() -> Recording:
    """Read the uploads of every object type."""
    return read_recording(FOLDER / "upload_crm_entities_every_type.yaml")


def changed(recording: Recording, change: Change, *, number: int = 1) -> Recording:
    """Change one exchange of a recording."""
    interactions = tuple(change(one) if one.number == number else one for one in recording.interactions)
    return replace(recording, interactions=interactions)


def reported(recording: Recording) -> str:
    """Return the faults of a recording as one text."""
    return "\n".join(faults_of(recording, DOCUMENT))


def uri(old: str, new: str) -> Change:
    """Change the URL of a request."""
    return lambda one: replace(one, uri=one.uri.replace(old, new))


def test_a_recording_that_obeys_has_no_faults() -> None:
    """The uploads as they were recorded obey."""
    assert [] == faults_of(upload(), DOCUMENT)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (uri("/v2/crm/entities", "/v2/crm/people"), "openapi.yaml has no such operation"),
        (lambda one: replace(one, method="PATCH"), "openapi.yaml has no such operation"),
        (uri("clientRequestId", "requestId"), "the parameter clientRequestId is missing"),
        (uri("clientRequestId", "requestId"), "the parameter requestId is unknown"),
        (uri("objectType=BUSINESS_USER", "objectType=business_user"), "parameter objectType"),
        (uri("integrationId=", "integrationId=x"), "parameter integrationId"),
        (lambda one: replace(one, request_body=b""), "the body is missing"),
        (lambda one: replace(one, request_body=b"--"), "the body cannot be read"),
        (lambda one: replace(one, request_headers={"content-type": "text/csv"}), "content type 'text/csv' of the body"),
        (lambda one: replace(one, request_body=one.request_body.replace(b"dataFile", b"file")), "'dataFile' is a req"),
        (lambda one: replace(one, status=202), "the status is not documented"),
        (lambda one: replace(one, headers={"content-type": "text/html"}), "content type 'text/html' of the answer"),
        (lambda one: replace(one, headers={**one.headers, "x-ratelimit-remaining": "few"}), "header x-ratelimit-rem"),
        (lambda one: replace(one, status=429), "the header Retry-After is missing"),
        (lambda one: replace(one, content=b'{"requestId": 1}'), "answer, $.requestId"),
        (lambda one: replace(one, content=b"<html>"), "the answer cannot be read"),
    ],
)
def test_each_part_of_an_exchange_is_held_against_the_document(change: Change, expected: str) -> None:
    """A fault anywhere between the method and the body of the answer is reported in words."""
    assert expected in reported(changed(upload(), change))


def test_a_body_where_none_is_known_is_reported() -> None:
    """A request may not carry what the operation does not know."""
    recording = read_recording(FOLDER / "list_crm_integrations_none.yaml")
    assert "a body is sent where none is known" in reported(
        changed(recording, lambda one: replace(one, request_body=b"[]"))
    )


def test_a_refused_request_may_be_wrong() -> None:
    """A request that was answered 400 is not held against the document; its answer is."""
    broken = changed(
        upload(),
        lambda one: replace(
            one, uri="https://gong.invalid/v2/crm/entities", status=400, content=b'{"requestId": "x", "errors": ["no"]}'
        ),
    )
    assert "" == reported(broken)


def test_a_taken_line_that_the_document_refuses_is_reported() -> None:
    """A line of an upload that ended DONE is held against the schema of its object type."""
    broken = changed(
        upload(), lambda one: replace(one, request_body=one.request_body.replace(b"emailAddress", b"e-mail"))
    )
    assert "line 1 was taken, but" in reported(broken)
    assert "'emailAddress' is a required property" in reported(broken)


def test_a_taken_line_that_is_no_json_is_reported() -> None:
    """A line that nobody can read cannot have been taken."""
    broken = changed(upload(), lambda one: replace(one, request_body=one.request_body.replace(b'{"objectId"', b"{")))
    assert "line 1 was taken, but is no JSON" in reported(broken)


def test_only_the_lines_that_were_taken_are_held_against_the_document() -> None:
    """Where the end is FAILED, the lines that it names may be wrong, and the others may not."""
    recording = read_recording(FOLDER / "get_crm_request_status_failed_then_corrected.yaml")
    assert "" == reported(recording)
    end = next(one for one in recording.interactions if b'"FAILED"' in one.content)
    forgiving = changed(
        recording, lambda one: replace(one, content=one.content.replace(b'"line":2', b'"line":5')), number=end.number
    )
    assert "line 2 was taken, but" in reported(forgiving)


def test_lines_whose_end_is_not_told_are_not_judged() -> None:
    """An upload that no later exchange follows says nothing about its lines."""
    recording = upload()
    alone = replace(recording, interactions=recording.interactions[:1])
    broken = changed(alone, lambda one: replace(one, request_body=one.request_body.replace(b"emailAddress", b"e-mail")))
    assert "" == reported(broken)
