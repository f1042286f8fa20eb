"""The declared state that an emulator can start with."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.errors import Refusal
from gong_crm_emulator.lines.fields import OBJECT_TYPES, SCHEMA_TYPES, Family
from gong_crm_emulator.store.requests import NewRequest, StoredFile, Work

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm_emulator.store.tenant import Tenant

_ORDER: Final = ("BUSINESS_USER", "STAGE", "ACCOUNT", "CONTACT", "DEAL", "LEAD")
_MEMBERS: Final = ("integration", "schema", "objects")


class SeedError(ValueError):
    """A seed that cannot be planted; the sentence says why."""


def read_seed(path: Path) -> Any:  # noqa: ANN401  (any JSON)
    """Read a seed file.

    Raises:
        SeedError: If it cannot be read or is no JSON.
    """
    try:
        return orjson.loads(path.read_bytes())
    except OSError as problem:
        raise SeedError(f"The seed file cannot be read: {problem}.") from problem
    except orjson.JSONDecodeError as problem:
        raise SeedError(f"The seed file {path} is not valid JSON: {problem}.") from problem


def plant(tenant: Tenant, record: Any) -> int:  # noqa: ANN401  (any JSON)
    """Put a declared state into an empty tenant, at once and under the same rules as uploads.

    Raises:
        SeedError: If a rule forbids any of it; then the tenant is empty again.
    """
    _check(record)
    owner = record["integration"]
    try:
        integration_id = tenant.register(owner["name"], owner_email=owner["ownerEmail"])
        for object_type, fields in record.get("schema", {}).items():
            tenant.upload_schema(object_type, fields, family=Family.CURRENT)
        objects = record.get("objects", {})
        for object_type in _ORDER:
            if objects.get(object_type):
                _upload(tenant, integration_id, object_type, objects[object_type])
    except Refusal as refusal:
        tenant.database.clear()
        raise SeedError(f"The seed is refused: {'; '.join(refusal.errors)}.") from refusal
    except SeedError:
        tenant.database.clear()
        raise
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
            raise SeedError(f"The seed's {member} cannot have {', '.join(wrong)}: choose from {', '.join(types)}.")


def _upload(tenant: Tenant, integration_id: int, object_type: str, lines: list[Any]) -> None:
    name = f"{uuid.uuid4().hex}.ldjson"
    content = b"".join(orjson.dumps(line) + b"\n" for line in lines)
    (tenant.database.folder / name).write_bytes(content)
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
    tenant.end_at_once(request.seq)
    tenant.apply(request.seq)
    errors = tenant.requests()[-1].errors
    if errors:
        first = errors[0]
        raise SeedError(f"Line {first['line']} of the seed's {object_type} is refused: {first['description']}.")
