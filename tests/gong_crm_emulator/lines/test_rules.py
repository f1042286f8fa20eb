"""Why a line of an uploaded file is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gong_crm_emulator.lines.fields import MANDATORY, OBJECT_TYPES, USER_MAPPING, Family
from gong_crm_emulator.lines.rules import LineRules, Record

WHEN = "2019-01-03T23:45:57+01:00"
FULL: dict[str, dict[str, Any]] = {
    "ACCOUNT": {"name": "PBR", "domains": ["pbr.com"], "url": "https://crm.com/accounts/5ybyh6n6n65"},
    "CONTACT": {"accountId": "a", "emailAddress": "j@b.co", "firstName": "j", "lastName": "s", "phoneNumber": "1"},
    "DEAL": {
        "accountId": "a",
        "ownerId": "u",
        "name": "n",
        "createdDate": WHEN,
        "closeDate": "2022-09-04",
        "isOpen": True,
        "isWon": False,
        "stage": "discovery",
        "amount": 7000,
        "status": "OPEN",
    },
    "LEAD": {"emailAddress": "j@b.co", "firstName": "j", "lastName": "d", "convertedToDealId": "d"},
    "BUSINESS_USER": {"emailAddress": "u@b.co"},
    "STAGE": {"internalName": "discovery", "name": "Discovery", "isActive": True, "sortOrder": 1},
}


def full(object_type: str, **changes: object) -> dict[str, Any]:
    """Make a line with all members; a change to ... leaves the member out."""
    whole = {"objectId": "x1", "modifiedDate": WHEN, **FULL[object_type], **changes}
    return {name: value for name, value in whole.items() if value is not ...}


def judged(object_type: str, record: Any, family: Family = Family.CURRENT, **more: Any) -> Record | str:  # noqa: ANN401  (any JSON)
    """Judge one record."""
    return LineRules(object_type, family=family, **more).judge(json.dumps(record).encode())


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("object_type", OBJECT_TYPES)
def test_a_full_line_is_good(object_type: str, family: Family) -> None:
    """A line with every member is accepted in both families."""
    assert ("x1", 1546555557, 0) == judged(object_type, full(object_type), family)


@pytest.mark.parametrize("empty", [..., None, ""])
@pytest.mark.parametrize(
    ("family", "object_type", "name"),
    [
        (family, object_type, name)
        for family in Family
        for object_type in OBJECT_TYPES
        for name in MANDATORY[family][object_type]
    ],
)
def test_a_mandatory_member_is_missing(family: Family, object_type: str, name: str, empty: object) -> None:
    """A mandatory member that is absent, null or empty gets Gong's own sentence."""
    expected = f"Mandatory field [{name}] is missing or empty"
    assert expected == judged(object_type, full(object_type, **{name: empty}), family)


@pytest.mark.parametrize("object_type", OBJECT_TYPES)
def test_current_lines_need_little(object_type: str) -> None:
    """On the current path nearly everything but id and date may be left out or null."""
    wanted = {name: full(object_type)[name] for name in MANDATORY[Family.CURRENT][object_type]}
    nulls = dict.fromkeys(full(object_type).keys() - wanted.keys())
    assert isinstance(judged(object_type, wanted), tuple)
    assert isinstance(judged(object_type, {**wanted, **nulls}), tuple)


@pytest.mark.parametrize("family", Family)
def test_a_deleted_user_needs_no_email(family: Family) -> None:
    """The e-mail address of a user may be left out only when isDeleted is true."""
    gone = full("BUSINESS_USER", emailAddress=..., isDeleted=True)
    assert ("x1", 1546555557, 1) == judged("BUSINESS_USER", gone, family)
    kept = judged("BUSINESS_USER", {**gone, "isDeleted": False}, family)
    assert "Mandatory field [emailAddress] is missing or empty" == kept


@pytest.mark.parametrize("emulator", ["estimatedCloseDate", "actualCloseDate"])
def test_deprecated_close_dates_emulator(emulator: str) -> None:
    """A legacy deal may carry one of the deprecated close dates instead (C-13)."""
    record = full("DEAL", closeDate=..., **{emulator: "2022-09-04"})
    assert isinstance(judged("DEAL", record, Family.LEGACY), tuple)


@pytest.mark.parametrize("emulator", ["estimatedAmount", "actualAmount"])
def test_deprecated_amounts_emulator(emulator: str) -> None:
    """A legacy deal may carry one of the deprecated amounts instead (C-13)."""
    record = full("DEAL", amount=..., **{emulator: 5})
    assert isinstance(judged("DEAL", record, Family.LEGACY), tuple)


