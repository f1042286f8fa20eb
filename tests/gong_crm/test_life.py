"""The life of an integration: found, registered, described, read, deleted."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gong_crm import Field, GongCrm, Integration
from gong_crm.errors import (
    AmbiguousError,
    AuthenticationError,
    CallError,
    ConflictError,
    DeadlineError,
    IntegrationError,
    SetupError,
)
from gong_crm.schema import compare_fields
from gong_crm_emulator import RunningEmulator

TIER = Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=("A", "B"))
SCORE = Field(unique_name="score", label="Score", type="NUMBER")
LOST = {"kind": "close-after-accepting"}
DELETED = {"kind": "answer", "status": 200, "body": {"requestId": "a", "status": "DONE"}}
FAILED = {
    "kind": "answer",
    "status": 200,
    "body": {"requestId": "a", "status": "FAILED", "errors": [{"line": 0, "description": "Locked by a report"}]},
}
BAD_GATEWAY = {
    "kind": "answer",
    "status": 502,
    "headers": {"content-type": "text/html"},
    "body": "<h1>Bad gateway</h1>",
}


def test_without_an_integration_there_is_none(door: GongCrm) -> None:
    """A company that registered none has none."""
    assert door.integration() is None
    assert door.integration("Acme CRM") is None


def test_a_registered_integration_is_found_again(
    door: GongCrm, integration: Integration, make_door: Callable[..., GongCrm]
) -> None:
    """The journal knows what was registered through it, also in the next process."""
    assert integration == door.integration()
    assert integration == make_door().integration()
    assert "Integration(id=" in repr(integration)
    assert "secret" not in repr(integration)


def test_an_integration_of_another_crm_is_not_touched_without_being_named(
    integration: Integration, make_door: Callable[..., GongCrm], tmp_path: Path
) -> None:
    """Another journal has to name what it did not register; once named, it is known."""
    newcomer = make_door(journal=tmp_path / "other")
    with pytest.raises(
        IntegrationError, match=f"which this journal does not know; .*name it: integration.{integration.id}"
    ):
        newcomer.integration()
    with pytest.raises(IntegrationError, match="and not 'Salesforce'; a company can have one"):
        newcomer.integration("Salesforce")
    assert integration == newcomer.integration("Acme CRM")
    assert integration == newcomer.integration()
    assert integration == make_door(journal=tmp_path / "third").integration(integration.id)


def test_a_second_registration_is_refused_with_gongs_words(door: GongCrm, integration: Integration) -> None:
    """A company can have one integration."""
    with pytest.raises(ConflictError, match="already has an active GENERIC CRM integration"):
        door.register(name="Another", owner_email="ops@acme.example")
    assert integration == door.integration()


@pytest.mark.parametrize(
    "fault", [LOST, BAD_GATEWAY, {"kind": "truncate", "keepBytes": 5}, {"kind": "close-before-reading"}]
)
def test_a_registration_whose_answer_is_lost_is_made_once(
    door: GongCrm, gong_emulator: RunningEmulator, fault: dict[str, Any]
) -> None:
    """Whether or not Gong registered before the answer was lost, there is one at the end, and it is ours."""
    gong_emulator.faults.add("registerCrmIntegration", fault)
    made = door.register(name="Acme CRM", owner_email="ops@acme.example")
    assert gong_emulator.faults.consumed()
    assert made == door.integration()


def test_a_registration_without_an_answer_fails(
    door: GongCrm, gong_emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After six lost answers and nothing listed the last failure is raised."""
    monkeypatch.setattr("gong_crm.wire.steps.time.sleep", lambda _: None)
    gong_emulator.faults.add("registerCrmIntegration", {**BAD_GATEWAY, "times": 6})
    gong_emulator.faults.add("listCrmIntegrations", {"kind": "pass", "times": 20})
    with pytest.raises(AmbiguousError, match="answered 502"):
        door.register(name="Acme CRM", owner_email="ops@acme.example")


