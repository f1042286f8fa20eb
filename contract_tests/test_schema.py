"""The fields of an object type: which are taken, which are refused, what is listed afterwards."""

from collections.abc import Mapping
from typing import Any, Final

import pytest

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.edge_values import same_moment
from contract_tests.suite.drive.fields import TYPE_OF, Field, Fields, field, shows
from contract_tests.suite.drive.records import agrees, good_line
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import FAMILIES, Family

pytestmark = pytest.mark.layer("lifecycle")

OTHER_TYPE: Final = "DEAL"
TYPES: Final[Mapping[str, Mapping[str, Any]]] = {
    "BOOLEAN": {},
    "DATE": {},
    "DATETIME": {},
    "PICKLIST": {"orderedValueList": ["Analyst", "Partner"]},
    "NUMBER": {},
    "PERCENT": {},
    "CURRENCY": {},
    "PHONENUMBER": {},
    "EMAILADDRESS": {},
    "REFERENCE": {"referenceTo": "ACCOUNT"},
    "ID": {},
    "STRING": {},
    "URL": {},
}
TARGETS: Final = ("ACCOUNT", "CONTACT", "DEAL", "LEAD", "USER")


@pytest.fixture(scope="module")
def _both(gong: Caller, integration: Integration) -> dict[Family, Fields]:
    return {family: Fields(gong, integration, family) for family in FAMILIES}


@pytest.fixture
def fields(_both: dict[Family, Fields], family: Family) -> Fields:
    """The fields of a family's own object type, one of them known already."""
    own = _both[family]
    if not own.known:
        own.add(field("first"))
    return own


@pytest.mark.clause("schema.upload-success", "schema.every-type", "schema-list.field", "schema.synchronous")
def test_every_type(fields: Fields) -> None:
    """A field of each type is taken and listed at once with its name, label and type."""
    sent = [field(f"allOf{kind.title()}", kind, **more) for kind, more in TYPES.items()]
    fields.add(*sent, clause="schema.every-type")
    answer, listed = fields.listed()
    answer.require("schema.synchronous", listed, "the fields that were just uploaded")
    missing = [one["uniqueName"] for one in sent if not shows(listed, one)]
    answer.require("schema-list.field", not missing, f"uniqueName, label and type of {missing} as they were sent")


@pytest.mark.clause("schema.reference-targets-accepted", "schema-list.reference-to")
def test_every_reference_target(fields: Fields) -> None:
    """A reference may point to each of the five targets, and is not listed with another."""
    sent = {target: field(f"to_{target.lower()}", "REFERENCE", referenceTo=target) for target in TARGETS}
    fields.add(*sent.values(), clause="schema.reference-targets-accepted")
    answer, listed = fields.listed()
    shown = {target: listed.get(one["uniqueName"], {}).get("referenceTo") for target, one in sent.items()}
    wrong = {target: other for target, other in shown.items() if other not in {target, None}}
    answer.require("schema-list.reference-to", not wrong, f"each referenceTo as it was sent, or null; not {wrong}")


@pytest.mark.clause("schema-list.ordered-values", "schema-list.last-modified")
def test_what_else_a_listed_field_carries(fields: Fields) -> None:
    """The values of a pick list and the moment of a change are listed as they were sent, where they are listed."""
    moment = "2020-11-21T08:11:34+01:00"
    values = ["Zeta", "alpha", "Alpha", "10", "2", "Ärger", "two words", *(f"Value {number}" for number in range(40))]
    fields.add(field("picked", "PICKLIST", orderedValueList=values), field("dated", lastModified=moment))
    answer, listed = fields.listed()
    shown = listed.get("picked", {}).get("orderedValueList")
    answer.require("schema-list.ordered-values", shown in (None, values), f"orderedValueList {values}, or null")
    shown = listed.get("dated", {}).get("lastModified")
    readable = shown is None or (isinstance(shown, str) and same_moment(shown, shown))
    answer.require("schema-list.last-modified", readable, "lastModified as an ISO-8601 datetime, or null")
    answer.prefer("schema-list.last-modified", shown is None or same_moment(moment, shown), f"lastModified {moment}")


@pytest.mark.clause("schema-list.field")
@pytest.mark.parametrize("label", ['Größe & <株式会社> "quoted" \\ \U0001f680', "0", "null"])
def test_labels(fields: Fields, label: str) -> None:
    """A label is listed as it was sent, whatever letters it has."""
    sent = field("odd") | {"label": label}
    fields.add(sent)
    answer, listed = fields.listed()
    answer.require("schema-list.field", shows(listed, sent), f"the label {label!r}")


