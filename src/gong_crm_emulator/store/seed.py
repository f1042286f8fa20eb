"""The declared state that an emulator can start with."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.errors import SeedError, StateError
from gong_crm_emulator.lines.fields import OBJECT_TYPES, SCHEMA_TYPES, Family
from gong_crm_emulator.lines.values import shortened
from gong_crm_emulator.store.tracking import NewRequest, StoredFile, Work

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm_emulator.store.tenant import Tenant

_ORDER: Final = ("BUSINESS_USER", "STAGE", "ACCOUNT", "CONTACT", "DEAL", "LEAD")
_MEMBERS: Final = ("integration", "schema", "objects")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def read_seed(path: Path) -> Any:  # noqa: ANN401  (any JSON)
    """Read a seed file.

    Raises:
        SeedError: If it cannot be read or is no JSON.
    """
    try:
        return orjson.loads(path.read_bytes().removeprefix(_BYTE_ORDER_MARK))
    except OSError as problem:
        raise SeedError(f"The seed file cannot be read: {problem}.") from problem
    except orjson.JSONDecodeError as problem:
        raise SeedError(f"The seed file {path} is not valid JSON: {problem}.") from problem


def plant(tenant: Tenant, record: Any) -> int:  # noqa: ANN401  (any JSON)
    """Put a declared state into an empty tenant, whole or not at all, under the same rules as uploads.

    Returns:
        The id of the integration.

    Raises:
        SeedError: If a rule forbids any of it.
    """
    _check(record)
    owner = record["integration"]
    objects = record.get("objects", {})
    try:
        # One transaction, so that a process that is killed meanwhile finds nothing of it at its next start.
        with tenant.database.transaction():
            integration_id = tenant.register(owner["name"], owner_email=owner["ownerEmail"])
            for object_type, fields in record.get("schema", {}).items():
                tenant.upload_schema(object_type, fields, family=Family.CURRENT)
            for object_type in _ORDER:
                if objects.get(object_type):
                    _upload(tenant, integration_id, object_type, objects[object_type])
    except StateError as refusal:
        raise SeedError(f"The seed is refused: {refusal}.") from refusal
    return integration_id


def _check(record: Any) -> None:  # noqa: ANN401  (any JSON)
    if not isinstance(record, dict) or not record.keys() <= set(_MEMBERS):
        raise SeedError(f"A seed is a JSON object with the members {', '.join(_MEMBERS)}.")
    owner = record.get("integration")
    if not isinstance(owner, dict) or not all(isinstance(owner.get(name), str) for name in ("name", "ownerEmail")):
        raise SeedError("The seed's integration needs name and ownerEmail, both texts.")
    for member, types in (("schema", SCHEMA_TYPES), ("objects", OBJECT_TYPES)):
        part = record.get(member, {})
        if not isinstance(part, dict) or not all(isinstance(items, list) for items in part.values()):
            raise SeedError(f"The seed's {member} must be an object of arrays, one for each object type.")
        wrong = sorted(part.keys() - set(types))
        if wrong:
            named = ", ".join(map(shortened, wrong[:10]))
            raise SeedError(f"The seed's {member} cannot have {named}: choose from {', '.join(types)}.")


def _upload(tenant: Tenant, integration_id: int, object_type: str, lines: list[Any]) -> None:
    name = f"{uuid.uuid4().hex}.ldjson"
    content = b"".join(_line(line, number, object_type) for number, line in enumerate(lines, 1))
    path = tenant.database.folder / name
    path.write_bytes(content)
    try:
        request = tenant.accept(
            NewRequest(
                kind=Work.UPLOAD,
                integration_id=integration_id,
                client_request_id=f"seed-{object_type}",
                family=Family.CURRENT,
                object_type=object_type,
                file=StoredFile(name=name, bytes=len(content)),
            )
        )
        tenant.read_file(request.seq)
    finally:
        path.unlink(missing_ok=True)
    tenant.end_at_once(request.seq)
    tenant.apply(request.seq)
    errors = tenant.request(integration_id, f"seed-{object_type}").errors
    if errors:
        first = errors[0]
        raise SeedError(f"Line {first['line']} of the seed's {object_type} is refused: {first['description']}.")


def _line(line: Any, number: int, object_type: str) -> bytes:  # noqa: ANN401  (any JSON)
    try:
        return orjson.dumps(line) + b"\n"
    except orjson.JSONEncodeError as problem:
        raise SeedError(f"Line {number} of the seed's {object_type} cannot be written: {problem}.") from problem