def test_fields_are_added_and_those_there_stay(integration: Integration) -> None:
    """Gong takes all fields at once; what is there already is sent along."""
    assert () == integration.fields("ACCOUNT")
    first = integration.describe_fields("ACCOUNT", [TIER])
    assert ((TIER,), ()) == (first.added, first.kept)
    second = integration.describe_fields("ACCOUNT", [SCORE])
    assert ((SCORE,), (TIER,)) == (second.added, second.kept)
    assert [TIER, SCORE] == sorted(integration.fields("ACCOUNT"), key=lambda one: one.unique_name, reverse=True)
    assert () == integration.fields("CONTACT")


def test_a_loss_of_values_is_reported_before_and_only_made_when_allowed(integration: Integration) -> None:
    """Another type and a removal lose values: nothing is sent until that is allowed."""
    integration.describe_fields("ACCOUNT", [TIER, SCORE])
    retyped = Field(unique_name="score", label="Score", type="STRING")
    with pytest.raises(SetupError, match="would lose the values of score, tier in all objects; say allow_loss=True"):
        integration.describe_fields("ACCOUNT", [retyped], remove=["tier"])
    assert {"tier", "score"} == {one.unique_name for one in integration.fields("ACCOUNT")}
    changes = integration.describe_fields("ACCOUNT", [retyped], remove=["tier"], dry_run=True)
    assert "score: given another type, so their values are lost\ntier: removed, and their values are lost" == str(
        changes
    )
    integration.describe_fields("ACCOUNT", [retyped], remove=["tier"], allow_loss=True)
    assert (retyped,) == integration.fields("ACCOUNT")


def test_fields_that_are_there_already_cost_no_upload(integration: Integration, gong_emulator: RunningEmulator) -> None:
    """Describing what is there already sends nothing, so it can stand in a script that runs every night."""
    integration.describe_fields("ACCOUNT", [TIER])
    gong_emulator.faults.add("uploadCrmEntitySchema", {"kind": "answer", "status": 500})
    assert (TIER,) == integration.describe_fields("ACCOUNT", [TIER]).kept
    assert not gong_emulator.faults.consumed()


def test_another_label_or_pick_list_keeps_values() -> None:
    """A label, a pick list and a reference can change without a loss."""
    other = Field(unique_name="tier", label="Level", type="PICKLIST", ordered_value_list=("A", "B", "C"))
    changes = compare_fields([TIER, SCORE], [other], [])
    assert ((other,), (SCORE,), (other, SCORE), False) == (
        changes.changed,
        changes.kept,
        changes.fields,
        changes.loses_values,
    )


@pytest.mark.parametrize(
    ("wanted", "remove", "sentence"),
    [
        ([replace(TIER, is_deleted=True)], [], r"removed by its name, not by is_deleted: say remove=\['tier'\]"),
        ([TIER, TIER], [], "named twice: tier"),
        ([TIER], ["tier"], "named twice: tier"),
        ([], ["age"], "no field age to remove; there are: tier"),
    ],
)
def test_fields_that_contradict_each_other_are_refused(wanted: list[Field], remove: list[str], sentence: str) -> None:
    """A name that comes twice, or one to remove that is not there, is a mistake."""
    with pytest.raises(SetupError, match=sentence):
        compare_fields([TIER], wanted, remove)


def test_only_four_types_have_fields_and_can_be_read(integration: Integration) -> None:
    """Users and stages have no custom fields and cannot be read back."""
    with pytest.raises(SetupError, match="'STAGE' has no custom fields; these have: ACCOUNT, CONTACT, DEAL, LEAD"):
        integration.fields("STAGE")
    with pytest.raises(SetupError, match="'BUSINESS_USER' has no objects that can be read"):
        integration.read("BUSINESS_USER", ["u1"])


