# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.crm_object_type import CrmObjectType
from ...models.error_response import ErrorResponse
from ...models.list_selected_fields_response import ListSelectedFieldsResponse
from ...types import UNSET, Response, Unset, argument_of


def _get_kwargs(
    *,
    integration_id: int,
    object_type: CrmObjectType | str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["integrationId"] = integration_id

    json_object_type: str | Unset = UNSET
    if not isinstance(object_type, Unset):
        json_object_type = argument_of(object_type, CrmObjectType)

    params["objectType"] = json_object_type

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2/crm/object/schema/list",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ListSelectedFieldsResponse | None:
    if response.status_code == 200:
        response_200 = ListSelectedFieldsResponse.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = ErrorResponse.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ErrorResponse.from_dict(response.json())

        return response_401

    if response.status_code == 405:
        response_405 = ErrorResponse.from_dict(response.json())

        return response_405

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
) -> Response[ErrorResponse | ListSelectedFieldsResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    object_type: CrmObjectType | str | Unset = UNSET,
) -> Response[ErrorResponse | ListSelectedFieldsResponse]:
    """List the custom fields (legacy)

     Superseded by `listCrmEntitySchema`, which takes and answers the same, except that fields here may
    repeat `uniqueName` as the deprecated `name`.
    Gong's old example says `selectedFields` where every model says `objectTypeToSelectedFields`.

    Lists the custom fields of one object type, or of all four when `objectType` is left out.

    Whether Gong's own standard fields are listed too is not settled.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType | Unset): The types of objects that have a schema and can be
            read back.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | ListSelectedFieldsResponse]
    """

    kwargs = _get_kwargs(
        integration_id=integration_id,
        object_type=object_type,
    )

    response = client.call(kwargs)

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    object_type: CrmObjectType | str | Unset = UNSET,
) -> ErrorResponse | ListSelectedFieldsResponse:
    """List the custom fields (legacy)

     Superseded by `listCrmEntitySchema`, which takes and answers the same, except that fields here may
    repeat `uniqueName` as the deprecated `name`.
    Gong's old example says `selectedFields` where every model says `objectTypeToSelectedFields`.

    Lists the custom fields of one object type, or of all four when `objectType` is left out.

    Whether Gong's own standard fields are listed too is not settled.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType | Unset): The types of objects that have a schema and can be
            read back.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | ListSelectedFieldsResponse
    """

    return sync_detailed(
        client=client,
        integration_id=integration_id,
        object_type=object_type,
    ).documented()


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    object_type: CrmObjectType | str | Unset = UNSET,
) -> Response[ErrorResponse | ListSelectedFieldsResponse]:
    """List the custom fields (legacy)

     Superseded by `listCrmEntitySchema`, which takes and answers the same, except that fields here may
    repeat `uniqueName` as the deprecated `name`.
    Gong's old example says `selectedFields` where every model says `objectTypeToSelectedFields`.

    Lists the custom fields of one object type, or of all four when `objectType` is left out.

    Whether Gong's own standard fields are listed too is not settled.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType | Unset): The types of objects that have a schema and can be
            read back.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | ListSelectedFieldsResponse]
    """

    kwargs = _get_kwargs(
        integration_id=integration_id,
        object_type=object_type,
    )

    response = await client.call_async(kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    object_type: CrmObjectType | str | Unset = UNSET,
) -> ErrorResponse | ListSelectedFieldsResponse:
    """List the custom fields (legacy)

     Superseded by `listCrmEntitySchema`, which takes and answers the same, except that fields here may
    repeat `uniqueName` as the deprecated `name`.
    Gong's old example says `selectedFields` where every model says `objectTypeToSelectedFields`.

    Lists the custom fields of one object type, or of all four when `objectType` is left out.

    Whether Gong's own standard fields are listed too is not settled.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType | Unset): The types of objects that have a schema and can be
            read back.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | ListSelectedFieldsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            integration_id=integration_id,
            object_type=object_type,
        )
    ).documented()
