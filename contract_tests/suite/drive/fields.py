"""The fields of an object type, as a test sends and lists them."""

from collections.abc import Mapping
from typing import Any, Final

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family, operation_of

Field = Mapping[str, Any]
# Each family works on object types of its own, since every upload has to repeat all fields of the type.
TYPE_OF: Final[Mapping[Family, str]] = {"current": "LEAD", "legacy": "CONTACT"}


def field(name: str, kind: str = "STRING", **members: Any) -> dict[str, Any]:  # noqa: ANN401  (a member is any JSON)
    """Make a field with a label of its own."""
    return {"uniqueName": name, "label": f"Label of {name}", "type": kind, **members}


class Fields:
    """The fields of one object type, all of which every upload has to repeat."""

    def __init__(self, gong: Caller, integration: Integration, family: Family) -> None:
        self.gong = gong
        self.integration = integration
        self.family = family
        self.object_type = TYPE_OF[family]
        self.known: dict[str, Field] = {}

    def upload(self, *fields: Field) -> Answer:
        """Upload exactly these fields."""
        return self.gong.upload_crm_entity_schema(
            self.family, self.integration.id, object_type=self.object_type, fields=fields
        )

    def add(self, *fields: Field, clause: str = "schema.upload-success") -> Answer:
        """Upload all known fields and these, and see that they are taken."""
        named = {one["uniqueName"] for one in fields}
        answer = self.upload(*(one for name, one in self.known.items() if name not in named), *fields)
        good = operation_of("uploadCrmEntitySchema", self.family).success
        answer.require(clause, answer.status in good, f"one of {sorted(good)}")
        for one in fields:
            if one.get("isDeleted"):
                self.known.pop(one["uniqueName"], None)
            else:
                self.known[one["uniqueName"]] = one
        return answer

    def refused(self, wrong: Field) -> Answer:
        """Upload all known fields and one that is wrong."""
        return self.upload(*self.known.values(), wrong)

    def listed(self, object_type: str | None = None) -> tuple[Answer, dict[str, Field]]:
        """List the fields of the type, those that are not deleted by their names."""
        wanted = object_type or self.object_type
        answer = self.gong.list_crm_entity_schema(self.family, self.integration.id, object_type=wanted)
        answer.require("schema-list.success", answer.status == 200, "200 with objectTypeToSelectedFields")
        entries = answer.body["objectTypeToSelectedFields"].get(wanted) or []
        return answer, {one.get("uniqueName") or one.get("name"): one for one in entries if not one.get("isDeleted")}


def shows(listed: Mapping[str, Field], sent: Field) -> bool:
    """Say whether a field is listed as it was sent."""
    found = listed.get(sent["uniqueName"], {})
    return all(found.get(name) == sent[name] for name in ("label", "type"))