def test_any_number_of_objects_is_read(integration: Integration) -> None:
    """Gong answers the first 100 ids of a call only; more are read in several, each id once."""
    ids = [f"a{number}" for number in range(250)]
    assert dict.fromkeys(ids) == integration.read("ACCOUNT", [*ids, "a0"])
    with pytest.raises(SetupError, match="ids, not one text"):
        integration.read("ACCOUNT", "a1")
    assert {} == integration.read("ACCOUNT", [])


@pytest.mark.parametrize("odd", [5, None, b"a1", {}, 1.5])
def test_an_id_that_is_no_text_is_refused_before_a_call(
    integration: Integration,
    gong_emulator: RunningEmulator,
    odd: Any,  # noqa: ANN401  (as a database gives it)
) -> None:
    """Keys that a database counts are numbers, and Gong's are texts."""
    before = len(gong_emulator.journal())
    with pytest.raises(SetupError, match=f"an object id is text, not {type(odd).__name__}: say "):
        integration.read("ACCOUNT", ["a1", odd])
    assert before == len(gong_emulator.journal())


def test_text_that_is_no_unicode_is_not_sent(integration: Integration, door: GongCrm) -> None:
    """A lone surrogate ends in one sentence, wherever it stands in a call."""
    for call in (
        lambda: integration.read("ACCOUNT", ["\ud800"]),
        lambda: integration.status("\ud800"),
        lambda: door.register(name="\ud800", owner_email="ops@acme.example"),
    ):
        with pytest.raises(SetupError, match="no Unicode"):
            call()


def test_values_of_a_pick_list_are_texts() -> None:
    """A list of them is a tuple of them, and one text is not its letters."""
    given: Any = ["A", "B"]
    assert TIER == Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=given)
    given = "gold"
    with pytest.raises(SetupError, match=r"not one text: say \('gold',\)"):
        Field(unique_name="tier", label="Tier", type="PICKLIST", ordered_value_list=given)


def test_names_of_fields_do_nothing_to_a_terminal() -> None:
    """What Gong holds may have been written by anybody."""
    odd = Field(unique_name="\x1b[31m", label="Red", type="STRING")
    assert r"\x1b[31m: added" == str(compare_fields([], [odd], []))
    with pytest.raises(SetupError, match=r"there are: \\x1b\[31m"):
        compare_fields([odd], [], ["red"])


@pytest.mark.parametrize("fault", [{"kind": "pass"}, LOST, BAD_GATEWAY, {"kind": "close-before-reading"}])
def test_a_deletion_is_followed_to_its_end(
    door: GongCrm, integration: Integration, gong_emulator: RunningEmulator, fault: dict[str, Any]
) -> None:
    """When `delete` returns the integration is gone, whatever became of the answer."""
    gong_emulator.faults.add("deleteCrmIntegration", fault)
    integration.delete()
    assert gong_emulator.faults.consumed()
    assert door.integration() is None


def test_a_deletion_that_takes_longer_than_allowed_goes_on_by_itself(
    integration: Integration, gong_emulator: RunningEmulator
) -> None:
    """Waiting has an end; Gong goes on."""
    gong_emulator.faults.add(
        "getCrmRequestStatus",
        *(
            {"kind": "pass"},
            {"kind": "answer", "status": 200, "times": 50, "body": {"requestId": "a", "status": "PENDING"}},
        ),
    )
    with pytest.raises(DeadlineError, match="still deleting the integration"):
        integration.delete(deadline=0.2)


def test_a_deletion_that_gong_never_took_does_not_go_on_by_itself(
    integration: Integration, gong_emulator: RunningEmulator
) -> None:
    """Who waited for nothing learns what failed, and that it is to be asked again."""
    gong_emulator.faults.add("deleteCrmIntegration", {**BAD_GATEWAY, "times": 50})
    with pytest.raises(DeadlineError, match=r"has not said whether it deletes .*; what failed last: .* answered 502"):
        integration.delete(deadline=0.4)


