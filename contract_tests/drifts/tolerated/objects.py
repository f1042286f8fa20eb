"""Variations of which objects are shown, and in which form, where no source settles it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from contract_tests.drifts.edits import added, at
from contract_tests.drifts.exchange import Call
from contract_tests.drifts.files import Record
from contract_tests.drifts.memory import Memory, Objects, on_objects, on_reads
from contract_tests.drifts.operations import READ
from contract_tests.drifts.recipes import on_body, on_request
from contract_tests.drifts.registry import variation
from contract_tests.drifts.schema.changes import values_shown

_DATETIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(?:Z|[+-][0-9:]{5})")
_OBJECTS: Final = "U-8: the members and forms inside crmObjectsMap are not known"
_ZONE: Final = timezone(timedelta(hours=5, minutes=30))


def _datetimes(change: Callable[[datetime], str]) -> Callable[[Record], Record]:
    def changed(value: Any) -> Any:  # noqa: ANN401  (any JSON)
        known = isinstance(value, str) and _DATETIME.fullmatch(value)
        return change(datetime.fromisoformat(value)) if known else value

    return lambda record: {name: changed(value) for name, value in record.items()}


def _as_float(value: Any) -> Any:  # noqa: ANN401  (any JSON)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _tombstones(memory: Memory, call: Call, found: Objects) -> Objects:
    def deleted(key: str) -> bool:
        return memory.records.get((call.integration, call.parameter("objectType"), key), {}).get("isDeleted") is True

    tombs = {key: {"objectId": key, "isDeleted": True} for key, one in found.items() if one is None and deleted(key)}
    return {**found, **tombs}


def _ids_in_query(call: Call) -> bool:
    return isinstance(call.json(), list) and "objectsCrmIds" in call.parameters


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    variation("update-merges", "U-9: merge or replacement is not known", "Merges an update into the stored object.",
        update="merge"),
    variation("defaults-hidden", _OBJECTS, "Shows no default for a member that was not sent.", show_defaults=False),
    variation("objects-with-is-deleted", _OBJECTS, "Shows isDeleted false in every object.",
        on_body(READ, added("crmObjectsMap.*", "isDeleted", new=False))),
    variation("objects-with-nulls", _OBJECTS, "Shows null for members that are not set.",
        on_objects(lambda record: {**dict.fromkeys(("url", "title", "phoneNumber", "description")), **record})),
    variation("objects-deleted-shown", "U-8: null for deleted objects is only likely",
        "Shows a deleted object as one with isDeleted true.", on_reads(_tombstones)),
    variation("objects-with-raw-members", _OBJECTS, "Shows members that the schema does not know.",
        values_shown("unknown")),
    variation("datetimes-moved", _OBJECTS, "Shows datetimes with another offset.",
        on_objects(_datetimes(lambda moment: moment.astimezone(_ZONE).isoformat()))),
    variation("datetimes-with-milliseconds", _OBJECTS, "Shows datetimes in UTC with milliseconds.",
        on_objects(_datetimes(lambda moment: moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")))),
    variation("amounts-as-decimals", _OBJECTS, "Shows amounts with a decimal point.",
        on_body(READ, at("crmObjectsMap.*.amount", _as_float))),
    variation("deals-wait-for-accounts", "4.5: a deal without its account does not appear",
        "Never shows a deal whose account is not there.", deals_wait="always"),
    variation("deals-wait-for-gong-users", "4.5: the owner must be mapped to a Gong user",
        "Never shows a legacy deal, since no owner is a Gong user.", gong_users=frozenset()),
    variation("read-ids-of-the-query-win", "C-4: Gong's own OpenAPI declares the ids as a query, its text as a body",
        "Takes the ids from the query although there is a body.",
        on_request(READ, lambda call: call.with_json([call.parameter("objectsCrmIds")]), when=_ids_in_query)),
)
# fmt: on