@pytest.mark.parametrize(
    ("object_type", "name", "value", "rule"),
    [
        ("ACCOUNT", "objectId", "no spaces", "of 1 to 64 letters"),
        ("ACCOUNT", "objectId", "a" * 65, "of 1 to 64 letters"),
        ("ACCOUNT", "objectId", 5, "a string"),
        ("ACCOUNT", "modifiedDate", "2019-01-03T23:45:57", "a datetime as"),
        ("ACCOUNT", "modifiedDate", "2019-01-03T23:45:57.000Z", "a datetime as"),
        ("ACCOUNT", "modifiedDate", 5, "a datetime as"),
        ("ACCOUNT", "isDeleted", "true", "true or false"),
        ("ACCOUNT", "domains", "pbr.com", "an array of strings"),
        ("DEAL", "closeDate", "2022-9-4", "a date as"),
        ("DEAL", "closeDate", "2022-09-04T00:00:00", "a date as"),
        ("DEAL", "createdDate", "2022-09-04", "a datetime as"),
        ("DEAL", "amount", "7000", "a number"),
        ("DEAL", "status", "open", "WON, LOST or OPEN"),
        ("STAGE", "sortOrder", 0, "an integer from 1"),
        ("STAGE", "sortOrder", 1.5, "an integer from 1"),
        ("STAGE", "isActive", 1, "true or false"),
    ],
)
def test_a_wrong_value_is_named(object_type: str, name: str, value: object, rule: str) -> None:
    """A value of the wrong form is refused with the member, the rule and the value."""
    problem = judged(object_type, full(object_type, **{name: value}))
    assert str(problem).startswith(f"Field [{name}] must be {rule}")
    assert str(problem).endswith(json.dumps(value)) or str(problem).endswith("...")


def test_custom_fields_follow_the_schema() -> None:
    """A custom field must match its type; a field that the schema does not know passes."""
    fields: list[dict[str, Any]] = [
        {"uniqueName": "kind", "type": "PICKLIST", "orderedValueList": ["a", "b"]},
        {"uniqueName": "when", "type": "DATETIME", "orderedValueList": None},
    ]
    rules = LineRules("ACCOUNT", family=Family.CURRENT, custom_fields=fields)

    def judge(**members: object) -> Record | str:
        return rules.judge(json.dumps(full("ACCOUNT", **members)).encode())

    assert isinstance(judge(kind="a", when="2022-02-04T17:57:23.000Z", unknown={"any": 1}), tuple)
    assert isinstance(judge(kind=None, when=None), tuple)
    assert 'Field [kind] must be one of the values of its orderedValueList: a, b, not "c"' == judge(kind="c")
    assert str(judge(when="yesterday")).startswith("Field [when] must be a datetime")


@pytest.mark.parametrize(
    ("line", "start"),
    [
        (b"objectId,modifiedDate", "Line is not valid JSON: "),
        (b'{"objectId": "a",}', "Line is not valid JSON: "),
        (b'{"status": OPEN}', "Line is not valid JSON: "),
        (b'{"amount": NaN}', "Line is not valid JSON: "),
        (b'{"objectId": "\xff"}', "Line is not valid UTF-8"),
        (b"[1]", "Line is not a JSON object but an array"),
        (b'"text"', "Line is not a JSON object but a string"),
        (b"null", "Line is not a JSON object but null"),
        (b"12", "Line is not a JSON object but a number"),
        (b"true", "Line is not a JSON object but a boolean"),
        (b'{"a":' * 2000 + b"1" + b"}" * 2000, "Line is not valid JSON: "),
    ],
)
def test_what_is_no_json_object_is_said(line: bytes, start: str) -> None:
    """A line that is no JSON object is refused with what it is instead (C-33)."""
    assert str(LineRules("ACCOUNT", family=Family.CURRENT).judge(line)).startswith(start)


def test_of_a_repeated_member_the_last_counts() -> None:
    """JSON with a member twice is read as most parsers do: the last one wins."""
    line = f'{{"objectId": "a", "objectId": "b", "modifiedDate": "{WHEN}"}}'.encode()
    assert ("b", 1546555557, 0) == LineRules("ACCOUNT", family=Family.CURRENT).judge(line)


def test_user_mappings_have_rules_of_their_own() -> None:
    """A user mapping needs crmUserId and an e-mail address unless it is deleted."""
    rules = LineRules(USER_MAPPING, family=Family.LEGACY, received=9)
    assert ("2356 ddf", 9, 0) == rules.judge(b'{"crmUserId": "2356 ddf", "emailAddress": "a@b.co"}')
    assert ("2", 9, 1) == rules.judge(b'{"crmUserId": "2", "isDeleted": true}')
    assert "Mandatory field [crmUserId] is missing or empty" == rules.judge(b'{"emailAddress": "a@b.co"}')
    assert "Mandatory field [emailAddress] is missing or empty" == rules.judge(b'{"crmUserId": "2"}')
