"""Files of contacts in order and in disorder, as large as anyone likes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 200_000_000
_AT_ONCE = 10_000
_SECONDS = 30_000_000


def write_contacts(
    path: Path, size: int = SIZE, *, ordered: bool = False, repeated: int = 0, by_id: bool = False
) -> int:
    """Write contacts of about 257 bytes each.

    Args:
        path: Where to.
        size: How many bytes, more or less.
        ordered: Whether they ascend by modifiedDate; else the dates are random.
        repeated: Percent of the lines that are about an object that came before.
        by_id: Whether they ascend by objectId, as exports by key do; else the ids are mixed.

    Returns:
        How many lines.
    """
    chance = random.Random(7)  # noqa: S311  (a benchmark must be the same each time)
    count = 0
    with path.open("wb") as file:
        while file.tell() < size:
            lines = []
            for number in range(count, count + _AT_ONCE):
                about = chance.randrange(number + 1) if repeated and chance.randrange(100) < repeated else number
                # An odd factor goes through all numbers below the power of two, in an order of its own.
                key = about if by_id else about * 2_654_435_761 % (1 << 32)
                lines.append(_contact(number, key, _time(number if ordered else chance.randrange(_SECONDS))))
            file.write("".join(lines).encode("ascii"))
            count += _AT_ONCE
    return count


def _time(seconds: int) -> str:
    days, rest = divmod(seconds, 24 * 3600)
    months, day = divmod(days, 28)
    years, month = divmod(months, 12)
    return f"{2000 + years}-{month + 1:02d}-{day + 1:02d}T{rest // 3600:02d}:{rest // 60 % 60:02d}:{rest % 60:02d}Z"


def _contact(number: int, key: int, time: str) -> str:
    return (
        f'{{"objectId": "c{key:010d}", "modifiedDate": "{time}", "accountId": "a{number % 50_000:07d}",'
        f' "emailAddress": "person{number:08d}@customer{number % 5_000:04d}.example.com",'
        f' "firstName": "First{number % 999:03d}", "lastName": "Last{number % 7_777:04d}",'
        ' "title": "Vice President", "phoneNumber": "(912) 507-4395"}\n'
    )


def write_deals(path: Path, size: int = SIZE) -> int:
    """Write whole deals of about 330 bytes each, in order of time and id.

    Returns:
        How many lines.
    """
    count = 0
    with path.open("wb") as file:
        while file.tell() < size:
            numbers = range(count, count + _AT_ONCE)
            file.write("".join(_deal(number, _time(number)) for number in numbers).encode("ascii"))
            count += _AT_ONCE
    return count


def _deal(number: int, time: str) -> str:
    return (
        f'{{"objectId": "d{number:08d}", "modifiedDate": "{time}", "url": "https://crm.example.com/deals/{number}",'
        f' "accountId": "a{number % 50_000:07d}", "ownerId": "u{number % 300:04d}", "name": "Deal {number}",'
        f' "createdDate": "2025-11-05T08:00:00+01:00", "closeDate": "2026-{1 + number % 12:02d}-28",'
        f' "status": "{("OPEN", "WON", "LOST")[number % 3]}", "stage": "s{number % 7}", "amount": {number * 1.25}}}\n'
    )