@pytest.mark.clause("schema-list.field")
def test_a_long_label(fields: Fields) -> None:
    """A label of 153 letters that is taken is listed whole."""
    sent = field("long") | {"label": "long " * 30 + "end"}
    if fields.refused(sent).status == 400:
        pytest.skip("the target takes no label of 153 letters, and no text says how long one may be")
    fields.add(sent)
    answer, listed = fields.listed()
    answer.require("schema-list.field", shows(listed, sent), f"the label {sent['label']!r}")


@pytest.mark.clause("schema-list.ordered-values", "schema-list.reference-to")
def test_what_a_later_upload_changes(fields: Fields) -> None:
    """Another pick list, and another target of a reference, are listed in place of the first, where they are listed."""
    fields.add(
        field("repicked", "PICKLIST", orderedValueList=["a", "b"]), field("led", "REFERENCE", referenceTo="DEAL")
    )
    values = ["c", "b"]
    fields.add(field("repicked", "PICKLIST", orderedValueList=values), field("led", "REFERENCE", referenceTo="LEAD"))
    answer, listed = fields.listed()
    shown = listed.get("repicked", {}).get("orderedValueList")
    answer.require("schema-list.ordered-values", shown in (None, values), f"orderedValueList {values}, or null")
    shown = listed.get("led", {}).get("referenceTo")
    answer.require("schema-list.reference-to", shown in {None, "LEAD"}, "referenceTo LEAD, or null")


@pytest.mark.clause("schema-list.name", "schema.legacy-name")
def test_the_deprecated_name(fields: Fields) -> None:
    """On the legacy path name stands in for uniqueName, and where both are listed they are the same."""
    if fields.family == "current":
        pytest.skip("only the legacy path knows the deprecated name")
    old = {"name": "oldStyle", "label": "Old style", "type": "STRING"}
    answer = fields.upload(*fields.known.values(), old)
    answer.prefer("schema.legacy-name", answer.status == 200, "200, for name stands in for uniqueName")
    if answer.status == 200:
        fields.known["oldStyle"] = {**old, "uniqueName": "oldStyle"}
    answer, listed = fields.listed()
    answer.prefer("schema.legacy-name", "oldStyle" in listed, "the field oldStyle among those listed")
    other = [name for name, one in listed.items() if one.get("name") not in {None, name}]
    answer.prefer("schema-list.name", not other, f"name as uniqueName; {other} differ")


@pytest.mark.clause("schema.grows")
def test_schema_grows(fields: Fields) -> None:
    """An upload that repeats what is known and adds a field is taken, and both are listed."""
    fields.add(field("grown"), clause="schema.grows")
    answer, listed = fields.listed()
    wanted = set(fields.known)
    answer.require("schema.grows", wanted <= set(listed), f"the fields {sorted(wanted)}")


@pytest.mark.clause("schema.left-out", "schema.left-out-legacy", "schema.refused-changes-nothing")
def test_left_out_field(fields: Fields) -> None:
    """An upload that leaves out a known field is refused and changes nothing."""
    fields.add(field("keptOne"), field("kept_two"))
    _, before = fields.listed()
    left_out = [one for name, one in fields.known.items() if name != "keptOne"]
    answer = fields.upload(*left_out, field("newcomer"))
    if fields.family == "current":
        answer.require("schema.left-out", answer.status == 400, "400, for keptOne is left out")
    else:
        answer.prefer("schema.left-out-legacy", answer.status == 400, "400, for keptOne is left out")
    if answer.status == 400:
        again, listed = fields.listed()
        again.require("schema.refused-changes-nothing", set(listed) == set(before), f"the fields {sorted(before)}")


@pytest.mark.clause("schema.removal", "schema.removed-may-be-left-out")
def test_removal(fields: Fields) -> None:
    """A field sent with isDeleted true is removed, and need not be sent again."""
    fields.add(field("doomed"))
    fields.add(field("doomed", isDeleted=True), clause="schema.removal")
    answer, listed = fields.listed()
    answer.require("schema.removal", "doomed" not in listed, "doomed no longer, or with isDeleted true")
    answer.require("schema.removal", set(fields.known) <= set(listed), f"still the fields {sorted(fields.known)}")
    fields.add(field("after_doomed"), clause="schema.removed-may-be-left-out")


@pytest.mark.clause("schema.not-removed")
def test_is_deleted_false(fields: Fields) -> None:
    """A field sent with isDeleted false is there like one without it."""
    fields.add(field("staying", isDeleted=False), clause="schema.not-removed")
    answer, listed = fields.listed()
    answer.require("schema.not-removed", "staying" in listed, "the field staying")


