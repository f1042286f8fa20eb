"""Drifts of the legacy paths: missing ones, another state behind them, the wrong family's rules, stages."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.exchange import Answer, Call
from contract_tests.drifts.files import object_type_of, records_of
from contract_tests.drifts.operations import LEGACY, MAP_USERS, READ, ROUTES, STAGES, UPLOAD, operation_of
from contract_tests.drifts.pieces import (
    accepting,
    accepting_unknown_integration,
    on_answer,
    on_request,
    refused_by,
    refusing,
    remembering,
)
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Ask, Behaviour
    from contract_tests.drifts.registry import Drift

_SUCCESS_CLAUSES: Final = {
    "registerCrmIntegrationLegacy": "register.success",
    "listCrmIntegrationsLegacy": "list.success",
    "deleteCrmIntegrationLegacy": "delete.success-legacy",
    "uploadCrmEntitySchemaLegacy": "schema.upload-success",
    "listCrmEntitySchemaLegacy": "schema-list.success",
    "uploadCrmEntitiesLegacy": "upload.success",
    "getCrmEntitiesLegacy": "objects.success",
    "mapCrmUsersLegacy": "map-users.success",
    "uploadCrmStagesLegacy": "stages.success",
}


def _gone(name: str) -> Drift:
    return drift(
        f"legacy-path-gone-{name}",
        _SUCCESS_CLAUSES[name],
        f"Answers 404 where {name} was, while the other legacy paths are served.",
        refusing(frozenset({name}), lambda _: True, 404, "Not Found"),
        kind="legacy paths",
    )


def _as_if(method: str, path: str) -> Callable[[Call], Call]:
    def change(call: Call) -> Call:
        return Call(method=method, path=path, query_string=call.query_string, headers=call.headers, body=call.body)

    return change


def _own_objects() -> Behaviour:
    """Show on the legacy path what came by it, and nothing else."""
    stored: set[tuple[str, str]] = set()

    async def behave(call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        operation = operation_of(call)
        if operation in UPLOAD & LEGACY and answer.succeeded:
            stored.update((object_type_of(call), str(record.get("objectId"))) for record in records_of(call))
        if operation in READ & LEGACY and answer.succeeded:
            found = answer.member("crmObjectsMap")
            of_type = call.parameter("objectType")
            shown = {key: one if (of_type, key) in stored else None for key, one in found.items()}
            return answer.with_json({**answer.json(), "crmObjectsMap": shown})
        return answer

    return behave


_row = partial(drift, kind="legacy paths")

PATHS: Final = (
    *(_gone(name) for name in sorted(LEGACY)),
    _row(
        "legacy-objects-apart",
        "route.both-families-one-state",
        "Shows on the legacy path only objects that came by it.",
        remembering(_own_objects),
    ),
    _row(
        "legacy-rules-not-applied",
        "line.account.legacy.name",
        "Judges lines by the current rules on the legacy path.",
        on_request(UPLOAD & LEGACY, _as_if(*ROUTES["uploadCrmEntities"])),
    ),
    _row(
        "current-rules-not-applied",
        "line.minimal.current",
        "Judges lines by the legacy rules on the current path.",
        on_request(frozenset({"uploadCrmEntities"}), _as_if(*ROUTES["uploadCrmEntitiesLegacy"])),
    ),
)

_GOOD: Final = {"internalName": "filled-in", "name": "Filled in", "isActive": True, "sortOrder": 1}


def _stages(call: Call) -> list[Any]:
    sent = call.json()
    return sent if isinstance(sent, list) else []


def _filling(name: str) -> Callable[[Call], Call]:
    def change(call: Call) -> Call:
        if not isinstance(call.json(), list):
            return call
        filled = [
            {**stage, name: _GOOD[name]} if isinstance(stage, dict) and stage.get(name) is None else stage
            for stage in _stages(call)
        ]
        return call.with_json(filled)

    return change


_row = partial(drift, kind="legacy stages and users")

STAGES_AND_USERS: Final = (
    *(
        _row(
            f"stages-without-{name}-accepted",
            f"stages.{name}",
            f"Takes a stage without {name}.",
            on_request(STAGES, _filling(name)),
        )
        for name in _GOOD
    ),
    _row(
        "stages-body-object-accepted",
        "stages.body-array",
        "Takes stages that are no JSON array.",
        accepting(STAGES, lambda call: not isinstance(call.json(), list), refused=(400,)),
    ),
    _row(
        "stages-list-of-several-refused",
        "stages.success",
        "Refuses a list of more than one stage.",
        refusing(STAGES, lambda call: len(_stages(call)) > 1, 400, "Bad request"),
    ),
    _row(
        "stages-without-integration-accepted",
        "stages.integration-id-required",
        "Takes stages without integrationId.",
        accepting(STAGES, lambda call: not call.integration, refused=(400,)),
    ),
    _row(
        "stages-unknown-integration-accepted",
        "stages.unknown-integration",
        "Takes stages for an integration that does not exist.",
        accepting_unknown_integration(
            STAGES, lambda call: call.integration.isdigit() and isinstance(call.json(), list)
        ),
    ),
    _row(
        "stages-201",
        "stages.success",
        "Answers stages 201.",
        on_answer(STAGES, lambda _, answer: answer.with_status(201)),
    ),
    _row(
        "stages-asynchronous",
        "stages.success",
        "Answers stages 202, to be followed.",
        on_answer(STAGES, lambda _, answer: answer.with_status(202)),
    ),
    _row(
        "map-users-as-entities-only",
        "map-users.success",
        "Refuses user mappings in favour of uploads of BUSINESS_USER.",
        lambda _: _retired,
    ),
)


async def _retired(call: Call, ask: Ask) -> Answer:
    if operation_of(call) in MAP_USERS:
        return await refused_by(call, ask, 410, "Use /v2/crm/entities")
    return await ask(call)
