"""What an exchange of a file of evidence shows that no scrubber wrote, so that nobody takes it in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from gong_crm.evidence.recorder import QUERY
from gong_crm.evidence.scrubber import MOST_COUNTED, PUNCTUATION, SENTENCES, WORD, Scrubber

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gong_crm.evidence.contract import Contract

_PLACEHOLDER: Final = re.compile(
    r"10*\d{1,6}"
    r"|person\d{1,6}@example\.com"
    r"|https://example\.com/\d{1,6}"
    r"|2000-01-0[12][T ]\d\d:\d\d:\d\d(\.0+)?(Z|\+00:?00)?"
    r"|20[0-2]\d-\d\d-\d\d"
    r"|x\d{1,6}x*"
    r"|Text \d{1,6}"
)
_UNKNOWN: Final = "a name that is no placeholder"
_MEMBERS: Final = frozenset({"id", "what", "caller", "request", "answer"})
_OF_REQUEST: Final = frozenset({"method", "path", "query", "content_type", "body"})
_OF_ANSWER: Final = frozenset({"status", "headers", "body"})
_OF_QUERY: Final = frozenset(QUERY.values())
_ID: Final = re.compile(r"use\.\w{1,60}-\d{1,9}")
_PATH: Final = re.compile(r"; (/.*?) breaks ")
_FAULT: Final = r"(/[^;]*? breaks [a-z$][A-Za-z]{1,30}|the status is not documented|the body is no JSON)"
_WHAT: Final = re.compile(rf"(?P<operation>\w+) is answered \d{{3}}(; {_FAULT})*\.")
_FRACTION: Final = 0.5


def left_in(exchange: Mapping[str, Any], contract: Contract) -> Iterator[str]:
    """Say where an exchange holds what is neither the contract's own nor a placeholder.

    Args:
        exchange: As the recorder writes it.
        contract: Knows which names, values and words are Gong's own.

    Yields:
        The place of each, such as `answer/body/integrations/0/name`, with placeholders for names that are left too.
    """
    request, answer = exchange["request"], exchange["answer"]
    known = {"": _MEMBERS, "request": _OF_REQUEST, "request/query": _OF_QUERY, "answer": _OF_ANSWER}
    parts = {"": exchange, "request": request, "request/query": request.get("query", {}), "answer": answer}
    yield from (f"{place or 'exchange'}/{_UNKNOWN}" for place, part in parts.items() if part.keys() - known[place])
    if not _are_own_words(exchange, contract):
        yield "exchange"
    for name, value in parts["request/query"].items():
        yield from _values(value, contract, place=f"request/query/{name if name in _OF_QUERY else _UNKNOWN}", member="")
    yield from _values(request.get("body"), contract, place="request/body", member="")
    yield from _values(answer.get("body"), contract, place="answer/body", member="")
    for name, value in answer.get("headers", {}).items():
        kept = Scrubber(contract).headers({name: str(value)})  # a second scrubbing changes placeholders alone
        if name not in kept or (kept[name] != value and not _is_scrubbed(value, contract, member="")):
            yield f"answer/headers/{name if name in kept else _UNKNOWN}"


def _are_own_words(exchange: Mapping[str, Any], contract: Contract) -> bool:
    """Return whether what names and describes the exchange is as the recorder says it."""
    what = _WHAT.fullmatch(exchange["what"])
    if what is None or what["operation"] not in contract.operations or not _ID.fullmatch(exchange["id"]):
        return False
    steps = [step for fault in _PATH.findall(exchange["what"]) for step in fault.split("/")]
    named = all(step == _shown(step, contract) for step in steps if step and not step.isdigit())
    place = exchange["request"]["method"], exchange["request"]["path"]
    callers = exchange["caller"] in {"bearer", "unknown"} and isinstance(exchange["answer"]["status"], int)
    return named and callers and place == contract.place(what["operation"])


def _values(value: object, contract: Contract, *, place: str, member: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            shown = _shown(name, contract)
            if shown != name:
                yield f"{place}/{shown}"
            yield from _values(one, contract, place=f"{place}/{shown}", member=name)
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _values(one, contract, place=f"{place}/{number}", member=member)
    elif not _is_scrubbed(value, contract, member=member):
        yield place


def _is_scrubbed(value: object, contract: Contract, *, member: str) -> bool:
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, float):
        return value == _FRACTION
    if isinstance(value, int):
        return 0 <= value < MOST_COUNTED or _PLACEHOLDER.fullmatch(str(value)) is not None
    text = str(value)
    if member in SENTENCES:
        return all(contract.owns(word) or word in PUNCTUATION or word in {"0", "x"} for word in WORD.findall(text))
    return not text or text in contract.values or _PLACEHOLDER.fullmatch(text) is not None


def _shown(name: str, contract: Contract) -> str:
    return name if not name or contract.knows(name) or _PLACEHOLDER.fullmatch(name) else _UNKNOWN
