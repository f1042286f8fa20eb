"""Measure one running emulator: start-up, requests a second, a large upload and what it costs others."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import http.client
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx
import orjson

from gong_crm_emulator.lines.fields import Family
from gong_crm_emulator.settings import EmulatorSettings
from gong_crm_emulator.store.tables import requests
from gong_crm_emulator.store.tenant import Tenant
from gong_crm_emulator.store.tracking import NewRequest, StoredFile, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[2]
CONTACTS = 764_000
AUTH = ("key-admin", "secret-admin")
LAST_ID = f"c{CONTACTS - 1:08d}"


def write_contacts(path: Path, count: int = CONTACTS) -> int:
    """Write a file of contacts, by default nearly 200 MB.

    Args:
        path: Where to.
        count: How many lines.

    Returns:
        Its size in bytes.
    """
    with path.open("w", encoding="ascii") as file:
        for number in range(count):
            record = {
                "objectId": f"c{number:08d}",
                "modifiedDate": f"2026-{1 + number % 12:02d}-{1 + number % 28:02d}T{number % 24:02d}:00:00Z",
                "accountId": f"a{number % 50_000:07d}",
                "emailAddress": f"person{number:07d}@customer{number % 5_000:04d}.example.com",
                "firstName": f"First{number % 999:03d}",
                "lastName": f"Last{number % 7_777:04d}",
                "title": "Vice President",
                "phoneNumber": "(912) 507-4395",
            }
            file.write(json.dumps(record) + "\n")
    return path.stat().st_size


@contextlib.contextmanager
def started(command: Sequence[str], ready: Callable[[], bool]) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Start a server.

    Args:
        command: Its command.
        ready: Says whether it answers.

    Yields:
        The process, and the seconds until it answered.
    """
    before = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while not ready():
                if process.poll() is not None or time.perf_counter() - before > 60:  # noqa: PLR2004  (far too long)
                    raise RuntimeError(f"{command[0]} did not start")
                time.sleep(0.002)
            yield process, time.perf_counter() - before
        finally:
            process.terminate()


