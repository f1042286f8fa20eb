"""Variations of how asynchronous work, limits and client request ids go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import missing
from contract_tests.drifts.exchange import Call
from contract_tests.drifts.limits import limited
from contract_tests.drifts.operations import DELETE, FILES, LIST, REGISTER, STATUS, operation_of
from contract_tests.drifts.pieces import on_answer, on_body, refused_by, refusing, remembering
from contract_tests.drifts.registry import variation
from contract_tests.drifts.states import in_state

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask

_PENDING: Final = in_state("PENDING", "IN_PROGRESS")
_CONFLICT: Final = 409
_SHAPES: Final = "U-10: the shape of these members is not known"


def _zeroes(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "errors": [], "totalErrorCount": 0, "totalSuccessCount": 0}


def _nulls(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return {**body, "errors": None, "totalErrorCount": None, "totalSuccessCount": None}


def _bare(_: Call, answer: Answer) -> Answer:
    return answer.with_json({"requestId": answer.member("requestId"), "status": answer.member("status")})


class _Aliases:
    """Client request ids under which the server keeps a request that was taken a second time."""

    def __init__(self) -> None:
        self._alias: dict[tuple[str, str], str] = {}
        self._failed: set[tuple[str, str]] = set()
        self._files: set[tuple[str, str]] = set()

    async def _under(self, call: Call, ask: Ask, alias: str) -> Answer:
        name = call.parameter("clientRequestId")
        answer = await ask(call.with_parameter("clientRequestId", alias))
        if not answer.succeeded or operation_of(call) in STATUS:
            return answer
        self._alias[call.integration, name] = alias
        return answer.with_json({**answer.json(), "clientRequestId": name})

    async def failed_is_free(self, call: Call, ask: Ask) -> Answer:
        """Let a name be used again once its request FAILED."""
        name, operation = call.parameter("clientRequestId"), operation_of(call)
        key = (call.integration, name)
        if operation in FILES and key in self._failed:
            answer = await self._under(call, ask, f"{self._alias.get(key, name)}-again")
            if answer.succeeded:
                self._failed.discard(key)
            return answer
        known = operation in STATUS and key in self._alias
        answer = await (self._under(call, ask, self._alias[key]) if known else ask(call))
        if operation in STATUS and answer.member("status") == "FAILED":
            self._failed.add(key)
        return answer

    async def per_operation(self, call: Call, ask: Ask) -> Answer:
        """Let a deletion use the name of an upload."""
        name, operation = call.parameter("clientRequestId"), operation_of(call)
        key = (call.integration, name)
        if operation in DELETE and key in self._files:
            return await self._under(call, ask, f"{name}-deletion")
        if operation in STATUS and key in self._alias:
            return await self._under(call, ask, self._alias[key])
        answer = await ask(call)
        if operation in FILES and answer.succeeded:
            self._files.add(key)
        return answer


class _Deleted:
    """What is known of deletions and of the requests before them."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._deletion: Call | None = None
        self._ended = False

    async def per_company(self, call: Call, ask: Ask) -> Answer:
        """Keep names used up beyond the integration that they were used for."""
        name, operation = call.parameter("clientRequestId"), operation_of(call)
        other = self._names.get(name, call.integration) != call.integration
        if operation in FILES | DELETE and other:
            return await refused_by(call, ask, _CONFLICT, "Client request id has already been used")
        answer = await ask(call)
        if operation in FILES | DELETE and answer.succeeded:
            self._names[name] = call.integration
        return answer

    async def _watch(self, call: Call, ask: Ask) -> Answer:
        answer = await ask(call)
        operation = operation_of(call)
        if operation in DELETE and answer.succeeded:
            self._deletion, self._ended = call, False
        mine = self._deletion is not None and self._deletion.parameters == call.parameters
        if operation in STATUS and mine and answer.member("status") == "DONE":
            self._ended = True
        return answer

    async def gone_at_once(self, call: Call, ask: Ask) -> Answer:
        """List an integration no more from the 201 on."""
        answer = await self._watch(call, ask)
        if operation_of(call) in LIST and answer.succeeded and self._deletion is not None:
            gone = self._deletion.parameter("integrationId")
            kept = [one for one in answer.member("integrations") if str(one["integrationId"]) != gone]
            return answer.with_json({**answer.json(), "integrations": kept})
        return answer

    async def requests_gone(self, call: Call, ask: Ask) -> Answer:
        """Know no request of a deleted integration but its deletion."""
        answer = await self._watch(call, ask)
        if operation_of(call) in STATUS and self._ended and self._deletion is not None and answer.succeeded:
            same = call.integration == self._deletion.parameter("integrationId")
            if same and call.parameters != self._deletion.parameters:
                return await refused_by(call, ask, 400, "Client request id was not found")
        return answer

    async def replaced_while_running(self, call: Call, ask: Ask) -> Answer:
        """Take a registration while a deletion runs."""
        answer = await self._watch(call, ask)
        if operation_of(call) in REGISTER and answer.status == _CONFLICT and self._deletion is not None:
            status = Call(
                method="GET",
                path="/v2/crm/request-status",
                query_string=self._deletion.query_string,
                headers=self._deletion.headers,
            )
            for _ in range(20):
                if (await ask(status)).member("status") == "DONE":
                    return await ask(call)
        return answer


