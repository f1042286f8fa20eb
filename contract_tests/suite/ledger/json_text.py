"""JSON from a server that may mean harm, read within bounds."""

import json
from dataclasses import dataclass
from typing import Any, Final, NoReturn

DEEPEST: Final = 100
"""Levels of nesting that an answer may have; the contract needs five."""

LONGEST_NUMBER: Final = 1_000
"""Digits of an integer; the contract needs nineteen."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A JSON value, or why there is none.

    Attributes:
        fault: What is wrong, in words.
        beyond_bounds: Whether it may well be JSON, but more of it than anybody has to read.
    """

    value: Any
    fault: str | None = None
    beyond_bounds: bool = False


def read_json(content: bytes) -> Reading:
    """Read a body; whatever stands in it, this returns."""
    try:
        value = json.loads(content.decode("utf-8"), parse_int=_integer, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        return Reading(value=None, fault=f"it is not UTF-8: {error.reason} at byte {error.start}")
    except json.JSONDecodeError as error:
        what = "it is empty" if not content.strip() else f"it is no JSON: {error.msg} at character {error.pos}"
        return Reading(value=None, fault=what)
    except _TooLongError as error:
        return Reading(value=None, fault=str(error), beyond_bounds=True)
    except ValueError as error:
        return Reading(value=None, fault=str(error))
    except RecursionError:
        return _TOO_DEEP
    many = content.count(b"[") + content.count(b"{") > DEEPEST
    return _TOO_DEEP if many and _is_deep(value) else Reading(value=value)


_TOO_DEEP: Final = Reading(value=None, fault=f"it is nested deeper than {DEEPEST} levels", beyond_bounds=True)


class _TooLongError(ValueError):
    """An integer has more digits than anybody has to read."""


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise _TooLongError(f"it holds an integer of {len(digits):,} digits")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"it is no JSON: {name} is no JSON value")


def _is_deep(value: object) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, list | dict)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True
