# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.async_processing_response import AsyncProcessingResponse
from ...models.crm_data_upload import CrmDataUpload
from ...models.error_response import ErrorResponse
from ...models.upload_object_type import UploadObjectType
from ...types import UNSET, Response, argument_of, form_of


def _get_kwargs(
    *,
    body: CrmDataUpload,
    integration_id: int,
    object_type: UploadObjectType | str,
    client_request_id: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["integrationId"] = integration_id

    json_object_type = argument_of(object_type, UploadObjectType)
    params["objectType"] = json_object_type

    params["clientRequestId"] = client_request_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/crm/entities",
        "params": params,
    }

    _kwargs["files"] = form_of(body, CrmDataUpload)

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AsyncProcessingResponse | ErrorResponse | None:
    if response.status_code == 201:
        response_201 = AsyncProcessingResponse.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 405:
        response_405 = ErrorResponse.from_dict(response.json())

        return response_405

    if response.status_code == 409:
        response_409 = ErrorResponse.from_dict(response.json())

        return response_409

    if response.status_code == 415:
        response_415 = ErrorResponse.from_dict(response.json())

        return response_415

    if response.status_code == 429:
        response_429 = ErrorResponse.from_dict(response.json())

        return response_429

    if response.status_code == 500:
        response_500 = ErrorResponse.from_dict(response.json())

        return response_500

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedResponse.from_response(response, "the status is not documented")
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[AsyncProcessingResponse | ErrorResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: CrmDataUpload,
    integration_id: int,
    object_type: UploadObjectType | str,
    client_request_id: str,
) -> Response[AsyncProcessingResponse | ErrorResponse]:
    """Upload objects

     Inserts, updates or deletes objects of one type, given as a file of one JSON object a line (LDJSON),
    at most 200 MB.

    An object whose `objectId` is known is updated, another is inserted, one with `isDeleted: true` is
    deleted.
    First upload everything that is not deleted, then, every 1 to 5 minutes, what has changed since,
    deleted objects included.
    Several versions of one object go into separate files; older versions may be sent later, with the
    `modifiedDate` of their time.
    An empty file is accepted and counts as a sign of life.

    Asynchronous: 201 says that the file is received, nothing more.
    Ask `getCrmRequestStatus` with the same `clientRequestId` until `DONE` or `FAILED`.
    A `clientRequestId` that was used before is refused with 409, so the same file is never taken twice.
    Objects can be read with `getCrmEntities` some time after `DONE`, up to 30 minutes by Gong's older
    text; deals can take up to an hour to reach the deal board.

    The lines obey the schema that `x-line-schemas` names for the object type.
    Members that the uploaded schema describes may be added to each, with values of the described type;
    others are kept but shown nowhere.
    A bad line makes the request `FAILED`; the good lines beside it are kept.
    A missing file part is refused at once with `dataFile part is missing`.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (UploadObjectType): The types of objects that can be uploaded.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.
        body (CrmDataUpload): The form that carries a file.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[AsyncProcessingResponse | ErrorResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        integration_id=integration_id,
        object_type=object_type,
        client_request_id=client_request_id,
    )

    response = client.call(kwargs)

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: CrmDataUpload,
    integration_id: int,
    object_type: UploadObjectType | str,
    client_request_id: str,
) -> AsyncProcessingResponse | ErrorResponse:
    """Upload objects

     Inserts, updates or deletes objects of one type, given as a file of one JSON object a line (LDJSON),
    at most 200 MB.

    An object whose `objectId` is known is updated, another is inserted, one with `isDeleted: true` is
    deleted.
    First upload everything that is not deleted, then, every 1 to 5 minutes, what has changed since,
    deleted objects included.
    Several versions of one object go into separate files; older versions may be sent later, with the
    `modifiedDate` of their time.
    An empty file is accepted and counts as a sign of life.

    Asynchronous: 201 says that the file is received, nothing more.
    Ask `getCrmRequestStatus` with the same `clientRequestId` until `DONE` or `FAILED`.
    A `clientRequestId` that was used before is refused with 409, so the same file is never taken twice.
    Objects can be read with `getCrmEntities` some time after `DONE`, up to 30 minutes by Gong's older
    text; deals can take up to an hour to reach the deal board.

    The lines obey the schema that `x-line-schemas` names for the object type.
    Members that the uploaded schema describes may be added to each, with values of the described type;
    others are kept but shown nowhere.
    A bad line makes the request `FAILED`; the good lines beside it are kept.
    A missing file part is refused at once with `dataFile part is missing`.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (UploadObjectType): The types of objects that can be uploaded.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.
        body (CrmDataUpload): The form that carries a file.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        AsyncProcessingResponse | ErrorResponse
    """

    return sync_detailed(
        client=client,
        body=body,
        integration_id=integration_id,
        object_type=object_type,
        client_request_id=client_request_id,
    ).documented()


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: CrmDataUpload,
    integration_id: int,
    object_type: UploadObjectType | str,
    client_request_id: str,
) -> Response[AsyncProcessingResponse | ErrorResponse]:
    """Upload objects

     Inserts, updates or deletes objects of one type, given as a file of one JSON object a line (LDJSON),
    at most 200 MB.

    An object whose `objectId` is known is updated, another is inserted, one with `isDeleted: true` is
    deleted.
    First upload everything that is not deleted, then, every 1 to 5 minutes, what has changed since,
    deleted objects included.
    Several versions of one object go into separate files; older versions may be sent later, with the
    `modifiedDate` of their time.
    An empty file is accepted and counts as a sign of life.

    Asynchronous: 201 says that the file is received, nothing more.
    Ask `getCrmRequestStatus` with the same `clientRequestId` until `DONE` or `FAILED`.
    A `clientRequestId` that was used before is refused with 409, so the same file is never taken twice.
    Objects can be read with `getCrmEntities` some time after `DONE`, up to 30 minutes by Gong's older
    text; deals can take up to an hour to reach the deal board.

    The lines obey the schema that `x-line-schemas` names for the object type.
    Members that the uploaded schema describes may be added to each, with values of the described type;
    others are kept but shown nowhere.
    A bad line makes the request `FAILED`; the good lines beside it are kept.
    A missing file part is refused at once with `dataFile part is missing`.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (UploadObjectType): The types of objects that can be uploaded.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.
        body (CrmDataUpload): The form that carries a file.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[AsyncProcessingResponse | ErrorResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        integration_id=integration_id,
        object_type=object_type,
        client_request_id=client_request_id,
    )

    response = await client.call_async(kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: CrmDataUpload,
    integration_id: int,
    object_type: UploadObjectType | str,
    client_request_id: str,
) -> AsyncProcessingResponse | ErrorResponse:
    """Upload objects

     Inserts, updates or deletes objects of one type, given as a file of one JSON object a line (LDJSON),
    at most 200 MB.

    An object whose `objectId` is known is updated, another is inserted, one with `isDeleted: true` is
    deleted.
    First upload everything that is not deleted, then, every 1 to 5 minutes, what has changed since,
    deleted objects included.
    Several versions of one object go into separate files; older versions may be sent later, with the
    `modifiedDate` of their time.
    An empty file is accepted and counts as a sign of life.

    Asynchronous: 201 says that the file is received, nothing more.
    Ask `getCrmRequestStatus` with the same `clientRequestId` until `DONE` or `FAILED`.
    A `clientRequestId` that was used before is refused with 409, so the same file is never taken twice.
    Objects can be read with `getCrmEntities` some time after `DONE`, up to 30 minutes by Gong's older
    text; deals can take up to an hour to reach the deal board.

    The lines obey the schema that `x-line-schemas` names for the object type.
    Members that the uploaded schema describes may be added to each, with values of the described type;
    others are kept but shown nowhere.
    A bad line makes the request `FAILED`; the good lines beside it are kept.
    A missing file part is refused at once with `dataFile part is missing`.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (UploadObjectType): The types of objects that can be uploaded.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.
        body (CrmDataUpload): The form that carries a file.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        AsyncProcessingResponse | ErrorResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            integration_id=integration_id,
            object_type=object_type,
            client_request_id=client_request_id,
        )
    ).documented()
