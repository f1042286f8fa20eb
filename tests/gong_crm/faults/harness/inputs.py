"""Files of records to push: all object types, versions, repeated and bad lines, CSV, gzip."""

from __future__ import annotations

import gzip
import json
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_START: Final = datetime(2026, 1, 1, tzinfo=UTC)
_ZONES: Final = (UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=8)))

BAD_LINES: Final = (
    b'{"objectId": "bad-1", "modifiedDate": ',
    b'{"objectId": "bad-2", "name": "no date"}',
    b'{"objectId": "bad-3", "modifiedDate": "2026-02-30T00:00:00Z"}',
    b'{"objectId": "bad-4", "modifiedDate": "2026-02-03T00:00:00.125Z"}',
    b'{"objectId": "bad-5", "modifiedDate": "2026-02-03T00:00:00"}',
    b'{"objectId": "bad 6!", "modifiedDate": "2026-02-03T00:00:00Z"}',
    b'{"objectId": "", "modifiedDate": "2026-02-03T00:00:00Z"}',
    b'{"objectId": "bad-8", "modifiedDate": "2026-02-03T00:00:00Z", "name": NaN}',
    b'["bad-9"]',
    b'  {"objectId":"bad-10" , "modifiedDate":12}  ',
    b'{"objectId": "bad-11", "modifiedDate": "2026-02-03T00:00:00Z", "isDeleted": "yes"}',
    b'{"objectId": "bad-12", "modifiedDate": "2026-02-03T00:00:00Z", "url": "\xff\xfe"}',
    b'{"objectId": "bad-13", "modifiedDate": "2026-02-03T00:00:00Z"}\r{}',
)
"""Lines that Gong would refuse for any object type, each for another reason; spaces inside belong to them."""


class Maker:
    """Makes files of records in a folder; the same seed makes the same bytes.

    Args:
        folder: Where the files go.
        seed: Chooses names, times and order.
    """

    def __init__(self, folder: Path, *, seed: int = 0) -> None:
        self._folder = folder
        self._random = random.Random(seed)  # noqa: S311  (records that repeat under a seed, no secret)
        folder.mkdir(parents=True, exist_ok=True)

    def few(self) -> dict[str, list[Path]]:
        """Make what shows most with the fewest calls: accounts in two waves with a bad line, contacts as CSV."""
        return {
            "ACCOUNT": [self.lines("accounts.ldjson", self.accounts(6, again=2), bad=BAD_LINES[:1], repeat=1)],
            "CONTACT": [self.contacts("contacts.csv", 5, bad=1)],
        }

    def all_types(self, *, size: int = 8, bad: Sequence[bytes] = BAD_LINES) -> dict[str, list[Path]]:
        """Make files of all six object types: waves, bad and repeated lines, CSV, gzip, two sources of one type."""
        users = [self.record(f"user-{n}", emailAddress=f"user{n}@example.com") for n in range(3)]
        stages = [{"objectId": f"stage-{n}", "name": f"Stage {n}", "sortOrder": n + 1} for n in range(3)]
        deals = [self.deal(n) for n in range(size)]
        leads = [self.record(f"lead-{n}", emailAddress=f"lead{n}@example.com") for n in range(size)]
        return {
            "LEAD": [self.lines("leads.ldjson", leads[: size // 2]), self.lines("leads2.ldjson", leads[size // 2 :])],
            "DEAL": [self.lines("deals.ldjson.gz", deals, bad=bad[:2])],
            "CONTACT": [self.contacts("contacts.csv", size, bad=2)],
            "ACCOUNT": [self.lines("accounts.ldjson", self.accounts(size, again=3), bad=bad, repeat=2, crlf=True)],
            "STAGE": [self.lines("stages.ldjson", stages)],
            "BUSINESS_USER": [self.lines("users.ldjson", users)],
        }

    def record(self, object_id: str, **members: object) -> dict[str, Any]:
        """Make a record with a moment of its own, in some zone."""
        when = _START + timedelta(seconds=self._random.randrange(20_000_000))
        shown = when.astimezone(self._random.choice(_ZONES)).isoformat()
        return {"objectId": object_id, "modifiedDate": shown, **members}

    def accounts(self, count: int, *, again: int = 0, prefix: str = "account") -> list[dict[str, Any]]:
        """Make accounts out of order, some of them with later and earlier versions, one deleted."""
        records = [
            self.record(f"{prefix}-{n}", name=f"Account {n} \u00e9", domains=[f"a{n}.example"]) for n in range(count)
        ]
        for n in range(again):
            object_id = f"{prefix}-{n % count}"
            records += [self.record(object_id, name=f"Version {version}") for version in range(1 + n % 2)]
        records.append(self.record(f"{prefix}-gone", isDeleted=True))
        self._random.shuffle(records)
        return records

    def deal(self, number: int) -> dict[str, Any]:
        """Make a deal."""
        amount = self._random.choice([0, 12, 99.5])
        return self.record(
            f"deal-{number}", name=f"Deal {number}", amount=amount, status="OPEN", closeDate="2026-07-01"
        )

    def lines(
        self,
        name: str,
        records: Sequence[dict[str, Any]],
        *,
        bad: Sequence[bytes] = (),
        repeat: int = 0,
        crlf: bool = False,
    ) -> Path:
        """Write an LDJSON file, with bad and repeated lines strewn in; `.gz` packs it.

        With `crlf` the file opens with a byte order mark, has blank lines, Windows line ends, and no last newline.
        """
        lines = [json.dumps(record, ensure_ascii=False).encode() for record in records]
        lines += [lines[n] for n in range(repeat)]
        for line in bad:
            lines.insert(self._random.randrange(len(lines) + 1), line)
        content = b"".join(line + b"\n" for line in lines)
        if crlf:
            content = b"\xef\xbb\xbf" + b"\r\n\r\n".join(lines)
        path = self._folder / name
        path.write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") else content)
        return path

    def contacts(self, name: str, count: int, *, bad: int = 0) -> Path:
        """Write a CSV file of contacts; bad rows lack what is mandatory."""
        rows = []
        for number in range(count):
            record = self.record(f"contact-{number}")
            email = f"contact{number}@example.com" if number % 3 else ""
            rows.append(f'{record["objectId"]},{record["modifiedDate"]},{email},"Last, {number}"')
        rows += [f"broken-{number},,broken{number}@example.com,Nobody" for number in range(bad)]
        self._random.shuffle(rows)
        path = self._folder / name
        path.write_text("objectId,modifiedDate,emailAddress,lastName\n" + "".join(f"{row}\n" for row in rows))
        return path
