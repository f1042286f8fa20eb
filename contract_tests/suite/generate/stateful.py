"""Generated sequences of calls along the links of the document, with checks for ids that travel in the query."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from hypothesis import HealthCheck, Phase, settings

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.cleanup import Cleanup
from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.generate.fuzzing import Fuzz, GeneratedCase, bad_numbers, universal_line
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.breach import Breach
from contract_tests.suite.ledger.operations import operation_at

SETTINGS: Final = settings(
    max_examples=6,
    stateful_step_count=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
_CLIENT_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(kw_only=True)
class Model:
    """What must be true on the target after each step of a sequence.

    The generator's own checks never fire here: they look for ids in paths, and for registrations made with POST.
    """

    fuzz: Fuzz
    gong: Caller
    follower: Follower
    cleanup: Cleanup
    active: int | None = None
    number: int = 0
    breach: Breach | None = None

    def begin(self) -> None:
        """Begin a sequence with no integration."""
        self.cleanup.sweep()
        self.active = None

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Remember a breach, which the generator would hide when it cannot repeat the sequence."""
        try:
            yield
        except Breach as breach:
            self.breach = self.breach or breach
            raise

    def own(self, query: dict[str, Any]) -> dict[str, Any]:
        """Make the client request id of a call unique, but leave one that a link has set."""
        text = query.get("clientRequestId")
        if not isinstance(text, str) or not _CLIENT_REQUEST_ID.fullmatch(text) or text.startswith(self.fuzz.run_name):
            return query
        self.number += 1
        return {**query, "clientRequestId": f"{self.fuzz.run_name}-flow-{self.number}"}

    def check(self, case: GeneratedCase, answer: Answer) -> None:
        """Check what an answer has promised; the session has judged the answer itself."""
        operation = operation_at(case.method, case.operation.path)
        accepted = answer.status < 300
        name = operation.name if operation else ""
        if name == "registerCrmIntegration":
            self._registered(answer) if accepted else self._unchanged("register.second-changes-nothing")
        elif name == "deleteCrmIntegration":
            self._deleted(answer) if accepted else self._unchanged("delete.refused-deletes-nothing")
        elif name in {"uploadCrmEntities", "mapCrmUsersLegacy"} and accepted and isinstance(case.body, dict):
            self._uploaded(answer, case.body.get("dataFile"))

    def _listed(self) -> tuple[Answer, Sequence[int]]:
        listed = self.gong.list_crm_integrations("current")
        return listed, [entry["integrationId"] for entry in listed.member("integrations") or []]

    def _unchanged(self, clause: str) -> None:
        listed, ids = self._listed()
        expected = [] if self.active is None else [self.active]
        listed.require(clause, ids == expected, f"the integrations {expected}, as before the refusal")

    def _registered(self, answer: Answer) -> None:
        answer.require("register.repeated-is-conflict", self.active is None, "409, for an integration is active")
        self.active = answer.member("integrationId")
        listed, ids = self._listed()
        listed.require("list.registered", ids == [self.active], f"the integration {self.active}")

    def _deleted(self, answer: Answer) -> None:
        integration_id = int(answer.query["integrationId"])
        self.follower.end(integration_id, client_request_id=answer.query["clientRequestId"])
        listed, ids = self._listed()
        listed.require("list.after-delete", not ids, "no integration once the deletion is DONE")
        again = self.gong.upload_crm_entities(
            "current",
            integration_id,
            object_type="LEAD",
            client_request_id=f"{self.fuzz.run_name}-after-{self.number}",
            data=ldjson([universal_line(1)]),
        )
        again.require("delete.no-more-uploads", again.status in {400, 404}, "400 or 404 once it is deleted")
        self.active = None

    def _uploaded(self, answer: Answer, data: object) -> None:
        if not isinstance(data, bytes):
            return
        query = answer.query
        end = self.follower.end(int(query["integrationId"]), client_request_id=query["clientRequestId"])
        clause, wanted = ("status.failed", "FAILED") if bad_numbers(data) else ("status.done", "DONE")
        end.require(clause, end.member("status") == wanted, wanted)


def machine(schema: Any, model: Model) -> type[Any]:  # noqa: ANN401  (schemathesis names no public type for it)
    """Make the state machine of a schema; its ``run`` makes one sequence after another."""
    fuzz = model.fuzz

    class Flow(schema.as_state_machine()):  # type: ignore[misc]  # made at run time, so it has no static type
        """One sequence of calls."""

        def setup(self) -> None:
            """Begin with no integration."""
            model.begin()

        def before_call(self, case: GeneratedCase) -> None:
            """Name the request as one of this sequence."""
            case.query = model.own(dict(case.query or {}))

        def call(self, case: GeneratedCase, **_: Any) -> Any:  # noqa: ANN401  (the generator's answer)
            """Send under the care of the session."""
            with model.noting():
                response, self.answer = fuzz.send(case)
            return response

        def validate_response(self, _: Any, case: GeneratedCase, **__: Any) -> None:  # noqa: ANN401  (same)
            """Check what the answer has promised."""
            with model.noting():
                model.check(case, self.answer)

    return Flow
