"""Drifts of which objects a read answers, and under which ids."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.edits import at
from contract_tests.drifts.files import object_type_of, records_of
from contract_tests.drifts.operations import LEGACY, READ, UPLOAD, operation_of
from contract_tests.drifts.pieces import on_answer, on_body, on_request, refusing, remembering
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe

_MOST: Final = 100


def on_objects(change: Callable[[Call, dict[str, Any]], dict[str, Any]]) -> Recipe:
    """Change the map of objects that a read answers.

    Args:
        change: Takes the call and the map, gives the new map.

    Returns:
        The recipe.
    """

    def changed(call: Call, answer: Answer) -> Answer:
        found = answer.member("crmObjectsMap")
        return answer.with_json({**answer.json(), "crmObjectsMap": change(call, found)})

    return on_answer(READ, changed)


def on_each_object(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Recipe:
    """Change each object that a read finds."""
    return on_objects(lambda _, found: {key: None if one is None else change(one) for key, one in found.items()})


def _all_stored(*, of_type: bool) -> Recipe:
    def make() -> Behaviour:
        stored: dict[tuple[str, str], Any] = {}

        async def behave(call: Call, ask: Ask) -> Answer:
            answer = await ask(call)
            if operation_of(call) in UPLOAD and answer.succeeded:
                for record in records_of(call):
                    stored[object_type_of(call), str(record.get("objectId"))] = record
            if operation_of(call) in READ and answer.succeeded:
                return answer.with_json({**answer.json(), "crmObjectsMap": others(call, answer)})
            return answer

        def others(call: Call, answer: Answer) -> dict[str, Any]:
            found: dict[str, Any] = answer.member("crmObjectsMap")
            if of_type:
                more = {key: one for (name, key), one in stored.items() if name == call.parameter("objectType")}
                return {**more, **found}
            return {
                key: one or next((other for (_, other_key), other in stored.items() if other_key == key), None)
                for key, one in found.items()
            }

        return behave

    return remembering(make)


async def _more_than_hundred(call: Call, ask: Ask) -> Answer:
    ids = call.json()
    if operation_of(call) not in READ or not isinstance(ids, list) or len(ids) <= _MOST:
        return await ask(call)
    first = await ask(call)
    rest = [await ask(call.with_json(ids[place : place + _MOST])) for place in range(_MOST, len(ids), _MOST)]
    if not first.succeeded:
        return first
    found = {key: one for part in (first, *rest) for key, one in part.member("crmObjectsMap").items()}
    return first.with_json({**first.json(), "crmObjectsMap": found})


def _too_many(call: Call) -> bool:
    ids = call.json()
    return isinstance(ids, list) and len(ids) > _MOST


def _cut(count: int) -> Callable[[Call], Call]:
    return lambda call: call.with_json(call.json()[:count]) if isinstance(call.json(), list) else call


def _last_hundred(call: Call) -> Call:
    return call.with_json(call.json()[-_MOST:])


def _as_array(found: dict[str, Any]) -> list[Any]:
    return [{"objectId": key, **(one or {})} for key, one in found.items()]


def _shifted(found: dict[str, Any]) -> dict[str, Any]:
    keys = list(found)
    return dict(zip(keys, [found[key] for key in keys[1:] + keys[:1]], strict=True))


_row = partial(drift, kind="reading objects")

READING: Final = (
    _row(
        "read-unknown-left-out",
        "objects.unknown-is-null",
        "Leaves ids out that are not found.",
        on_objects(lambda _, found: {key: one for key, one in found.items() if one is not None}),
    ),
    _row(
        "read-unknown-as-empty-object",
        "objects.unknown-is-null",
        "Answers an empty object for an id that is not found.",
        on_objects(lambda _, found: {key: {} if one is None else one for key, one in found.items()}),
    ),
    _row(
        "read-unknown-404",
        "objects.unknown-is-null",
        "Answers 404 when an id is not found.",
        on_answer(
            READ,
            lambda _, answer: answer.with_status(404).with_json(
                {"requestId": answer.member("requestId"), "errors": ["Object not found"]}
            ),
            when=lambda _, answer: answer.succeeded and None in answer.member("crmObjectsMap").values(),
        ),
    ),
    _row(
        "read-all-of-type",
        "objects.only-asked",
        "Answers all objects of the type, whatever ids are asked for.",
        _all_stored(of_type=True),
    ),
    _row(
        "read-other-types-too",
        "objects.own-type",
        "Answers objects of another type under their ids.",
        _all_stored(of_type=False),
    ),
    _row(
        "read-ids-mixed-up",
        "objects.found",
        "Answers each object under the id of another one.",
        on_objects(lambda _, found: _shifted(found)),
    ),
    _row(
        "read-keys-in-lower-case",
        "objects.found",
        "Answers objects under their ids in lower case.",
        on_objects(lambda _, found: {key.lower(): one for key, one in found.items()}),
    ),
    _row(
        "read-more-than-hundred",
        "objects.one-hundred",
        "Answers all ids, however many.",
        lambda _: _more_than_hundred,
    ),
    _row(
        "read-ninety-nine-at-most",
        "objects.one-hundred",
        "Answers the first 99 ids.",
        on_request(READ, _cut(99)),
    ),
    _row("read-fifty-at-most", "objects.one-hundred", "Answers the first 50 ids.", on_request(READ, _cut(50))),
    _row(
        "read-last-hundred",
        "objects.one-hundred",
        "Answers the last 100 of more ids.",
        on_request(READ, _last_hundred, when=_too_many),
    ),
    _row(
        "read-more-than-hundred-refused",
        "objects.one-hundred",
        "Refuses a read of more than 100 ids.",
        refusing(READ, _too_many, 400, "Bad request"),
    ),
    _row(
        "read-first-only",
        "objects.found",
        "Answers the first id only.",
        on_request(READ, _cut(1)),
    ),
    _row(
        "read-as-array",
        "objects.success",
        "Answers objects as an array.",
        on_body(READ, at("crmObjectsMap", _as_array)),
    ),
    _row(
        "read-201", "objects.success", "Answers a read 201.", on_answer(READ, lambda _, answer: answer.with_status(201))
    ),
)

NOTHING: Final = (
    _row(
        "read-nothing",
        "objects.found",
        "Answers null for every id.",
        on_objects(lambda _, found: dict.fromkeys(found)),
    ),
    _row(
        "read-nothing-legacy-uploaded",
        "route.both-families-one-state",
        "Answers null on the legacy path for every id.",
        on_answer(
            READ & LEGACY,
            lambda _, answer: answer.with_json(
                {**answer.json(), "crmObjectsMap": dict.fromkeys(answer.member("crmObjectsMap"))}
            ),
        ),
    ),
)
