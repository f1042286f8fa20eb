"""The connections of a client: made once for all threads, anew in each process and event loop."""

from __future__ import annotations

import asyncio
import inspect
import os
import threading
import weakref
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from ._streams import guard

if TYPE_CHECKING:
    from collections.abc import Callable

# What a client says by arguments of its own; twice would be one too many.
OWN_ARGUMENTS = {
    "base_url": "base_url",
    "cookies": "cookies",
    "headers": "headers",
    "timeout": "timeout",
    "verify": "verify_ssl",
    "follow_redirects": "follow_redirects",
}
_INHERITED = (
    "the connections were set before this process forked, and both would write into them:"
    " set a client of httpx in this process too"
)


class Pools:
    """Holds a blocking and an awaited client of httpx, and makes each when it is first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._sync: httpx.Client | None = None
        self._async: httpx.AsyncClient | None = None
        self._by_loop: weakref.WeakKeyDictionary[Any, httpx.AsyncClient] = weakref.WeakKeyDictionary()
        self._given: set[str] = set()
        # The credentials that were found to be fit for a header, so that this is looked at once.
        self.checked: tuple[str, str, str] | None = None

    def set_sync(self, client: httpx.Client) -> None:
        """Use a client of the caller's."""
        self._here(setting=True)
        self._sync = client
        self._given.add("sync")

    def set_async(self, client: httpx.AsyncClient) -> None:
        """Use an awaited client of the caller's."""
        self._here(setting=True)
        self._async = client
        self._given.add("async")

    def sync(self, make: Callable[[], dict[str, Any]]) -> httpx.Client:
        """Return the blocking client, made of what `make` returns if there is none yet."""
        self._here()
        if self._sync is None:
            with self._lock:
                if self._sync is None:
                    if fault := _fault_for_blocking(make()):
                        raise TypeError(fault)
                    client = httpx.Client(**make())
                    guard(client)
                    self._sync = client
        return self._sync

    def async_(self, make: Callable[[], dict[str, Any]]) -> httpx.AsyncClient:
        """Return the awaited client of this event loop, made of what `make` returns if there is none yet."""
        self._here()
        loop = _running_loop()
        if self.is_given("async") or loop is None:
            return self._async or self._made_async(loop, make)
        return self._by_loop.get(loop) or self._made_async(loop, make)

    def _made_async(self, loop: Any, make: Callable[[], dict[str, Any]]) -> httpx.AsyncClient:  # noqa: ANN401  (of asyncio)
        """Make the client of a loop; one that was asked for outside of any loop is that of the first."""
        with self._lock:
            client, self._async = self._async, None
            if client is None:
                if fault := _fault_for_awaiting(make()):
                    raise TypeError(fault)
                client = httpx.AsyncClient(**_with_awaited_hooks(make()))
                guard(client)
            if loop is None:
                self._async = client
            else:
                # Connections belong to the loop that opened them, and several may run in as many threads.
                self._by_loop[loop] = client
            return client

    def is_given(self, kind: str) -> bool:
        """Return whether the client at hand is the caller's."""
        return kind in self._given

    def forget(self, kind: str) -> None:
        """Let the next call make connections of its own, after those at hand were closed."""
        if self.is_given(kind):
            return
        if kind == "sync":
            self._sync = None
        elif (loop := _running_loop()) is None:
            self._async = None
        else:
            self._by_loop.pop(loop, None)

    def _here(self, *, setting: bool = False) -> None:
        """Leave the connections of a parent process to it; another thread may have held the lock in the fork."""
        if self._process == os.getpid():
            return
        inherited = bool(self._given)
        self._lock, self._process, self._given = threading.Lock(), os.getpid(), set()
        self._sync = self._async = None
        self._by_loop = weakref.WeakKeyDictionary()
        if inherited and not setting:
            raise RuntimeError(_INHERITED)


def _running_loop() -> object | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


# Each fault is returned, so that who raises has no arguments, with the secrets in them, among its local variables.


def fault_of_httpx_args(arguments: dict[str, Any], *, own: dict[str, str]) -> str | None:
    """Return what is wrong with arguments for httpx: the client says it itself, or httpx does not know it."""
    known = inspect.signature(httpx.Client).parameters if arguments else {}
    for name in arguments:
        if name in own:
            return f"httpx_args must not hold {name}: say {own[name]} to the client itself"
        if name not in known:
            return f"httpx_args holds {str(name)[:40]!r}, which httpx does not know; it knows {', '.join(known)}"
    if not isinstance(arguments.get("mounts") or {}, Mapping):
        return "httpx_args holds mounts that are no dict of transports by address"
    hooks = arguments.get("event_hooks") or {}
    if not isinstance(hooks, Mapping) or not all(_is_row_of_hooks(*row) for row in hooks.items()):
        return "httpx_args holds event_hooks other than {'request': [function, ...], 'response': [function, ...]}"
    return None


def _is_row_of_hooks(name: object, hooks: object) -> bool:
    return name in ("request", "response") and isinstance(hooks, (list, tuple)) and all(map(callable, hooks))


def _fault_for_blocking(arguments: dict[str, Any]) -> str | None:
    """Return which hook or transport can only be awaited."""
    for hook in _hooks(arguments):
        if _is_async(hook):
            return f"the event hook {_name(hook)} is awaited; blocking calls need one that is not"
    for transport in _transports(arguments):
        if not isinstance(transport, httpx.BaseTransport):
            return f"{type(transport).__name__} is no transport for blocking calls: use httpx.HTTPTransport"
    return None


def _fault_for_awaiting(arguments: dict[str, Any]) -> str | None:
    """Return which transport cannot be awaited."""
    for transport in _transports(arguments):
        if not isinstance(transport, httpx.AsyncBaseTransport):
            return (
                f"{type(transport).__name__} is no transport for awaited calls:"
                " give them a client of their own, with httpx.AsyncHTTPTransport"
            )
    return None


def _with_awaited_hooks(arguments: dict[str, Any]) -> dict[str, Any]:
    """Let hooks be functions of either kind."""
    if not arguments.get("event_hooks"):
        return arguments
    hooks = {
        kind: [hook if _is_async(hook) else partial(_awaited, hook) for hook in each]
        for kind, each in arguments["event_hooks"].items()
    }
    return {**arguments, "event_hooks": hooks}


async def _awaited(hook: Callable[[Any], Any], subject: object) -> None:
    result = hook(subject)
    if inspect.isawaitable(result):
        await result


def _hooks(arguments: dict[str, Any]) -> list[Any]:
    return [hook for each in (arguments.get("event_hooks") or {}).values() for hook in each]


def _transports(arguments: dict[str, Any]) -> list[Any]:
    found = [arguments.get("transport"), *(arguments.get("mounts") or {}).values()]
    return [one for one in found if one is not None]


def _is_async(hook: object) -> bool:
    while isinstance(hook, partial):
        hook = hook.func
    return inspect.iscoroutinefunction(hook) or inspect.iscoroutinefunction(type(hook).__call__)


def _name(hook: object) -> str:
    return str(getattr(hook, "__qualname__", type(hook).__name__))
