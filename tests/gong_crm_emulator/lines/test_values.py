"""What a value in a line must look like."""

from __future__ import annotations

import pytest

from gong_crm_emulator.lines import values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:10Z", 10),
        ("1970-01-01T01:00:10+01:00", 10),
        ("1969-12-31T23:59:59Z", -1),
        ("2018-02-18T02:30:00-07:00", 1518946200),
        ("2018-02-18T02:30:00", None),
        ("2018-02-18T02:30:00.000Z", None),
        ("2018-02-18", None),
        ("2018-02-30T00:00:00Z", None),
        ("2018-02-18T24:00:00Z", None),
        ("2018-02-18T02:30:00+0100", None),
        ("2018-02-18T02:30:00+01:75", None),
        ("2018-02-18t02:30:00z", None),
        ("0001-01-01T00:00:00+10:00", -62135632800),
        ("", None),
    ],
)
def test_seconds(text: str, expected: int | None) -> None:
    """Only datetimes with a zone and without milliseconds are read (C-18, C-19)."""
    assert expected == values.seconds(text)


@pytest.mark.parametrize(
    ("text", "loose", "strict"),
    [
        ("5ybyh6n6n65", True, True),
        ("a-b", True, True),
        ("user1_Id_In_The_CRM", True, False),
        ("jane.doe@example.com", True, True),
        ("a" * 64, True, True),
        ("a" * 65, False, False),
        ("a" * 60 + "@b.co", False, False),
        ("", False, False),
        ("with space", False, False),
        ("semi;colon", False, False),
        ("at@", False, False),
        ("zoë", False, False),
        ("line\n", False, False),
    ],
)
def test_object_ids(text: str, *, loose: bool, strict: bool) -> None:
    """Object ids are 1 to 64 letters, digits and dashes or an e-mail address; underscores unless strict (C-17)."""
    assert (loose, strict) == (values.is_object_id(text), values.is_object_id(text, strict=True))


@pytest.mark.parametrize(
    ("field_type", "good", "bad"),
    [
        ("DATE", ["2020-05-31"], ["2020-5-31", "2020-02-30", "2020-05-31T00:00:00Z", 5]),
        ("DATETIME", ["2022-02-04T17:57:23.000Z", "2022-02-04T17:57:23+01:00"], ["2022-02-04T17:57:23", 7]),
        ("NUMBER", [45.66, 8453, -1], ["1", True]),
        ("PERCENT", [0, 67.3, 100], [100.1, -1, "5", True]),
        ("CURRENCY", [34.68], ["34"]),
        ("BOOLEAN", [True, False], ["true", 0, 1]),
        ("STRING", ["", "x"], [1, [], {}]),
        ("STRINGARRAY", [[], ["a"]], ["a", [1]]),
        ("REFERENCE", ["48b009drax"], [48]),
    ],
)
def test_field_types(field_type: str, good: list[object], bad: list[object]) -> None:
    """Each schema field type takes the values of Gong's table and no others."""
    check = values.BY_FIELD_TYPE[field_type]
    assert [None] * len(good) == [check(value) for value in good]
    assert None not in [check(value) for value in bad]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Days and times of earlier lines are forgotten when they become many, and are read again as before."""
    monkeypatch.setattr(values, "_REMEMBERED", 2)
    days = [f"2001-01-0{day}T00:00:00Z" for day in range(1, 6)]
    expected = [978307200 + 86_400 * day for day in range(5)]
    assert expected == [values.seconds(day) for day in days] == [values.seconds(day) for day in days]
    assert len(values._DAYS) <= 2
