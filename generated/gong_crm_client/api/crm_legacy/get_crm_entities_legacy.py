# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.
from typing import Any

import httpx

from ... import errors
from ..._calls import build_response
from ...client import AuthenticatedClient, Client
from ...models.crm_object_type import CrmObjectType
from ...models.error_response import ErrorResponse
from ...models.get_generic_crm_objects_response import GetGenericCrmObjectsResponse
from ...types import UNSET, Response, argument_of


def _get_kwargs(
    *,
    body: list[str],
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
        "method": "get",
        "url": "/v2/crm/object/list",
        "params": params,
    }

    _kwargs["json"] = body

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ErrorResponse | GetGenericCrmObjectsResponse | None:
    if response.status_code == 200:
        response_200 = GetGenericCrmObjectsResponse.from_dict(response.json())

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
) -> Response[ErrorResponse | GetGenericCrmObjectsResponse]:
    return build_response(client, response, _parse_response)


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: list[str],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> Response[ErrorResponse | GetGenericCrmObjectsResponse]:
    """Read objects back (legacy)

     Superseded by `getCrmEntities`, which takes and answers the same.

    Reads objects back by their ids, to see during development whether they arrived; not meant for
    production.

    The ids travel as a JSON array in the body of the GET.
    Gong's old document takes a body of any content type; 415 for one that is not JSON was seen on the
    current path and is taken to hold here.
    Only the first 100 ids count; more are ignored without a word.
    An id that is not known is answered with null; so, most likely, is one whose object is deleted.
    Objects come from Gong's main database, where they appear some time after the upload is `DONE`.
    Business users and stages cannot be read.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[str]): Object ids of one type; the first 100 count.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | GetGenericCrmObjectsResponse]
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
    body: list[str],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> ErrorResponse | GetGenericCrmObjectsResponse:
    """Read objects back (legacy)

     Superseded by `getCrmEntities`, which takes and answers the same.

    Reads objects back by their ids, to see during development whether they arrived; not meant for
    production.

    The ids travel as a JSON array in the body of the GET.
    Gong's old document takes a body of any content type; 415 for one that is not JSON was seen on the
    current path and is taken to hold here.
    Only the first 100 ids count; more are ignored without a word.
    An id that is not known is answered with null; so, most likely, is one whose object is deleted.
    Objects come from Gong's main database, where they appear some time after the upload is `DONE`.
    Business users and stages cannot be read.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[str]): Object ids of one type; the first 100 count.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | GetGenericCrmObjectsResponse
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
    body: list[str],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> Response[ErrorResponse | GetGenericCrmObjectsResponse]:
    """Read objects back (legacy)

     Superseded by `getCrmEntities`, which takes and answers the same.

    Reads objects back by their ids, to see during development whether they arrived; not meant for
    production.

    The ids travel as a JSON array in the body of the GET.
    Gong's old document takes a body of any content type; 415 for one that is not JSON was seen on the
    current path and is taken to hold here.
    Only the first 100 ids count; more are ignored without a word.
    An id that is not known is answered with null; so, most likely, is one whose object is deleted.
    Objects come from Gong's main database, where they appear some time after the upload is `DONE`.
    Business users and stages cannot be read.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[str]): Object ids of one type; the first 100 count.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        Response[ErrorResponse | GetGenericCrmObjectsResponse]
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
    body: list[str],
    integration_id: int,
    object_type: CrmObjectType | str,
) -> ErrorResponse | GetGenericCrmObjectsResponse:
    """Read objects back (legacy)

     Superseded by `getCrmEntities`, which takes and answers the same.

    Reads objects back by their ids, to see during development whether they arrived; not meant for
    production.

    The ids travel as a JSON array in the body of the GET.
    Gong's old document takes a body of any content type; 415 for one that is not JSON was seen on the
    current path and is taken to hold here.
    Only the first 100 ids count; more are ignored without a word.
    An id that is not known is answered with null; so, most likely, is one whose object is deleted.
    Objects come from Gong's main database, where they appear some time after the upload is `DONE`.
    Business users and stages cannot be read.

    Args:
        integration_id (int): The id that registering answered with; a 64-bit integer, so never a
            double. Example: 5517027188234205706.
        object_type (CrmObjectType): The types of objects that have a schema and can be read back.
        body (list[str]): Object ids of one type; the first 100 count.

    Raises:
        errors.UnexpectedResponse: If the server returns an undocumented status code or body.
        httpx.TimeoutException: If a step takes longer than the client's timeout, or the call than its deadline.

    Returns:
        ErrorResponse | GetGenericCrmObjectsResponse
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            integration_id=integration_id,
            object_type=object_type,
        )
    ).documented()