@pytest.mark.usefixtures("integration")
def test_a_lack_of_scope_is_reported_in_gongs_words(make_door: Callable[..., GongCrm]) -> None:
    """A caller without the scope learns which one lacks."""
    other = make_door(principal="without-api:crm:schema").integration()
    assert other is not None
    with pytest.raises(AuthenticationError, match="permission to use 'api:crm:schema'") as caught:
        other.fields("ACCOUNT")
    assert 401 == caught.value.status


def test_a_registration_that_gong_does_not_list_is_reported(door: GongCrm, gong_emulator: RunningEmulator) -> None:
    """A number that no list shows is no integration to work with; the sentence names it."""
    gong_emulator.faults.add(
        "registerCrmIntegration",
        {"kind": "answer", "status": 200, "body": {"requestId": "a", "integrationId": 2**60 + 1}},
    )
    with pytest.raises(IntegrationError, match=f"registered the integration {2**60 + 1}, but does not list it"):
        door.register(name="Acme CRM", owner_email="ops@acme.example")


def test_a_deletion_that_failed_before_is_asked_for_anew(
    door: GongCrm, integration: Integration, gong_emulator: RunningEmulator
) -> None:
    """The name of a failed deletion is used up, so the next one has another."""
    gong_emulator.faults.add("getCrmRequestStatus", FAILED)
    integration.delete()
    assert door.integration() is None


def test_a_deletion_that_fails_says_why(integration: Integration, gong_emulator: RunningEmulator) -> None:
    """Gong's own sentence is in the error."""
    gong_emulator.faults.add("getCrmRequestStatus", {"kind": "pass"}, FAILED)
    with pytest.raises(IntegrationError, match=f"not delete the integration {integration.id}: Locked by a report"):
        integration.delete()


def test_a_deletion_that_gong_knows_already_is_followed(
    integration: Integration, gong_emulator: RunningEmulator
) -> None:
    """When the name is taken, an earlier try arrived, and its end is waited for."""
    used = {"kind": "answer", "status": 409, "body": {"requestId": "a", "errors": ["used"]}}
    gong_emulator.faults.add("deleteCrmIntegration", used)
    gong_emulator.faults.add("getCrmRequestStatus", {"kind": "pass"}, DELETED)
    integration.delete()
    assert gong_emulator.faults.consumed()


def test_a_deletion_that_never_arrives_fails(
    integration: Integration, gong_emulator: RunningEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some lost answers to requests that Gong does not know, the error is the caller's."""
    monkeypatch.setattr("gong_crm.wire.steps.time.sleep", lambda _: None)
    gong_emulator.faults.add("deleteCrmIntegration", {**BAD_GATEWAY, "times": 50})
    with pytest.raises(AmbiguousError, match="deleteCrmIntegration"):
        integration.delete()


def test_a_deletion_needs_the_right_to_follow_it(integration: Integration, gong_emulator: RunningEmulator) -> None:
    """A refused question about the deletion is no answer that Gong does not know it."""
    refused = {"kind": "answer", "status": 403, "body": {"requestId": "a", "errors": ["no"]}}
    gong_emulator.faults.add("getCrmRequestStatus", refused)
    with pytest.raises(CallError, match="getCrmRequestStatus"):
        integration.delete()


def test_a_request_can_be_asked_for(integration: Integration) -> None:
    """The status of any request of the integration is there for its name."""
    job = integration.push({"ACCOUNT": [{"objectId": "a1", "modifiedDate": "2026-01-02T03:04:05Z", "name": "A"}]})
    assert "DONE" == integration.status(job.files[0].client_request_id).status


def test_a_door_says_where_it_leads(door: GongCrm, gong_emulator: RunningEmulator, integration: Integration) -> None:
    """Address, integrations and what is left of the day are there to be asked for."""
    assert (gong_emulator.url, [integration], None) == (door.base_url, door.integrations(), door.calls_left_today)