@pytest.mark.clause("schema.removal-legacy-short", "schema.removal-current-short")
def test_short_removal(fields: Fields) -> None:
    """A removal without label and type is taken on the legacy path, and refused on the current one."""
    fields.add(field("short"))
    others = [one for name, one in fields.known.items() if name != "short"]
    removal = {"uniqueName": "short", "isDeleted": True, "lastModified": "2020-11-21T08:11:34+01:00"}
    answer = fields.upload(*others, removal)
    if fields.family == "current":
        answer.prefer("schema.removal-current-short", answer.status == 400, "400, for label and type are missing")
    else:
        answer.require("schema.removal-legacy-short", answer.status == 200, "200, as in Gong's own example")
    if answer.status < 300:
        fields.known.pop("short")
        answer, listed = fields.listed()
        answer.require("schema.removal", "short" not in listed, "short no longer, or with isDeleted true")


@pytest.mark.clause("schema.label-change")
def test_label_change(fields: Fields) -> None:
    """A label can be changed, and the list shows the new one."""
    fields.add(field("labelled"))
    changed = field("labelled") | {"label": "Another label"}
    fields.add(changed, clause="schema.label-change")
    answer, listed = fields.listed()
    answer.require("schema.label-change", shows(listed, changed), "the label Another label")


@pytest.mark.clause("schema.type-change")
def test_type_change(fields: Fields) -> None:
    """A type can be changed, and the list shows the new one (a current rule)."""
    if fields.family == "legacy":
        pytest.skip("the legacy text does not speak of changing a type")
    fields.add(field("typed"))
    changed = field("typed", "NUMBER")
    fields.add(changed, clause="schema.type-change")
    answer, listed = fields.listed()
    answer.require("schema.type-change", shows(listed, changed), "the type NUMBER")


@pytest.mark.clause("schema.removal-values", "schema.type-change-values", "objects.custom-field")
def test_values_go_with_their_field(fields: Fields, batch: Batch, run_name: str) -> None:
    """The values of a field are gone from the objects once it is removed, or its type changed (current rules)."""
    if fields.family == "legacy":
        pytest.skip("the legacy text does not speak of values")
    fields.add(field("emptied"), field("retyped"), field("relabelled"))
    sent: dict[str, Any] = dict.fromkeys(("emptied", "retyped", "relabelled"), "an old value")
    line = good_line(fields.object_type, fields.family, f"{run_name}-valued", **sent)
    batch.send("valued", fields.family, fields.object_type, [line])
    batch.done("valued")
    answer, met = values_shown(fields, batch, line["objectId"], sent={*sent}, gone=())
    answer.require("objects.custom-field", met, f"the values {sent}")
    fields.add(field("emptied", isDeleted=True))
    answer, met = values_shown(fields, batch, line["objectId"], sent={"retyped"}, gone=("emptied",))
    answer.prefer("schema.removal-values", met, "the value of retyped, none of emptied")
    fields.add(field("retyped", "NUMBER"), field("relabelled") | {"label": "Another label"})
    answer, met = values_shown(fields, batch, line["objectId"], sent={"relabelled"}, gone=("retyped",))
    answer.prefer("schema.type-change-values", met, "the value of relabelled, none of retyped")
    again = good_line(fields.object_type, fields.family, line["objectId"], minute=5, **{**sent, "retyped": 7})
    batch.send("retyped", fields.family, fields.object_type, [again])
    batch.done("retyped")
    answer, met = batch.follower.read(
        fields.family,
        fields.integration.id,
        object_type=fields.object_type,
        ids=[line["objectId"]],
        until=lambda found: agrees(7, (found.get(line["objectId"]) or {}).get("retyped")),
    )
    answer.require("objects.custom-field", met, "the value 7 of retyped, which was sent after its type was changed")


def values_shown(
    fields: Fields, batch: Batch, object_id: str, *, sent: set[str], gone: tuple[str, ...]
) -> tuple[Answer, bool]:
    """Read an object until some of its custom members have their old value and others have it no more."""

    def holds(found: dict[str, Any]) -> bool:
        got = found.get(object_id) or {}
        return all(agrees("an old value", got.get(name)) == (name in sent) for name in (*sent, *gone))

    return batch.follower.read(
        fields.family,
        fields.integration.id,
        object_type=fields.object_type,
        ids=[object_id],
        until=holds,
        brief=bool(gone),
    )


