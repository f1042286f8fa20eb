"""How uploaded objects come to be read back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from gong_crm_emulator.lines.fields import MANDATORY, SCHEMA_TYPES, STANDARD, Family, Kind
from tests.gong_crm_emulator.caller import WHEN, connect, ldjson, line

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gong_crm_emulator.caller import Caller

LATER = "2026-02-01T00:00:00Z"
EARLIER = "2025-02-01T00:00:00Z"
LEGACY_DEAL = {
    "accountId": "a1",
    "ownerId": "u1",
    "name": "n",
    "createdDate": WHEN,
    "closeDate": "2026-09-04",
    "isOpen": True,
    "isWon": False,
    "stage": "s",
    "amount": 5,
}


@pytest.mark.parametrize("path", ["/v2/crm/entities", "/v2/crm/object/list"])
def test_objects_are_read_by_id(caller: Caller, path: str) -> None:
    """Each id asked for is answered, with null for one that is not found, on both paths over one state."""
    caller.outcome("CONTACT", ldjson(line("c1", firstName="Ann")))
    assert {"c1": line("c1", firstName="Ann"), "c2": None} == caller.objects("CONTACT", "c1", "c2", path=path)


def test_objects_of_another_type_do_not_show(caller: Caller) -> None:
    """The same id under another type is another object."""
    caller.outcome("CONTACT", ldjson(line("x")))
    assert {"x": None} == caller.objects("LEAD", "x")


def test_only_the_first_hundred_are_answered(caller: Caller) -> None:
    """Of more than 100 ids the first 100 are answered, silently."""
    ids = [f"a{number}" for number in range(150)]
    assert ids[:100] == list(caller.objects("ACCOUNT", *ids))


def test_defaults_show(caller: Caller) -> None:
    """Documented defaults fill in for members that were not sent (U-8)."""
    caller.outcome("ACCOUNT", ldjson(line("a1")))
    caller.outcome("DEAL", ldjson(line("d1", name="", amount=None)), name="r2")
    assert "Account_#a1" == caller.objects("ACCOUNT", "a1")["a1"]["name"]
    deal = caller.objects("DEAL", "d1")["d1"]
    assert ("Deal_#d1", "OPEN", 0) == (deal["name"], deal["status"], deal["amount"])


def test_a_later_line_replaces_the_object(caller: Caller) -> None:
    """An update puts the new line in the place of the old one (U-9), within a file and across files."""
    caller.outcome("CONTACT", ldjson(line("c1", title="a", lastName="b"), line("c1", title="c")))
    assert line("c1", title="c") == caller.objects("CONTACT", "c1")["c1"]
    caller.outcome("CONTACT", ldjson(line("c1", firstName="d")), name="r2")
    assert line("c1", firstName="d") == caller.objects("CONTACT", "c1")["c1"]


def test_a_merge_lays_the_line_over_the_object() -> None:
    """With update=merge members that a line leaves out stay (U-9)."""
    with running_emulator(settings=EmulatorSettings(update="merge")) as emulator, connect(emulator) as caller:
        caller.outcome("CONTACT", ldjson(line("c1", title="a", lastName="b"), line("c1", title="c")))
        caller.outcome("CONTACT", ldjson(line("c1", firstName="d", lastName=None)), name="r2")
        expected = line("c1", title="c", lastName=None, firstName="d")
        assert expected == caller.objects("CONTACT", "c1")["c1"]


def test_an_older_version_is_history(caller: Caller) -> None:
    """A line with an older modifiedDate never hides a newer one, nor brings a deleted object back (C-26)."""
    caller.outcome("CONTACT", ldjson(line("c1", title="new")))
    caller.outcome("CONTACT", ldjson(line("c1", title="old") | {"modifiedDate": EARLIER}), name="r2")
    assert "new" == caller.objects("CONTACT", "c1")["c1"]["title"]
    caller.outcome("CONTACT", ldjson(line("c1", isDeleted=True) | {"modifiedDate": LATER}), name="r3")
    caller.outcome("CONTACT", ldjson(line("c1")), name="r4")
    assert {"c1": None} == caller.objects("CONTACT", "c1")


def test_a_deleted_object_may_come_back(caller: Caller) -> None:
    """After isDeleted an object reads null; a newer line brings it back."""
    caller.outcome("LEAD", ldjson(line("l1")))
    caller.outcome("LEAD", ldjson(line("l1", isDeleted=True)), name="r2")
    assert {"l1": None} == caller.objects("LEAD", "l1")
    caller.outcome("LEAD", ldjson(line("l1") | {"modifiedDate": LATER}), name="r3")
    assert caller.objects("LEAD", "l1")["l1"] is not None


def test_objects_are_not_readable_before_the_end(caller: Caller) -> None:
    """Objects show only once their upload has ended for the caller."""
    caller.upload("LEAD", ldjson(line("l1")))
    caller.status()
    assert {"l1": None} == caller.objects("LEAD", "l1")


def test_fields_outside_the_schema_stay_raw(caller: Caller) -> None:
    """A member that the schema does not know is kept but not shown, until the schema knows it."""
    caller.outcome("ACCOUNT", ldjson(line("a1", size=7, colour="red")))
    assert "size" not in caller.objects("ACCOUNT", "a1")["a1"]
    caller.describe("ACCOUNT", {"uniqueName": "size", "label": "Size", "type": "NUMBER"})
    assert 7 == caller.objects("ACCOUNT", "a1")["a1"]["size"]


def legacy_deal(caller: Caller, name: str, **changes: object) -> None:
    """Upload one deal on the legacy path."""
    content = ldjson(line("d1", **{**LEGACY_DEAL, **changes}))
    assert "DONE" == caller.outcome("DEAL", content, name=name, path="/v2/crm/object/entities")["status"]


def test_a_legacy_deal_waits_for_its_account_and_owner(caller: Caller) -> None:
    """A deal on the legacy path shows once its account is there and its owner mapped, whichever comes last."""
    legacy_deal(caller, "r1")
    assert {"d1": None} == caller.objects("DEAL", "d1")
    caller.outcome("ACCOUNT", ldjson(line("a1")), name="r2")
    assert {"d1": None} == caller.objects("DEAL", "d1")
    caller.outcome("BUSINESS_USER", ldjson(line("u1", emailAddress="u1@example.com")), name="r3")
    assert "n" == caller.objects("DEAL", "d1")["d1"]["name"]


def test_a_user_mapping_releases_waiting_deals(caller: Caller) -> None:
    """A mapping by the legacy map/users counts as well."""
    caller.outcome("ACCOUNT", ldjson(line("a1")))
    legacy_deal(caller, "r2")
    params = caller.params(clientRequestId="r3")
    content = ldjson({"crmUserId": "u1", "emailAddress": "u1@example.com"})
    assert 201 == caller.http.post("/v2/crm/map/users", params=params, files={"dataFile": content}).status_code
    assert "DONE" == caller.end("r3")["status"]
    assert caller.objects("DEAL", "d1")["d1"] is not None


def test_only_gong_users_are_mapped() -> None:
    """A CRM user without a Gong user of that address is no error and no mapping."""
    with (
        running_emulator(settings=EmulatorSettings(gong_users=frozenset({"known@example.com"}))) as emulator,
        connect(emulator) as caller,
    ):
        caller.outcome("ACCOUNT", ldjson(line("a1")))
        legacy_deal(caller, "r2")
        caller.outcome("BUSINESS_USER", ldjson(line("u1", emailAddress="unknown@example.com")), name="r3")
        assert {"d1": None} == caller.objects("DEAL", "d1")
        caller.outcome("BUSINESS_USER", ldjson(line("u1", emailAddress="Known@example.com")), name="r4")
        assert caller.objects("DEAL", "d1")["d1"] is not None


def test_a_mapping_changes_only_after_its_deletion(caller: Caller) -> None:
    """An address that is mapped stays with its user until that mapping is deleted."""
    caller.outcome("ACCOUNT", ldjson(line("a1")))
    legacy_deal(caller, "r2", ownerId="u2")
    caller.outcome("BUSINESS_USER", ldjson(line("u1", emailAddress="x@example.com")), name="r3")
    caller.outcome("BUSINESS_USER", ldjson(line("u2", emailAddress="x@example.com")), name="r4")
    assert {"d1": None} == caller.objects("DEAL", "d1")
    caller.outcome("BUSINESS_USER", ldjson(line("u1", isDeleted=True)), name="r5")
    caller.outcome("BUSINESS_USER", ldjson(line("u2", emailAddress="x@example.com")), name="r6")
    assert caller.objects("DEAL", "d1")["d1"] is not None


@pytest.mark.parametrize(("deals_wait", "shown"), [("always", False), ("never", True)])
def test_which_deals_wait_is_a_switch(deals_wait: str, *, shown: bool) -> None:
    """With deals_wait a deal of the current path waits too, or none does."""
    with running_emulator(settings=EmulatorSettings(deals_wait=deals_wait)) as emulator, connect(emulator) as caller:  # type: ignore[arg-type]  # parametrized
        path = "/v2/crm/entities" if deals_wait == "always" else "/v2/crm/object/entities"
        caller.outcome("DEAL", ldjson(line("d1", **LEGACY_DEAL)), path=path)
        assert shown == (caller.objects("DEAL", "d1")["d1"] is not None)


# Families


def whole(object_type: str, family: Family) -> dict[str, Any]:
    """Write an object with every standard member of a family, none of them at its default."""
    kinds = STANDARD[family][object_type]
    values: dict[Kind, Any] = {
        Kind.STRING: "x",
        Kind.STRINGS: ["x.example.com"],
        Kind.BOOLEAN: True,
        Kind.NUMBER: 12.5,
        Kind.DATE: "2026-03-04",
        Kind.DAY_OR_MOMENT: "2026-03-04T05:06:07Z",
        Kind.DATETIME: WHEN,
        Kind.ORDER: 7,
        Kind.STATUS: "LOST",
    }
    record = {name: values[kind] for name, kind in kinds.items()}
    return {**record, "objectId": f"{family}-1", "isDeleted": False, "emailAddress": "x@example.com"} | (
        {} if "emailAddress" in kinds else {"emailAddress": None}
    )


PATHS = {Family.CURRENT: "/v2/crm/entities", Family.LEGACY: "/v2/crm/object/entities"}


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("object_type", SCHEMA_TYPES)
@pytest.mark.parametrize("gone", [frozenset(), frozenset({"name"}), frozenset({"isOpen"}), frozenset({"status"})])
def test_what_was_sent_reads_back_and_nothing_denies_it(object_type: str, family: Family, gone: frozenset[str]) -> None:
    """Every standard member reads back as sent, on both paths, and no member appears that only the other family has."""
    settings = EmulatorSettings(deals_wait="never")
    record = {name: value for name, value in whole(object_type, family).items() if value is not None}
    mandatory = set(MANDATORY[family][object_type])
    record = {name: value for name, value in record.items() if name in mandatory or name not in gone}
    with running_emulator(settings=settings) as emulator, connect(emulator) as caller:
        assert "DONE" == caller.outcome(object_type, ldjson(record), path=PATHS[family])["status"]
        for path in ("/v2/crm/entities", "/v2/crm/object/list"):
            shown = caller.objects(object_type, record["objectId"], path=path)[record["objectId"]]
            assert record == {name: shown[name] for name in record}
            if family is Family.LEGACY:
                assert record == shown
            else:
                assert shown.keys() <= STANDARD[family][object_type].keys()


@pytest.mark.parametrize(("is_open", "is_won"), [(True, False), (False, True), (False, False)])
def test_a_deal_of_the_older_family_has_no_status(*, is_open: bool, is_won: bool) -> None:
    """A legacy deal says with isOpen and isWon what became of it; no default of the other family contradicts it."""
    with running_emulator(settings=EmulatorSettings(deals_wait="never")) as emulator, connect(emulator) as caller:
        deal = line("d1", **{**LEGACY_DEAL, "isOpen": is_open, "isWon": is_won})
        caller.outcome("DEAL", ldjson(deal), path=PATHS[Family.LEGACY])
        assert {"d1": deal} == caller.objects("DEAL", "d1")
        odd = line("d2", isOpen=is_open, isWon=is_won, estimatedAmount=3)
        caller.outcome("DEAL", ldjson(odd), name="r2")
        assert {**odd, "name": "Deal_#d2"} == caller.objects("DEAL", "d2")["d2"]


@pytest.mark.parametrize("moment", ["2026-03-04", "2026-03-04T05:06:07Z", "2026-03-04T05:06:07+01:00"])
def test_a_current_deal_may_close_at_a_moment(caller: Caller, moment: str) -> None:
    """The current text calls closeDate a string: a date and a datetime are both taken and read back as sent."""
    caller.outcome("DEAL", ldjson(line("d1", closeDate=moment)))
    assert moment == caller.objects("DEAL", "d1")["d1"]["closeDate"]


@pytest.mark.parametrize("object_id", ["a b", "a/b", "é", "x" * 200, "a#1?", "%2f"])
def test_the_older_family_has_no_rule_for_ids(caller: Caller, object_id: str) -> None:
    """Only the current text says of what an object id is made: on legacy paths any text is one."""
    account = line(object_id, name="n", domains=[])
    assert "DONE" == caller.outcome("ACCOUNT", ldjson(account), path=PATHS[Family.LEGACY])["status"]
    assert {object_id: account} == caller.objects("ACCOUNT", object_id)
    lines = caller.emulator.control("GET", f"objects/ACCOUNT/{quote(object_id, safe='')}")["lines"]
    assert [account] == [one["members"] for one in lines]
    assert "FAILED" == caller.outcome("ACCOUNT", ldjson(account), name="r2")["status"]


def test_many_lines_of_one_object_are_merged(tmp_path: Path) -> None:
    """Thousands of lines of one object, older and deleting ones among them, are laid over each other in their order."""
    settings = EmulatorSettings(update="merge", data=tmp_path / "state.db")
    with running_emulator(settings=settings) as emulator, connect(emulator) as caller:
        names = [f"m{number}" for number in range(6_000)]
        caller.describe("LEAD", *[{"uniqueName": name, "label": "L", "type": "STRING"} for name in names])
        lines = [line("l1", **{name: "v" * 50}) for name in names]
        lines.insert(3_000, line("l1", isDeleted=True))
        lines.append({"objectId": "l1", "modifiedDate": "2020-01-02T03:04:05Z", "m5000": "old", "m1": "old"})
        caller.outcome("LEAD", ldjson(*lines))
        shown = caller.objects("LEAD", "l1")["l1"]
        assert {"objectId", "modifiedDate", *names[3_000:]} == set(shown)
        assert "v" * 50 == shown["m5000"]
