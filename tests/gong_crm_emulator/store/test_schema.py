"""The custom fields of each object type, and the rules for changing them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from tests.gong_crm_emulator.caller import connect, ldjson, line

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller

LEGACY = "/v2/crm/object/schema"


def field(name: str, **members: object) -> dict[str, Any]:
    """Make a field."""
    return {"uniqueName": name, "label": name.title(), "type": "STRING", **members}


def names(caller: Caller, object_type: str = "ACCOUNT") -> list[str]:
    """List the names of an object type's fields."""
    answer = caller.http.get("/v2/crm/entity-schema", params=caller.params(objectType=object_type)).json()
    return [one["uniqueName"] for one in answer["objectTypeToSelectedFields"][object_type]]


def test_fields_are_listed_with_explicit_nulls(caller: Caller) -> None:
    """The list carries every member of a field, null where nothing was sent (C-9)."""
    response = caller.describe("ACCOUNT", field("a"))
    assert (200, {"requestId"}) == (response.status_code, response.json().keys())
    answer = caller.http.get("/v2/crm/entity-schema", params=caller.params()).json()["objectTypeToSelectedFields"]
    nulls = {"lastModified": None, "isDeleted": False, "referenceTo": None, "orderedValueList": None}
    assert {"ACCOUNT": [{**field("a"), **nulls}], "CONTACT": [], "DEAL": [], "LEAD": []} == answer


def test_one_type_is_listed_alone(caller: Caller) -> None:
    """With an object type the list holds that type only (C-7)."""
    answer = caller.http.get("/v2/crm/entity-schema", params=caller.params(objectType="LEAD")).json()
    assert {"LEAD": []} == answer["objectTypeToSelectedFields"]


def test_the_legacy_list_knows_the_old_name(caller: Caller) -> None:
    """The legacy list repeats uniqueName as name (C-6), and the legacy upload accepts name."""
    assert 200 == caller.describe("DEAL", {"name": "a", "label": "A", "type": "DATE"}, path=LEGACY).status_code
    answer = caller.http.get(f"{LEGACY}/list", params=caller.params(objectType="DEAL")).json()
    one = answer["objectTypeToSelectedFields"]["DEAL"][0]
    assert ("a", "a") == (one["name"], one["uniqueName"])


def test_an_upload_must_repeat_all_fields(caller: Caller) -> None:
    """A field that a later upload leaves out is an error that names it; the schema stays as it was."""
    caller.describe("ACCOUNT", field("a"))
    assert 200 == caller.describe("ACCOUNT", field("b"), field("a")).status_code
    refused = caller.describe("ACCOUNT", field("c"))
    assert 400 == refused.status_code
    assert "Missing for ACCOUNT: b, a" in refused.json()["errors"][0]
    assert ["b", "a"] == names(caller)


def test_a_removed_field_takes_its_values_along(caller: Caller) -> None:
    """A field sent with isDeleted goes, with its values, for good, even if it comes back."""
    caller.describe("ACCOUNT", field("a"), field("b"))
    caller.outcome("ACCOUNT", ldjson(line("x", a="1", b="2")))
    assert 200 == caller.describe("ACCOUNT", field("a", isDeleted=True), field("b")).status_code
    assert ["b"] == names(caller)
    assert {"b": "2"} == {name: caller.objects("ACCOUNT", "x")["x"].get(name) for name in ("b",)}
    assert "a" not in caller.objects("ACCOUNT", "x")["x"]
    caller.describe("ACCOUNT", field("a"), field("b"))
    assert "a" not in caller.objects("ACCOUNT", "x")["x"]
    caller.outcome("ACCOUNT", ldjson(line("x", a="3", b="2")), name="r2")
    assert "3" == caller.objects("ACCOUNT", "x")["x"]["a"]


