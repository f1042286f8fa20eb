"""Drifts of taking a file in: how it is answered, its client request id, its form."""

from collections.abc import Callable
from typing import Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.files import file_of, object_type_of
from contract_tests.drifts.memory import Memory, remembered
from contract_tests.drifts.operations import CURRENT, DELETE, FILES, LEGACY, MAP_USERS, STAGES, UPLOAD, operation_of
from contract_tests.drifts.recipes import on_body, on_request, refused_by, refusing, remembering, success_of
from contract_tests.drifts.registry import drift
from contract_tests.drifts.requests.integrations import poll
from contract_tests.suite.drive.valid_calls import GOOD_STAGE


def _repeated(accepted: Callable[[Call, Call], bool], *, operations: frozenset[str] = UPLOAD) -> Recipe:
    """Take some uploads under a name that was used before."""

    def change(memory: Memory, call: Call, answer: Answer) -> Answer:
        before = memory.uploads.get(call.request)
        again = operation_of(call) in operations and answer.status == 409 and before is not None
        return success_of(call, answer) if again and before and accepted(before, call) else answer

    return remembered(change)


def _same(before: Call, now: Call) -> bool:
    return object_type_of(before) == object_type_of(now) and file_of(before) == file_of(now)


async def _names_in_any_case(memory: dict[tuple[str, str], str], call: Call, ask: Ask) -> Answer:
    name = call.parameter("clientRequestId")
    if operation_of(call) not in FILES or not name:
        return await ask(call)
    if memory.get((call.integration, name.lower()), name) != name:
        return await refused_by(call, ask, 409, "Client request id has already been used")
    answer = await ask(call)
    if answer.succeeded:
        memory[call.integration, name.lower()] = name
    return answer


def _other_family(memory: Memory, call: Call, answer: Answer) -> Answer:
    before = memory.uploads.get(call.request)
    apart = before is not None and operation_of(before) != operation_of(call)
    return success_of(call, answer) if apart and operation_of(call) in UPLOAD and answer.status == 409 else answer


def _other_file(before: Call, now: Call) -> bool:
    return object_type_of(before) == object_type_of(now) and file_of(before) != file_of(now)


async def _stored_before_refusal(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    if operation_of(call) in UPLOAD and answer.status == 409:
        hidden = call.with_parameter("clientRequestId", f"behind-{answer.member('requestId')}")
        await ask(hidden)
        await poll(hidden, ask, times=5)
    return answer


def _filled(name: str) -> Callable[[Call], Call]:
    def change(call: Call) -> Call:
        sent = call.json()
        if not isinstance(sent, list):
            return call
        return call.with_json([{name: GOOD_STAGE[name], **one} if isinstance(one, dict) else one for one in sent])

    return change


def _of_type(name: str) -> Callable[[Call], bool]:
    return lambda call: call.parameter("objectType") == name


async def _formless(call: Call, ask: Ask) -> Answer:
    answer = await ask(call)
    formless = operation_of(call) in UPLOAD and answer.status == 400 and b"filename=" not in call.body
    return success_of(call, answer) if formless and file_of(call) is None else answer


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(
        drift(f"{min(operations)}-echoes-another-id", clause, f"Echoes another clientRequestId in {min(operations)}.",
            on_body(operations, at("clientRequestId", lambda name: f"{name}-1")))
        for operations, clause in ((UPLOAD, "upload.echo"), (MAP_USERS, "map-users.echo"), (DELETE, "delete.echo"))
    ),
    drift("upload-repeated-accepted", "upload.repeated-client-request-id",
        "Takes the same file twice under one clientRequestId.", _repeated(_same)),
    drift("upload-repeated-other-file-accepted", "upload.repeated-client-request-id-other-file",
        "Takes another file under a clientRequestId that was used.", _repeated(_other_file)),
    drift("map-users-repeated-accepted", "map-users.repeated-client-request-id",
        "Takes a user mapping twice under one clientRequestId.", _repeated(lambda _, __: True, operations=MAP_USERS)),
    drift("upload-repeated-refused-but-stored", "upload.refused-changes-nothing",
        "Refuses a repeated clientRequestId, but stores the file.", lambda _: _stored_before_refusal),
    drift("upload-capitals-in-name-refused", "upload.client-request-id-forms", "Refuses capitals in a clientRequestId.",
        refusing(FILES, lambda call: call.parameter("clientRequestId") != call.parameter("clientRequestId").lower())),
    drift("upload-names-in-any-case", "upload.client-request-id-forms",
        "Takes clientRequestIds for one that differ in case.", remembering(_names_in_any_case)),
    drift("upload-names-per-family", "route.both-families-one-state",
        "Takes a clientRequestId again that the other family has used.", remembered(_other_family)),
    *(
        drift(f"upload-{name.lower().replace('_', '-')}-refused", "upload.every-object-type",
            f"Refuses uploads of {name} on one path.", refusing(operations, _of_type(name)))
        for name, operations in (
            ("BUSINESS_USER", UPLOAD & CURRENT),
            ("STAGE", UPLOAD & CURRENT),
            ("LEAD", UPLOAD & LEGACY),
        )
    ),
    drift("upload-empty-file-refused", "upload.empty-file", "Refuses an empty list.",
        refusing(UPLOAD, lambda call: file_of(call) == b"")),
    drift("upload-long-file-refused", "upload.success", "Refuses a file of more than 200 kilobytes.",
        refusing(UPLOAD, lambda call: len(call.body) > 200_000)),
    drift("upload-file-name-demanded", "upload.file-name-free", "Refuses a part dataFile without a file name.",
        refusing(FILES, lambda call: file_of(call) is not None and b"filename=" not in call.body)),
    drift("upload-form-without-file-accepted", "upload.data-file-required", "Takes a form that holds no file at all.",
        lambda _: _formless),
    drift("map-users-retired", "map-users.success", "Refuses user mappings in favour of uploads of BUSINESS_USER.",
        refusing(MAP_USERS, lambda call: file_of(call) is not None, 410, "Use /v2/crm/entities")),
    *(
        drift(f"stages-without-{name}-accepted", f"stages.{name}", f"Takes a stage without {name}.",
            on_request(STAGES, _filled(name)))
        for name in GOOD_STAGE
    ),
)
# fmt: on
