"""Calls over HTTP, made by the generated client, blocking or awaited."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final, TypeVar

import httpx

from gong_crm.wire.answers import Mismatch
from gong_crm.wire.failures import refusal, translated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gong_crm.evidence.recorder import Recorder
    from gong_crm.wire.calls import Call
    from gong_crm.wire.settings import Settings
    from gong_crm_client import AuthenticatedClient

T = TypeVar("T")


_PACKAGE: Final = "gong_crm_client.api"


class Wire:
    """Makes calls over HTTP with one caller's credentials, blocking or awaited."""

    def __init__(self, settings: Settings, evidence: Recorder | None = None) -> None:
        self._settings = settings
        self._evidence = evidence
        self._made: AuthenticatedClient | None = None

    @property
    def _client(self) -> AuthenticatedClient:
        if self._made is None:
            self._made = _make_client(self._settings)
        return self._made

    def make(self, call: Call[T]) -> T:
        """Make a call.

        Raises:
            CallError: If there is no usable answer.
        """
        module = importlib.import_module(f"{_PACKAGE}.{call.module}")
        arguments = dict[str, Any]()
        try:
            arguments |= call.arguments()
            response = module.sync_detailed(client=self._client, **arguments)
            self._note(call, arguments, response)
            return self._data(call, response)
        except Exception as problem:  # noqa: BLE001  (translated, or raised again as it is)
            self._note(call, arguments, problem)
            found = translated(call, problem, self._settings)
        raise found  # out here, so that no exception of httpx, which holds the credentials, hangs on to it

    async def make_awaited(self, call: Call[T]) -> T:
        """Make a call, awaited.

        Raises:
            CallError: If there is no usable answer.
        """
        module = importlib.import_module(f"{_PACKAGE}.{call.module}")
        arguments = dict[str, Any]()
        try:
            arguments |= call.arguments()
            response = await module.asyncio_detailed(client=self._client, **arguments)
            self._note(call, arguments, response)
            return self._data(call, response)
        except Exception as problem:  # noqa: BLE001  (translated, or raised again as it is)
            self._note(call, arguments, problem)
            found = translated(call, problem, self._settings)
        raise found

    def _note(self, call: Call[Any], arguments: Mapping[str, Any], answer: Any) -> None:  # noqa: ANN401  (or an error)
        """Take in an answer as evidence, where that is asked for; of one that could not be read, its beginning."""
        if self._evidence is None or not hasattr(answer, "headers"):
            return
        name = f"{call.operation}Legacy" if call.module.startswith("crm_legacy") else call.operation
        content = answer.content if hasattr(answer, "content") else str(getattr(answer, "excerpt", "")).encode()
        self._evidence.saw(name, arguments, status=int(answer.status_code), headers=answer.headers, content=content)

    def _data(self, call: Call[T], response: Any) -> T:  # noqa: ANN401  (a generic class of the client)
        if response.status_code >= httpx.codes.BAD_REQUEST:
            raise refusal(call, response, self._settings)
        try:
            return call.read(response.parsed)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError) as problem:
            raise Mismatch(str(problem)) from problem

    def close(self) -> None:
        """Close what was opened blocking."""
        if self._made is not None:
            self._made.get_httpx_client().close()

    async def aclose(self) -> None:
        """Close what was opened awaited."""
        if self._made is not None:
            await self._made.get_async_httpx_client().aclose()


def _make_client(settings: Settings) -> AuthenticatedClient:
    more: dict[str, Any] = {"trust_env": not settings.is_local}  # no proxy stands before this machine itself
    if settings.transport is not None:
        more["transport"] = settings.transport
    made: AuthenticatedClient = importlib.import_module("gong_crm_client").AuthenticatedClient(
        base_url=settings.base_url,
        token=settings.token,
        prefix=settings.prefix,
        timeout=httpx.Timeout(settings.timeout, connect=min(10.0, settings.timeout)),
        httpx_args=more,
    )
    return made