def test_a_new_type_drops_the_values_and_a_new_label_keeps_them(caller: Caller) -> None:
    """Changing a field's type makes a new field; changing its label does not."""
    caller.describe("ACCOUNT", field("a"))
    caller.outcome("ACCOUNT", ldjson(line("x", a="1")))
    caller.describe("ACCOUNT", field("a", label="Other"))
    assert "1" == caller.objects("ACCOUNT", "x")["x"]["a"]
    caller.describe("ACCOUNT", field("a", type="URL"))
    assert "a" not in caller.objects("ACCOUNT", "x")["x"]


def test_a_bare_removal_is_for_the_legacy_path(caller: Caller) -> None:
    """A removal without label and type is accepted on the legacy path only (C-30)."""
    bare = {"uniqueName": "industry", "isDeleted": True, "lastModified": "2020-11-21T08:11:34+01:00"}
    assert 400 == caller.describe("ACCOUNT", bare).status_code
    assert 200 == caller.describe("ACCOUNT", bare, path=LEGACY).status_code


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ([{"label": "A", "type": "STRING"}], "[0].uniqueName: must not be null"),
        ([{"uniqueName": "a", "type": "STRING"}], "[0].label: must not be null"),
        ([{"uniqueName": "a", "label": "A"}], "[0].type: must not be null"),
        ([field("")], "[0].uniqueName: must not be empty"),
        ([field("a", type="string")], "[0].type: must be one of DATE"),
        ([field("a", type="PICKLIST")], "[0].orderedValueList: must not be null for type PICKLIST"),
        ([field("a", type="REFERENCE")], "[0].referenceTo: must not be null for type REFERENCE"),
        ([field("a", type="REFERENCE", referenceTo="BUSINESS_USER")], "[0].referenceTo: must be one of"),
        ([field("a", type="STRINGARRAY")], "[0].type: STRINGARRAY can only be used for Gong-defined fields"),
        ([field("a", lastModified="2020-11-11")], "[0].lastModified: must be a datetime"),
        ([field("a", isDeleted="true")], "[0].isDeleted: must be true or false"),
        ([field("a", label=5)], "[0].label: must be a string"),
        ([field("a"), field("a")], "uniqueName 'a' is contained more than once"),
        (["a"], "[0]: must be a JSON object"),
        ({"uniqueName": "a"}, "The body must be a JSON array of fields"),
    ],
)
def test_a_wrong_field_is_refused(caller: Caller, body: object, sentence: str) -> None:
    """Each rule of the schema is refused with 400 and a sentence that names the place."""
    params = caller.params(objectType="ACCOUNT")
    response = caller.http.post("/v2/crm/entity-schema", params=params, json=body)
    assert 400 == response.status_code
    assert response.json()["errors"][0].startswith(sentence)
    assert [] == names(caller)


def test_gong_defined_fields_may_be_sent_and_listed() -> None:
    """STRINGARRAY is right for a Gong-defined field; a switch lists Gong-defined fields (C-8, C-32)."""
    with (
        running_emulator(settings=EmulatorSettings(list_standard_fields=True)) as emulator,
        connect(emulator) as caller,
    ):
        assert 200 == caller.describe("ACCOUNT", field("domains", type="STRINGARRAY")).status_code
        assert {"name", "domains", "objectId"} <= set(names(caller))


def test_a_schema_of_many_fields_costs_little(caller: Caller) -> None:
    """Ten times as many fields cost about ten times as much, taken, repeated or left out."""

    def cost(object_type: str, count: int) -> float:
        fields = [{"uniqueName": f"field_{number}", "label": "Field", "type": "STRING"} for number in range(count)]
        started = time.process_time()
        assert 200 == caller.describe(object_type, *fields).status_code
        assert 400 == caller.describe(object_type, *fields, *fields).status_code
        assert f"and {count - 20} more" in caller.describe(object_type).json()["errors"][0]
        return time.process_time() - started

    assert cost("ACCOUNT", 40_000) < 40 * cost("DEAL", 4_000)
