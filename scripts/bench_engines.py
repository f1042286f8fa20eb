"""Measure what the check costs a row inside Spark, Ray and Dask, and write the ratios into docs/engines.md."""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.table import MACHINE, Row, as_markdown, write_section
from gong_crm.adapters.arrow import CHECKED, CHECKED_IN_SPARK, check_batches, write_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
FILES = 8


def main() -> int:
    """Run every measurement and write the section.

    Returns:
        0.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000, help="how many deals are prepared")
    parser.add_argument("--rounds", type=int, default=3, help="how often each thing is measured")
    options = parser.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_deals(folder / "deals", options.rows)
        for engine in (Spark, Ray, Dask):
            started = engine(folder)
            rows += compared(started, options.rows, options.rounds)
            started.close()
    notes = [
        f"{MACHINE}, local mode.",
        f"{options.rows:,} deals of 8 columns from {FILES} files of Parquet, 1 in 100 bad.",
        "Medians of wall time, starting the tasks included, of two things in turns:",
        "the rows written as JSON by the engine's own writer, and the rows checked,",
        "the good written as lines and the bad by the engine.",
        "`nox -s bench_engines` writes this section.",
    ]
    section = as_markdown(notes, rows)
    write_section(ROOT / "docs" / "engines.md", "engines", section)
    sys.stdout.write(section)
    return 0


def write_deals(folder: Path, count: int) -> None:
    """Write deals into some files."""
    folder.mkdir()
    start, each = datetime(2026, 1, 1, tzinfo=UTC), count // FILES
    for number in range(FILES):
        places = range(number * each, (number + 1) * each)
        table = pa.table(
            {
                "objectId": [f"deal-{place}" if place % 100 else "" for place in places],
                "modifiedDate": pa.array(
                    [start + timedelta(seconds=place) for place in places], pa.timestamp("us", "UTC")
                ),
                "name": [f"Renewal of the contract {place} with a customer" for place in places],
                "accountId": [f"account-{place % 5000}" for place in places],
                "amount": pa.array([Decimal(place) / 4 for place in places], pa.decimal128(14, 2)),
                "currencyCode": ["USD"] * each,
                "url": [f"https://crm.example.com/deals/{place}" for place in places],
                "isDeleted": [False] * each,
            }
        )
        pq.write_table(table, folder / f"{number}.parquet")


class Spark:
    """Runs in one process of Java and one of Python a core."""

    name = "Spark, `mapInArrow`"

    def __init__(self, folder: Path) -> None:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (heavy)

        os.environ["PYSPARK_PYTHON"] = sys.executable
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        self._spark: Any = builder.getOrCreate()
        self._deals = self._spark.read.parquet(str(folder / "deals"))

    def plainly(self, target: Path) -> None:
        """Write the rows."""
        self._deals.write.json(str(target))

    def checked(self, target: Path) -> None:
        """Check the rows, and write the good and the bad."""

        def prepare(batches: Iterator[Any]) -> Iterator[Any]:
            return write_lines(check_batches(batches, "DEAL"), target / "lines")

        self._deals.mapInArrow(prepare, CHECKED_IN_SPARK).write.json(str(target / "rejected"))

    def close(self) -> None:
        """Stop it."""
        self._spark.stop()


class Ray:
    """Runs in some processes of Python."""

    name = "Ray Data, `map_batches`"

    def __init__(self, folder: Path) -> None:
        import ray  # noqa: PLC0415  (heavy)

        self._ray: Any = ray
        ray.init(num_cpus=2, include_dashboard=False, logging_level="error", log_to_driver=False)
        ray.data.DataContext.get_current().enable_progress_bars = False
        self._deals = str(folder / "deals")

    def plainly(self, target: Path) -> None:
        """Write the rows."""
        self._ray.data.read_parquet(self._deals).write_json(str(target))

    def checked(self, target: Path) -> None:
        """Check the rows, and write the good and the bad."""

        def prepare(table: Any) -> Any:  # noqa: ANN401  (pyarrow has no types)
            rest = write_lines(check_batches(table.to_batches(), "DEAL"), target / "lines")
            return pa.Table.from_batches(rest, CHECKED)

        deals = self._ray.data.read_parquet(self._deals)
        deals.map_batches(prepare, batch_format="pyarrow", batch_size=50_000).write_json(str(target / "rejected"))

    def close(self) -> None:
        """Stop it."""
        self._ray.shutdown()


class Dask:
    """Runs in processes of Python."""

    name = "Dask, `map_partitions`"

    def __init__(self, folder: Path) -> None:
        import dask  # noqa: PLC0415  (heavy)
        import dask.dataframe as dd  # noqa: PLC0415  (heavy)

        dask.config.set(scheduler="processes", num_workers=2)
        self._deals: Any = dd.read_parquet(str(folder / "deals"))

    def plainly(self, target: Path) -> None:
        """Write the rows."""
        self._deals.to_json(str(target / "*.json"), orient="records", lines=True)

    def checked(self, target: Path) -> None:
        """Check the rows, and write the good and the bad."""

        def prepare(frame: Any) -> Any:  # noqa: ANN401  (pandas has no types)
            batch = pa.RecordBatch.from_pandas(frame, preserve_index=False)
            rest = write_lines(check_batches([batch], "DEAL"), target / "lines")
            return pa.Table.from_batches(rest, CHECKED).to_pandas()

        rejected = self._deals.map_partitions(prepare, meta=CHECKED.empty_table().to_pandas())
        rejected.to_json(str(target / "rejected-*.json"), orient="records", lines=True)

    def close(self) -> None:
        """Do nothing: it stops by itself."""


def compared(engine: Spark | Ray | Dask, rows: int, rounds: int) -> Iterable[Row]:
    """Measure an engine both ways, in turns, after a round that does not count."""
    plain, checked = [], []
    for number in range(rounds + 1):
        seconds = timed(engine.plainly), timed(engine.checked)
        if number:
            plain.append(seconds[0])
            checked.append(seconds[1])
    ratio = statistics.median(two / one for one, two in zip(plain, checked, strict=True))
    each = statistics.median(checked) / rows * 1e6
    yield Row(what=f"{engine.name}, by its own writer", result=f"{ratio:.1f} times")
    yield Row(what="the same", result=f"{each:.1f} µs a row of this machine")


def timed(work: Callable[[Path], None]) -> float:
    """Count the seconds that some work takes, in a folder of its own."""
    target = Path(tempfile.mkdtemp(prefix="gong-crm-engines-"))
    started = time.perf_counter()
    try:
        work(target / "out")
        return time.perf_counter() - started
    finally:
        shutil.rmtree(target)


if __name__ == "__main__":
    raise SystemExit(main())
