"""Why a request is refused: its parameters and its JSON body, over a real socket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_emulator import EmulatorSettings, running_emulator
from tests.gong_crm_emulator.caller import connect, ldjson, line

if TYPE_CHECKING:
    from tests.gong_crm_emulator.caller import Caller


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"integrationId": None}, "integrationId query parameter is missing"),
        ({"integrationId": "abc"}, "integrationId must be a whole number of 64 bits, not 'abc'"),
        ({"integrationId": "12345678901234567890"}, "Bad request"),
        ({"integrationId": "1.5"}, "integrationId must be a whole number of 64 bits, not '1.5'"),
        ({"integrationId": "7"}, "Integration 7 was not found"),
        ({"objectType": None}, "objectType query parameter is missing"),
        ({"objectType": "account"}, "objectType must be one of ACCOUNT, CONTACT, DEAL, LEAD, BUSINESS_USER, STAGE"),
        ({"clientRequestId": None}, "clientRequestId query parameter is missing"),
        ({"clientRequestId": "a b"}, "clientRequestId may hold only letters, numbers, dashes and underscores"),
        ({"clientRequestId": "a/b"}, "clientRequestId may hold only letters, numbers, dashes and underscores"),
    ],
)
def test_wrong_parameters_of_an_upload(caller: Caller, changes: dict[str, Any], sentence: str) -> None:
    """Each parameter that is missing or wrong is refused with 400 and a sentence of its own."""
    wanted = {**caller.params(objectType="ACCOUNT", clientRequestId="r1"), **changes}
    params = {name: value for name, value in wanted.items() if value is not None}
    response = caller.http.post("/v2/crm/entities", params=params, files={"dataFile": ldjson(line("a"))})
    assert 400 == response.status_code
    assert response.json()["errors"][0].startswith(sentence)


def test_all_wrong_parameters_are_said_together(caller: Caller) -> None:
    """Several wrong parameters make several sentences."""
    response = caller.http.post("/v2/crm/entities", files={"dataFile": b""})
    assert 3 == len(response.json()["errors"])


@pytest.mark.parametrize("object_type", ["BUSINESS_USER", "STAGE"])
def test_schema_and_reading_know_four_types(caller: Caller, object_type: str) -> None:
    """Users and stages have no schema and cannot be read back."""
    params = caller.params(objectType=object_type)
    assert 400 == caller.http.get("/v2/crm/entity-schema", params=params).status_code
    assert 400 == caller.http.post("/v2/crm/entity-schema", params=params, json=[]).status_code
    assert 400 == caller.http.request("GET", "/v2/crm/entities", params=params, json=[]).status_code


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (b"{}", ["name: must not be null", "ownerEmail: must not be null"]),
        (b'{"name": 5, "ownerEmail": "a@b.co"}', ["name: must be a string"]),
        (b"[]", ["The request body must be a JSON object"]),
        (b"", ["The request body is missing"]),
        (b"{", None),
    ],
)
def test_wrong_registrations(newcomer: Caller, content: bytes, sentences: list[str] | None) -> None:
    """A registration needs name and ownerEmail, both strings."""
    headers = {"Content-Type": "application/json"}
    response = newcomer.http.put("/v2/crm/integrations", content=content, headers=headers)
    assert 400 == response.status_code
    assert sentences is None or sentences == response.json()["errors"]


def test_a_second_integration_is_refused_in_gongs_words(caller: Caller) -> None:
    """While one integration exists another is refused with the 409 seen live, on both paths."""
    for path in ("/v2/crm/integrations", "/v2/crm/integration/new"):
        response = caller.http.put(path, json={"name": "n", "ownerEmail": "o@example.com"})
        assert 409 == response.status_code
        assert response.json()["errors"][0].startswith(
            "Your organization already has an active GENERIC CRM integration."
        )


def test_integrations_are_listed_exactly(caller: Caller) -> None:
    """The list carries id, owner and name, in Gong's order, the id beyond what a double holds."""
    for path in ("/v2/crm/integrations", "/v2/crm/integration/list"):
        answer = caller.http.get(path).json()
        wanted = {"integrationId": caller.integration_id, "ownerEmail": "owner@example.com", "name": "Test"}
        assert (["requestId", "integrations"], [wanted]) == (list(answer), answer["integrations"])
    assert int(float(caller.integration_id)) != caller.integration_id


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'"a"', b"["])
def test_wrong_bodies_of_the_read(caller: Caller, content: bytes) -> None:
    """The read operation wants a JSON array of strings in the body of the GET (C-4)."""
    response = caller.http.request(
        "GET",
        "/v2/crm/entities",
        params=caller.params(objectType="ACCOUNT"),
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert 400 == response.status_code


def test_a_missing_file_is_said_before_an_unknown_integration(newcomer: Caller) -> None:
    """A form without dataFile gets the sentence seen live, although the integration does not exist."""
    response = newcomer.upload("ACCOUNT", b"", part="file")
    assert (400, ["dataFile part is missing"]) == (response.status_code, response.json()["errors"])


def test_stages_on_the_legacy_path(caller: Caller) -> None:
    """Stages need all four members; good ones are stored at once."""
    good = {"internalName": "won", "name": "Won", "isActive": True, "sortOrder": 5}
    response = caller.http.post("/v2/crm/stages", params=caller.params(), json=[good])
    assert (200, {"requestId"}) == (response.status_code, response.json().keys())
    for name in good:
        bad = {**good, name: None}
        answer = caller.http.post("/v2/crm/stages", params=caller.params(), json=[good, bad])
        assert (400, [f"[1].{name}: must not be null"]) == (answer.status_code, answer.json()["errors"])
    assert (
        400 == caller.http.post("/v2/crm/stages", params=caller.params(), json=[{**good, "sortOrder": 0}]).status_code
    )


def test_unknown_ids_may_be_404() -> None:
    """A switch turns 400 for unknown ids into 404 (C-10, C-11)."""
    with running_emulator(settings=EmulatorSettings(unknown_id_status=404)) as emulator, connect(emulator) as caller:
        status = "/v2/crm/request-status"
        params = caller.params(clientRequestId="nope")
        assert 404 == caller.http.get(status, params=params).status_code
        assert 404 == caller.http.get(status, params={**params, "integrationId": 5}).status_code


def test_the_legacy_family_can_be_turned_off() -> None:
    """Without legacy paths they are unknown, while the shared status path stays (C-1)."""
    with running_emulator(settings=EmulatorSettings(legacy_paths=False)) as emulator, connect(emulator) as caller:
        assert 404 == caller.http.get("/v2/crm/integration/list").status_code
        assert 400 == caller.http.get("/v2/crm/request-status").status_code


def test_of_many_wrong_stages_the_first_are_told(caller: Caller) -> None:
    """Twenty sentences are enough: hundreds of thousands of wrong stages keep nobody waiting."""
    headers = {"Content-Type": "application/json"}
    body = b"[" + b",".join([b"{}"] * 500_000) + b"]"
    caller.http.timeout = 5
    answer = caller.http.post("/v2/crm/stages", params=caller.params(), content=body, headers=headers)
    assert (400, 20, "[4].sortOrder: must not be null") == (
        answer.status_code,
        len(answer.json()["errors"]),
        answer.json()["errors"][-1],
    )
