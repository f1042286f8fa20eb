"""Drifts of which objects a read answers, under which ids, with which members."""

import re
from collections.abc import Callable
from typing import Any, Final

from contract_tests.drifts.edits import missing
from contract_tests.drifts.exchange import Answer, Ask, Call, Recipe
from contract_tests.drifts.files import Record
from contract_tests.drifts.lines.refused import STANDARD
from contract_tests.drifts.memory import Memory, Objects, on_objects, on_reads, remembered
from contract_tests.drifts.operations import LEGACY, READ, operation_of
from contract_tests.drifts.recipes import on_answer, on_body, on_request, refusing
from contract_tests.drifts.registry import drift

_MOST: Final = 100


def _shown(change: Callable[[Objects], Any]) -> Recipe:
    return on_reads(lambda _, __, found: change(found))


def _all_of_type(memory: Memory, call: Call, found: Objects) -> Objects:
    own = call.parameter("objectType")
    return {**{key: one for (_, name, key), one in memory.records.items() if name == own}, **found}


def _any_type(memory: Memory, _: Call, found: Objects) -> Objects:
    others = {key: record for (_, _, key), record in memory.records.items()}
    return {key: one or others.get(key) for key, one in found.items()}


def _legacy_apart(_: Memory, call: Call, answer: Answer) -> Answer:
    if operation_of(call) not in READ & LEGACY or not answer.succeeded:
        return answer
    return answer.with_member("crmObjectsMap", dict.fromkeys(answer.member("crmObjectsMap")))


def _too_many(call: Call) -> bool:
    ids = call.json()
    return isinstance(ids, list) and len(ids) > _MOST


def _cut(count: int) -> Recipe:
    return on_request(
        READ, lambda call: call.with_json(call.json()[:count]), when=lambda call: isinstance(call.json(), list)
    )


async def _all_asked(call: Call, ask: Ask) -> Answer:
    if operation_of(call) not in READ or not _too_many(call):
        return await ask(call)
    ids = call.json()
    parts = [await ask(call.with_json(ids[place : place + _MOST])) for place in range(0, len(ids), _MOST)]
    if not all(part.succeeded for part in parts):
        return parts[0]
    return parts[0].with_member(
        "crmObjectsMap", {key: one for part in parts for key, one in part.member("crmObjectsMap").items()}
    )


def _each_text(change: Callable[[str], str]) -> Callable[[Record], Record]:
    return lambda record: {name: change(one) if isinstance(one, str) else one for name, one in record.items()}


def _each(test: Callable[[Any], bool], change: Callable[[Any], Any]) -> Recipe:
    """Change the values of some kind in the objects that are read."""
    return on_objects(lambda record: {name: change(one) if test(one) else one for name, one in record.items()})


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _longer(length: int) -> Recipe:
    return _each(lambda one: isinstance(one, str) and len(one) > length, lambda one: one[:length])


def _hidden(test: Callable[[str], bool]) -> Recipe:
    """Answer null for the objects of some ids."""
    return _shown(lambda found: {key: None if test(key) else one for key, one in found.items()})


def _near(pattern: Callable[[str], str]) -> Recipe:
    """Answer the first object whose id matches a pattern in place of null."""

    def change(memory: Memory, call: Call, found: Objects) -> Objects:
        own = (call.integration, call.parameter("objectType"))
        there = {
            key[2]: one for key, one in memory.records.items() if key[:2] == own and one.get("isDeleted") is not True
        }

        def match(asked: str) -> Record | None:
            like = re.compile(pattern(re.escape(asked)))
            return next((one for key, one in there.items() if like.fullmatch(key)), None)

        return {key: one or match(key) for key, one in found.items()}

    return on_reads(change)


def _member(name: str, change: Callable[[str], Any]) -> Recipe:
    """Change a text among the members of the objects that are read."""
    return on_objects(lambda record: {**record, name: change(record[name])} if record.get(name) else record)


