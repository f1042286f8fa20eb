"""Variations of the lines that are accepted where no source settles it."""

import re
from typing import Any, Final

from contract_tests.drifts.exchange import Call, Recipe
from contract_tests.drifts.files import Key, Record, broken, file_of, on_lines, with_file
from contract_tests.drifts.lines.formats import any_date, corrected
from contract_tests.drifts.memory import Memory, on_new_lines
from contract_tests.drifts.objects.storing import bad_line_spoils_all
from contract_tests.drifts.operations import CURRENT, LEGACY, UPLOAD
from contract_tests.drifts.recipes import on_request
from contract_tests.drifts.registry import variation

TEXTS: Final = frozenset(
    [
        "objectId",
        "name",
        "url",
        "emailAddress",
        "firstName",
        "lastName",
        "title",
        "phoneNumber",
        "accountId",
        "ownerId",
        "stage",
        "internalName",
        "crmUserId",
        "convertedToDealId",
        "convertedToContactId",
        "convertedToAccountId",
    ]
)
"""Standard members of a line whose value is a text."""


def _as_texts(record: Record) -> Record:
    def text(name: str, value: Any) -> Any:  # noqa: ANN401  (any JSON)
        scalar = isinstance(value, int | float) and name in TEXTS
        return (str(value).lower() if isinstance(value, bool) else str(value)) if scalar else value

    return {name: text(name, value) for name, value in record.items()}


def _only(name: str, pattern: str) -> Recipe:
    def change(record: Record) -> Record:
        value = record.get(name)
        return broken(record) if isinstance(value, str) and value and not re.fullmatch(pattern, value) else record

    return on_lines(change)


def _phone_demanded(record: Record) -> Record:
    return record if record.get("phoneNumber") or record.get("isDeleted") is True else broken(record)


def _any_status(record: Record) -> Record:
    value, known = record.get("status"), {"WON", "LOST", "OPEN"}
    if value is None or value in known:
        return record
    return {**record, "status": str(value).upper() if str(value).upper() in known else "OPEN"}


def _without_returns(call: Call) -> Call:
    content = file_of(call)
    return call if content is None else with_file(call, content.replace(b"\r\n", b" broken\n"))


def _blank_lines_broken(call: Call) -> Call:
    lines = (file_of(call) or b"").split(b"\n")
    kept = [line if line.strip() or place == len(lines) - 1 else b"blank" for place, line in enumerate(lines)]
    return call if file_of(call) is None else with_file(call, b"\n".join(kept))


def _fitting(memory: Memory, key: Key, record: Record) -> Record:
    """Take any value in a custom field: what does not fit is kept in raw storage, and shown nowhere."""
    sent = memory.schemas.get(key[:2], [])
    fields = {str(one.get("uniqueName")): one for one in (sent[-1] if sent else [])}
    return {name: value for name, value in record.items() if name not in fields or _fits(fields[name], value)}


def _fits(field: dict[str, Any], value: Any) -> bool:  # noqa: ANN401  (any JSON)
    if value is not None and field.get("type") == "PICKLIST":
        return value in (field.get("orderedValueList") or [])
    numeric = field.get("type") in {"NUMBER", "PERCENT", "CURRENCY"}
    return value is None or not numeric or isinstance(value, int | float)


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    variation("scalars-as-texts", "design: a scalar of another type taken as a string, as Java servers do",
        "Takes numbers and booleans where a string belongs.", on_lines(_as_texts)),
    variation("object-ids-strict", "C-17: the text forbids underscores, its example has them",
        "Refuses an underscore in an objectId.", strict_object_ids=True),
    variation("order-strict", "C-25: an unsorted or repeated line may be reported",
        "Refuses lines that are out of order or repeat an object.", strict_order=True),
    variation("close-date-any-text", "4.5: the current rules say string",
        "Takes any text as closeDate on the current path.",
        on_lines(corrected("closeDate", any_date), operations=UPLOAD & CURRENT, types=("DEAL",))),
    variation("custom-values-unchecked", "U-5: whether PICKLIST and types are checked is not known",
        "Takes any value in a custom field.", on_new_lines(_fitting)),
    variation("deal-status-unchecked", "U-17: case and unknown values are not settled",
        "Takes any text as the status of a deal.", on_lines(_any_status, types=("DEAL",))),
    variation("carriage-returns-refused", "U-13: whether CRLF is taken is not known",
        "Refuses lines that end with CRLF.", on_request(UPLOAD, _without_returns)),
    variation("blank-lines-refused", "U-13: whether blank lines are skipped is not known", "Refuses blank lines.",
        on_request(UPLOAD, _blank_lines_broken)),
    variation("phone-number-demanded", "4.4, 4.6: mandatory where Gong imports dialer calls",
        "Refuses a legacy CONTACT or LEAD line without phoneNumber.",
        on_lines(_phone_demanded, operations=UPLOAD & LEGACY, types=("CONTACT", "LEAD"))),
    variation("url-checked", "4.1: url is a qualified URI", "Refuses a url that is none.",
        _only("url", r"https?://\S+")),
    variation("e-mail-checked", "U-5: which forms are checked is not known", "Refuses an emailAddress without @.",
        _only("emailAddress", r"[^@\s]+@[^@\s]+")),
    variation("legacy-bad-line-spoils-all", "C-22: the legacy text asks for the entire file again",
        "Loses the good lines of a legacy file that has a bad one.", bad_line_spoils_all(UPLOAD & LEGACY)),
)
# fmt: on
