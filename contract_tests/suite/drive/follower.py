"""Waiting for what the server does later: requests that end, objects that become readable."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family
from contract_tests.suite.wire.call_budget import CallBudget

UNDERWAY = frozenset({"PENDING", "IN_PROGRESS"})
ENDS = frozenset({"DONE", "FAILED"})


@dataclass(frozen=True, kw_only=True)
class Follower:
    """Follows requests and objects with the patience of the run."""

    gong: Caller
    budget: CallBudget

    def end(self, integration_id: int, *, client_request_id: str) -> Answer:
        """Poll a request until it ends.

        Returns:
            The status call that reported DONE or FAILED.

        Raises:
            Breach: It is not known, falls back, or does not end within the patience of the run.
        """

        def ask() -> Answer:
            answer = self.gong.get_crm_request_status(integration_id, client_request_id=client_request_id)
            answer.require("status.success", answer.status == 200, "200, as long as the request is known")
            return answer

        answer, ended = self.until(ask, lambda answer: answer.member("status") in ENDS)
        answer.require(
            "status.ends", ended, f"DONE or FAILED within the {self.budget.patience:g} seconds of --patience"
        )
        return answer

    def done(self, integration_id: int, *, client_request_id: str) -> Answer:
        """Poll a request until it is DONE.

        Returns:
            The status call that reported it.

        Raises:
            Breach: It does not end, or ends FAILED.
        """
        answer = self.end(integration_id, client_request_id=client_request_id)
        answer.require("status.done", answer.member("status") == "DONE", "DONE, because every line is good")
        return answer

    def read(  # noqa: PLR0913  (a read has that many parts)
        self,
        family: Family,
        integration_id: int,
        *,
        object_type: str,
        ids: Sequence[str],
        until: Callable[[dict[str, Any]], object],
        brief: bool = False,
    ) -> tuple[Answer, bool]:
        """Read objects until they look as expected; they may lag behind DONE.

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

        def ask() -> Answer:
            answer = self.gong.get_crm_entities(family, integration_id, object_type=object_type, ids=ids)
            answer.require("objects.success", answer.status == 200, "200 with crmObjectsMap")
            return answer

        return self.until(ask, lambda answer: bool(until(answer.member("crmObjectsMap") or {})), brief=brief)

    def until(
        self, ask: Callable[[], Answer], met: Callable[[Answer], bool], *, brief: bool = False
    ) -> tuple[Answer, bool]:
        """Ask again and again until the answer is as expected or patience ends.

        Args:
            ask: Makes the call.
            met: Whether the answer is as expected.
            brief: Whether a few seconds are enough, since nothing is promised.

        Returns:
            The last answer, and whether it was as expected.
        """
        answer = None
        for _ in self.budget.polls(brief=brief):
            answer = ask()
            if met(answer):
                return answer, True
        assert answer is not None  # a poll asks at least once
        return answer, False
