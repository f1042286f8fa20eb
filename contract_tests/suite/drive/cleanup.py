"""The care taken of what exists on a target: nothing foreign is touched, nothing of ours is left behind."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from contract_tests.suite.drive.follower import UNDERWAY
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.targets import Target, TargetUnusable
from contract_tests.suite.wire.transport import LIMITS

OURS: Final = "gong-crm contract suite"
"""How the name of every integration begins that the suite registers; such a one is the suite's to delete."""

CLEANING_SECONDS = 60.0


@dataclass(kw_only=True)
class Cleanup:
    """Looks before the run, remembers what the run creates, and cleans up after it.

    Its own calls are paced and counted but not judged: the tests judge.
    """

    target: Target
    budget: CallBudget
    use_integration: int | None = None
    created: set[int] = field(default_factory=set)
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Open the client; what it sends is left to itself, the tests judge."""
        limits = LIMITS[self.target.loopback]
        self._client = httpx.Client(base_url=self.target.base_url, limits=limits, timeout=30)

    def watch(self, exchange: Exchange) -> None:
        """Remember an integration that the run has registered.

        Args:
            exchange: Any exchange of the run.
        """
        operation = exchange.operation
        found = exchange.member("integrationId")
        registered = operation is not None and operation.name == "registerCrmIntegration" and exchange.status < 300
        if registered and isinstance(found, int):
            self.created.add(found)

    def prepare(self) -> None:
        """Look before the run; delete what a run of ours left, or what the user named as disposable.

        Raises:
            TargetUnusable: An integration exists that is not ours, or the one that was named does not exist.
        """
        try:
            self._look()
        except TargetUnusable:
            self._client.close()
            raise

    def _look(self) -> None:
        if self._call("GET", "/v2/crm/integrations").status_code == 401:
            raise TargetUnusable(
                f"{self.target.base_url} answers 401: it does not take these credentials, or they lack the scope "
                "api:crm:integrations:read (auth.basic-accepted, scope.list)"
            )
        listed = self._listed()
        ids = {entry.get("integrationId") for entry in listed}
        if self.use_integration is not None and self.use_integration not in ids:
            raise TargetUnusable(
                f"--use-integration {self.use_integration}: no such integration; listed are {sorted(map(str, ids))}"
            )
        for entry in listed:
            if not self._is_ours(entry):
                number, name = entry.get("integrationId"), entry.get("name")
                raise TargetUnusable(
                    f"{self.target.base_url} has the integration {number} ({name!r}), which this suite did not create; "
                    f"nothing was touched. Name it with --use-integration {number} if it may be deleted with all "
                    "its objects"
                )
        self._remove(listed)

    def finish(self) -> None:
        """Delete what the run has created and not deleted itself, within the calls kept back for it."""
        self.budget.cleaning = True
        try:
            self.sweep()
        finally:
            self._client.close()

    def sweep(self) -> None:
        """Delete every integration that is ours."""
        self._remove([entry for entry in self._listed() if self._is_ours(entry)])

    def _is_ours(self, entry: dict[str, Any]) -> bool:
        number = entry.get("integrationId")
        named = str(entry.get("name", "")).startswith(OURS)
        return named or number in self.created or (number is not None and number == self.use_integration)

    def _listed(self) -> list[dict[str, Any]]:
        answer = self._call("GET", "/v2/crm/integrations")
        try:
            entries = answer.json()["integrations"]
        except (ValueError, KeyError, TypeError):
            return []  # refused or broken; the tests will say so
        return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []

    def _remove(self, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            query = {
                "integrationId": str(entry.get("integrationId")),
                "clientRequestId": f"clean-{uuid.uuid4().hex[:24]}",
            }
            if self._call("DELETE", "/v2/crm/integrations", query).status_code < 300:
                self._wait(query)

    def _wait(self, query: dict[str, str]) -> None:
        deadline = min(self.budget.clock() + CLEANING_SECONDS, self.budget.deadline())
        pauses = self.budget.pauses()
        while self.budget.clock() < deadline:
            answer = self._call("GET", "/v2/crm/request-status", query)
            if answer.status_code != 200 or not any(f'"{status}"' in answer.text for status in UNDERWAY):
                return
            self.budget.sleep(pauses.next())

    def _call(self, method: str, path: str, query: dict[str, str] | None = None) -> httpx.Response:
        headers = {"Authorization": self.target.credentials.authorization or ""}
        if method == "DELETE":
            headers["Content-Type"] = "application/json"  # as clients do; nobody knows whether it is needed (U-14)
        for _ in range(10):
            self.budget.admit()
            try:
                answer = self._client.request(method, path, params=query, headers=headers)
            except httpx.TransportError as error:
                raise TargetUnusable(f"nobody answers at {self.target.base_url}: {error}") from error
            if answer.status_code != 429:  # too many requests
                break
            told = answer.headers.get("retry-after", "1")
            self.budget.met_limit()
            self.budget.sleep(min(float(told) if told.isdigit() else 1.0, 5.0))
        return answer
