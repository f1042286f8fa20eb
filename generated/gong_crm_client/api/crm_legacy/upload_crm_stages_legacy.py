# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.generic_deal_stage_request import GenericDealStageRequest
from ...models.schema_update_response import SchemaUpdateResponse
from ...types import UNSET, Response


def _get_kwargs(
    *,
    body: list[GenericDealStageRequest],
    integration_id: int,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["integrationId"] = integration_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v2/crm/stages",
        "params": params,
    }

    _kwargs["json"] = []
    for componentsschemas_generic_deal_stage_requests_item_data in body:
        componentsschemas_generic_deal_stage_requests_item = (
            componentsschemas_generic_deal_stage_requests_item_data.to_dict()
        )
        _kwargs["json"].append(componentsschemas_generic_deal_stage_requests_item)

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
    body: list[GenericDealStageRequest],
    integration_id: int,
) -> Response[ErrorResponse | SchemaUpdateResponse]:
    """Upload deal stages (deprecated)

     Deprecated by Gong; superseded by `uploadCrmEntities` with `objectType=STAGE`.

    Updates the list of deal stages.
    Synchronous, as a JSON array and not as a file.
    Send it after registering and whenever the stages change, before deals are uploaded: the `stage` of
    a deal equals one of the internal names.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        body (list[GenericDealStageRequest]): Stages of the CRM.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | SchemaUpdateResponse]
    """

    errors.warn_deprecated(
        "Gong has deprecated uploadCrmStagesLegacy; use uploadCrmEntities (upload_crm_entities) instead"
    )

    kwargs = _get_kwargs(
        body=body,
        integration_id=integration_id,
    )

    response = client.call(kwargs)

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: list[GenericDealStageRequest],
    integration_id: int,
) -> ErrorResponse | SchemaUpdateResponse:
    """Upload deal stages (deprecated)

     Deprecated by Gong; superseded by `uploadCrmEntities` with `objectType=STAGE`.

    Updates the list of deal stages.
    Synchronous, as a JSON array and not as a file.
    Send it after registering and whenever the stages change, before deals are uploaded: the `stage` of
    a deal equals one of the internal names.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        body (list[GenericDealStageRequest]): Stages of the CRM.

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
    ).documented()


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: list[GenericDealStageRequest],
    integration_id: int,
) -> Response[ErrorResponse | SchemaUpdateResponse]:
    """Upload deal stages (deprecated)

     Deprecated by Gong; superseded by `uploadCrmEntities` with `objectType=STAGE`.

    Updates the list of deal stages.
    Synchronous, as a JSON array and not as a file.
    Send it after registering and whenever the stages change, before deals are uploaded: the `stage` of
    a deal equals one of the internal names.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        body (list[GenericDealStageRequest]): Stages of the CRM.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | SchemaUpdateResponse]
    """

    errors.warn_deprecated(
        "Gong has deprecated uploadCrmStagesLegacy; use uploadCrmEntities (upload_crm_entities) instead"
    )

    kwargs = _get_kwargs(
        body=body,
        integration_id=integration_id,
    )

    response = await client.call_async(kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: list[GenericDealStageRequest],
    integration_id: int,
) -> ErrorResponse | SchemaUpdateResponse:
    """Upload deal stages (deprecated)

     Deprecated by Gong; superseded by `uploadCrmEntities` with `objectType=STAGE`.

    Updates the list of deal stages.
    Synchronous, as a JSON array and not as a file.
    Send it after registering and whenever the stages change, before deals are uploaded: the `stage` of
    a deal equals one of the internal names.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        body (list[GenericDealStageRequest]): Stages of the CRM.

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
        )
    ).documented()
