"""Objects read back: what was uploaded appears, what was not is null, and never more than was asked for."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.caller import JSON, Caller
from contract_tests.suite.drive.edge_values import ACCOUNT_FIELDS, same_value
from contract_tests.suite.drive.fixtures import FOREIGN, LIMIT, NAME_OF, OLDER, PAIRED, TYPES, Fixtures
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.records import agrees, good_line, shows
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import FAMILIES, Family

pytestmark = pytest.mark.layer("lifecycle")

MAY_BE_HIDDEN: Final = ("objectId", "url", "modifiedDate", "lastModified", "isDeleted")
"""Members of a line that a read need not show."""


@pytest.fixture(scope="module")
def fixtures(  # noqa: PLR0913, PLR0917  (each is a fixture)
    gong: Caller,
    batch: Batch,
    follower: Follower,
    integration: Integration,
    families: tuple[Family, ...],
    run_name: str,
) -> Fixtures:
    """The objects of the module, uploaded and DONE."""
    answer = gong.upload_crm_entity_schema("current", integration.id, object_type="ACCOUNT", fields=ACCOUNT_FIELDS)
    answer.require("schema.upload-success", answer.status in {200, 201}, "200 or 201")
    own = Fixtures(batch, follower, prefix=run_name)
    own.fill(families)
    return own


each_type = pytest.mark.parametrize("object_type", TYPES)


def otherwise(sent: Mapping[str, Any], shown: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Find the members that are shown with another value than was sent; they need not be shown at all (U-8)."""
    carried = {name: shown[name] for name in names if name in sent and shown.get(name) is not None}
    return {name: value for name, value in carried.items() if not same_value(sent[name], value)}


@pytest.mark.clause("objects.found", "objects.done-is-readable", "objects.success")
@each_type
def test_uploaded_object_is_found(fixtures: Fixtures, family: Family, object_type: str) -> None:
    """An uploaded object appears under its id with the members that were sent."""
    object_id = fixtures.id(family, "shown")
    sent = fixtures.whole_line(object_type, family)
    texts = {name: value for name, value in sent.items() if name not in MAY_BE_HIDDEN}
    fixtures.read(family, object_type, {object_id: {}}, clause="objects.done-is-readable")
    answer = fixtures.read(family, object_type, {object_id: texts}, clause="objects.found")
    wrong = otherwise(sent, answer.member("crmObjectsMap")[object_id], *MAY_BE_HIDDEN)
    answer.require("objects.found", not wrong, f"what was sent, where it is shown at all (U-8); not {wrong}")


@pytest.mark.clause("upload.not-deleted")
@each_type
def test_is_deleted_false(fixtures: Fixtures, family: Family, object_type: str) -> None:
    """A line with isDeleted false is stored like one without it, and is not shown as deleted."""
    object_id = fixtures.id(family, "flagged")
    answer, there = fixtures.follower.read(
        family,
        fixtures.batch.integration_id,
        object_type=object_type,
        ids=[object_id],
        until=lambda found: not shows(None, found.get(object_id)),
    )
    answer.require("upload.not-deleted", there, f"the object {object_id}")


@pytest.mark.clause("line.utf-8")
@each_type
def test_letters_beyond_ascii(fixtures: Fixtures, family: Family, object_type: str) -> None:
    """Letters beyond ASCII come back as they were sent."""
    expected = {fixtures.id(family, "foreign"): {NAME_OF[object_type]: FOREIGN}}
    fixtures.read(family, object_type, expected, clause="line.utf-8")


@pytest.mark.clause("objects.custom-field")
def test_custom_fields(fixtures: Fixtures, family: Family) -> None:
    """Custom members that the schema knows are answered with their values; another one is no error."""
    expected = {fixtures.id(family, "custom"): {"region": "EMEA", "score": 12.5, "strategic": True}}
    fixtures.read(family, "ACCOUNT", expected, clause="objects.custom-field")


@pytest.mark.clause("upload.update", "upload.delete", "upload.delete-only-that", "objects.unknown-is-null")
@each_type
def test_update_and_delete(fixtures: Fixtures, family: Family, object_type: str) -> None:
    """A later file updates one object and deletes another, and leaves the rest alone."""
    name = NAME_OF[object_type]
    changed, dropped, kept = (fixtures.id(family, word) for word in ("changed", "dropped", "kept"))
    fixtures.batch.done(f"change-{family}-{object_type}")
    fixtures.read(family, object_type, {changed: {name: "Another name"}}, clause="upload.update")
    fixtures.read(family, object_type, {dropped: None}, clause="upload.delete")
    sent = good_line(object_type, family, kept)[name]
    fixtures.read(family, object_type, {kept: {name: sent}}, clause="upload.delete-only-that")
    pair = fixtures.id(family, "pair")
    sent = good_line(object_type, family, pair)[name]
    fixtures.batch.done(f"change-{family}-{PAIRED}")
    left = None if object_type == PAIRED else {name: sent}
    fixtures.read(family, object_type, {pair: left}, clause="upload.delete-only-that")


