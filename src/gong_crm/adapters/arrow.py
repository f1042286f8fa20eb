"""The check over batches of Arrow: a pure function for engines that prepare records in many processes."""

from __future__ import annotations

import hashlib
import uuid
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gong_crm.checking.blocks import checked_blocks
from gong_crm.feeds.arrow import ArrowFeed
from gong_crm.rules import Rules

try:
    import pyarrow as pa
except ImportError as problem:
    raise ImportError("gong_crm.adapters.arrow needs pyarrow: pip install 'gong-crm[arrow]'") from problem

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence

    from gong_crm.fields import Field
    from gong_crm.findings import Finding

__all__ = ["CHECKED", "CHECKED_IN_SPARK", "check_batches", "write_lines"]

_FINDING: Final = pa.struct(
    [(name, pa.string()) for name in ("rule", "severity", "member", "message", "hint", "object_id")]
)

CHECKED: Final = pa.schema([("line", pa.string()), ("ok", pa.bool_()), ("findings", pa.list_(_FINDING))])
"""The columns of a checked batch: the row as a line of LDJSON without its end, whether Gong would take it, and why not.

`findings` has for each row what `gong_crm.Finding` has: rule, severity, member, message, hint and object_id.
"""

CHECKED_IN_SPARK: Final = (
    "line string, ok boolean, findings array<struct<" + ", ".join(f"{field.name}: string" for field in _FINDING) + ">>"
)
"""The same in the words of Spark, whose `mapInArrow` wants to know its columns."""


def check_batches(
    batches: Iterable[pa.RecordBatch], object_type: str, *, fields: Sequence[Field] = (), legacy: bool = False
) -> Iterator[pa.RecordBatch]:
    """Hold every row against the rules for its object type, as `gong_crm.check` does.

    Repeated ids and the order of lines are not looked at: they are of a whole source, and a push sees to both.
    An unknown member is reported once a batch, at the first row that has it.

    Args:
        batches: The rows, with the names of Gong's members as columns.
        object_type: What they hold, in Gong's capitals.
        fields: The integration's fields of that object type; they can be pickled.
        legacy: Whether the rules of the older endpoints hold.

    Yields:
        For each batch one with as many rows, and the columns of `CHECKED`.

    Raises:
        SourceError: If there is no such object type, or a batch has two columns of one name.
    """
    rules = _rules(object_type, legacy, tuple(fields))
    for batch in batches:
        yield _checked(batch, rules)


def write_lines(checked: Iterable[pa.RecordBatch], folder: str | os.PathLike[str]) -> Iterator[pa.RecordBatch]:
    """Write the good lines into one file of a folder that a push takes, and pass on the rows that are not good.

    The file is there when all batches were read, and its name is the hash of what it holds: an engine that runs a
    task twice writes the same file again. Without a good line it is empty, which is a sign of life when all are.

    Args:
        checked: What `check_batches` gives.
        folder: Where the file goes, made when it is not there; every process must see it.

    Yields:
        Each batch without its good rows, unless nothing is left of it.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    unfinished = target / f".{uuid.uuid4().hex}"
    digest = hashlib.sha256()
    try:
        with unfinished.open("wb") as file:
            for batch in checked:
                lines = batch.filter(batch["ok"])["line"].to_pylist()
                data = "".join(f"{line}\n" for line in lines).encode()
                file.write(data)
                digest.update(data)
                rest = batch.filter(pa.array([not ok for ok in batch["ok"].to_pylist()], pa.bool_()))
                if rest.num_rows:
                    yield rest
        unfinished.replace(target / f"{digest.hexdigest()[:32]}.ldjson")
    finally:
        unfinished.unlink(missing_ok=True)


@lru_cache(maxsize=32)
def _rules(object_type: str, legacy: bool, fields: tuple[Field, ...]) -> Rules:  # noqa: FBT001  (a key of the cache)
    """Compile the rules once a process, for an engine calls with a few thousand rows at a time."""
    return Rules(object_type, legacy=legacy, fields=fields)


def _checked(batch: pa.RecordBatch, rules: Rules) -> pa.RecordBatch:
    lines: list[bytes] = []
    bad: set[int] = set()
    found: dict[int, list[Finding]] = {}
    for checked in checked_blocks(ArrowFeed(batch), rules):
        bad.update(len(lines) + place for place in checked.bad)
        lines += checked.lines
        for finding in checked.findings:
            found.setdefault(finding.origin.line - 1, []).append(finding)
    columns = [
        pa.array([line[:-1] for line in lines], pa.string()),
        pa.array([row not in bad for row in range(len(lines))], pa.bool_()),
        _column(found, len(lines)),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=CHECKED)


def _column(found: dict[int, list[Finding]], rows: int) -> Any:  # noqa: ANN401  (pyarrow has no types)
    """Write the findings of each row; nearly all have none."""
    offsets, flat = [0], []
    for row in range(rows):
        flat += [_values(one) for one in found.get(row, ())]
        offsets.append(len(flat))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(flat, _FINDING))


def _values(finding: Finding) -> dict[str, str | None]:
    return {field.name: getattr(finding, field.name) for field in _FINDING}
