"""Drifts of the members that answers carry: missing, null, of another type, under another name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import at, missing, renamed, text, value
from contract_tests.drifts.operations import (
    DELETE,
    DESCRIBE,
    FIELDS,
    LEGACY,
    LIST,
    MAP_USERS,
    READ,
    REGISTER,
    STAGES,
    STATUS,
    UPLOAD,
)
from contract_tests.drifts.pieces import on_body, refusal
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from contract_tests.drifts.operations import Operations
    from contract_tests.drifts.registry import Drift

_FIELD: Final = "objectTypeToSelectedFields.*.*"

MEMBERS: Final[tuple[tuple[str, Operations, str, str], ...]] = (
    ("register", REGISTER, "requestId", "register.success"),
    ("register", REGISTER, "integrationId", "register.success"),
    ("list", LIST, "requestId", "list.success"),
    ("list", LIST, "integrations", "list.success"),
    ("list", LIST, "integrations.*.integrationId", "list.registered"),
    ("list", LIST, "integrations.*.name", "list.registered"),
    ("list", LIST, "integrations.*.ownerEmail", "list.registered"),
    ("delete", DELETE, "requestId", "envelope.request-id"),
    ("delete", DELETE, "clientRequestId", "delete.echo"),
    ("schema", DESCRIBE, "requestId", "schema.upload-success"),
    ("schema-list", FIELDS, "requestId", "schema-list.success"),
    ("schema-list", FIELDS, "objectTypeToSelectedFields", "schema-list.success"),
    ("schema-list", FIELDS, f"{_FIELD}.uniqueName", "schema-list.field"),
    ("schema-list", FIELDS, f"{_FIELD}.label", "schema-list.field"),
    ("schema-list", FIELDS, f"{_FIELD}.type", "schema-list.field"),
    ("upload", UPLOAD, "requestId", "upload.success"),
    ("upload", UPLOAD, "clientRequestId", "upload.success"),
    ("read", READ, "requestId", "objects.success"),
    ("read", READ, "crmObjectsMap", "objects.success"),
    ("status", STATUS, "requestId", "status.success"),
    ("status", STATUS, "status", "status.success"),
    ("status", STATUS, "errors.*.line", "status.error-entry"),
    ("status", STATUS, "errors.*.description", "status.error-entry"),
    ("map-users", MAP_USERS, "requestId", "map-users.success"),
    ("map-users", MAP_USERS, "clientRequestId", "map-users.success"),
    ("stages", STAGES, "requestId", "stages.success"),
)
"""Short name of the operation, the operations, path of the member, clause."""


def _word(path: str) -> str:
    return path.rpartition(".")[2]


def _missing(name: str, operations: Operations, path: str, clause: str) -> Drift:
    return drift(
        f"{name}-{_word(path)}-missing",
        clause,
        f"Leaves {path} out of the answer to {name}.",
        on_body(operations, missing(path)),
        kind="members missing",
    )


def _null(name: str, operations: Operations, path: str, clause: str) -> Drift:
    return drift(
        f"{name}-{_word(path)}-null",
        clause,
        f"Answers {name} with null for {path}.",
        on_body(operations, value(path, None)),
        kind="members null",
    )


def _retyped(present: Any) -> Any:  # noqa: ANN401  (any JSON)
    if isinstance(present, str):
        return 12345
    if isinstance(present, dict):
        return list(present.values())
    if isinstance(present, list):
        return {"0": present[0]} if present else {}
    return str(present)


def _other_type(name: str, operations: Operations, path: str, clause: str) -> Drift:
    return drift(
        f"{name}-{_word(path)}-of-another-type",
        clause,
        f"Answers {name} with another JSON type for {path}.",
        on_body(operations, at(path, _retyped)),
        kind="members of another type",
    )


ROWS: Final = (
    *(_missing(*member) for member in MEMBERS),
    *(_null(*member) for member in MEMBERS),
    *(_other_type(*member) for member in MEMBERS if not member[2].endswith("integrationId")),
)

_row = partial(drift, kind="members renamed")

RENAMED: Final = (
    _row(
        "register-integrationId-renamed",
        "register.success",
        "Answers a registration with id in place of integrationId.",
        on_body(REGISTER, renamed("integrationId", "id")),
    ),
    _row(
        "list-ownerEmail-renamed",
        "list.registered",
        "Lists integrations with owner_email in place of ownerEmail.",
        on_body(LIST, renamed("integrations.*.ownerEmail", "owner_email")),
    ),
    _row(
        "schema-list-objectTypeToSelectedFields-renamed",
        "schema-list.success",
        "Lists schemas under selectedFields, as a documentation slip had it.",
        on_body(FIELDS, renamed("objectTypeToSelectedFields", "selectedFields")),
    ),
    _row(
        "schema-list-uniqueName-renamed",
        "schema-list.field",
        "Lists fields with fieldName in place of uniqueName.",
        on_body(FIELDS, renamed(f"{_FIELD}.uniqueName", "fieldName")),
    ),
    _row(
        "upload-clientRequestId-renamed",
        "upload.echo",
        "Answers an upload with clientRequestID in place of clientRequestId.",
        on_body(UPLOAD, renamed("clientRequestId", "clientRequestID")),
    ),
    _row(
        "read-crmObjectsMap-renamed",
        "objects.success",
        "Answers a read with crmObjects in place of crmObjectsMap.",
        on_body(READ, renamed("crmObjectsMap", "crmObjects")),
    ),
    _row(
        "status-status-renamed",
        "status.success",
        "Answers a status with state in place of status.",
        on_body(STATUS, renamed("status", "state")),
    ),
    _row(
        "status-line-renamed",
        "status.error-entry",
        "Answers line errors with lineNumber in place of line.",
        on_body(STATUS, renamed("errors.*.line", "lineNumber")),
    ),
    _row(
        "refusal-errors-renamed",
        "envelope.errors-strings",
        "Refuses with messages in place of errors.",
        on_body(None, renamed("errors", "messages"), when=refusal),
    ),
)


_row = partial(drift, kind="members of the legacy twin")

LEGACY_ONLY: Final = (
    _row(
        "legacy-upload-clientRequestId-missing",
        "upload.echo",
        "Leaves clientRequestId out of the answer to a legacy upload.",
        on_body(UPLOAD & LEGACY, missing("clientRequestId")),
    ),
    _row(
        "legacy-read-crmObjectsMap-missing",
        "objects.success",
        "Leaves crmObjectsMap out of the answer to a legacy read.",
        on_body(READ & LEGACY, missing("crmObjectsMap")),
    ),
    _row(
        "legacy-list-integrationId-as-text",
        "ids.integration-id-integer",
        "Lists integrationId as text on the legacy path.",
        on_body(LIST & LEGACY, text("integrations.*.integrationId")),
    ),
    _row(
        "legacy-schema-list-label-missing",
        "schema-list.field",
        "Leaves label out of the legacy schema list.",
        on_body(FIELDS & LEGACY, missing(f"{_FIELD}.label")),
    ),
    _row(
        "legacy-register-integrationId-missing",
        "register.success",
        "Leaves integrationId out of the answer to a legacy registration.",
        on_body(REGISTER & LEGACY, missing("integrationId")),
    ),
)


def _rounded(number: int) -> int:
    return int(float(number) / 1000) * 1000


_row = partial(drift, kind="integration ids")

IDS: Final = (
    _row(
        "register-integrationId-as-text",
        "ids.integration-id-integer",
        "Answers a registration with integrationId as text.",
        on_body(REGISTER, text("integrationId")),
    ),
    _row(
        "list-integrationId-as-text",
        "ids.integration-id-integer",
        "Lists integrationId as text.",
        on_body(LIST, text("integrations.*.integrationId")),
    ),
    _row(
        "list-integrationId-rounded",
        "ids.integration-id-exact",
        "Lists integrationId rounded as a double does.",
        on_body(LIST, at("integrations.*.integrationId", _rounded)),
    ),
    _row(
        "list-integrationId-as-float",
        "ids.integration-id-integer",
        "Lists integrationId as a floating point number.",
        on_body(LIST, at("integrations.*.integrationId", float)),
    ),
    _row(
        "register-integrationId-rounded",
        "ids.integration-id-exact",
        "Answers a registration with integrationId rounded as a double does.",
        on_body(REGISTER, at("integrationId", _rounded)),
    ),
    _row(
        "list-integrationId-off-by-one",
        "ids.integration-id-exact",
        "Lists an integrationId whose last digit differs.",
        on_body(LIST, at("integrations.*.integrationId", lambda number: number ^ 1)),
    ),
    _row(
        "register-integrationId-beyond-int64",
        "ids.integration-id-integer",
        "Answers a registration with an integrationId that int64 does not hold.",
        on_body(REGISTER, at("integrationId", lambda number: number + 2**64)),
    ),
)
