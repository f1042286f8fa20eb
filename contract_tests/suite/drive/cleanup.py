"""The care taken of what exists on a target: nothing foreign is touched, nothing of ours is left behind."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

import httpx

from contract_tests.suite.drive.follower import UNDERWAY
from contract_tests.suite.ledger.breach import NotJudged
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.visible import shortened, visible
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.targets import TargetUnusable

OURS: Final = "gong-crm contract suite"
"""How the name of every integration begins that the suite registers; such a one is the suite's to delete."""

CLEANING_SECONDS: Final = 60.0
"""Seconds after which the run stops waiting for a deletion to end."""

_LISTED: Final = "/v2/crm/integrations"


@dataclass(kw_only=True)
class Cleanup:
    """Looks before the run, remembers what the run creates, and cleans up after it.

    Attributes:
        session: Its calls are paced and counted but not judged: the tests judge.
        run_name: What the names of this run hold.
        use_integration: An integration that the user named as disposable.
        created: Ids that the target has answered.
        sent: Names under which this run has tried to register, whether or not an answer came.
        began_empty: Whether the list was empty when the run began, so that what is listed later is ours.
    """

    session: Session
    run_name: str
    use_integration: int | None = None
    created: set[int] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    began_empty: bool = False

    def before(self, request: httpx.Request) -> None:
        """Remember the name of a registration before it is sent, in case its answer is lost."""
        if request.method != "PUT":
            return
        try:
            self.sent.add(str(json.loads(request.content)["name"]))
        except (ValueError, TypeError, LookupError, RecursionError):
            return  # wrong on purpose

    def watch(self, exchange: Exchange) -> None:
        """Remember an integration that the run has registered."""
        operation, found = exchange.operation, exchange.member("integrationId")
        registered = operation is not None and operation.name == "registerCrmIntegration" and exchange.status < 300
        if registered and isinstance(found, int):
            self.created.add(found)

    def prepare(self) -> None:
        """Look before the run; delete what a run of ours left, or what the user named as disposable.

        Raises:
            TargetUnusable: Nobody answers as an API does, the credentials are not taken, an integration exists that
                is not ours, or the one that was named does not exist.
        """
        self._see_an_api()
        listed = self.listed()
        ids = {entry.get("integrationId") for entry in listed}
        if self.use_integration is not None and self.use_integration not in ids:
            raise TargetUnusable(
                f"--use-integration {self.use_integration}: no such integration; listed are {sorted(map(str, ids))}"
            )
        for entry in listed:
            if not self._is_ours(entry):
                number, name = entry.get("integrationId"), shortened(visible(str(entry.get("name"))), most=100)
                raise TargetUnusable(
                    f"{self._url} has the integration {number} ({name!r}), which this suite did not create; "
                    f"nothing was touched. Name it with --use-integration {number} if it may be deleted with all "
                    "its objects"
                )
        self._remove(listed)
        self.began_empty = not self.listed()

    def _see_an_api(self) -> None:
        try:
            exchange = self.look()
        except NotJudged as error:
            raise TargetUnusable(f"nobody answers at {self._url}: {error.why}") from None
        if exchange.status == 401:
            raise TargetUnusable(
                f"{self._url} answers 401: it does not take these credentials, or they lack the scope "
                "api:crm:integrations:read (auth.basic-accepted, scope.list)"
            )
        if 300 <= exchange.status < 400:
            place = shortened(visible(exchange.headers.get("location", "nowhere")), most=200)
            raise TargetUnusable(f"{self._url} redirects to {place}; give the URL of the API itself")
        # The tests judge JSON of any kind; without any, nobody could see what is registered, nor clean it up.
        no_api = "json" not in exchange.media_type or exchange.reading.fault
        if no_api and not isinstance(exchange.body, dict):
            what = visible(exchange.media_type) or "nothing that says what it is"
            fault = exchange.reading.fault or "it is no JSON object"
            raise TargetUnusable(
                f"{self._url}{_LISTED} answers {exchange.status} with {what} that is not the list of a CRM API "
                f"({fault}), so none is there (list.success); it begins with {_beginning(exchange)}"
            )

    @property
    def _url(self) -> str:
        return self.session.target.base_url

    def finish(self) -> str | None:
        """Delete what the run has created and not deleted itself; return what was left behind, in a sentence."""
        self.session.budget.cleaning = True
        try:
            self.sweep()
            return self._left() if self.created or self.sent else None
        except NotJudged:
            return f"{self._url} did not answer the clean-up, so an integration may be left: {self._numbers()}"
        finally:
            self.session.network.close()

    def _left(self) -> str | None:
        """Look whether the target has done what it was asked to, for a deletion may be refused or never end."""
        exchange = self.look()
        if _is_no_list(exchange):
            fault = "" if exchange.reading.fault is None else f", and {exchange.reading.fault}"
            return (
                f"{self._url} answered {exchange.status} to the clean-up{fault}, so an integration may be left: "
                f"{self._numbers()}"
            )
        left = [visible(str(entry.get("integrationId"))) for entry in _entries(exchange) if self._is_ours(entry)]
        if left:
            return f"{self._url} still lists {', '.join(left)} after the clean-up; it has to be deleted by hand"
        return None

    def _numbers(self) -> str:
        return ", ".join(map(str, sorted(self.created))) or "what this run has registered"

    def sweep(self) -> None:
        """Delete every integration that is ours, and what is known of them where the list cannot be read."""
        exchange = self.look()
        if _is_no_list(exchange):
            self._remove([{"integrationId": number} for number in sorted(self.created)])
        else:
            self._remove([entry for entry in _entries(exchange) if self._is_ours(entry)])

    def of_another_run(self) -> str | None:
        """Name an integration that another run of this suite has registered meanwhile."""
        names = (str(entry.get("name")) for entry in self.listed())
        return next((name for name in names if name.startswith(OURS) and self.run_name not in name), None)

    def _is_ours(self, entry: Mapping[str, Any]) -> bool:
        number, name = entry.get("integrationId"), str(entry.get("name"))
        known = name.startswith(OURS) or name in self.sent or number in self.created
        return (
            known or (number is not None and number == self.use_integration) or (self.began_empty and bool(self.sent))
        )

    def listed(self) -> list[dict[str, Any]]:
        """List the integrations of the target; none where the answer cannot be read, which the tests will say."""
        return _entries(self.look())

    def look(self) -> Exchange:
        """Ask for the list of integrations."""
        return self._call("GET", _LISTED)

    def _remove(self, entries: list[dict[str, Any]]) -> None:
        deadline = self.session.budget.clock() + CLEANING_SECONDS
        for entry in entries:
            query = {
                "integrationId": str(entry.get("integrationId")),
                "clientRequestId": f"clean-{uuid.uuid4().hex[:24]}",
            }
            if self._call("DELETE", _LISTED, query).status < 300:
                self._wait(query, deadline=deadline)

    def _wait(self, query: Mapping[str, str], *, deadline: float) -> None:
        for _ in self.session.budget.polls():
            if self._is_over(query) or self.session.budget.clock() >= deadline:
                return

    def _is_over(self, query: Mapping[str, str]) -> bool:
        """Say whether a deletion has ended; where its status cannot be read, whether the integration is gone."""
        answer = self._call("GET", "/v2/crm/request-status", query)
        if answer.reading.fault is not None:
            return all(str(entry.get("integrationId")) != query["integrationId"] for entry in self.listed())
        return answer.status != 200 or answer.member("status") not in UNDERWAY

    def _call(self, method: str, path: str, query: Mapping[str, str] | None = None) -> Exchange:
        headers = {"Authorization": self.session.target.credentials.authorization or "", "Accept": "application/json"}
        url = f"{self._url}{path}" + (f"?{urlencode(query)}" if query else "")
        return self.session.send(httpx.Request(method, url, headers=headers))


def _is_no_list(exchange: Exchange) -> bool:
    """Say whether an answer leaves open what is registered; an empty list may be a 404 too (U-22)."""
    return exchange.status not in {200, 404} or (exchange.status == 200 and exchange.reading.fault is not None)


def _entries(exchange: Exchange) -> list[dict[str, Any]]:
    entries = exchange.member("integrations")
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _beginning(exchange: Exchange) -> str:
    return repr(shortened(visible(exchange.content[:400].decode("utf-8", "replace").strip()), most=80))
