"""What can go wrong with one call: kinds of fault, each before, during or after the work is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT: Final = 0.7
"""Seconds that the pusher of these tests waits for an answer."""

LIST, REGISTER, DELETE = "listCrmIntegrations", "registerCrmIntegration", "deleteCrmIntegration"
FIELDS, DESCRIBE = "listCrmEntitySchema", "uploadCrmEntitySchema"
UPLOAD, STATUS, READ = "uploadCrmEntities", "getCrmRequestStatus", "getCrmEntities"
OPERATIONS: Final = (LIST, REGISTER, DESCRIBE, FIELDS, UPLOAD, STATUS, READ, DELETE)
"""Every kind of call, in the order of an integration's life."""

_JSON: Final = {"content-type": "application/json;charset=UTF-8"}
_GATEWAY: Final = {
    "status": 502,
    "headers": {"content-type": "text/html"},
    "body": "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>",
}
_SUCCESS: Final = {UPLOAD: 201, DELETE: 201}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One kind of fault at one moment of a call.

    Attributes:
        name: What it is.
        when: `before` the work is done, `during` the exchange, or `after` the work was done.
        passes: Whether the next call would do, so that a pusher has to get over it without a word.
    """

    name: str
    when: str
    passes: bool = True

    def __str__(self) -> str:
        """Write it as part of a test's name."""
        return f"{self.name}-{self.when}"

    def step(self, operation: str) -> dict[str, Any]:
        """Write it as the step of a fault plan."""
        if self.name in _WIRE:
            return dict(_WIRE[self.name])
        kind = "answer" if self.when == "before" else "answer-after-accepting"
        return {"kind": kind, **_answer(self.name, operation)}


_WIRE: Final[Mapping[str, Mapping[str, Any]]] = {
    "stall": {"kind": "stall", "seconds": 3 * TIMEOUT},
    "slow-body": {"kind": "slow", "bytesPerSecond": 1},
    "close-before-reading": {"kind": "close-before-reading"},
    "close-after-accepting": {"kind": "close-after-accepting"},
    "truncated": {"kind": "truncate", "keepBytes": 12},
    "no-body": {"kind": "truncate", "keepBytes": 0},
}


def _answer(name: str, operation: str) -> dict[str, Any]:
    success = _SUCCESS.get(operation, 200)
    answers: dict[str, dict[str, Any]] = {
        "502-html": _GATEWAY,
        "503-json": {"status": 503, "headers": _JSON, "body": {"requestId": "x1", "errors": ["Try later"]}},
        "429-seconds": {"status": 429, "headers": {**_JSON, "retry-after": "1"}, "body": {"errors": ["Slow down"]}},
        "429-date": {"status": 429, "headers": {**_JSON, "retry-after": _soon()}, "body": {"errors": ["Slow down"]}},
        "429-bare": {"status": 429, "headers": {"content-type": "text/plain"}, "body": "Too many requests"},
        "wrong-type": {"status": success, "headers": {"content-type": "text/html"}, "body": "<p>Welcome</p>"},
        "no-json": {"status": success, "headers": _JSON, "body": "{"},
        "breach": {"status": success, "headers": _JSON, "body": _BREACH[operation]},
    }
    return dict(answers[name])


def _soon() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=1.5), usegmt=True)


_BREACH: Final[Mapping[str, Any]] = {
    LIST: {"requestId": "x1", "integrations": {"integrationId": "none"}},
    REGISTER: {"requestId": "x1", "integrationId": "soon"},
    DESCRIBE: ["done"],
    FIELDS: {"requestId": "x1", "objectTypeToSelectedFields": ["tier"]},
    UPLOAD: {"requestId": "x1", "clientRequestId": "of-somebody-else"},
    STATUS: {"requestId": "x1", "status": ["DONE"], "errors": "none", "totalErrorCount": "0"},
    READ: {"requestId": "x1", "crmObjectsMap": {"account-0": "here"}},
    DELETE: {"requestId": "x1", "clientRequestId": 7},
}
"""JSON of the wrong shape for each operation."""

_ANSWERS: Final = ("502-html", "503-json", "429-seconds", "429-date", "429-bare", "wrong-type", "no-json", "breach")
_NO_WAY_ON: Final = ("wrong-type", "no-json", "breach")
FAULTS: Final = (
    *(Fault(name=name, when="before", passes=name not in _NO_WAY_ON) for name in _ANSWERS),
    *(Fault(name=name, when="after", passes=name not in _NO_WAY_ON) for name in _ANSWERS),
    Fault(name="stall", when="before"),
    Fault(name="close-before-reading", when="before"),
    Fault(name="slow-body", when="during"),
    Fault(name="truncated", when="during"),
    Fault(name="no-body", when="during"),
    Fault(name="close-after-accepting", when="after"),
)
