"""Tests that an operation Gong has deprecated says so, at the right line and once."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm_client import AuthenticatedClient
from gong_crm_client.api.crm import list_crm_integrations
from gong_crm_client.api.crm_legacy import list_crm_integrations_legacy, map_crm_users_legacy, upload_crm_stages_legacy
from gong_crm_client.models import CrmDataUpload
from gong_crm_client.types import File

if TYPE_CHECKING:
    from types import ModuleType

    from tests.gong_crm_client.conftest import Call, Server

SUCCESSOR = r"use uploadCrmEntities \(upload_crm_entities\) instead"


def users() -> dict[str, Any]:
    """Return the arguments of the deprecated mapping of users."""
    body = CrmDataUpload(data_file=File(payload=io.BytesIO(b"{}")))
    return {"body": body, "integration_id": 1, "client_request_id": "r"}


def test_deprecated_operation_names_its_successor(call: Call, server: Server) -> None:
    """The warning names the operation and what replaces it, and the call is made."""
    with pytest.warns(DeprecationWarning, match=f"mapCrmUsersLegacy; {SUCCESSOR}"):
        call(map_crm_users_legacy, **users())
    server.answer(200, b'{"requestId": "x"}')
    with pytest.warns(DeprecationWarning, match=f"uploadCrmStagesLegacy; {SUCCESSOR}"):
        call(upload_crm_stages_legacy, body=[], integration_id=1)

    assert 2 == len(server.requests)


def test_warning_points_at_the_caller_and_comes_once(server: Server) -> None:
    """A call through sync or sync_detailed warns once, at the line that made it."""
    with AuthenticatedClient(base_url=server.url, token="t") as client:
        for function in (map_crm_users_legacy.sync, map_crm_users_legacy.sync_detailed):
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                function(client=client, **users())

            assert [__file__] == [warning.filename for warning in caught]


def test_repeated_line_warns_once(server: Server) -> None:
    """By Python's own default each line of the caller warns once, however often it runs."""
    with AuthenticatedClient(base_url=server.url, token="t") as client, warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            map_crm_users_legacy.sync(client=client, **users())

    assert 1 == len(caught)


async def _awaited(client: AuthenticatedClient) -> None:
    async with client:
        await map_crm_users_legacy.asyncio(client=client, **users())


def test_awaited_warning_points_at_the_caller(server: Server) -> None:
    """A call through asyncio warns once, at the line that awaits it."""
    import asyncio  # noqa: PLC0415  (only here)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DeprecationWarning)
        asyncio.run(_awaited(AuthenticatedClient(base_url=server.url, token="t")))

    assert [__file__] == [warning.filename for warning in caught]


@pytest.mark.parametrize("module", [list_crm_integrations, list_crm_integrations_legacy])
def test_other_operations_say_nothing(call: Call, server: Server, module: ModuleType) -> None:
    """An operation that is current, or superseded but not deprecated by the document, does not warn."""
    server.answer(200, b'{"requestId": "x", "integrations": []}')
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call(module)