def _any_case(memory: Memory, call: Call, found: Objects) -> Objects:
    own = (call.integration, call.parameter("objectType"))
    last = {key[2].lower(): record for key, record in memory.records.items() if key[:2] == own}
    return {key: one and last.get(key.lower(), one) for key, one in found.items()}


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    drift("read-unknown-left-out", "objects.unknown-is-null", "Leaves ids out that are not found.",
        _shown(lambda found: {key: one for key, one in found.items() if one is not None})),
    drift("read-unknown-as-empty-object", "objects.unknown-is-null",
        "Answers an empty object for an id that is not found.",
        _shown(lambda found: {key: {} if one is None else one for key, one in found.items()})),
    drift("read-unknown-404", "objects.unknown-is-null objects.success", "Answers 404 when an id is not found.",
        on_answer(READ, lambda _, answer: answer.refused(404, "Object not found"), when=lambda _,
            answer: answer.succeeded and None in answer.member("crmObjectsMap").values())),
    drift("read-all-of-type", "objects.only-asked", "Answers all objects of the type.", on_reads(_all_of_type)),
    drift("read-other-types-too", "objects.own-type", "Answers objects of another type.", on_reads(_any_type)),
    drift("read-nothing", "objects.done-is-readable", "Answers null for every id.", _shown(dict.fromkeys)),
    drift("read-nothing-legacy", "route.both-families-one-state", "Answers null for every id on the legacy path.",
        remembered(_legacy_apart)),
    drift("read-more-than-hundred", "objects.one-hundred", "Answers all ids, however many.", lambda _: _all_asked),
    drift("read-ninety-nine-at-most", "objects.one-hundred", "Answers the first 99 ids.", _cut(99)),
    drift("read-more-than-hundred-refused", "objects.one-hundred", "Refuses a read of more than 100 ids.",
        refusing(READ, _too_many)),
    drift("read-custom-field-lost", "objects.custom-field", "Loses custom fields.",
        on_objects(lambda record: {name: one for name, one in record.items() if name in STANDARD})),
    *(
        drift(f"read-{name}-lost", "objects.found", f"Loses {name} of the objects it answers.",
            on_body(READ, missing(f"crmObjectsMap.*.{name}")))
        for name in (
            *("domains", "emailAddress", "lastName", "accountId", "amount", "stage", "ownerId"),
            *("createdDate", "closeDate", "isWon"),
        )
    ),
    drift("read-falsy-lost", "objects.falsy-values", "Takes 0, false and an empty list for no value at all.",
        _each(lambda one: one in (0, False, []) and not isinstance(one, str), lambda _: None)),
    drift("read-fractions-lost", "objects.numbers", "Answers whole numbers only.", _each(_number, round)),
    drift("read-negative-lost", "objects.numbers", "Answers numbers without their sign.", _each(_number, abs)),
    drift("read-numbers-as-doubles", "objects.large-integers", "Keeps numbers as doubles.", _each(_number, float)),
    drift("read-digits-as-number", "objects.texts", "Answers a text of digits as a number.",
        _each(lambda one: isinstance(one, str) and one.isdigit(), int)),
    drift("read-texts-cut", "objects.texts", "Cuts texts after 200 letters.", _longer(200)),
    drift("read-long-texts-cut", "objects.long-texts", "Cuts texts after 4,000 letters.", _longer(4000)),
    drift("read-custom-dates-lost", "objects.field-types", "Loses the dates among custom fields.",
        on_objects(lambda record: {name: one for name, one in record.items() if not name.startswith("edgeDate")})),
    drift("read-long-ids-not-found", "objects.id-forms", "Finds no object whose id has more than 40 characters.",
        _hidden(lambda key: len(key) > 40)),
    drift("read-e-mail-ids-not-found", "objects.id-forms", "Finds no object whose id is an e-mail address.",
        _hidden(lambda key: "@" in key)),
    drift("read-id-zero-not-found", "objects.id-forms", "Takes the id 0 for none.", _hidden("0".__eq__)),
    drift("read-other-case-found", "objects.unknown-is-null", "Finds ids in any case.",
        _near(lambda key: f"(?i){key}")),
    drift("read-underscore-matches-all", "objects.unknown-is-null", "Takes an underscore in an id for any character.",
        _near(lambda key: key.replace("_", "."))),
    drift("read-beginning-of-an-id", "objects.unknown-is-null", "Finds objects by the beginning of their id.",
        _near(lambda key: f"{key}.*")),
    drift("read-numbers-rounded", "objects.numbers", "Answers four decimals of a number.",
        _each(lambda one: isinstance(one, float), lambda one: round(one, 4))),
    drift("read-plus-of-phone-lost", "objects.texts", "Answers phone numbers without their plus.",
        _member("phoneNumber", lambda text: text.lstrip("+"))),
    drift("read-tag-of-e-mail-lost", "objects.texts", "Answers e-mail addresses without what follows a plus.",
        _member("emailAddress", lambda text: re.sub(r"\+[^@]*", "", text))),
    drift("read-reference-as-number", "objects.texts", "Answers an accountId of digits as a number.",
        _member("accountId", lambda text: int(text) if text.isdigit() else text)),
    drift("read-query-of-url-lost", "objects.found", "Answers a url without its query.",
        _member("url", lambda text: text.partition("?")[0])),
    drift("read-actual-amount-rounded", "objects.found", "Answers the older actualAmount without its fraction.",
        on_objects(lambda record: {**record, "actualAmount": int(record["actualAmount"])}
            if record.get("actualAmount") else record)),
    drift("read-all-as-deleted", "upload.not-deleted", "Answers every object as one that is deleted.",
        on_objects(lambda record: {**record, "isDeleted": True})),
    drift("read-status-open", "objects.found", "Answers every deal as OPEN.", _member("status", lambda _: "OPEN")),
    drift("read-ids-in-any-case", "objects.id-case", "Takes ids for one that differ in case.", on_reads(_any_case)),
    drift("read-ids-of-the-query", "objects.ids-in-the-body", "Takes the ids from the query although there is a body.",
        on_request(READ, lambda call: call.with_json([call.parameter("objectsCrmIds")]),
            when=lambda call: isinstance(call.json(), list) and "objectsCrmIds" in call.parameters)),
    drift("read-letters-lost", "line.utf-8", "Answers a question mark for each letter beyond ASCII.",
        on_objects(_each_text(lambda text: text.encode("ascii", "replace").decode()))),
)
# fmt: on
