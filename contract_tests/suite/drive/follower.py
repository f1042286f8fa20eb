"""Waiting for what the server does later: requests that end, objects that become readable."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.operations import Family
from contract_tests.suite.wire.call_budget import CallBudget

BRIEF = 3.0
"""Seconds to wait for what nobody promises."""

UNDERWAY = frozenset({"PENDING", "IN_PROGRESS"})
ENDS = frozenset({"DONE", "FAILED"})


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Follows requests and objects with the patience of the run."""

    gong: Caller
    budget: CallBudget

    def end(self, integration_id: int, *, client_request_id: str) -> Exchange:
        """Poll a request until it ends.

        Args:
            integration_id: Id of the integration.
            client_request_id: Our name for the request.

        Returns:
            The status call that told DONE or FAILED.

        Raises:
            Breach: It is not known, falls back, or does not end within the patience of the run.
        """

        def ask() -> Exchange:
            answer = self.gong.get_crm_request_status(integration_id, client_request_id=client_request_id)
            answer.require("status.success", answer.status == 200, "200, as long as the request is known")
            return answer

        answer, ended = self.until(ask, lambda answer: answer.member("status") in ENDS)
        answer.require(
            "status.ends", ended, f"DONE or FAILED within the {self.budget.patience:g} seconds of --patience"
        )
        return answer

    def done(self, integration_id: int, *, client_request_id: str) -> Exchange:
        """Poll a request until it is DONE.

        Args:
            integration_id: Id of the integration.
            client_request_id: Our name for the request.

        Returns:
            The status call that told so.

        Raises:
            Breach: It does not end, or ends FAILED.
        """
        answer = self.end(integration_id, client_request_id=client_request_id)
        answer.require("status.done", answer.member("status") == "DONE", "DONE, because every line is good")
        return answer

    def read(  # noqa: PLR0913  # a read has that many parts
        self,
        family: Family,
        integration_id: int,
        *,
        object_type: str,
        ids: Sequence[str],
        until: Callable[[dict[str, Any]], object],
        brief: bool = False,
    ) -> tuple[Exchange, bool]:
        """Read objects until they look as expected; the main database may lag behind DONE.

        Args:
            family: Which of the twins.
            integration_id: Id of the integration.
            object_type: Gong's name of the type.
            ids: Ids of the objects.
            until: Whether the map of objects looks as expected.
            brief: Whether a few seconds are enough, since nothing is promised.

        Returns:
            The last read, and whether it looked as expected.

        Raises:
            Breach: A read is not answered 200.
        """

        def ask() -> Exchange:
            answer = self.gong.get_crm_entities(family, integration_id, object_type=object_type, ids=ids)
            answer.require("objects.success", answer.status == 200, "200 with crmObjectsMap")
            return answer

        return self.until(ask, lambda answer: bool(until(answer.member("crmObjectsMap") or {})), brief=brief)

    def until(
        self, ask: Callable[[], Exchange], met: Callable[[Exchange], bool], *, brief: bool = False
    ) -> tuple[Exchange, bool]:
        """Ask again and again until the answer is as expected or patience ends.

        Args:
            ask: Makes the call.
            met: Whether the answer is as expected.
            brief: Whether a few seconds are enough, since nothing is promised.

        Returns:
            The last answer, and whether it was as expected.
        """
        deadline = min(self.budget.deadline(), self.budget.clock() + (BRIEF if brief else math.inf))
        pauses = self.budget.pauses()
        while True:
            answer = ask()
            if met(answer):
                return answer, True
            if self.budget.clock() >= deadline:
                self.budget.stuck = self.budget.stuck or not brief
                return answer, False
            self.budget.sleep(pauses.next())
