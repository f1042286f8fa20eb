"""What survives when the process is killed at any moment."""

from __future__ import annotations

import contextlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from gong_crm_emulator.__main__ import main
from gong_crm_emulator.settings import EmulatorSettings
from gong_crm_emulator.store import snapshots
from gong_crm_emulator.store.tables import objects
from gong_crm_emulator.store.tenant import Tenant
from tests.gong_crm_emulator.caller import ldjson, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AUTH = ("key-admin", "secret-admin")
LINES = 3_000


@dataclass(kw_only=True)
class Promises:
    """What was answered with success, over all lives of the process."""

    integration_id: int = 0
    uploads: list[str] = field(default_factory=list)
    unsure: int = 0
    deletions: dict[str, str] = field(default_factory=dict)
    sent_fields: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)

    @property
    def query(self) -> dict[str, Any]:
        """What every call about leads names."""
        return {"integrationId": self.integration_id, "objectType": "LEAD"}


@contextlib.contextmanager
def process(data: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command until it is killed."""
    command = [sys.executable, "-m", "gong_crm_emulator", "--port", "0", "--data", str(data), "--rate", "off"]
    command += ["--processing", "at-once", "--main-seconds", "0", *more]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        assert first.startswith("gong-crm-emulator ready at ")
        try:
            yield running, first.split()[-1]
        finally:
            running.kill()


def register(url: str) -> int:
    """Register the integration."""
    body = {"name": "n", "ownerEmail": "o@example.com"}
    number: int = httpx.put(f"{url}/v2/crm/integrations", auth=AUTH, json=body).json()["integrationId"]
    return number


def write(url: str, promises: Promises, stop: threading.Event, answered: threading.Semaphore) -> None:
    """Upload until the connection breaks, and write down what was answered."""
    with httpx.Client(base_url=url, auth=AUTH, timeout=60) as client, contextlib.suppress(httpx.TransportError):
        while not stop.is_set():
            number = len(promises.uploads) + promises.unsure
            promises.unsure += 1
            upload(client, promises, f"u{number}", *[line(f"u{number}-{place}") for place in range(LINES)])
            promises.uploads.append(f"u{number}")
            promises.unsure -= 1
            answered.release()
            gone = line(f"u{number}-0", isDeleted=True, modifiedDate="2030-01-01T00:00:00Z")
            upload(client, promises, f"d{number}", gone)
            promises.deletions[f"d{number}"] = f"u{number}-0"
            promises.sent_fields.append(f"field{number}")  # it may be kept although nobody learns of it
            fields = [{"uniqueName": name, "label": name, "type": "STRING"} for name in promises.sent_fields]
            answer = client.post("/v2/crm/entity-schema", params=promises.query, json=fields)
            assert answer.is_success, answer.text
            promises.fields |= set(promises.sent_fields)


def upload(client: httpx.Client, promises: Promises, name: str, *lines: dict[str, Any]) -> None:
    """Upload some leads, and see that they are accepted."""
    params = {**promises.query, "clientRequestId": name}
    answer = client.post("/v2/crm/entities", params=params, files={"dataFile": ldjson(*lines)})
    assert 201 == answer.status_code


def check(url: str, promises: Promises, names: list[str]) -> None:
    """Check that uploads that were answered with success end whole, and that deletions and fields are kept."""
    with httpx.Client(base_url=url, auth=AUTH, timeout=60) as client:
        for name in names:
            assert (name, LINES) == (name, accepted(client, promises, name))
            assert None not in read(client, promises, [f"{name}-1", f"{name}-{LINES - 1}"]).values()
            deletion = f"d{name[1:]}"
            if deletion in promises.deletions:
                assert (deletion, 1) == (deletion, accepted(client, promises, deletion))
                gone = promises.deletions[deletion]
                assert {gone: None} == read(client, promises, [gone])
        listed = client.get("/v2/crm/entity-schema", params=promises.query).json()["objectTypeToSelectedFields"]
        assert promises.fields <= {one["uniqueName"] for one in listed["LEAD"]}


def accepted(client: httpx.Client, promises: Promises, name: str) -> int:
    """Wait until a request is DONE, and count its lines."""
    params: dict[str, Any] = {"integrationId": promises.integration_id, "clientRequestId": name}
    answer = client.get("/v2/crm/request-status", params=params).json()
    deadline = time.monotonic() + 60  # on a busy machine the file may still be being read
    while answer["status"] == "IN_PROGRESS" and time.monotonic() < deadline:
        answer = client.get("/v2/crm/request-status", params=params).json()
    assert (name, "DONE") == (name, answer["status"])
    return int(answer["totalSuccessCount"])


def read(client: httpx.Client, promises: Promises, ids: list[str]) -> dict[str, Any]:
    """Read leads back."""
    answer = client.request("GET", "/v2/crm/entities", params=promises.query, json=ids)
    found: dict[str, Any] = answer.json()["crmObjectsMap"]
    return found


def killed_at_random(data: Path, *, kills: int) -> Promises:
    """Kill the process again and again while it is written to, and check what it remembers.

    Each life takes in a random number of files, however slow the machine is, and ends somewhere in the next one.
    """
    moments = random.Random(50)  # noqa: S311  (a repeatable choice of moments)
    promises = Promises()
    for _ in range(kills):
        known = len(promises.uploads)
        wanted = moments.randint(1, 3)
        with process(data) as (running, url):
            promises.integration_id = promises.integration_id or register(url)
            check(url, promises, promises.uploads[max(0, known - 5) :])
            stop, answered = threading.Event(), threading.Semaphore(0)
            writer = threading.Thread(target=write, args=(url, promises, stop, answered))
            writer.start()
            assert all(answered.acquire(timeout=60) for _ in range(wanted))
            writer.join(moments.uniform(0, 0.1))
            stop.set()  # first, or the writer might call whoever gets the port next
            running.kill()
            writer.join()
        assert known + wanted <= len(promises.uploads)
        with contextlib.closing(sqlite3.connect(data)) as file:
            assert [("ok",)] == file.execute("PRAGMA integrity_check").fetchall()
    with process(data) as (_, url):
        check(url, promises, promises.uploads)
        # What was taken in and not answered is read too, and nothing is left over.
        deadline = time.monotonic() + 60
        while list(data.with_name(f"{data.name}.files").glob("*.ldjson")) and time.monotonic() < deadline:
            time.sleep(0.01)
    assert [] == list(data.with_name(f"{data.name}.files").glob("*.ldjson"))
    return promises


def test_a_few_kills_lose_nothing(tmp_path: Path) -> None:
    """Killed three times at random moments, the emulator loses nothing that it answered with success."""
    promises = killed_at_random(tmp_path / "state.db", kills=3)
    assert 3 <= len(promises.uploads)


@pytest.mark.slow
def test_sixty_kills_lose_nothing(tmp_path: Path) -> None:
    """Killed sixty times at random moments, the emulator loses nothing that it answered with success."""
    promises = killed_at_random(tmp_path / "state.db", kills=60)
    assert 60 < len(promises.uploads)
    assert promises.unsure, "no kill came while a file was on its way"


def test_a_half_read_file_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    """Reading resumes at the chunk that was not yet kept, with line numbers and counts as if never interrupted."""
    settings = EmulatorSettings(data=tmp_path / "state.db")
    tenant = Tenant(settings)
    number = tenant.register("n", owner_email="o@example.com")
    half = ldjson(*[line(f"a{place}") for place in range(2)])
    whole = half + b"bad\n" + ldjson(line("a9"))
    (tenant.database.folder / "f.ldjson").write_bytes(whole)
    tenant.database.write(
        "INSERT INTO request (integration_id, client_request_id, kind, object_type, family, received, file, bytes,"
        " read_bytes, read_lines, success_count)"
        " VALUES (?, 'r1', 'upload', 'LEAD', 'current', 0, 'f.ldjson', ?, ?, 2, 2)",
        *(number, len(whole), len(half)),
    )
    tenant.close()
    tenant = Tenant(settings)
    for request in tenant.unread():
        tenant.read_file(request.seq)
    request = tenant.request(number, "r1")
    assert (3, 1, [3]) == (request.success_count, request.error_count, [error["line"] for error in request.errors])
    tenant.close()


def test_a_file_is_used_by_one_emulator_at_a_time(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A second emulator on the same file is refused with a sentence."""
    tenant = Tenant(EmulatorSettings(data=tmp_path / "state.db"))
    assert 2 == main(["--port", "0", "--data", str(tmp_path / "state.db")])
    assert "another emulator is using it" in capfd.readouterr().err
    tenant.close()


def test_snapshots_survive_a_restart(tmp_path: Path) -> None:
    """Snapshots lie beside the file and are there after a restart."""
    settings = EmulatorSettings(data=tmp_path / "state.db")
    tenant = Tenant(settings)
    tenant.register("n", owner_email="o@example.com")
    snapshots.save(tenant.database, "one")
    tenant.reset()
    tenant.close()
    tenant = Tenant(settings)
    assert (["one"], []) == (snapshots.listed(tenant.database), tenant.integrations())
    tenant.restore("one")
    assert "n" == tenant.integrations()[0].name
    tenant.close()


# Seeding and snapshots


def seed_of(count: int) -> dict[str, Any]:
    """Declare a state that takes a while to plant."""
    accounts = [line(f"a{number}", name=f"Account {number}") for number in range(count)]
    return {"integration": {"name": "Seeded", "ownerEmail": "o@example.com"}, "objects": {"ACCOUNT": accounts}}


def seeded_killed(folder: Path, *, kills: int, lines: int) -> set[bool]:
    """Kill the process while it seeds, again and again, and see each time that the seed is whole or not there."""
    moments = random.Random(12)  # noqa: S311  (a repeatable choice of moments)
    (folder / "seed.json").write_text(json.dumps(seed_of(lines)), encoding="utf-8")
    seen = set()
    started = time.monotonic()
    with process(folder / "timed.db", "--seed-file", str(folder / "seed.json")):
        longest = time.monotonic() - started
    for number in range(kills):
        data = folder / f"state{number}.db"
        command = [sys.executable, "-m", "gong_crm_emulator", "--port", "0", "--data", str(data), "--rate", "off"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        with subprocess.Popen(
            [*command, "--seed-file", str(folder / "seed.json")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        ) as running:
            wait_for_file(data)
            time.sleep(moments.uniform(0, longest))
            running.kill()
        tenant = Tenant(EmulatorSettings(data=data))
        there = bool(tenant.integrations())
        count = objects.counts(tenant.database)["ACCOUNT"]
        tenant.close()
        assert count == (lines if there else 0)
        seen.add(there)
        with process(data, "--seed-file", str(folder / "seed.json")) as (_, url):
            state = httpx.get(f"{url}/_emulator/api/state").json()
            assert (lines, 1) == (state["objects"]["ACCOUNT"], len(state["integrations"]))
    return seen


def wait_for_file(path: Path) -> None:
    """Wait until a process has begun to write."""
    deadline = time.monotonic() + 30
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.002)


def test_a_kill_while_seeding_leaves_all_or_nothing(tmp_path: Path) -> None:
    """Killed while it plants a seed, the emulator has all of it or nothing, and the next start plants it whole."""
    seeded_killed(tmp_path, kills=3, lines=5_000)


@pytest.mark.slow
def test_sixteen_kills_while_seeding_leave_all_or_nothing(tmp_path: Path) -> None:
    """The same sixteen times, most of them before the end; an end that was reached is there as a whole."""
    assert False in seeded_killed(tmp_path, kills=16, lines=40_000)


def test_a_kill_while_a_snapshot_is_taken_loses_neither(tmp_path: Path) -> None:
    """Killed while it replaces a snapshot, the emulator has the old one or the new one, whole, and its state."""
    data = tmp_path / "state.db"
    moments = random.Random(3)  # noqa: S311  (a repeatable choice of moments)
    for turn in range(3):
        with process(data) as (running, url):
            if turn == 0:
                promises = Promises(integration_id=register(url))
                answered = threading.Semaphore(0)
                stop = threading.Event()
                writer = threading.Thread(target=write, args=(url, promises, stop, answered))
                writer.start()
                assert all(answered.acquire(timeout=60) for _ in range(3))
                stop.set()
                writer.join()
                assert 201 == httpx.put(f"{url}/_emulator/api/snapshots/one", timeout=60).status_code
            assert 200 == httpx.post(f"{url}/_emulator/api/snapshots/one/restore", timeout=60).status_code
            check(url, promises, promises.uploads)
            killer = threading.Timer(moments.uniform(0.0, 0.1), running.kill)
            killer.start()
            with contextlib.suppress(httpx.TransportError):
                while True:
                    assert 201 == httpx.put(f"{url}/_emulator/api/snapshots/one", timeout=60).status_code
            killer.join()
    with process(data) as (_, url):
        check(url, promises, promises.uploads)
        assert [] == list(data.with_name("state.db.files").glob("*.new"))


def test_a_stepped_clock_survives_a_restart_and_a_restore(tmp_path: Path) -> None:
    """Where the clock stands is part of the state: of the file, and of a snapshot."""
    settings = EmulatorSettings(data=tmp_path / "state.db")
    tenant = Tenant(settings)
    tenant.set_clock(step=5_000)
    snapshots.save(tenant.database, "running")
    tenant.set_clock(step=1_000, frozen=True)
    stands = tenant.clock.now()
    snapshots.save(tenant.database, "frozen")
    tenant.close()
    tenant = Tenant(settings)
    assert (True, stands) == (tenant.clock.frozen, tenant.clock.now())
    tenant.restore("running")
    assert not tenant.clock.frozen
    assert abs(tenant.clock.now() - time.time() - 5_000) < 5
    tenant.restore("frozen")
    assert (True, stands) == (tenant.clock.frozen, tenant.clock.now())
    tenant.reset()
    assert abs(tenant.clock.now() - time.time()) < 5
    tenant.close()
    tenant = Tenant(EmulatorSettings(data=tmp_path / "state.db", frozen=True))
    stands = tenant.clock.now()
    tenant.close()
    tenant = Tenant(EmulatorSettings(data=tmp_path / "state.db", frozen=True))
    assert stands == tenant.clock.now()
    tenant.close()