def answers(url: str) -> bool:
    """Say whether a server lists integrations.

    Args:
        url: Its address.

    Returns:
        Whether it answers 200.
    """
    parts = urlsplit(url)
    token = base64.b64encode(":".join(AUTH).encode()).decode()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
    try:
        connection.request("GET", "/v2/crm/integrations", headers={"Authorization": f"Basic {token}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def emulator_command(port: int, *more: str) -> list[str]:
    """Write the command that starts the emulator.

    Args:
        port: Where it listens.
        more: Further options.

    Returns:
        The command.
    """
    return [sys.executable, "-m", "gong_crm_emulator", "--port", str(port), "--rate", "off", *more]


def requests_a_second(url: str, path: str, *, seconds: float, connections: int = 16) -> float:
    """Send the same GET over many connections, as fast as it is answered.

    Args:
        url: The server.
        path: Path and query.
        seconds: For how long.
        connections: Over how many connections.

    Returns:
        Answers a second.

    Raises:
        RuntimeError: If an answer is no 200.
    """
    return asyncio.run(_load(url, path, seconds=seconds, connections=connections))


async def _load(url: str, path: str, *, seconds: float, connections: int) -> float:
    parts = urlsplit(url)
    token = base64.b64encode(":".join(AUTH).encode()).decode()
    head = (f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", f"Authorization: Basic {token}", "Accept: */*")
    request = "\r\n".join([*head, "", ""]).encode()
    end = time.perf_counter() + seconds
    counts = await asyncio.gather(*[_ask(parts.hostname, parts.port, request, end) for _ in range(connections)])
    return sum(counts) / seconds


async def _ask(host: str | None, port: int | None, request: bytes, end: float) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    count = 0
    while time.perf_counter() < end:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1"))
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if length is None:
            while (await reader.readline()).strip() != b"0":
                pass
            await reader.readline()
        else:
            await reader.readexactly(int(length[1]))
        count += 1
    writer.close()
    return count


@dataclass(kw_only=True)
class LargeUpload:
    """What a 200 MB upload did.

    Attributes:
        idle_mb: Memory before, in MB.
        peak_mb: Highest memory, in MB.
        upload_seconds: Until it was accepted.
        done_seconds: Until it was DONE.
        readable_seconds: Until its last object could be read.
        alone: Seconds that other requests took before.
        others: Seconds that each other request took meanwhile.
        good: Lines counted as good.
    """

    idle_mb: float = 0.0
    peak_mb: float = 0.0
    upload_seconds: float = 0.0
    done_seconds: float = 0.0
    readable_seconds: float = 0.0
    alone: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    good: int = 0


def percentile(seconds: list[float], share: float) -> float:
    """Give the time within which a share of calls was answered.

    Args:
        seconds: What each call took.
        share: 0.99 for the 99th percentile.

    Returns:
        Seconds.
    """
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def upload_large(url: str, process_id: int, path: Path) -> LargeUpload:
    """Upload a large file of contacts while others keep calling.

    Args:
        url: An emulator without an integration, in mode at-once.
        process_id: Its process.
        path: The file.

    Returns:
        What it did.
    """
    outcome = LargeUpload()
    with httpx.Client(base_url=url, auth=AUTH, timeout=120) as client:
        body = {"name": "Large", "ownerEmail": "owner@example.com"}
        number = client.put("/v2/crm/integrations", json=body).json()["integrationId"]
        outcome.idle_mb = _memory(process_id, "VmRSS")
        params: dict[str, Any] = {"integrationId": number, "objectType": "CONTACT"}
        stop = threading.Event()
        quiet = threading.Thread(target=_keep_calling, args=(url, params, outcome.alone, stop))
        quiet.start()
        time.sleep(1)
        stop.set()
        quiet.join()
        stop.clear()
        other = threading.Thread(target=_keep_calling, args=(url, params, outcome.others, stop))
        other.start()
        before = time.perf_counter()
        target = f"{url}/v2/crm/entities?{urlencode({**params, 'clientRequestId': 'large'})}"
        command = ["curl", "-sf", "-u", ":".join(AUTH), "-F", f"dataFile=@{path}", target]
        subprocess.run(command, check=True, capture_output=True)
        outcome.upload_seconds = time.perf_counter() - before
        status = {"integrationId": number, "clientRequestId": "large"}
        while (answer := client.get("/v2/crm/request-status", params=status).json())["status"] == "IN_PROGRESS":
            time.sleep(0.05)
        outcome.good = answer["totalSuccessCount"]
        outcome.done_seconds = time.perf_counter() - before
        while not _readable(client, params):
            time.sleep(0.05)
        outcome.readable_seconds = time.perf_counter() - before
        stop.set()
        other.join()
    outcome.peak_mb = _memory(process_id, "VmHWM")
    return outcome


def reset_seconds(url: str, path: Path, count: int, *, rounds: int) -> list[float]:
    """Fill an emulator and reset it, again and again.

    Args:
        url: An emulator without an integration, in mode at-once.
        path: A file of contacts, made by write_contacts.
        count: How many contacts are in it.
        rounds: How often.

    Returns:
        Seconds from the call of each reset to its answer, over a connection that is open.
    """
    took = []
    with httpx.Client(base_url=url, auth=AUTH, timeout=120) as client:
        for _ in range(rounds):
            body = {"name": "Reset", "ownerEmail": "owner@example.com"}
            number = client.put("/v2/crm/integrations", json=body).json()["integrationId"]
            params = {"integrationId": number, "objectType": "CONTACT"}
            named = {**params, "clientRequestId": "reset"}
            client.post("/v2/crm/entities", params=named, files={"dataFile": path.read_bytes()}).raise_for_status()
            while not _readable(client, params, f"c{count - 1:08d}"):
                time.sleep(0.01)
            before = time.perf_counter()
            client.post("/_emulator/api/reset").raise_for_status()
            took.append(time.perf_counter() - before)
    return took


def _readable(client: httpx.Client, params: dict[str, Any], object_id: str = LAST_ID) -> bool:
    answer = client.request("GET", "/v2/crm/entities", params=params, json=[object_id]).json()
    return answer["crmObjectsMap"][object_id] is not None


def _keep_calling(url: str, params: dict[str, Any], took: list[float], stop: threading.Event) -> None:
    with httpx.Client(base_url=url, auth=AUTH, timeout=120) as client:
        while not stop.is_set():
            for path, ids in (("/v2/crm/integrations", None), ("/v2/crm/entities", ["c00000000"])):
                before = time.perf_counter()
                client.request("GET", path, params=params, json=ids).raise_for_status()
                took.append(time.perf_counter() - before)
                time.sleep(0.002)


def _memory(process_id: int, what: str) -> float:
    text = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    found = re.search(rf"{what}:\s+(\d+) kB", text)
    if found is None:
        raise RuntimeError(f"The system does not tell {what} of a process")
    return int(found[1]) / 1024


@dataclass(frozen=True, kw_only=True)
class Ingest:
    """How fast one core reads a file into raw storage.

    Attributes:
        lines_a_second: Lines parsed, checked and stored in a second of processor time.
        decode_a_second: Lines that orjson alone decodes in a second of processor time.
    """

    lines_a_second: float
    decode_a_second: float

    @property
    def share(self) -> float:
        """What part of the speed of decoding alone is left."""
        return self.lines_a_second / self.decode_a_second


def ingest(path: Path) -> Ingest:
    """Measure parse and store, without HTTP, in this thread.

    Args:
        path: A file of contacts.

    Returns:
        The speeds.
    """
    lines = path.read_bytes().split(b"\n")[:-1]
    before = time.thread_time()
    for line in lines:
        orjson.loads(line)
    decode = len(lines) / (time.thread_time() - before)
    count = len(lines)
    del lines
    tenant = Tenant(EmulatorSettings(processing="at-once"))
    try:
        seq = _accept(tenant, path)
        before = time.thread_time()
        tenant.read_file(seq)
        stored = count / (time.thread_time() - before)
        read = requests.find(tenant.database, seq)
        if read is None or read.success_count != count:
            raise RuntimeError("Not every line was stored")
    finally:
        tenant.close()
    return Ingest(lines_a_second=stored, decode_a_second=decode)


def _accept(tenant: Tenant, path: Path) -> int:
    shutil.copy(path, tenant.database.folder / "large.ldjson")
    new = NewRequest(
        kind=Work.UPLOAD,
        integration_id=tenant.register("Large", owner_email="owner@example.com"),
        client_request_id="large",
        family=Family.CURRENT,
        object_type="CONTACT",
        file=StoredFile(name="large.ldjson", bytes=path.stat().st_size),
    )
    return tenant.accept(new).seq
