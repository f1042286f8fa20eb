"""Measure the generated client against raw httpx, curl and a peer, and write the ratios into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench.table import MACHINE, Row, as_markdown, write_section

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SIZE = 200_000_000
NOTES = (
    f"{MACHINE}.",
    "Medians of things run in turns against a server in another process that swallows every byte;",
    "the clients are opened before, connecting is in the time.",
)
BARS = {"import": 60.0, "call": 1.10, "memory": 15.0, "upload": 1.25}


def main(arguments: list[str] | None = None) -> int:
    """Run every measurement and write the section.

    Returns:
        0 when every bar is kept, 1 when one is missed.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often each thing is measured")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "benchmarks.md", help="the page to write into")
    options = parser.parse_args(arguments)
    rows = measure(options.rounds)
    section = as_markdown(NOTES, rows)
    write_section(options.output, "client", section)
    sys.stdout.write(section)
    return int(any(row.kept is False for row in rows))


def measure(rounds: int) -> list[Row]:
    """Measure everything in turns, so that a slow minute of the machine slows all alike."""
    with tempfile.TemporaryDirectory() as folder, sink() as url:
        path = Path(folder) / "accounts.ldjson"
        write_lines(path, SIZE)
        peer = generate_peer(Path(folder))
        rows = imports(rounds)
        rows += calls(url, rounds)
        rows += uploads(url, path, rounds, peer)
    return rows


@contextmanager
def sink() -> Iterator[str]:
    """Run the server that swallows everything, and give its address."""
    command = [sys.executable, str(ROOT / "scripts" / "bench" / "client_sink.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101  (it is a pipe)
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def write_lines(path: Path, size: int) -> None:
    """Write believable lines of about 1 kB until the file has about that many bytes, never more."""
    filler = "x" * 880
    with path.open("w", encoding="ascii") as file:
        written = number = 0
        while written < size - 1000:
            line = f'{{"objectId": "a{number:07}", "modifiedDate": "2026-01-01T00:00:00Z", "name": "{filler}"}}\n'
            written += file.write(line)
            number += 1


def child(*words: str, path: Path | None = None) -> Any:  # noqa: ANN401  (JSON of any type)
    """Run one measurement in a fresh process."""
    folders = [str(ROOT / "generated"), *([str(path)] if path else [])]
    # The first run of an import compiles what no installer did, which is no cost of the import.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = {**kept, "PYTHONPATH": os.pathsep.join(folders)}
    command = [sys.executable, str(ROOT / "scripts" / "bench" / "client_child.py"), *words]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if answer.returncode != 0:
        raise SystemExit(f"bench_client: {' '.join(words)} failed:\n{answer.stderr}")
    return json.loads(answer.stdout)


def imports(rounds: int) -> list[Row]:
    """Measure what importing the client costs above importing httpx."""
    names = ("httpx", "gong_crm_client", "gong_crm_client.api.crm.upload_crm_entities")
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds + 1):
        for name in names:
            found[name].append(child("import", name)["ms"])
    # The first round fills Python's caches.
    base, client, module = (median(found[name][1:]) for name in names)
    above = client - base
    return [
        Row(
            what="`import gong_crm_client` above `import httpx`",
            result=f"{above:.0f} ms, {client / base:.2f} times",
            bar="at most 60 ms",
            kept=above <= BARS["import"],
        ),
        Row(what="the same with one operation and all models", result=f"{module / base:.2f} times"),
    ]


def calls(url: str, rounds: int) -> list[Row]:
    """Measure what a call costs above raw httpx and json.loads."""
    found = child("calls", url, str(rounds))
    rows = []
    for suffix, word in (("", "a blocking"), (" async", "an awaited")):
        ratio = median(found[f"client{suffix}"]) / median(found[f"raw{suffix}"])
        what = f"{word} call, by raw httpx and `json.loads`"
        rows.append(Row(what=what, result=f"{ratio:.2f}", bar="at most 1.10", kept=ratio <= BARS["call"]))
    return rows


def uploads(url: str, path: Path, rounds: int, peer: Path | None) -> list[Row]:
    """Measure uploads of 200 MB: time by curl's, and memory above what the imports took."""
    kinds = ["sync", "async", "raw", *(["peer"] if peer else [])]
    seconds: dict[str, list[float]] = {kind: [] for kind in [*kinds, "curl"]}
    memory: dict[str, float] = dict.fromkeys(kinds, 0.0)
    for _ in range(rounds):
        seconds["curl"] += [curl(url, path) for _ in range(3)] if shutil.which("curl") else []
        for kind in kinds:
            found = child("upload", kind, url, str(path), "1" if kind == "peer" else "3", path=peer)
            seconds[kind] += found["seconds"]
            memory[kind] = max(memory[kind], found["mb"])
    return _time_rows(seconds, peer) + _memory_rows(memory)


def _time_rows(seconds: dict[str, list[float]], peer: Path | None) -> list[Row]:
    if not seconds["curl"]:
        return [Row(what="uploads by curl", result="there is no curl on this machine")]
    by = median(seconds["curl"])
    ratios = {kind: median(found) / by for kind, found in seconds.items() if found}
    names = {"sync": "a blocking upload of 200 MB, by curl", "async": "an awaited upload of 200 MB, by curl"}
    rows = [
        Row(what=name, result=f"{ratios[kind]:.2f}", bar="at most 1.25", kept=ratios[kind] <= BARS["upload"])
        for kind, name in names.items()
    ]
    rows.append(Row(what="the same by raw httpx, by curl", result=f"{ratios['raw']:.2f}"))
    result = f"{ratios['peer']:.2f}" if peer else "Java or openapi-generator-cli is not on this machine"
    rows.append(
        Row(
            what="the same by openapi-generator's client (one line corrected, else it cannot be imported), by curl",
            result=result,
        )
    )
    return rows


def _memory_rows(memory: dict[str, float]) -> list[Row]:
    names = {"sync": "a blocking upload", "async": "an awaited upload", "raw": "raw httpx"}
    names["peer"] = "openapi-generator's client"
    return [
        Row(
            what=f"memory of {names[kind]} of 200 MB above the imports",
            result=f"{megabytes:.1f} MB",
            bar="at most 15 MB" if kind in ("sync", "async") else "",
            kept=megabytes <= BARS["memory"] if kind in ("sync", "async") else None,
        )
        for kind, megabytes in memory.items()
    ]


def curl(url: str, path: Path) -> float:
    """Upload by curl and return the seconds it took by its own count, without its start."""
    query = "integrationId=5517027188234205706&objectType=ACCOUNT&clientRequestId=r1"
    part = f"dataFile=@{path};type=application/x-ndjson"
    command = ["curl", "--silent", "--fail", "--output", os.devnull, "--write-out", "%{time_total}"]
    command += ["--header", "Expect:", "--form", part, f"{url}/v2/crm/entities?{query}"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def generate_peer(folder: Path) -> Path | None:
    """Let openapi-generator write its Python client, or return None where Java or the generator is missing."""
    generator = shutil.which(
        "openapi-generator-cli", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    )
    if generator is None or shutil.which("java") is None:
        return None
    target = folder / "peer"
    command = [generator, "generate", "-i", str(ROOT / "openapi.yaml"), "-g", "python", "-o", str(target)]
    answer = subprocess.run([*command, "--package-name", "peer_client"], capture_output=True, text=True, check=False)
    return target if answer.returncode == 0 else None


if __name__ == "__main__":
    raise SystemExit(main())