_row = partial(variation, kind="asynchronous work")

WORK: Final = (
    _row("done-at-once", "U-16: real durations are not known", "Ends every request at once.", processing="at-once"),
    _row(
        "many-polls",
        "U-16: real durations are not known",
        "Takes a dozen polls to end a request.",
        processing="polls",
        pending_polls=6,
        in_progress_polls=6,
    ),
    _row(
        "seconds",
        "U-16: real durations are not known",
        "Takes a second to end a request.",
        processing="time",
        pending_seconds=0.5,
        in_progress_seconds=0.5,
    ),
    _row(
        "pending-skipped",
        "5.1: no poll is promised to see each state",
        "Is IN_PROGRESS at the first poll.",
        processing="polls",
        pending_polls=0,
        in_progress_polls=2,
    ),
    _row(
        "in-progress-skipped",
        "5.1: no poll is promised to see each state",
        "Is never seen IN_PROGRESS.",
        processing="polls",
        pending_polls=2,
        in_progress_polls=0,
    ),
    _row(
        "objects-late",
        "5.2: objects reach the main database later",
        "Shows objects a second after DONE.",
        main_seconds=1.0,
    ),
    _row(
        "done-with-null-errors",
        _SHAPES,
        "Tells null for errors when DONE.",
        on_body(STATUS, lambda body: {**body, "errors": None}, when=in_state("DONE")),
    ),
    _row(
        "done-bare",
        _SHAPES,
        "Tells neither errors nor counts when DONE.",
        on_answer(STATUS, _bare, when=in_state("DONE")),
    ),
    _row(
        "done-counts-null",
        _SHAPES,
        "Tells null for the counts when DONE.",
        on_body(STATUS, _nulls, when=in_state("DONE")),
    ),
    _row(
        "done-errors-left-out",
        _SHAPES,
        "Leaves errors out when DONE.",
        on_body(STATUS, missing("errors"), when=in_state("DONE")),
    ),
    _row(
        "pending-with-zeroes",
        _SHAPES,
        "Tells zeroes and an empty list until the end.",
        on_body(STATUS, _zeroes, when=_PENDING),
    ),
    _row("pending-with-nulls", _SHAPES, "Tells nulls until the end.", on_body(STATUS, _nulls, when=_PENDING)),
    _row(
        "client-request-id-in-status",
        "1.4: Gong may add fields",
        "Tells clientRequestId in a status.",
        on_answer(
            STATUS,
            lambda call, answer: answer.with_json(
                {**answer.json(), "clientRequestId": call.parameter("clientRequestId")}
            ),
        ),
    ),
    _row(
        "deletion-gone-at-once",
        "C-24: nothing says whether it is listed until DONE",
        "Lists an integration no more from the 201 of its deletion on.",
        remembering(lambda: _Deleted().gone_at_once),
    ),
    _row(
        "deletion-replaced-while-running",
        "C-24: nothing says whether it blocks until DONE",
        "Takes a registration while a deletion runs.",
        remembering(lambda: _Deleted().replaced_while_running),
    ),
    _row(
        "requests-gone-with-integration",
        "U-2: the request of a deleted integration is not settled",
        "Knows no upload of a deleted integration.",
        remembering(lambda: _Deleted().requests_gone),
    ),
)

_row = partial(variation, kind="client request ids and limits")

NAMES: Final = (
    _row(
        "failed-frees-name",
        "U-11: whether FAILED frees the id is not known",
        "Takes a clientRequestId again whose request FAILED.",
        remembering(lambda: _Aliases().failed_is_free),
    ),
    _row(
        "names-per-operation",
        "U-11: the scope of uniqueness is not known",
        "Takes the clientRequestId of an upload for a deletion.",
        remembering(lambda: _Aliases().per_operation),
    ),
    _row(
        "names-per-company",
        "U-11: the scope of uniqueness is not known",
        "Keeps a clientRequestId used up after its integration is gone.",
        remembering(lambda: _Deleted().per_company),
    ),
    _row(
        "long-names-refused",
        "U-11: the maximum length is not known",
        "Refuses a clientRequestId of more than 64 characters.",
        refusing(FILES | DELETE, lambda call: len(call.parameter("clientRequestId")) > 64, 400, "Bad request"),
    ),
    _row("rate-limit", "1.3: above the limit 429 with Retry-After", "Takes ten calls a second.", limited()),
)
