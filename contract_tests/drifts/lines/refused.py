"""Drifts that refuse a good line."""

import re
from collections.abc import Callable
from typing import Any, Final

from contract_tests.drifts.exchange import Recipe
from contract_tests.drifts.files import USER_MAPPING, Record, broken, on_lines
from contract_tests.drifts.lines.formats import DATETIME
from contract_tests.drifts.lines.members import OF
from contract_tests.drifts.memory import on_new_lines
from contract_tests.drifts.operations import FILES
from contract_tests.drifts.registry import drift

STANDARD: Final = frozenset(
    [
        "objectId",
        "modifiedDate",
        "isDeleted",
        "url",
        "name",
        "domains",
        "accountId",
        "emailAddress",
        "firstName",
        "lastName",
        "title",
        "phoneNumber",
        "ownerId",
        "createdDate",
        "closeDate",
        "status",
        "stage",
        "amount",
        "isOpen",
        "isWon",
        "lastModified",
        "internalName",
        "isActive",
        "sortOrder",
        "convertedToDealId",
        "convertedToContactId",
        "convertedToAccountId",
        "estimatedCloseDate",
        "actualCloseDate",
        "estimatedAmount",
        "actualAmount",
        "crmUserId",
    ]
)
"""The members that some object type knows."""


def _where(test: Callable[[Record], bool], *, types: tuple[str, ...] = (), family: str = "") -> Recipe:
    return on_lines(
        lambda record: broken(record) if test(record) else record, operations=OF.get(family, FILES), types=types
    )


def _lacks(*names: str) -> Callable[[Record], bool]:
    return lambda record: record.get("isDeleted") is not True and any(name not in record for name in names)


def _has(name: str, test: Callable[[Any], bool]) -> Callable[[Record], bool]:
    return lambda record: name in record and test(record[name])


def _custom(test: Callable[[Any], bool]) -> Callable[[Record], bool]:
    return lambda record: any(name not in STANDARD and test(value) for name, value in record.items())


def _of_form(pattern: str) -> Callable[[Any], bool]:
    return lambda text: re.fullmatch(pattern, str(text)) is not None


def _milliseconds(value: object) -> bool:
    return isinstance(value, str) and bool(DATETIME.fullmatch(value)) and "." in value


def _dangling(name: str, target: str) -> Recipe:
    return on_new_lines(
        lambda memory, key, record: (
            broken(record) if record.get(name) and (key[0], target, str(record[name])) not in memory.newest else record
        )
    )


_DEMANDED: Final = (
    ("ACCOUNT", ("name",), "line.minimal.current"),
    ("CONTACT", ("emailAddress",), "line.minimal.current"),
    ("LEAD", ("emailAddress",), "line.minimal.current"),
    ("DEAL", ("closeDate",), "line.minimal.current"),
    ("STAGE", ("modifiedDate",), "line.stage.current.minimal"),
    ("STAGE", ("internalName",), "line.stage.current.minimal"),
)

# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(
        drift(f"line-current-{object_type.lower()}-{names[0]}-demanded", clause,
            f"Refuses a {object_type} line without {' and '.join(names)} on the current path.",
            _where(_lacks(*names), types=(object_type,), family="current"))
        for object_type, names, clause in _DEMANDED
    ),
    drift("line-business-user-deleted-emailAddress-demanded", "line.business-user.deleted-without-email",
        "Refuses a BUSINESS_USER line with isDeleted true and no emailAddress.",
        _where(lambda record: "emailAddress" not in record, types=("BUSINESS_USER",))),
    drift("map-users-deleted-emailAddress-demanded", "map-users.deleted-without-email",
        "Refuses a user mapping with isDeleted true and no emailAddress.",
        _where(lambda record: "emailAddress" not in record, types=(USER_MAPPING,))),
    drift("line-legacy-deal-deprecated-pair-refused", "line.deal.legacy.deprecated-pair",
        "Refuses a legacy DEAL line whose close date and amount come as the deprecated pair.",
        _where(_lacks("closeDate", "amount"), types=("DEAL",), family="legacy")),
    *(
        drift(f"line-objectId-{word}-refused", "line.object-id-forms", f"Refuses an objectId: {word}.",
            _where(_has("objectId", test), family="current"))
        for word, test in (
            ("of-64-characters", lambda text: len(str(text)) >= 64),
            ("e-mail", lambda text: "@" in str(text)),
            ("dash", lambda text: "-" in str(text) and "@" not in str(text)),
        )
    ),
    drift("line-additional-member-refused", "line.additional-member",
        "Refuses a line with a member that is no standard one.", _where(_custom(lambda _: True))),
    drift("line-custom-null-refused", "line.custom-milliseconds", "Refuses a line whose custom member is null.",
        _where(_custom(lambda value: value is None))),
    drift("line-custom-milliseconds-refused", "line.custom-milliseconds",
        "Refuses a line whose custom member is a datetime with milliseconds.", _where(_custom(_milliseconds))),
    drift("line-optional-null-refused", "line.optional-null", "Refuses a line whose title is null.",
        _where(_has("title", lambda value: value is None))),
    drift("line-optional-empty-refused", "line.optional-null", "Refuses a line whose title is empty.",
        _where(_has("title", "".__eq__))),
    *(
        drift(f"line-{word}-refused", "line.modified-date-offset", f"Refuses a modifiedDate: {word}.",
            _where(_has("modifiedDate", _of_form(form))))
        for word, form in (("epoch", r"1970-01-01T00:00:00Z"), ("half-hour-offset", r"\S{19}[+-]\d\d:30"))
    ),
    drift("line-legacy-amount-zero-refused", "line.full.legacy", "Takes an amount of 0 for none on the legacy path.",
        _where(_has("amount", (0).__eq__), types=("DEAL",), family="legacy")),
    *(
        drift(f"line-{family}-isActive-false-refused", f"line.full.{family}",
            f"Takes isActive false for none under the {family} rules.",
            _where(_has("isActive", lambda flag: flag is False), types=("STAGE",), family=family))
        for family in OF
    ),
    drift("line-offset-refused", "line.modified-date-offset", "Refuses a modifiedDate with an offset in place of Z.",
        _where(_has("modifiedDate", lambda text: isinstance(text, str) and not text.endswith("Z")))),
    *(
        drift(f"line-current-deal-{state.lower()}-refused", "line.deal.status",
            f"Refuses a DEAL line with status {state}.", _where(_has("status", state.__eq__), types=("DEAL",)))
        for state in ("WON", "LOST")
    ),
    drift("line-legacy-full-url-refused", "line.full.legacy", "Refuses a legacy ACCOUNT line with a url.",
        _where(_has("url", bool), types=("ACCOUNT",), family="legacy")),
    drift("line-current-full-sortOrder-refused", "line.full.current", "Refuses a STAGE line with a sortOrder.",
        _where(_has("sortOrder", bool), types=("STAGE",), family="current")),
    *(
        drift(f"line-{family}-underscore-refused", f"line.full.{family}",
            f"Refuses an underscore in an objectId under the {family} rules.",
            _where(_has("objectId", lambda text: "_" in str(text)), family=family))
        for family in OF
    ),
    drift("map-users-good-line-refused", "map-users.followed", "Refuses every mapping of a user.",
        _where(lambda record: bool(record.get("emailAddress")), types=(USER_MAPPING,))),
    drift("line-isDeleted-false-refused", "upload.not-deleted", "Refuses a line with isDeleted false.",
        _where(_has("isDeleted", lambda flag: flag is False))),
    *(
        drift(f"line-{name}-must-exist", "line.dangling-reference",
            f"Refuses a line whose {name} no uploaded {target} has.", _dangling(name, target))
        for name, target in (("accountId", "ACCOUNT"), ("ownerId", "BUSINESS_USER"), ("stage", "STAGE"))
    ),
)
# fmt: on