@pytest.mark.clause("schema.per-object-type", "schema-list.only-the-type")
def test_fields_belong_to_their_type(fields: Fields) -> None:
    """Fields of one object type are not listed with another, and a list holds the type that was asked for only."""
    fields.add(field("own"), field("both", "STRING" if fields.family == "current" else "NUMBER"))
    answer, listed = fields.listed()
    types = set(answer.body["objectTypeToSelectedFields"])
    answer.require("schema-list.only-the-type", types <= {fields.object_type}, f"{fields.object_type} only")
    answer, others = fields.listed(OTHER_TYPE)
    shared = {name for name in set(others) & set(listed) if name in fields.known}
    answer.require("schema.per-object-type", not shared, f"none of {sorted(shared)}, which are of {fields.object_type}")
    if fields.family == "legacy":  # both families are served, so each has sent its own field of that name by now
        answer, first = fields.listed(TYPE_OF["current"])
        kinds = first.get("both", {}).get("type"), listed["both"].get("type")
        answer.require("schema.per-object-type", kinds in {("STRING", "NUMBER"), (None, "NUMBER")}, "both as STRING")


@pytest.mark.clause("schema-list.all-types")
def test_list_of_all_types(fields: Fields) -> None:
    """Without objectType all object types are listed; 400 is tolerated."""
    answer = fields.gong.list_crm_entity_schema(fields.family, fields.integration.id, object_type=None)
    answer.require("schema-list.all-types", answer.status in {200, 400}, "200 with all types (or 400)")
    if answer.status == 200:
        listed = answer.body["objectTypeToSelectedFields"].get(fields.object_type) or []
        names = {one.get("uniqueName") or one.get("name") for one in listed}
        wanted = set(fields.known)
        answer.require("schema-list.all-types", wanted <= names, f"the fields of {fields.object_type} among all types")


REFUSED: Final[Mapping[str, tuple[str, Field]]] = {
    "no-unique-name": ("schema.unique-name-required", {"label": "L", "type": "STRING"}),
    "no-label": ("schema.label-required", {"uniqueName": "bad", "type": "STRING"}),
    "no-type": ("schema.type-required", {"uniqueName": "bad", "label": "L"}),
    "unknown-type": ("schema.type-known", field("bad", "TEXT")),
    "lower-case-type": ("schema.type-case", field("bad", "string")),
    "mixed-case-type": ("schema.type-case", field("bad", "Number")),
    "picklist-without-values": ("schema.picklist-values", field("bad", "PICKLIST")),
    "reference-without-target": ("schema.reference-target", field("bad", "REFERENCE")),
    "unknown-target": ("schema.reference-target-known", field("bad", "REFERENCE", referenceTo="OPPORTUNITY")),
    "null-unique-name": ("schema.unique-name-required", {"uniqueName": None, "label": "L", "type": "STRING"}),
    "null-label": ("schema.label-required", {"uniqueName": "bad", "label": None, "type": "STRING"}),
    "null-type": ("schema.type-required", {"uniqueName": "bad", "label": "L", "type": None}),
    "picklist-null-values": ("schema.picklist-values", field("bad", "PICKLIST", orderedValueList=None)),
    "reference-null-target": ("schema.reference-target", field("bad", "REFERENCE", referenceTo=None)),
    "lower-case-target": ("schema.reference-target-known", field("bad", "REFERENCE", referenceTo="account")),
}
DOUBTFUL: Final[Mapping[str, tuple[str, Field]]] = {
    "business-user-target": (
        "schema.reference-target-business-user",
        field("bad", "REFERENCE", referenceTo="BUSINESS_USER"),
    ),
    "string-array": ("schema.string-array", field("bad", "STRINGARRAY")),
}


@pytest.mark.parametrize(
    "case", [pytest.param(name, marks=pytest.mark.clause(clause)) for name, (clause, _) in REFUSED.items()]
)
@pytest.mark.clause("schema.refused-changes-nothing")
def test_refused_field(fields: Fields, case: str) -> None:
    """A field that breaks one rule is refused with 400, and nothing changes."""
    clause, wrong = REFUSED[case]
    _, before = fields.listed()
    answer = fields.refused(wrong)
    answer.require(clause, answer.status == 400, "400")
    answer, listed = fields.listed()
    answer.require("schema.refused-changes-nothing", set(listed) == set(before), f"the fields {sorted(before)}")


@pytest.mark.parametrize(
    "case", [pytest.param(name, marks=pytest.mark.clause(clause)) for name, (clause, _) in DOUBTFUL.items()]
)
def test_doubtful_field(fields: Fields, case: str) -> None:
    """A field that our reading of the texts forbids is refused with 400."""
    clause, wrong = DOUBTFUL[case]
    answer = fields.refused(wrong)
    if answer.status < 300:  # so that the next upload repeats it
        fields.known[wrong["uniqueName"]] = wrong
    answer.prefer(clause, answer.status == 400, "400")