@pytest.mark.clause("upload.update-same-moment")
@each_type
def test_update_of_the_same_moment(fixtures: Fixtures, family: Family, object_type: str) -> None:
    """A later line with the same modifiedDate updates the object, for no text asks for a newer one."""
    object_id, name = fixtures.id(family, "flagged"), NAME_OF[object_type]
    fixtures.batch.done(f"change-{family}-{object_type}")
    answer, met = fixtures.follower.read(
        family,
        fixtures.batch.integration_id,
        object_type=object_type,
        ids=[object_id],
        until=lambda found: (found.get(object_id) or {}).get(name) == "Another name",
        brief=True,
    )
    answer.prefer("upload.update-same-moment", met, f"{name} Another name")


@pytest.mark.clause("objects.unknown-is-null", "objects.only-asked")
@each_type
def test_unknown_ids(fixtures: Fixtures, family: Family, object_type: str) -> None:
    """An id that is not there maps to null, beside one that is; no other id is answered."""
    known, unknown = fixtures.id(family, "shown"), fixtures.id(family, "nowhere")
    fixtures.read(
        family, object_type, {known: {}, unknown: None, f"{unknown}-too": None}, clause="objects.unknown-is-null"
    )
    fixtures.read(family, object_type, {unknown: None}, clause="objects.unknown-is-null")
    near = dict.fromkeys((known.swapcase(), known[:-1], f"{known[:-1]}_", f"{known}x"))
    fixtures.read(family, object_type, near, clause="objects.unknown-is-null")


@pytest.mark.clause("objects.ids-in-the-body")
def test_ids_of_the_body_count(fixtures: Fixtures, gong: Caller, family: Family) -> None:
    """The ids stand in the body; others in the query change nothing (C-4)."""
    asked, other = fixtures.id(family, "shown"), fixtures.id(family, "kept")
    fixtures.read(family, "ACCOUNT", {asked: {}, other: {}}, clause="objects.done-is-readable")
    query = {"integrationId": fixtures.batch.integration_id, "objectType": "ACCOUNT", "objectsCrmIds": other}
    answer = gong.call("getCrmEntities", family, query=query, content=json.dumps([asked]).encode(), content_type=JSON)
    answer.require("objects.success", answer.status == 200, "200 with crmObjectsMap")
    only = set(answer.member("crmObjectsMap") or {}) == {asked}
    answer.prefer("objects.ids-in-the-body", only, f"{asked} only, whatever the query says")


@pytest.mark.clause("objects.own-type")
@each_type
def test_objects_of_their_own_type(fixtures: Fixtures, family: Family, object_type: str) -> None:
    """The same id in several types names several objects, and a type shows none of another's."""
    twin = fixtures.id(family, "twin")
    sent = good_line(object_type, family, twin)[NAME_OF[object_type]]
    fixtures.read(family, object_type, {twin: {NAME_OF[object_type]: sent}}, clause="objects.own-type")
    fixtures.read(family, "DEAL", {twin: None, fixtures.id(family, "shown"): None}, clause="objects.own-type")
    if object_type != "LEAD":
        fixtures.read(family, object_type, {fixtures.id(family, "h-0"): None}, clause="objects.own-type")


