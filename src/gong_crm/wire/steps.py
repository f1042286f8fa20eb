"""Work written once as steps, and driven twice: blocking and awaited.

A step is a generator that yields what it wants done (a call, a pause, work that blocks) and is sent the result.
So the order of a push, its retries and its journal stand in one place, and sync and async cannot differ.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from gong_crm.wire.calls import Call
    from gong_crm.wire.http import Wire

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pause:
    """Wants to wait some seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """Wants something done that blocks: files, sorting, a database."""

    do: Callable[[], T]


Wish: TypeAlias = "Call[Any] | Pause | Work[Any]"
Steps: TypeAlias = Generator[Wish, Any, T]


def work(do: Callable[[], T]) -> Steps[T]:
    """Have something done that blocks, off the event loop where there is one."""
    return cast("T", (yield Work(do)))


def run(steps: Steps[T], wire: Wire) -> T:
    """Drive steps, blocking.

    Args:
        steps: The steps.
        wire: Makes the calls.

    Returns:
        What the steps return.
    """
    try:
        wish = next(steps)
        while True:
            try:
                result = _grant(wish, wire)
            except BaseException as problem:  # noqa: BLE001  (the steps decide what an error or an interrupt means)
                wish = steps.throw(problem)
            else:
                wish = steps.send(result)
    except StopIteration as end:
        return cast("T", end.value)
    finally:
        steps.close()  # an interrupt in a pause still frees the journal


def _grant(wish: Wish, wire: Wire) -> object:
    if isinstance(wish, Pause):
        time.sleep(max(0.0, wish.seconds))
        return None
    if isinstance(wish, Work):
        return wish.do()
    return wire.make(wish)


async def run_awaited(steps: Steps[T], wire: Wire) -> T:
    """Drive steps, awaited; work that blocks goes to a thread.

    Args:
        steps: The steps.
        wire: Makes the calls.

    Returns:
        What the steps return.
    """
    try:
        wish = next(steps)
        while True:
            try:
                result = await _grant_awaited(wish, wire)
            except BaseException as problem:  # noqa: BLE001  (the steps decide what an error or an interrupt means)
                wish = steps.throw(problem)
            else:
                wish = steps.send(result)
    except StopIteration as end:
        return cast("T", end.value)
    finally:
        steps.close()


async def _grant_awaited(wish: Wish, wire: Wire) -> object:
    import asyncio  # noqa: PLC0415  (a fifth of the package's import, and there where it is needed)

    if isinstance(wish, Pause):
        await asyncio.sleep(max(0.0, wish.seconds))
        return None
    if isinstance(wish, Work):
        return await asyncio.to_thread(wish.do)
    return await wire.make_awaited(wish)
