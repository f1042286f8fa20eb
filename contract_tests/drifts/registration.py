"""Drifts of registering and listing the integration."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import at, value
from contract_tests.drifts.operations import (
    LEGACY,
    LIST,
    REGISTER,
    operation_of,
)
from contract_tests.drifts.pieces import (
    accepting,
    on_answer,
    on_body,
    remembering,
)
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe


_row = partial(drift, kind="registration")


def _lacks(name: str) -> Recipe:
    def without(call: Call) -> bool:
        body = call.json()
        return isinstance(body, dict) and body.get(name) is None

    return accepting(REGISTER, without, refused=(400,))


def _no_object(call: Call) -> bool:
    return not isinstance(call.json(), dict)


class _Remembered:
    """The registration that was answered last."""

    def __init__(self) -> None:
        self.body: Any = None
        self.answer: Answer | None = None

    async def idempotent(self, call: Call, ask: Ask) -> Answer:
        """Answer the same registration again with the same integration."""
        answer = await ask(call)
        if operation_of(call) not in REGISTER:
            return answer
        if answer.succeeded:
            self.body, self.answer = call.json(), answer
        elif answer.status == 409 and self.answer is not None and call.json() == self.body:
            body = {"requestId": answer.member("requestId"), "integrationId": self.answer.member("integrationId")}
            return answer.with_status(200).with_json(body)
        return answer

    async def renaming(self, call: Call, ask: Ask) -> Answer:
        """Refuse a second registration, but take over its name and owner."""
        answer = await ask(call)
        operation = operation_of(call)
        if operation in REGISTER and answer.status in {200, 409} and isinstance(call.json(), dict):
            self.body = call.json()
        if operation in LIST and answer.succeeded and self.body is not None:
            new = {name: self.body.get(name) for name in ("name", "ownerEmail")}
            return answer.with_json(at("integrations.*", lambda one: {**one, **new})(answer.json()))
        return answer


def _swapped(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    return at("integrations.*", lambda one: {**one, "name": one["ownerEmail"], "ownerEmail": one["name"]})(body)


def _one_for_an_empty_list(_: Call, answer: Answer) -> Answer:
    return answer if answer.member("integrations") else answer.with_status(500)


def _twice(body: Any) -> Any:  # noqa: ANN401  (any JSON)
    other = at("integrations.*.integrationId", lambda number: number - 1)(body)
    return {**body, "integrations": [*body["integrations"], *other["integrations"]]}


REGISTRATION: Final = (
    _row(
        "register-201",
        "register.success",
        "Answers a registration 201.",
        on_answer(REGISTER, lambda _, answer: answer.with_status(201)),
    ),
    _row(
        "register-legacy-201",
        "register.success",
        "Answers a registration 201 on the legacy path.",
        on_answer(REGISTER & LEGACY, lambda _, answer: answer.with_status(201)),
    ),
    _row("register-without-name-accepted", "register.name-required", "Registers without a name.", _lacks("name")),
    _row(
        "register-without-owner-accepted",
        "register.owner-email-required",
        "Registers without ownerEmail.",
        _lacks("ownerEmail"),
    ),
    _row(
        "register-without-object-accepted",
        "register.malformed-body",
        "Registers on a body that is no JSON object.",
        accepting(REGISTER, _no_object, refused=(400,)),
    ),
    _row(
        "register-second-accepted",
        "register.second-is-conflict",
        "Registers a second integration while one is active.",
        accepting(REGISTER, refused=(409,)),
    ),
    _row(
        "register-second-accepted-legacy",
        "register.second-is-conflict",
        "Registers a second integration on the legacy path while one is active.",
        accepting(REGISTER & LEGACY, refused=(409,)),
    ),
    _row(
        "register-repeated-accepted",
        "register.repeated-is-conflict",
        "Answers the same registration again 200 with the same integrationId.",
        remembering(lambda: _Remembered().idempotent),
    ),
    _row(
        "register-second-400",
        "register.second-is-conflict",
        "Answers a second registration 400 in place of 409.",
        on_answer(
            REGISTER,
            lambda _, answer: answer.with_status(400),
            when=lambda _, answer: answer.status == 409,
        ),
    ),
    _row(
        "register-second-renames",
        "register.second-changes-nothing",
        "Refuses a second registration, but takes over its name and owner.",
        remembering(lambda: _Remembered().renaming),
    ),
    _row(
        "list-empty-after-register",
        "list.registered",
        "Lists nothing, whatever is registered.",
        on_body(LIST, value("integrations", [])),
    ),
    _row(
        "list-empty-after-register-legacy",
        "route.both-families-one-state",
        "Lists nothing on the legacy path, whatever is registered.",
        on_body(LIST & LEGACY, value("integrations", [])),
    ),
    _row(
        "list-name-in-capitals",
        "list.registered",
        "Lists the integration's name in capitals.",
        on_body(LIST, at("integrations.*.name", str.upper)),
    ),
    _row(
        "list-name-cut",
        "list.registered",
        "Lists the first eight letters of the integration's name.",
        on_body(LIST, at("integrations.*.name", lambda name: name[:8])),
    ),
    _row(
        "list-owner-of-another",
        "list.registered",
        "Lists an owner who was never named.",
        on_body(LIST, value("integrations.*.ownerEmail", "somebody.else@example.com")),
    ),
    _row(
        "list-name-and-owner-swapped",
        "list.registered",
        "Lists name and ownerEmail the other way round.",
        on_body(LIST, _swapped),
    ),
    _row(
        "list-two", "list.one-at-most", "Lists a second integration beside the registered one.", on_body(LIST, _twice)
    ),
    _row(
        "list-empty-500",
        "list.empty",
        "Answers 500 when no integration is registered.",
        on_answer(LIST, _one_for_an_empty_list),
    ),
    _row(
        "list-empty-null",
        "list.empty",
        "Lists null in place of an empty list.",
        on_body(LIST, at("integrations", lambda listed: listed or None)),
    ),
    _row(
        "list-201",
        "list.success",
        "Answers the list 201.",
        on_answer(LIST, lambda _, answer: answer.with_status(201)),
    ),
)
