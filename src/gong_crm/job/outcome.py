"""What became of each line: accepted, rejected with the reason, or dropped as a duplicate."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gong_crm.errors import BalanceError, RejectedError
from gong_crm.findings import Origin
from gong_crm.printable import printable
from gong_crm.table import table

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeOutcome:
    """What became of the lines of one object type; read = accepted + rejected + duplicates.

    Attributes:
        object_type: The object type.
        read: Lines that are not blank.
        accepted: Lines that Gong has.
        rejected: Lines that the check held back or Gong refused.
        duplicates: Lines that were the same as an earlier one, byte by byte.
        files: Files that were sent.
        bytes: Bytes that were sent.
        unlisted: Of the rejected, those that Gong counted without saying which; it lists 20 a file.
        reject_file: The rejected lines as they were checked, byte by byte, to be corrected and pushed again; None
            without rejects.
        reject_rows: The rejected rows as they came, below their header, for each source that is CSV.
    """

    object_type: str
    read: int
    accepted: int
    rejected: int
    duplicates: int
    files: int
    bytes: int
    unlisted: int = 0
    reject_file: str | None = None
    reject_rows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Hold the numbers against each other.

        Raises:
            BalanceError: If they do not add up.
        """
        if self.read != self.accepted + self.rejected + self.duplicates:
            raise BalanceError(
                f"{self.object_type}: {self.read} lines read, but {self.accepted} accepted, {self.rejected} rejected"
                f" and {self.duplicates} duplicates; please report this, with the folder of the job"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A line that was refused, and why.

    Attributes:
        object_type: What the line holds.
        origin: Where the line comes from.
        judge: `check` when it was held back here, `gong` when Gong refused it.
        message: Why.
        member: The member that is wrong, where that is known.
        object_id: The object that the line is about, where that is known.
    """

    object_type: str
    origin: Origin
    judge: str
    message: str
    member: str | None = None
    object_id: str | None = None

    def __str__(self) -> str:
        """Write it in one line."""
        member = f" {self.member}" if self.member else ""
        key = (
            f" ({self.object_id})" if self.object_id and self.origin.is_row else ""
        )  # a row is not found by its number
        return printable(f"{self.origin}{key}:{member} {self.message}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of each line of a job.

    Attributes:
        token: The job's token.
        types: The numbers for each object type.
        discrepancies: Where Gong's numbers contradict what was sent, in sentences.
        notes: What else is worth knowing, in sentences.
        folder: Where the reject files and their reasons are.
    """

    token: str
    types: tuple[TypeOutcome, ...]
    discrepancies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    folder: Path = field(default_factory=Path)

    @property
    def read(self) -> int:
        """Count the lines that are not blank."""
        return sum(one.read for one in self.types)

    @property
    def accepted(self) -> int:
        """Count the lines that Gong has."""
        return sum(one.accepted for one in self.types)

    @property
    def rejected(self) -> int:
        """Count the lines that were held back or refused."""
        return sum(one.rejected for one in self.types)

    @property
    def duplicates(self) -> int:
        """Count the lines that were dropped because they came before, byte by byte."""
        return sum(one.duplicates for one in self.types)

    def rejections(self) -> Iterator[Rejection]:
        """Give each rejected line with its reason, as long as it is known, from the files of the job."""
        for one in self.types:
            path = self.folder / f"{one.object_type}.reasons.ldjson"
            if path.exists():
                with path.open(encoding="utf-8") as lines:
                    for line in lines:
                        yield _read_rejection(json.loads(line))

    def reject_file(self, object_type: str) -> Path | None:
        """Name the file of rejected lines of an object type, byte by byte as they came; None without rejects."""
        for one in self.types:
            if one.object_type == object_type and one.reject_file is not None:
                return self.folder / one.reject_file
        return None

    def reject_rows(self, object_type: str) -> tuple[Path, ...]:
        """Name the files of rejected rows of an object type, one for each CSV that they came from."""
        return tuple(
            self.folder / name for one in self.types if one.object_type == object_type for name in one.reject_rows
        )

    def __str__(self) -> str:
        """Write it as a table, with what is worth knowing below."""
        names = ("read", "accepted", "rejected", "duplicates", "files", "bytes")
        rows: list[tuple[str, ...]] = [("type", *names)]
        rows += [(one.object_type, *(f"{getattr(one, name):,}" for name in names)) for one in self.types]
        unlisted = [
            f"{one.object_type}: Gong counted {one.unlisted:,} more rejected lines than it listed"
            for one in self.types
            if one.unlisted
        ]
        files = [f"rejected: {path}" for path in self._to_correct()]
        return "\n".join([table(rows), *unlisted, *self.discrepancies, *self.notes, *files])

    def _to_correct(self) -> tuple[Path, ...]:
        """Name the files that people would correct: rows where there are, else lines."""
        return tuple(
            self.folder / name
            for one in self.types
            for name in (one.reject_rows or ((one.reject_file,) if one.reject_file else ()))
        )

    def raise_for_rejects(self) -> None:
        """Raise when a line was rejected, or when Gong's numbers contradict what was sent.

        Raises:
            RejectedError: Says how many, the first reasons, and where the reject files are.
        """
        if not self.rejected and not self.discrepancies:
            return
        said = [f"{self.rejected} of {self.read} lines were rejected"] if self.rejected else []
        for number, one in enumerate(self.rejections()):
            if number == 3:  # noqa: PLR2004  (enough to see what is wrong)
                break
            said.append(str(one))
        files = self._to_correct()
        said += [f"all of them: {', '.join(map(str, files))}"] if files else []
        message = "; ".join([*said, *self.discrepancies])
        raise RejectedError(message, rejected=self.rejected, read=self.read, reject_files=files)

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON values."""
        return {
            "token": self.token,
            "types": [asdict(one) for one in self.types],
            "discrepancies": list(self.discrepancies),
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any], *, folder: Path) -> Outcome:
        """Read what `to_dict` wrote."""
        return cls(
            token=values["token"],
            types=tuple(TypeOutcome(**{**one, "reject_rows": tuple(one["reject_rows"])}) for one in values["types"]),
            discrepancies=tuple(values["discrepancies"]),
            notes=tuple(values["notes"]),
            folder=folder,
        )


def write_rejection(one: Rejection) -> bytes:
    """Write a rejection as a line of JSON."""
    values = {
        "source": one.origin.source,
        "line": one.origin.line,
        "offset": one.origin.offset,
        "length": one.origin.length,
        "isRow": one.origin.is_row,
        "objectType": one.object_type,
        "judge": one.judge,
        "message": one.message,
        "member": one.member,
        "objectId": one.object_id,
    }
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _read_rejection(values: dict[str, Any]) -> Rejection:
    origin = Origin(
        source=values["source"],
        line=values["line"],
        offset=values["offset"],
        length=values["length"],
        is_row=values["isRow"],
    )
    return Rejection(
        object_type=values["objectType"],
        origin=origin,
        judge=values["judge"],
        message=values["message"],
        member=values["member"],
        object_id=values["objectId"],
    )
