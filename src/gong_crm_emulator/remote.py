"""The control API as Python objects, for tests."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

# The emulator runs on this machine, where no proxy is of any use.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class ControlError(Exception):
    """The control API refused, or nobody answered; the sentence says why."""


@dataclass(frozen=True)
class Remote:
    """Something behind the control API of a running emulator.

    Attributes:
        url: Address of the emulator, without a path.
    """

    url: str

    def control(self, method: str, path: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401  (any JSON)
        """Call the control API.

        Returns:
            The JSON answer.

        Raises:
            ControlError: If the call is refused, or nobody answers.
        """
        content = None if body is None else json.dumps(body).encode()
        url = f"{self.url.rstrip('/')}/_emulator/api/{path}"
        try:
            request = urllib.request.Request(url, data=content, method=method)  # noqa: S310  (the emulator's own address)
            with _DIRECT.open(request, timeout=60) as response:
                answer: dict[str, Any] = json.loads(response.read())
                return answer
        except urllib.error.HTTPError as problem:
            with problem:
                text = problem.read().decode("utf-8", "replace")
            raise ControlError(f"{method} {path}: {problem.code} {text}") from problem
        except (OSError, ValueError, http.client.HTTPException) as problem:
            raise ControlError(
                f"{method} {path}: no emulator answers at {self.url!r} ({problem}): give the address that it printed."
            ) from problem


class RemoteClock(Remote):
    """The clock of a running emulator."""

    def now(self) -> float:
        """Give the time."""
        return float(self.control("GET", "clock")["now"])

    def freeze(self) -> None:
        """Stop the clock where it is."""
        self.control("POST", "clock", {"frozen": True})

    def run(self) -> None:
        """Let the clock run on from where it is."""
        self.control("POST", "clock", {"frozen": False})

    def step(self, seconds: float) -> None:
        """Move the clock forward."""
        self.control("POST", "clock", {"step": seconds})


class RemoteFaults(Remote):
    """The fault plans of a running emulator."""

    def add(self, operation: str, *faults: dict[str, Any]) -> int:
        """Plan faults for the next calls of an operation, in order.

        Args:
            operation: Its id, such as `uploadCrmEntities`, or `*` for every operation.
            faults: Steps such as `{"kind": "answer", "status": 503, "times": 2}`; docs/emulator.md lists the kinds.

        Raises:
            ControlError: If the operation or a fault does not exist.
        """
        plan = self.control("POST", "faults", {"operation": operation, "faults": list(faults)})["plan"]
        return int(plan["id"])

    def consumed(self) -> bool:
        """Say whether every planned fault was met."""
        return bool(self.control("GET", "faults")["consumed"])

    def clear(self) -> None:
        """Drop all plans."""
        self.control("DELETE", "faults")
