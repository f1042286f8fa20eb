# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.list_generic_crm_integrations_response import (
    ListGenericCrmIntegrationsResponse,
)
from ...types import Response


def _get_kwargs() -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2/crm/integrations",
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | ListGenericCrmIntegrationsResponse | None:
    if response.status_code == 200:
        response_200 = ListGenericCrmIntegrationsResponse.from_dict(response.json())

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
) -> Response[ErrorResponse | ListGenericCrmIntegrationsResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[ErrorResponse | ListGenericCrmIntegrationsResponse]:
    """List the CRM integration

     Lists the integrations made with the register operation, not native ones: none or one.

    With none, the list is empty (clients expect this; no recording shows it).

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | ListGenericCrmIntegrationsResponse]
    """

    kwargs = _get_kwargs()

    response = client.call(kwargs)

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
) -> ErrorResponse | ListGenericCrmIntegrationsResponse:
    """List the CRM integration

     Lists the integrations made with the register operation, not native ones: none or one.

    With none, the list is empty (clients expect this; no recording shows it).

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | ListGenericCrmIntegrationsResponse
    """

    return sync_detailed(
        client=client,
    ).documented()


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
) -> Response[ErrorResponse | ListGenericCrmIntegrationsResponse]:
    """List the CRM integration

     Lists the integrations made with the register operation, not native ones: none or one.

    With none, the list is empty (clients expect this; no recording shows it).

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | ListGenericCrmIntegrationsResponse]
    """

    kwargs = _get_kwargs()

    response = await client.call_async(kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
) -> ErrorResponse | ListGenericCrmIntegrationsResponse:
    """List the CRM integration

     Lists the integrations made with the register operation, not native ones: none or one.

    With none, the list is empty (clients expect this; no recording shows it).

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | ListGenericCrmIntegrationsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
        )
    ).documented()
