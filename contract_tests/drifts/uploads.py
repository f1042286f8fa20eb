"""Drifts of taking a file in: its parameters, its client request id, its parts, how it is answered."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.files import OBJECT_TYPES, file_of
from contract_tests.drifts.operations import CURRENT, FILES, LEGACY, MAP_USERS, UPLOAD, operation_of
from contract_tests.drifts.pieces import (
    accepting,
    accepting_unknown_integration,
    on_answer,
    on_body,
    on_request,
    refusing,
)
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Call
    from contract_tests.drifts.operations import Operations
    from contract_tests.drifts.registry import Drift

_CLIENT_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]+")


def forbidden_characters(call: Call) -> bool:
    """Tell whether a clientRequestId holds characters that are not allowed."""
    name = call.parameter("clientRequestId")
    return bool(name) and _CLIENT_REQUEST_ID.fullmatch(name) is None


def _lacks(name: str) -> Callable[[Call], bool]:
    return lambda call: not call.parameter(name)


def _without_file(call: Call) -> bool:
    return file_of(call) is None


def _unknown_type(call: Call) -> bool:
    sent = call.parameter("objectType")
    return bool(sent) and sent.upper() not in OBJECT_TYPES


def _type_in_other_case(call: Call) -> bool:
    sent = call.parameter("objectType")
    return sent not in OBJECT_TYPES and sent.upper() in OBJECT_TYPES


def _well_formed(call: Call) -> bool:
    good = call.integration.isdigit() and not forbidden_characters(call) and not _without_file(call)
    typed = operation_of(call) in MAP_USERS or call.parameter("objectType") in OBJECT_TYPES
    return good and typed and bool(call.parameter("clientRequestId"))


_row = partial(drift, kind="upload parameters")


def _parameters(word: str, clauses: str, operations: Operations) -> tuple[Drift, ...]:
    rows: tuple[tuple[str, str, str, Callable[[Call], bool]], ...] = (
        ("without-integration", "integration-id-required", "without integrationId", _lacks("integrationId")),
        ("without-name", "client-request-id-required", "without clientRequestId", _lacks("clientRequestId")),
        ("without-file", "data-file-required", "without the part dataFile", _without_file),
        (
            "forbidden-characters",
            "client-request-id-characters",
            "with any characters in clientRequestId",
            forbidden_characters,
        ),
    )
    return tuple(
        _row(
            f"{word}-{name}-accepted",
            f"{clauses}.{clause}",
            f"Takes {word} {what}.",
            accepting(operations, condition, refused=(400,)),
        )
        for name, clause, what, condition in rows
    )


PARAMETERS: Final = (
    *_parameters("upload", "upload", UPLOAD & CURRENT),
    *_parameters("legacy-upload", "upload", UPLOAD & LEGACY),
    *_parameters("map-users", "map-users", MAP_USERS),
    _row(
        "upload-without-type-accepted",
        "upload.object-type-required",
        "Takes an upload without objectType.",
        accepting(UPLOAD, _lacks("objectType"), refused=(400,)),
    ),
    _row(
        "upload-unknown-type-accepted",
        "upload.object-type-known",
        "Takes an upload of an object type that does not exist.",
        accepting(UPLOAD, _unknown_type, refused=(400,)),
    ),
    _row(
        "upload-lower-case-type-accepted",
        "upload.object-type-case",
        "Takes an objectType in lower case.",
        on_request(
            UPLOAD,
            lambda call: call.with_parameter("objectType", call.parameter("objectType").upper()),
            when=_type_in_other_case,
        ),
    ),
    _row(
        "upload-unknown-integration-accepted",
        "upload.unknown-integration",
        "Takes an upload for an integration that does not exist.",
        accepting_unknown_integration(UPLOAD, _well_formed),
    ),
    _row(
        "map-users-unknown-integration-accepted",
        "map-users.unknown-integration",
        "Takes a user mapping for an integration that does not exist.",
        accepting_unknown_integration(MAP_USERS, _well_formed),
    ),
    _row(
        "upload-200",
        "upload.success",
        "Answers an upload 200.",
        on_answer(UPLOAD, lambda _, answer: answer.with_status(200)),
    ),
    _row(
        "upload-202",
        "upload.success",
        "Answers an upload 202.",
        on_answer(UPLOAD, lambda _, answer: answer.with_status(202)),
    ),
    _row(
        "upload-legacy-200",
        "upload.success",
        "Answers an upload 200 on the legacy path.",
        on_answer(UPLOAD & LEGACY, lambda _, answer: answer.with_status(200)),
    ),
    _row(
        "map-users-200",
        "map-users.success",
        "Answers a user mapping 200.",
        on_answer(MAP_USERS, lambda _, answer: answer.with_status(200)),
    ),
    _row(
        "upload-echoes-another-id",
        "upload.echo",
        "Echoes another clientRequestId for an upload.",
        on_body(UPLOAD, at("clientRequestId", lambda name: f"{name}-1")),
    ),
    _row(
        "upload-echoes-in-lower-case",
        "upload.echo",
        "Echoes the clientRequestId of an upload in lower case.",
        on_body(UPLOAD, at("clientRequestId", str.lower)),
    ),
    _row(
        "map-users-echoes-another-id",
        "map-users.echo",
        "Echoes another clientRequestId for a user mapping.",
        on_body(MAP_USERS, at("clientRequestId", lambda name: f"{name}-1")),
    ),
    _row(
        "upload-capitals-in-name-refused",
        "upload.client-request-id-forms",
        "Refuses capitals in a clientRequestId.",
        refusing(
            FILES,
            lambda call: call.parameter("clientRequestId").lower() != call.parameter("clientRequestId"),
            400,
            "Bad request",
        ),
    ),
    _row(
        "upload-underscore-in-name-refused",
        "upload.client-request-id-forms",
        "Refuses an underscore in a clientRequestId.",
        refusing(FILES, lambda call: "_" in call.parameter("clientRequestId"), 400, "Bad request"),
    ),
    _row(
        "upload-business-user-refused",
        "upload.every-object-type",
        "Refuses uploads of BUSINESS_USER on the current path.",
        refusing(UPLOAD & CURRENT, lambda call: call.parameter("objectType") == "BUSINESS_USER", 400, "Bad request"),
    ),
    _row(
        "upload-stage-refused",
        "upload.every-object-type",
        "Refuses uploads of STAGE on the current path.",
        refusing(UPLOAD & CURRENT, lambda call: call.parameter("objectType") == "STAGE", 400, "Bad request"),
    ),
    _row(
        "upload-lead-refused-legacy",
        "upload.every-object-type",
        "Refuses uploads of LEAD on the legacy path.",
        refusing(UPLOAD & LEGACY, lambda call: call.parameter("objectType") == "LEAD", 400, "Bad request"),
    ),
    _row(
        "upload-empty-file-refused",
        "upload.empty-file",
        "Refuses an empty list.",
        refusing(UPLOAD, lambda call: file_of(call) == b"", 400, "dataFile is empty"),
    ),
    _row(
        "upload-file-name-demanded",
        "upload.file-name-free",
        "Refuses a part dataFile without a file name.",
        refusing(FILES, lambda call: file_of(call) is not None and b"filename=" not in call.body, 400, "Bad request"),
    ),
    _row(
        "upload-part-type-demanded",
        "upload.file-name-free",
        "Refuses a part dataFile that is not application/x-ndjson.",
        refusing(
            FILES, lambda call: file_of(call) is not None and b"ndjson" not in call.body.lower(), 400, "Bad request"
        ),
    ),
)
