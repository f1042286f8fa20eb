"""A transport that lets a test act at a chosen call, whatever the pusher makes of it."""

from __future__ import annotations

import re
import ssl
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from tests.gong_crm.faults.harness import tables

if TYPE_CHECKING:
    from collections.abc import Callable

_TRUST: Final = ssl.create_default_context()
_OPERATIONS: Final = {
    ("GET", "/v2/crm/integrations"): tables.LIST,
    ("PUT", "/v2/crm/integrations"): tables.REGISTER,
    ("DELETE", "/v2/crm/integrations"): tables.DELETE,
    ("GET", "/v2/crm/entity-schema"): tables.FIELDS,
    ("POST", "/v2/crm/entity-schema"): tables.DESCRIBE,
    ("POST", "/v2/crm/entities"): tables.UPLOAD,
    ("GET", "/v2/crm/request-status"): tables.STATUS,
    ("GET", "/v2/crm/entities"): tables.READ,
}


@dataclass(frozen=True, kw_only=True)
class Act:
    """Something done at one call.

    Attributes:
        operation: At calls of which operation, or `*` for all.
        number: At which of them, from 1.
        when: `before` the call is made, or `after` its answer is there.
        do: What is done.
    """

    operation: str
    number: int
    when: str
    do: Callable[[], None]


class Meddling(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Calls over the network, for blocking and awaited clients alike, with acts in between."""

    def __init__(self, *acts: Act) -> None:
        self._acts = acts
        self._seen: Counter[str] = Counter()
        self._blocking: httpx.HTTPTransport | None = None
        self._awaited: httpx.AsyncHTTPTransport | None = None

    @property
    def calls(self) -> int:
        """How many calls were begun."""
        return self._seen["*"]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Make one call."""
        if self._blocking is None:
            self._blocking = httpx.HTTPTransport(verify=_TRUST)
        operation = self._count(request)
        self._act(operation, "before")
        response = self._blocking.handle_request(request)
        self._act(operation, "after")
        return response

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make one call, awaited."""
        if self._awaited is None:
            self._awaited = httpx.AsyncHTTPTransport(verify=_TRUST)
        operation = self._count(request)
        self._act(operation, "before")
        response = await self._awaited.handle_async_request(request)
        self._act(operation, "after")
        return response

    def close(self) -> None:
        """Close the connections."""
        if self._blocking is not None:
            self._blocking.close()

    async def aclose(self) -> None:
        """Close the connections, awaited."""
        if self._awaited is not None:
            await self._awaited.aclose()

    def _count(self, request: httpx.Request) -> str:
        path = re.sub(r"/+$", "", request.url.path)
        operation = _OPERATIONS.get((request.method, path), "unknown")
        self._seen[operation] += 1
        self._seen["*"] += 1
        return operation

    def _act(self, operation: str, when: str) -> None:
        for act in self._acts:
            if act.when == when and act.operation in {operation, "*"} and act.number == self._seen[act.operation]:
                act.do()
