"""Variations of how asynchronous work, limits and client request ids go."""

from typing import Final

from contract_tests.drifts.access.limits import limited
from contract_tests.drifts.edits import missing
from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.memory import Memory, remembered
from contract_tests.drifts.operations import DELETE, FILES, LIST, REGISTER, STATUS, operation_of
from contract_tests.drifts.recipes import When, on_answer, on_body, refused_by, refusing, remembering
from contract_tests.drifts.registry import variation
from contract_tests.drifts.requests.integrations import poll
from contract_tests.drifts.requests.states import in_state, telling

_PENDING: Final = in_state("PENDING", "IN_PROGRESS")
_DONE: Final = in_state("DONE")
_SHAPES: Final = "U-10: the shape of these members is not known"
_DURATIONS: Final = "U-16: real durations are not known"
_NULLS: Final = {"errors": None, "totalErrorCount": None, "totalSuccessCount": None}
_ZEROES: Final = {"errors": [], "totalErrorCount": 0, "totalSuccessCount": 0}


def _freed(operations: frozenset[str], *, by: When) -> Recipe:
    """Let some requests use a name again once a call has freed it; the emulator keeps them under another name."""

    async def step(memory: dict[tuple[str, str], tuple[str, bool]], call: Call, ask: Ask) -> Answer:
        operation, name = operation_of(call), call.parameter("clientRequestId")
        if operation not in FILES | DELETE | STATUS or not name:
            return await ask(call)
        alias, free = memory.get(call.request, (name, False))
        again = free and operation in operations
        answer = await ask(call.with_parameter("clientRequestId", f"{alias}-again" if again else alias))
        if again and answer.succeeded:
            alias, free = f"{alias}-again", False
        memory[call.request] = alias, free or by(call, answer)
        named = answer.succeeded and operation not in STATUS
        return answer.with_member("clientRequestId", name) if named else answer

    return remembering(step)


async def _per_company(memory: dict[str, str], call: Call, ask: Ask) -> Answer:
    name, named = call.parameter("clientRequestId"), operation_of(call) in FILES | DELETE
    if named and memory.get(name, call.integration) != call.integration:
        return await refused_by(call, ask, 409, "Client request id has already been used")
    answer = await ask(call)
    if named and answer.succeeded:
        memory[name] = call.integration
    return answer


async def _replaced_while_running(memory: dict[str, Call], call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in DELETE and answer.succeeded:
        memory["deletion"] = call
    waiting = operation_of(call) in REGISTER and answer.status == 409 and memory
    return await ask(call) if waiting and await poll(memory["deletion"], ask, times=20) else answer


def _gone_at_once(memory: Memory, call: Call, answer: Answer) -> Answer:
    if operation_of(call) not in LIST or not answer.succeeded:
        return answer
    kept = [one for one in answer.member("integrations") if str(one["integrationId"]) not in memory.gone]
    return answer.with_member("integrations", kept)


def _requests_gone(memory: Memory, call: Call, answer: Answer) -> Answer:
    over = {memory.deletions[one].integration for one in memory.ended}
    concerned = operation_of(call) in STATUS and call.integration in over and call.request not in memory.deletions
    return answer.refused(400, "Client request id was not found") if concerned else answer


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    variation("done-at-once", _DURATIONS, "Ends every request at once.", processing="at-once"),
    variation("many-polls", _DURATIONS, "Takes a dozen polls to end a request.", processing="polls", pending_polls=6,
        in_progress_polls=6),
    variation("seconds", _DURATIONS, "Takes a second to end a request.", processing="time", pending_seconds=0.5,
        in_progress_seconds=0.5),
    variation("pending-skipped", "5.1: no poll is promised to see each state", "Is IN_PROGRESS at the first poll.",
        processing="polls", pending_polls=0, in_progress_polls=2),
    variation("in-progress-skipped", "5.1: no poll is promised to see each state", "Is never seen IN_PROGRESS.",
        processing="polls", pending_polls=2, in_progress_polls=0),
    variation("objects-late", "5.2: objects reach the main database later", "Shows objects a second after DONE.",
        main_seconds=1.0),
    variation("done-bare", _SHAPES, "Tells neither errors nor counts when DONE.",
        on_answer(STATUS, lambda _, answer: telling("DONE", answer), when=_DONE)),
    variation("done-with-nulls", _SHAPES, "Tells null for errors and counts when DONE.",
        on_body(STATUS, lambda body: {**body, **_NULLS}, when=_DONE)),
    variation("done-errors-left-out", _SHAPES, "Leaves errors out when DONE.",
        on_body(STATUS, missing("errors"), when=_DONE)),
    variation("pending-with-zeroes", _SHAPES, "Tells zeroes and an empty list until the end.",
        on_body(STATUS, lambda body: {**body, **_ZEROES}, when=_PENDING)),
    variation("pending-with-nulls", _SHAPES, "Tells nulls until the end.",
        on_body(STATUS, lambda body: {**body, **_NULLS}, when=_PENDING)),
    variation("client-request-id-in-status", "1.4: Gong may add fields", "Tells clientRequestId in a status.",
        on_answer(STATUS, lambda call, answer: answer.with_member("clientRequestId",
            call.parameter("clientRequestId")))),
    variation("deletion-gone-at-once", "C-24: nothing says whether it is listed until DONE",
        "Lists an integration no more from the 201 of its deletion on.", remembered(_gone_at_once)),
    variation("deletion-replaced-while-running", "C-24: nothing says whether it blocks until DONE",
        "Takes a registration while a deletion runs.", remembering(_replaced_while_running)),
    variation("requests-gone-with-integration", "U-2: the request of a deleted integration is not settled",
        "Knows no upload of a deleted integration.", remembered(_requests_gone)),
    variation("failed-frees-name", "U-11: whether FAILED frees the id is not known",
        "Takes a clientRequestId again whose request FAILED.", _freed(FILES, by=in_state("FAILED"))),
    variation("names-per-operation", "U-11: the scope of uniqueness is not known",
        "Takes the clientRequestId of an upload for a deletion.",
        _freed(DELETE, by=lambda call, answer: operation_of(call) in FILES and answer.succeeded)),
    variation("names-per-company", "U-11: the scope of uniqueness is not known",
        "Keeps a clientRequestId used up after its integration is gone.", remembering(_per_company)),
    variation("long-names-refused", "U-11: the maximum length is not known",
        "Refuses a clientRequestId of more than 64 characters.",
        refusing(FILES | DELETE, lambda call: len(call.parameter("clientRequestId")) > 64)),
    variation("rate-limit", "1.3: above the limit 429 with Retry-After", "Takes ten calls a second.", limited()),
)
# fmt: on
