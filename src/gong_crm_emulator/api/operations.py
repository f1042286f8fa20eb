"""One function for each operation of the API."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from gong_crm_emulator.api.multipart import TooLarge, receive_file
from gong_crm_emulator.api.parameters import (
    Parameters,
    read_json,
    read_object_ids,
    read_parameters,
    read_registration,
    read_stages,
)
from gong_crm_emulator.lines.fields import OBJECT_TYPES, SCHEMA_TYPES, USER_MAPPING, Family
from gong_crm_emulator.refusals import CLOSE, Refusal
from gong_crm_emulator.store.tracking import NewRequest, Status, StoredFile, TrackedRequest, Work

if TYPE_CHECKING:
    from starlette.responses import Response

    from gong_crm_emulator.api.call import Call

_MOST_IDS: Final = 100
_QUICK_JSON: Final = 100_000


async def register_crm_integration(call: Call) -> Response:
    """Register the integration: create-only, 409 when there is one."""
    name, owner_email = read_registration(await call.body())
    await call.work.settle()
    return call.answer({"integrationId": call.tenant.register(name, owner_email=owner_email)})


async def register_crm_integration_legacy(call: Call) -> Response:
    """Register the integration on its legacy path, which differs in nothing."""
    return await register_crm_integration(call)


async def list_crm_integrations(call: Call) -> Response:
    """List no integration or one."""
    await call.work.settle()
    integrations = call.tenant.integrations()
    if not integrations and call.settings.empty_list_status != 200:  # noqa: PLR2004  (an HTTP status)
        raise Refusal(call.settings.empty_list_status, "No integrations found")
    shown = [{"integrationId": one.id, "ownerEmail": one.owner_email, "name": one.name} for one in integrations]
    return call.answer({"integrations": shown})


async def list_crm_integrations_legacy(call: Call) -> Response:
    """List integrations on the legacy path, which differs in nothing."""
    return await list_crm_integrations(call)


async def delete_crm_integration(call: Call) -> Response:
    """Begin to delete the integration; the current documentation knows 201 only."""
    # C-3 in docs/emulator-differences.md.
    return await _delete(call, Family.CURRENT)


async def delete_crm_integration_legacy(call: Call) -> Response:
    """Begin to delete the integration on the legacy path; 201 here too."""
    # C-3 in docs/emulator-differences.md.
    return await _delete(call, Family.LEGACY)


async def upload_crm_entity_schema(call: Call) -> Response:
    """Replace the custom fields of an object type; the live answer is 200."""
    # C-2 in docs/emulator-differences.md.
    return await _upload_schema(call, Family.CURRENT)


async def upload_crm_entity_schema_legacy(call: Call) -> Response:
    """Replace the custom fields of an object type on the legacy path, which knows `name` too."""
    return await _upload_schema(call, Family.LEGACY)


async def list_crm_entity_schema(call: Call) -> Response:
    """List the custom fields of one object type or of all four."""
    return await _list_schema(call, Family.CURRENT)


async def list_crm_entity_schema_legacy(call: Call) -> Response:
    """List the custom fields on the legacy path, which repeats `uniqueName` as `name`."""
    # C-6 in docs/emulator-differences.md.
    return await _list_schema(call, Family.LEGACY)


async def upload_crm_entities(call: Call) -> Response:
    """Take in a file of objects under the current rules for lines."""
    return await _upload_file(call, Family.CURRENT)


async def upload_crm_entities_legacy(call: Call) -> Response:
    """Take in a file of objects under the legacy rules for lines."""
    return await _upload_file(call, Family.LEGACY)


async def get_crm_entities(call: Call) -> Response:
    """Read objects by the ids in the body: the first 100, and null for those not found."""
    parameters = read_parameters(call.query, object_types=SCHEMA_TYPES)
    body = await call.body()
    ids = call.request.query_params.getlist("objectsCrmIds") if call.settings.query_ids and not body else None
    object_ids = ids or read_object_ids(body)
    await call.work.settle()
    call.tenant.require_integration(parameters.integration_id)
    return call.answer({"crmObjectsMap": call.tenant.objects(parameters.object_type, object_ids[:_MOST_IDS])})


async def get_crm_entities_legacy(call: Call) -> Response:
    """Read objects on the legacy path, which differs in nothing."""
    return await get_crm_entities(call)


async def get_crm_request_status(call: Call) -> Response:
    """Say how far an asynchronous request is, also after its integration is gone."""
    # C-24 in docs/emulator-differences.md.
    parameters = read_parameters(call.query, client_request_id=True)
    call.tenant.require_integration(parameters.integration_id, or_deleted=True)
    request = call.tenant.request(parameters.integration_id, parameters.client_request_id)
    call.tenant.count_poll(request)
    await call.work.reading(request)
    request, status = call.tenant.status(request.seq)
    if status in {Status.DONE, Status.FAILED}:
        await call.work.settle()
    return call.answer(request.outcome(status))


async def map_crm_users_legacy(call: Call) -> Response:
    """Take in a file of user mappings."""
    parameters = read_parameters(call.query, client_request_id=True)
    return await _take_in(call, Work.MAP_USERS, replace(parameters, object_type=USER_MAPPING), Family.LEGACY)


async def upload_crm_stages_legacy(call: Call) -> Response:
    """Store stages at once."""
    parameters = read_parameters(call.query)
    stages = read_stages(await call.body())
    call.tenant.require_integration(parameters.integration_id)
    call.tenant.upload_stages(stages, integration_id=parameters.integration_id)
    return call.answer()


async def _delete(call: Call, family: Family) -> Response:
    parameters = read_parameters(call.query, client_request_id=True)
    await call.work.settle()
    call.tenant.require_integration(parameters.integration_id)
    new = NewRequest(
        kind=Work.DELETE,
        integration_id=parameters.integration_id,
        client_request_id=parameters.client_request_id,
        family=family,
    )
    return _accepted(call, call.tenant.accept(new))


async def _upload_schema(call: Call, family: Family) -> Response:
    parameters = read_parameters(call.query, object_types=SCHEMA_TYPES)
    content = await call.body()
    body = read_json(content)
    call.tenant.require_integration(parameters.integration_id)
    upload = partial(
        call.tenant.upload_schema,
        parameters.object_type,
        body,
        family=family,
        generation=call.tenant.database.generation,
    )
    if len(content) > _QUICK_JSON:
        await asyncio.to_thread(upload)  # tens of thousands of fields take a second, for which nobody else should wait
    else:
        upload()
    return call.answer()


async def _list_schema(call: Call, family: Family) -> Response:
    parameters = read_parameters(call.query, object_types=SCHEMA_TYPES, object_type_optional=True)
    call.tenant.require_integration(parameters.integration_id)
    fields = call.tenant.list_schema(parameters.object_type or None, family=family)
    return call.answer({"objectTypeToSelectedFields": fields})


async def _upload_file(call: Call, family: Family) -> Response:
    parameters = read_parameters(call.query, object_types=OBJECT_TYPES, client_request_id=True)
    return await _take_in(call, Work.UPLOAD, parameters, family)


async def _take_in(call: Call, work: Work, parameters: Parameters, family: Family) -> Response:
    file = await _receive(call)
    try:
        # Gong asks for the file before it looks for the integration: seen live with an id that did not exist.
        await call.work.settle()
        call.tenant.require_integration(parameters.integration_id)
        new = NewRequest(
            kind=work,
            integration_id=parameters.integration_id,
            client_request_id=parameters.client_request_id,
            family=family,
            object_type=parameters.object_type,
            file=file,
        )
        request = call.tenant.accept(new)
    except BaseException:
        (call.tenant.database.folder / file.name).unlink(missing_ok=True)
        raise
    call.work.start_reading(request)
    if call.settings.processing == "at-once":
        await call.work.reading(request)
    return _accepted(call, request)


async def _receive(call: Call) -> StoredFile:
    limit = call.settings.max_file_bytes
    try:
        return await receive_file(call.request, folder=call.tenant.database.folder, limit=limit)
    except TooLarge as stop:
        sentence = f"dataFile is larger than {limit:,} bytes. Split it into several files"
        raise Refusal(call.settings.too_large_status, sentence, headers=CLOSE) from stop


def _accepted(call: Call, request: TrackedRequest) -> Response:
    return call.answer({"clientRequestId": request.client_request_id}, status=201)
