"""Whether recorded exchanges obey openapi.yaml, line by line for uploads, without any server."""

import json
from collections.abc import Iterator
from typing import Final

from contract_tests.suite.evidence.cassettes import Interaction, Recording
from contract_tests.suite.ledger.checker import Checker, Seen, body_of
from contract_tests.suite.ledger.document import Document
from contract_tests.suite.ledger.forms import NoForm
from contract_tests.suite.ledger.operations import operation_at

# Refusals that say that the request is wrong; the others are answered to right ones too.
_WRONG_REQUEST: Final = frozenset({400, 404, 405, 413, 415})
_UPLOADS: Final = frozenset({"uploadCrmEntities", "mapCrmUsersLegacy"})


def faults_of(recording: Recording, document: Document) -> list[str]:
    """Hold every exchange of a cassette against the document; what does not obey, a sentence each."""
    checker, found = Checker(document=document), []
    for interaction in recording.interactions:
        seen = _seen(interaction)
        if seen is None:
            found.append(f"{interaction}: openapi.yaml has no such operation")
            continue
        faults = [] if seen.status in _WRONG_REQUEST else checker.request_faults(seen)
        faults += [*checker.answer_faults(seen), *_line_faults(checker, seen, interaction, recording)]
        found += [f"{interaction}: {fault}" for fault in faults]
    return found


def _seen(interaction: Interaction) -> Seen | None:
    operation = operation_at(interaction.method, interaction.path)
    if operation is None:
        return None
    return Seen(
        operation=operation,
        query=interaction.query,
        request_type=interaction.request_headers.get("content-type", ""),
        request_body=interaction.request_body,
        status=interaction.status,
        headers=interaction.headers,
        body=interaction.content,
    )


def _line_faults(checker: Checker, seen: Seen, interaction: Interaction, recording: Recording) -> Iterator[str]:
    """Hold the lines of an upload against their schema, those that the server has said to have taken."""
    if seen.status >= 300 or seen.operation.name not in _UPLOADS:  # not taken, or made of no lines
        return
    refused = _refused(interaction, recording)
    try:
        text = body_of(seen).get("dataFile", "")
    except (NoForm, ValueError, AttributeError):
        return  # said already
    if refused is None:
        return  # nobody said what became of them
    object_type = dict(seen.query).get("objectType")
    try:
        faults = list(checker.line_faults(seen.operation, text.split("\n"), object_type=object_type, but=refused))
    except LookupError:
        return  # an unknown object type, said already
    yield from (f"line {number} was taken, but {fault}" for number, fault in faults)


def _refused(upload: Interaction, recording: Recording) -> frozenset[int] | None:
    """Say which lines of an upload were refused; None when no later exchange names them all."""
    client_request_id = dict(upload.query).get("clientRequestId")
    for interaction in reversed(recording.interactions[upload.number :]):
        asked = interaction.path.endswith("/request-status") and interaction.status == 200  # a status that was answered
        if not asked or dict(interaction.query).get("clientRequestId") != client_request_id:
            continue
        end = json.loads(interaction.content)
        if end.get("status") == "DONE":
            return frozenset()
        errors = end.get("errors") or []
        if end.get("status") == "FAILED" and end.get("totalErrorCount", len(errors)) == len(errors):
            return frozenset(error.get("line") for error in errors)
        return None
    return None