@pytest.mark.clause("upload.insert")
def test_every_line_is_stored(fixtures: Fixtures, family: Family) -> None:
    """The first line of a file, those between and the last each insert their object."""
    places = (0, LIMIT // 2, LIMIT)
    expected = {key: {"lastName": f"Lead {key}"} for key in (f"{fixtures.id(family, 'h')}-{one}" for one in places)}
    fixtures.read(family, "LEAD", expected, clause="upload.insert")


@pytest.mark.clause("objects.one-hundred", "objects.found", "objects.done-is-readable")
@pytest.mark.parametrize("count", [LIMIT - 1, LIMIT, LIMIT + 1])
def test_one_hundred_ids(fixtures: Fixtures, family: Family, count: int) -> None:
    """99 and 100 ids are answered in full; of 101 ids the first 100."""
    ids = [f"{fixtures.id(family, 'h')}-{number}" for number in range(count)]
    answer, whole = fixtures.follower.read(
        family,
        fixtures.batch.integration_id,
        object_type="LEAD",
        ids=ids,
        until=lambda found: set(found) == set(ids[:LIMIT]) and all(found.values()),
    )
    found = answer.member("crmObjectsMap") or {}
    expected = f"the first {min(count, LIMIT)} of {count} objects"
    answer.require("objects.one-hundred", set(found) == set(ids[:LIMIT]), expected)
    answer.require("objects.done-is-readable", whole, expected)
    mixed = [key for key, value in found.items() if not agrees(f"Lead {key}", (value or {}).get("lastName"))]
    answer.require("objects.found", not mixed, f"each object under its own id; {mixed[:3]} are not")


@pytest.mark.clause("route.both-families-one-state")
def test_families_share_their_objects(fixtures: Fixtures, family: Family, families: tuple[Family, ...]) -> None:
    """What one family has uploaded can be read through the other (C-1)."""
    (other,) = set(FAMILIES) - {family}
    if other not in families:
        pytest.skip("the target serves one family only")
    object_id = fixtures.id(family, "shown")
    answer, there = fixtures.follower.read(
        other,
        fixtures.batch.integration_id,
        object_type="ACCOUNT",
        ids=[object_id],
        until=lambda found: found.get(object_id),
        brief=True,
    )
    answer.prefer("route.both-families-one-state", there, f"the object {object_id}, uploaded by the {family} family")


@pytest.mark.clause("upload.history")
def test_history(fixtures: Fixtures) -> None:
    """An older version that is sent later does not replace the newer one in the main view (C-26)."""
    object_id = fixtures.id("current", "past")
    fixtures.batch.done("history-older")
    answer, newest = fixtures.follower.read(
        "current",
        fixtures.batch.integration_id,
        object_type="LEAD",
        ids=[object_id],
        until=lambda found: (found.get(object_id) or {}).get("lastName") == "Newer",
        brief=True,
    )
    answer.prefer("upload.history", newest, "lastName Newer, of the newest modifiedDate")


@pytest.mark.clause("objects.found", "objects.done-is-readable", "upload.update", "upload.delete")
def test_deal(fixtures: Fixtures) -> None:
    """A deal whose account, owner and stage were uploaded is found, updated and deleted (current rules)."""
    account, owner, stage = (fixtures.id("current", word) for word in ("shown", "owner", "stage"))
    fixtures.read("current", "ACCOUNT", {account: {}}, clause="objects.done-is-readable")
    deal = fixtures.id("current", "deal")
    own: dict[str, Any] = {"accountId": account, "ownerId": owner, "stage": stage, "amount": 7000.5, "status": "WON"}
    sent = fixtures.whole_line("DEAL", "current", "deal") | own
    fixtures.batch.send("deal", "current", "DEAL", [sent])
    fixtures.batch.done("deal")
    fixtures.read("current", "DEAL", {deal: {}}, clause="objects.done-is-readable")
    answer = fixtures.read("current", "DEAL", {deal: {"name": f"Deal {deal}", **own}}, clause="objects.found")
    see_as_sent(answer, deal, sent)
    fixtures.batch.send(
        "deal-new", "current", "DEAL", [good_line("DEAL", "current", deal, minute=5, **own, name="New")]
    )
    fixtures.batch.done("deal-new")
    fixtures.read("current", "DEAL", {deal: {"name": "New"}}, clause="upload.update")
    gone: list[object] = [good_line("DEAL", "current", deal, minute=6, **own, isDeleted=True)]
    fixtures.batch.send("deal-gone", "current", "DEAL", gone)
    fixtures.batch.done("deal-gone")
    fixtures.read("current", "DEAL", {deal: None}, clause="upload.delete")


@pytest.mark.clause("objects.found")
@pytest.mark.usefixtures("legacy")
def test_legacy_deal(fixtures: Fixtures) -> None:
    """A legacy deal may wait for a user of Gong as its owner; where it is shown, it is what was sent."""
    account, owner, deal = (fixtures.id("legacy", word) for word in ("shown", "owner", "deal"))
    fixtures.batch.send("deal-owner", "legacy", "USERS", [{"crmUserId": owner, "emailAddress": f"{owner}@example.com"}])
    fixtures.batch.done("deal-owner")
    fixtures.read("legacy", "ACCOUNT", {account: {}}, clause="objects.done-is-readable")
    own: dict[str, Any] = {"accountId": account, "ownerId": owner, "amount": 7000.5, "isOpen": False, "isWon": True}
    sent = fixtures.whole_line("DEAL", "legacy", "deal") | own
    fixtures.batch.send("deal-legacy", "legacy", "DEAL", [sent])
    fixtures.batch.done("deal-legacy")
    answer, there = fixtures.follower.read(
        "legacy",
        fixtures.batch.integration_id,
        object_type="DEAL",
        ids=[deal],
        until=lambda found: found.get(deal),
        brief=True,
    )
    if not there:
        pytest.skip("the target does not show a deal whose owner is no user of Gong")
    answer = fixtures.read(
        "legacy", "DEAL", {deal: {"name": sent["name"], "stage": "stg", **own}}, clause="objects.found"
    )
    see_as_sent(answer, deal, sent)


def see_as_sent(answer: Answer, deal: str, sent: Mapping[str, Any]) -> None:
    """Hold the dates of a deal that was read, and what need not be shown of it, against what was sent."""
    shown = answer.member("crmObjectsMap")[deal]
    dated = same_value(sent["createdDate"], shown.get("createdDate"))
    dated = dated and str(shown.get("closeDate")).startswith(sent["closeDate"])  # whether with a time, nobody knows
    answer.require("objects.found", dated, f"createdDate {sent['createdDate']} and closeDate {sent['closeDate']}")
    wrong = otherwise(sent, shown, *MAY_BE_HIDDEN, *OLDER)
    answer.require("objects.found", not wrong, f"what was sent, where it is shown at all (U-8); not {wrong}")
