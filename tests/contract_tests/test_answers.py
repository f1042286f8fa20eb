"""No member is documented that nobody ever sees: the emulator answers each, the suite sends each and reads it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from contract_tests.suite.drive.edge_values import ACCOUNT_FIELDS
from contract_tests.suite.drive.fixtures import whole_line
from contract_tests.suite.drive.records import READABLE_TYPES, good_line
from contract_tests.suite.ledger.operations import BY_ID, FAMILIES, Family, operation_of
from gong_crm_emulator import EmulatorSettings, running_emulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TOLERATED = {"listCrmEntitySchema": {".objectTypeToSelectedFields.*.*.name"}}
"""Documented for servers that do as an example does, where the emulator does as the models do (C-6)."""

DOCUMENT: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "openapi.yaml").read_text(encoding="utf-8"))


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference within the document."""
    while "$ref" in schema:
        place: Any = DOCUMENT
        for name in schema["$ref"].removeprefix("#/").split("/"):
            place = place[name]
        schema = place
    return schema


def documented(schema: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """List the members of a schema, with a star for each item of a list and each value of a map."""
    schema = resolved(schema)
    for part in (*schema.get("allOf", ()), *schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from documented(part, path)
    for name, member in schema.get("properties", {}).items():
        yield f"{path}.{name}"
        yield from documented(member, f"{path}.{name}")
    for one in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(one, dict):
            yield from documented(one, f"{path}.*")


def seen(value: object, path: str = "") -> Iterator[str]:
    """List the members of an answer, those whose names are data under a star too."""
    if isinstance(value, dict):
        for name, member in value.items():
            for place in (f"{path}.{name}", f"{path}.*"):
                yield place
                yield from seen(member, place)
    elif isinstance(value, list):
        for item in value:
            yield from seen(item, f"{path}.*")


class Trial:
    """Calls every operation of an emulator with success, and remembers the members of the answers."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.members: dict[str, set[str]] = {}
        self.integration = 0

    def call(self, name: str, *, query: Mapping[str, str] | None = None, **parts: Any) -> httpx.Response:  # noqa: ANN401  (handed on)
        """Call an operation, and see that it succeeds."""
        operation = BY_ID[name]
        params = {"integrationId": str(self.integration), **(query or {})} if self.integration else {}
        answer = self.client.request(operation.method, operation.path, params=params, **parts)
        assert answer.status_code in operation.success, (name, answer.status_code, answer.text)
        self.members.setdefault(name, set()).update(seen(answer.json()))
        return answer

    def live(self, suffix: str) -> None:
        """Live through one integration by the operations of one family."""
        registration = {"name": "Members", "ownerEmail": "members@example.com"}
        self.integration = self.call(f"registerCrmIntegration{suffix}", json=registration).json()["integrationId"]
        self.call(f"listCrmIntegrations{suffix}")
        of_accounts = {"objectType": "ACCOUNT"}
        dated = [{**field, "lastModified": "2026-01-01T00:00:00Z"} for field in ACCOUNT_FIELDS]
        self.call(f"uploadCrmEntitySchema{suffix}", query=of_accounts, json=dated)
        self.call(f"listCrmEntitySchema{suffix}", query=of_accounts)
        family = "legacy" if suffix else "current"
        lines = [good_line("ACCOUNT", family, "a"), {"objectId": "b"}]  # type: ignore[arg-type]  # one of two
        file = "\n".join(map(json.dumps, lines)).encode()
        self.call(
            f"uploadCrmEntities{suffix}", query={**of_accounts, "clientRequestId": "file"}, files={"dataFile": file}
        )
        self.call("getCrmRequestStatus", query={"clientRequestId": "file"})
        self.call(f"getCrmEntities{suffix}", query=of_accounts, json=["a"])
        if suffix:
            user = json.dumps({"crmUserId": "u", "emailAddress": "u@example.com"}).encode()
            self.call("mapCrmUsersLegacy", query={"clientRequestId": "users"}, files={"dataFile": user})
            stage = {"internalName": "s", "name": "S", "isActive": True, "sortOrder": 1}
            self.call("uploadCrmStagesLegacy", json=[stage])
        self.call(f"deleteCrmIntegration{suffix}", query={"clientRequestId": "end"})
        self.call("getCrmRequestStatus", query={"clientRequestId": "end"})
        self.integration = 0


@pytest.fixture(scope="module")
def members() -> dict[str, set[str]]:
    """The members of the emulator's successes, by operation."""
    with running_emulator(settings=EmulatorSettings(processing="at-once", rate_per_second=None)) as emulator:
        admin = emulator.principals["admin"]
        with httpx.Client(base_url=emulator.url, auth=(admin.access_key, admin.access_key_secret)) as client:
            trial = Trial(client)
            for suffix in ("", "Legacy"):
                trial.live(suffix)
            return trial.members


@pytest.mark.parametrize("name", BY_ID)
def test_every_documented_member_is_answered(members: dict[str, set[str]], name: str) -> None:
    """Each member that the document gives a success is sent by the emulator: a new one asks for its counterpart."""
    operation = BY_ID[name]
    responses = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    schemas = [resolved(responses[str(one)])["content"]["application/json"]["schema"] for one in operation.success]

    unseen = {path for schema in schemas for path in documented(schema)} - members[name]
    assert TOLERATED.get(name, set()) == unseen


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("object_type", READABLE_TYPES)
def test_every_documented_member_of_a_line_is_read_back(object_type: str, family: Family) -> None:
    """The line that the suite reads back has each member that the document gives its type, and no other."""
    operation = operation_of("uploadCrmEntities", family)
    body = DOCUMENT["paths"][operation.path][operation.method.lower()]["requestBody"]
    members = {path.removeprefix(".") for path in documented({"$ref": body["x-line-schemas"][object_type]})}

    assert members == set(whole_line(object_type, family, "a"))
