"""Measure the emulator, next to Prism's mock of the same document, and write the ratios into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import httpx

from bench import emulator_load as load
from bench.table import MACHINE, Row, as_markdown, write_section
from gong_crm_emulator import options as kinds

if TYPE_CHECKING:
    from collections.abc import Callable

PRISM = "@stoplight/prism-cli@5.14.2"
NOTES = (
    f"{MACHINE}.",
    f"Prism is {PRISM}, mocking the same openapi.yaml.",
    "Both are started and asked in turns, over 16 connections, by a caller who shares the machine with them.",
)
BARS = {"start": 0.6, "requests": 3.0, "lines": 150_000, "share": 0.2, "memory": 120.0, "others": 50.0, "reset": 5.0}
LIST = "/v2/crm/integrations"


def main(arguments: list[str] | None = None) -> int:
    """Run every measurement and write the section.

    Returns:
        0 when every bar is kept, 1 when one is missed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=kinds.positive, default=5, help="how often each short thing is measured")
    parser.add_argument("--output", type=Path, default=load.ROOT / "docs" / "benchmarks.md", help="the page")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            *side_by_side(Path(folder), options.rounds),
            *resets(Path(folder), options.rounds),
            *size(Path(folder), options.rounds),
        ]
    section = as_markdown(NOTES, rows)
    write_section(options.output, "emulator", section)
    sys.stdout.write(section)
    return int(any(row.kept is False for row in rows))


def side_by_side(folder: Path, rounds: int) -> list[Row]:
    """Measure start-up and requests a second, ours and Prism's in turns."""
    prism = install_prism(folder)
    ours: dict[str, list[float]] = {}
    theirs: dict[str, list[float]] = {}
    for _ in range(rounds):
        measure_server(load.emulator_command, ours, register=True)
        if prism is not None:
            measure_server(prism, theirs, register=False)
    start = min(ours["start"])
    what = "from start to the first answer, the quickest of the rounds"
    rows = [Row(what=what, result=f"{start:.2f} s", bar="under 0.6 s", kept=start < BARS["start"])]
    if not theirs:
        return [
            *rows,
            Row(what="requests a second by Prism's", result="not measured: there is no npm here"),
        ]
    rows.append(Row(what="the same by Prism's", result=f"{start / min(theirs['start']):.2f}"))
    for path in (LIST, "/v2/crm/entity-schema"):
        ratio = median(ours[path]) / median(theirs[path])
        bar, kept = ("at least 3", ratio >= BARS["requests"]) if path == LIST else ("", None)
        result = f"{ratio:.1f} ({median(ours[path]):,.0f} a second)"
        rows.append(Row(what=f"requests a second on `GET {path}` by Prism's", result=result, bar=bar, kept=kept))
    return rows


def install_prism(folder: Path) -> Callable[[int], list[str]] | None:
    """Install Prism for this run, where there is npm."""
    npm = shutil.which("npm")
    if npm is None:
        return None
    subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder), PRISM],
        check=True,
        capture_output=True,
    )
    program = str(folder / "node_modules" / ".bin" / "prism")
    document = str(load.ROOT / "openapi.yaml")
    return lambda port: [program, "mock", "-p", str(port), "-h", "127.0.0.1", document]


def measure_server(command: Callable[[int], list[str]], into: dict[str, list[float]], *, register: bool) -> None:
    """Start a server, measure it once, stop it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with load.started(command(port), lambda: load.answers(url)) as (_, seconds):
        into.setdefault("start", []).append(seconds)
        number = register_integration(url) if register else 6286478263646
        for path, query in ((LIST, ""), ("/v2/crm/entity-schema", f"?integrationId={number}&objectType=ACCOUNT")):
            load.requests_a_second(url, path + query, seconds=0.5)
            into.setdefault(path, []).append(load.requests_a_second(url, path + query, seconds=2))


def register_integration(url: str) -> int:
    """Register an integration, so that both servers list one."""
    body = {"name": "Bench", "ownerEmail": "owner@example.com"}
    number: int = httpx.put(f"{url}{LIST}", json=body, auth=load.AUTH).json()["integrationId"]
    return number


def resets(folder: Path, rounds: int) -> list[Row]:
    """Measure how long a reset takes, after few objects and many, in memory and in a file."""
    rows = []
    for count, kept in ((1_000, False), (10_000, False), (10_000, True)):
        path = folder / f"{count}.ldjson"
        load.write_contacts(path, count)
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        data = ["--data", str(folder / "state.db")] if kept else []
        command = load.emulator_command(port, "--processing", "at-once", "--main-seconds", "0", *data)
        with load.started(command, partial(load.answers, url)):
            took = median(load.reset_seconds(url, path, count, rounds=3 * rounds)) * 1000
        what = f"reset after {count:,} objects, {'with `--data`' if kept else 'in memory'}, median"
        result = f"{took:.1f} ms"
        bar, good = ("", None) if kept else ("under 5 ms", took < BARS["reset"])
        rows.append(Row(what=what, result=result, bar=bar, kept=good))
    return rows


def size(folder: Path, rounds: int) -> list[Row]:
    """Measure the large upload: speed, memory, and what others feel of it."""
    path = folder / "contacts.ldjson"
    total = load.write_contacts(path)
    runs = [load.ingest(path) for _ in range(max(3, rounds // 2))]
    lines = median(run.lines_a_second for run in runs)
    share = median(run.share for run in runs)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = load.emulator_command(port, "--processing", "at-once", "--main-seconds", "0")
    with load.started(command, lambda: load.answers(url)) as (process, _):
        large = load.upload_large(url, process.pid, path)
    grown = large.peak_mb - large.idle_mb
    slow = load.percentile(large.others, 0.99) * 1000
    what = f"{load.CONTACTS:,} contacts, {total / 1e6:.0f} MB"
    times = f"{large.upload_seconds:.1f} s, {large.done_seconds:.1f} s, {large.readable_seconds:.1f} s"
    speed = f"{lines:,.0f} lines a second of one core"
    parts = f"{share:.2f}"
    return [
        Row(what=f"parse, check and store {what}", result=speed, bar="at least 150,000", kept=lines >= BARS["lines"]),
        Row(what="the same by orjson decoding alone", result=parts, bar="0.20 or more", kept=share >= BARS["share"]),
        Row(what="memory above idle", result=f"{grown:.0f} MB", bar="at most 120 MB", kept=grown <= BARS["memory"]),
        Row(what="99th percentile of others", result=f"{slow:.0f} ms", bar="under 50 ms", kept=slow < BARS["others"]),
        Row(what="from its first byte to accepted, to DONE, to readable", result=times),
    ]


def free_port() -> int:
    """Find a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: Any = probe.getsockname()[1]
        return int(port)


if __name__ == "__main__":
    raise SystemExit(main())
