# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.crm_object_type import CrmObjectType
from ...models.error_response import ErrorResponse
from ...models.generic_schema_field_request_legacy import (
    GenericSchemaFieldRequestLegacy,
)
from ...models.schema_update_response import SchemaUpdateResponse
from ...types import UNSET, Response, argument_of


def _get_kwargs(
    *,
    body: list[GenericSchemaFieldRequestLegacy],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["integrationId"] = integration_id

    json_object_type = argument_of(object_type, CrmObjectType)
    params["objectType"] = json_object_type

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/crm/object/schema",
        "params": params,
    }

    _kwargs["json"] = []
    for componentsschemas_generic_schema_field_requests_legacy_item_data in body:
        componentsschemas_generic_schema_field_requests_legacy_item = (
            componentsschemas_generic_schema_field_requests_legacy_item_data.to_dict()
        )
        _kwargs["json"].append(componentsschemas_generic_schema_field_requests_legacy_item)

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | SchemaUpdateResponse | None:
    if response.status_code == 200:
        response_200 = SchemaUpdateResponse.from_dict(response.json())

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
) -> Response[ErrorResponse | SchemaUpdateResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: list[GenericSchemaFieldRequestLegacy],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> Response[ErrorResponse | SchemaUpdateResponse]:
    """Upload the custom fields of an object type (legacy)

     Superseded by `uploadCrmEntitySchema`.
    Differs in that a field may be named by the deprecated `name`, and that a removal needs neither
    label nor type.

    Describes the custom fields of one object type: unique name, label and type of each.

    Synchronous; there is nothing to follow.
    Every upload carries all fields that are wanted, those of earlier uploads included: one that leaves
    out a known field is refused.
    To remove a field and its values in all objects, send it once with `isDeleted: true`; afterwards it
    is left out.
    A changed type makes a new field and drops the old values; a changed label keeps them.
    `PICKLIST` needs `orderedValueList`, `REFERENCE` needs `referenceTo`.
    `STRINGARRAY` is reserved for fields that Gong defines.
    Send it after registering and whenever the fields change, before the files that use them: a member
    of a line that no schema describes is kept in raw storage but shown nowhere.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[GenericSchemaFieldRequestLegacy]): All custom fields of one object type, by the
            older rules.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | SchemaUpdateResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        integration_id=integration_id,
        object_type=object_type,
    )

    response = client.call(kwargs)

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: list[GenericSchemaFieldRequestLegacy],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> ErrorResponse | SchemaUpdateResponse:
    """Upload the custom fields of an object type (legacy)

     Superseded by `uploadCrmEntitySchema`.
    Differs in that a field may be named by the deprecated `name`, and that a removal needs neither
    label nor type.

    Describes the custom fields of one object type: unique name, label and type of each.

    Synchronous; there is nothing to follow.
    Every upload carries all fields that are wanted, those of earlier uploads included: one that leaves
    out a known field is refused.
    To remove a field and its values in all objects, send it once with `isDeleted: true`; afterwards it
    is left out.
    A changed type makes a new field and drops the old values; a changed label keeps them.
    `PICKLIST` needs `orderedValueList`, `REFERENCE` needs `referenceTo`.
    `STRINGARRAY` is reserved for fields that Gong defines.
    Send it after registering and whenever the fields change, before the files that use them: a member
    of a line that no schema describes is kept in raw storage but shown nowhere.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[GenericSchemaFieldRequestLegacy]): All custom fields of one object type, by the
            older rules.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | SchemaUpdateResponse
    """

    return sync_detailed(
        client=client,
        body=body,
        integration_id=integration_id,
        object_type=object_type,
    ).documented()


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: list[GenericSchemaFieldRequestLegacy],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> Response[ErrorResponse | SchemaUpdateResponse]:
    """Upload the custom fields of an object type (legacy)

     Superseded by `uploadCrmEntitySchema`.
    Differs in that a field may be named by the deprecated `name`, and that a removal needs neither
    label nor type.

    Describes the custom fields of one object type: unique name, label and type of each.

    Synchronous; there is nothing to follow.
    Every upload carries all fields that are wanted, those of earlier uploads included: one that leaves
    out a known field is refused.
    To remove a field and its values in all objects, send it once with `isDeleted: true`; afterwards it
    is left out.
    A changed type makes a new field and drops the old values; a changed label keeps them.
    `PICKLIST` needs `orderedValueList`, `REFERENCE` needs `referenceTo`.
    `STRINGARRAY` is reserved for fields that Gong defines.
    Send it after registering and whenever the fields change, before the files that use them: a member
    of a line that no schema describes is kept in raw storage but shown nowhere.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[GenericSchemaFieldRequestLegacy]): All custom fields of one object type, by the
            older rules.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | SchemaUpdateResponse]
    """

    kwargs = _get_kwargs(
        body=body,
        integration_id=integration_id,
        object_type=object_type,
    )

    response = await client.call_async(kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: list[GenericSchemaFieldRequestLegacy],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> ErrorResponse | SchemaUpdateResponse:
    """Upload the custom fields of an object type (legacy)

     Superseded by `uploadCrmEntitySchema`.
    Differs in that a field may be named by the deprecated `name`, and that a removal needs neither
    label nor type.

    Describes the custom fields of one object type: unique name, label and type of each.

    Synchronous; there is nothing to follow.
    Every upload carries all fields that are wanted, those of earlier uploads included: one that leaves
    out a known field is refused.
    To remove a field and its values in all objects, send it once with `isDeleted: true`; afterwards it
    is left out.
    A changed type makes a new field and drops the old values; a changed label keeps them.
    `PICKLIST` needs `orderedValueList`, `REFERENCE` needs `referenceTo`.
    `STRINGARRAY` is reserved for fields that Gong defines.
    Send it after registering and whenever the fields change, before the files that use them: a member
    of a line that no schema describes is kept in raw storage but shown nowhere.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[GenericSchemaFieldRequestLegacy]): All custom fields of one object type, by the
            older rules.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | SchemaUpdateResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            integration_id=integration_id,
            object_type=object_type,
        )
    ).documented()
