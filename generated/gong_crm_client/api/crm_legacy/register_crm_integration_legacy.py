# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.generic_crm_registration_request import GenericCrmRegistrationRequest
from ...models.register_generic_crm_response import RegisterGenericCrmResponse
from ...types import Response


def _get_kwargs(
    *,
    body: GenericCrmRegistrationRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v2/crm/integration/new",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | RegisterGenericCrmResponse | None:
    if response.status_code == 200:
        response_200 = RegisterGenericCrmResponse.from_dict(response.json())

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
) -> Response[ErrorResponse | RegisterGenericCrmResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: GenericCrmRegistrationRequest,
) -> Response[ErrorResponse | RegisterGenericCrmResponse]:
    """Register the CRM integration (legacy)

     Superseded by `registerCrmIntegration`, which takes and answers the same.

    Registers the CRM in Gong and answers with the `integrationId` that every later call carries.

    A company can have one integration.
    A second one is refused with 409 until the first is deleted; the same body sent again is refused
    too, although the method is PUT.
    Name and owner cannot be changed afterwards.
    Gong makes a default schema with the standard fields of accounts, contacts, deals and leads; only
    custom fields need to be uploaded.

    Args:
        body (GenericCrmRegistrationRequest): What Gong needs to know about the CRM.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | RegisterGenericCrmResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.call(kwargs)

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: GenericCrmRegistrationRequest,
) -> ErrorResponse | RegisterGenericCrmResponse:
    """Register the CRM integration (legacy)

     Superseded by `registerCrmIntegration`, which takes and answers the same.

    Registers the CRM in Gong and answers with the `integrationId` that every later call carries.

    A company can have one integration.
    A second one is refused with 409 until the first is deleted; the same body sent again is refused
    too, although the method is PUT.
    Name and owner cannot be changed afterwards.
    Gong makes a default schema with the standard fields of accounts, contacts, deals and leads; only
    custom fields need to be uploaded.

    Args:
        body (GenericCrmRegistrationRequest): What Gong needs to know about the CRM.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | RegisterGenericCrmResponse
    """

    return sync_detailed(
        client=client,
        body=body,
    ).documented()


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: GenericCrmRegistrationRequest,
) -> Response[ErrorResponse | RegisterGenericCrmResponse]:
    """Register the CRM integration (legacy)

     Superseded by `registerCrmIntegration`, which takes and answers the same.

    Registers the CRM in Gong and answers with the `integrationId` that every later call carries.

    A company can have one integration.
    A second one is refused with 409 until the first is deleted; the same body sent again is refused
    too, although the method is PUT.
    Name and owner cannot be changed afterwards.
    Gong makes a default schema with the standard fields of accounts, contacts, deals and leads; only
    custom fields need to be uploaded.

    Args:
        body (GenericCrmRegistrationRequest): What Gong needs to know about the CRM.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | RegisterGenericCrmResponse]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.call_async(kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: GenericCrmRegistrationRequest,
) -> ErrorResponse | RegisterGenericCrmResponse:
    """Register the CRM integration (legacy)

     Superseded by `registerCrmIntegration`, which takes and answers the same.

    Registers the CRM in Gong and answers with the `integrationId` that every later call carries.

    A company can have one integration.
    A second one is refused with 409 until the first is deleted; the same body sent again is refused
    too, although the method is PUT.
    Name and owner cannot be changed afterwards.
    Gong makes a default schema with the standard fields of accounts, contacts, deals and leads; only
    custom fields need to be uploaded.

    Args:
        body (GenericCrmRegistrationRequest): What Gong needs to know about the CRM.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | RegisterGenericCrmResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).documented()
