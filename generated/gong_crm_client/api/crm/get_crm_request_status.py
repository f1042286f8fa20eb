# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.error_response import ErrorResponse
from ...models.request_status_response import RequestStatusResponse
from ...types import UNSET, Response


def _get_kwargs(
    *,
    integration_id: int,
    client_request_id: str,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["integrationId"] = integration_id

    params["clientRequestId"] = client_request_id

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2/crm/request-status",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | RequestStatusResponse | None:
    if response.status_code == 200:
        response_200 = RequestStatusResponse.from_dict(response.json())

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
) -> Response[ErrorResponse | RequestStatusResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    client_request_id: str,
) -> Response[ErrorResponse | RequestStatusResponse]:
    """Follow an asynchronous request

     Reports how far an upload of objects, a user mapping or a deletion has come; both families ask here.

    `PENDING`: the file waits.
    `IN_PROGRESS`: it is being parsed, or the deletion runs.
    `DONE`: every line was parsed and stored raw, the mapping was made, or everything is deleted.
    `FAILED`: some lines could not be parsed, or the whole file could not.
    The last two are final.

    After `FAILED`, `errors` lists the first 20 bad lines by number, counted from 1; the two totals
    count all lines.
    A single error with `line` 0 is about the whole file: correct what its text names and send the whole
    file.
    Correct the lines and send the file again, or only the corrected lines (by the older text always the
    whole file), with a new `clientRequestId`.
    Beyond 20 bad lines, the next upload may show further ones; repeat until `DONE`.

    A `clientRequestId` that is not known is refused with 400.
    Gong publishes no durations; poll gently, each call counts against the limits.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | RequestStatusResponse]
    """

    kwargs = _get_kwargs(
        integration_id=integration_id,
        client_request_id=client_request_id,
    )

    response = client.call(kwargs)

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    client_request_id: str,
) -> ErrorResponse | RequestStatusResponse:
    """Follow an asynchronous request

     Reports how far an upload of objects, a user mapping or a deletion has come; both families ask here.

    `PENDING`: the file waits.
    `IN_PROGRESS`: it is being parsed, or the deletion runs.
    `DONE`: every line was parsed and stored raw, the mapping was made, or everything is deleted.
    `FAILED`: some lines could not be parsed, or the whole file could not.
    The last two are final.

    After `FAILED`, `errors` lists the first 20 bad lines by number, counted from 1; the two totals
    count all lines.
    A single error with `line` 0 is about the whole file: correct what its text names and send the whole
    file.
    Correct the lines and send the file again, or only the corrected lines (by the older text always the
    whole file), with a new `clientRequestId`.
    Beyond 20 bad lines, the next upload may show further ones; repeat until `DONE`.

    A `clientRequestId` that is not known is refused with 400.
    Gong publishes no durations; poll gently, each call counts against the limits.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | RequestStatusResponse
    """

    return sync_detailed(
        client=client,
        integration_id=integration_id,
        client_request_id=client_request_id,
    ).documented()


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    client_request_id: str,
) -> Response[ErrorResponse | RequestStatusResponse]:
    """Follow an asynchronous request

     Reports how far an upload of objects, a user mapping or a deletion has come; both families ask here.

    `PENDING`: the file waits.
    `IN_PROGRESS`: it is being parsed, or the deletion runs.
    `DONE`: every line was parsed and stored raw, the mapping was made, or everything is deleted.
    `FAILED`: some lines could not be parsed, or the whole file could not.
    The last two are final.

    After `FAILED`, `errors` lists the first 20 bad lines by number, counted from 1; the two totals
    count all lines.
    A single error with `line` 0 is about the whole file: correct what its text names and send the whole
    file.
    Correct the lines and send the file again, or only the corrected lines (by the older text always the
    whole file), with a new `clientRequestId`.
    Beyond 20 bad lines, the next upload may show further ones; repeat until `DONE`.

    A `clientRequestId` that is not known is refused with 400.
    Gong publishes no durations; poll gently, each call counts against the limits.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | RequestStatusResponse]
    """

    kwargs = _get_kwargs(
        integration_id=integration_id,
        client_request_id=client_request_id,
    )

    response = await client.call_async(kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    integration_id: int,
    client_request_id: str,
) -> ErrorResponse | RequestStatusResponse:
    """Follow an asynchronous request

     Reports how far an upload of objects, a user mapping or a deletion has come; both families ask here.

    `PENDING`: the file waits.
    `IN_PROGRESS`: it is being parsed, or the deletion runs.
    `DONE`: every line was parsed and stored raw, the mapping was made, or everything is deleted.
    `FAILED`: some lines could not be parsed, or the whole file could not.
    The last two are final.

    After `FAILED`, `errors` lists the first 20 bad lines by number, counted from 1; the two totals
    count all lines.
    A single error with `line` 0 is about the whole file: correct what its text names and send the whole
    file.
    Correct the lines and send the file again, or only the corrected lines (by the older text always the
    whole file), with a new `clientRequestId`.
    Beyond 20 bad lines, the next upload may show further ones; repeat until `DONE`.

    A `clientRequestId` that is not known is refused with 400.
    Gong publishes no durations; poll gently, each call counts against the limits.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        client_request_id (str): Your own name for this request: letters, digits, dashes and
            underscores.
            It serves to follow the request and keeps the same list from being taken twice.
            Its greatest length and whether a failed request frees it are not known.
             Example: accounts-2026-11-22.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | RequestStatusResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            integration_id=integration_id,
            client_request_id=client_request_id,
        )
    ).documented()
