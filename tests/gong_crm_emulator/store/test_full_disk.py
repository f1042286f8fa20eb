"""What happens while the disk is full, and after space has come back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.gong_crm_emulator.caller import TRUST, ldjson, line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

resource: Any = pytest.importorskip("resource", reason="Only Unix limits the files of a process.")
pytestmark = pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Only Linux does so from outside.")
AUTH = ("key-admin", "secret-admin")
JSON = {"Content-Type": "application/json"}


class Emulator:
    """A process whose files can be kept from growing, which is to it as if the disk were full."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.client = httpx.Client(base_url=url, auth=AUTH, timeout=60, verify=TRUST)
        body = {"name": "n", "ownerEmail": "o@example.com"}
        self.number = self.client.put("/v2/crm/integrations", json=body).json()["integrationId"]

    def fill(self, room: int) -> None:
        """Let no file of the process grow beyond some bytes."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

    def free(self) -> None:
        """Let files grow as they like."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    def upload(self, name: str, count: int) -> int:
        """Upload leads and give the status."""
        content = ldjson(*[line(f"{name}-{number}", title="t" * 500) for number in range(count)])
        params = {"integrationId": self.number, "objectType": "LEAD", "clientRequestId": name}
        return self.client.post("/v2/crm/entities", params=params, files={"dataFile": content}).status_code

    def status(self, name: str) -> dict[str, Any]:
        """Ask for a status."""
        params = {"integrationId": self.number, "clientRequestId": name}
        answer: dict[str, Any] = self.client.get("/v2/crm/request-status", params=params).json()
        return answer

    def end(self, name: str) -> dict[str, Any]:
        """Ask for a status until the request has ended."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            answer = self.status(name)
            if answer.get("status") in {"DONE", "FAILED"}:
                return answer
            time.sleep(0.05)
        raise AssertionError(answer)


def environment() -> dict[str, str]:
    """Give a process the modules of this one."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    """Run the command with its state in a file."""
    command = [sys.executable, "-m", "gong_crm_emulator", "--port", "0", "--data", str(tmp_path / "state.db")]
    command += ["--rate", "off", "--processing", "at-once"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment()
    ) as process:
        assert process.stdout is not None
        running = Emulator(process, process.stdout.readline().split()[-1])
        try:
            yield running
        finally:
            running.client.close()
            process.kill()


def test_everything_ends_by_itself_when_space_comes_back(emulator: Emulator, tmp_path: Path) -> None:
    """Uploads that were accepted before or during the shortage end DONE afterwards, without a restart."""
    accepted = [f"r{number}" for number in range(3) if emulator.upload(f"r{number}", 2_000) == 201]
    assert 3 == len(accepted)
    emulator.fill((tmp_path / "state.db").stat().st_size + 200_000)
    outcomes = {f"full{number}": emulator.upload(f"full{number}", 3_000) for number in range(4)}
    assert set(outcomes.values()) <= {201, 500}
    assert 500 in outcomes.values() or "IN_PROGRESS" in {emulator.status(name).get("status") for name in outcomes}
    emulator.free()
    for name in [*accepted, *(name for name, status in outcomes.items() if status == 201)]:
        assert "DONE" == emulator.end(name)["status"]
    for name, status in outcomes.items():
        if status == 500:
            assert 201 == emulator.upload(name, 10)  # what was not accepted left nothing behind
    wanted = {"integrationId": emulator.number, "objectType": "LEAD"}
    ids = [f"{name}-0" for name in [*accepted, *outcomes]]
    answer = emulator.client.request("GET", "/v2/crm/entities", params=wanted, content=json.dumps(ids), headers=JSON)
    assert None not in answer.json()["crmObjectsMap"].values()
    assert [] == list((tmp_path / "state.db.files").glob("*.ldjson"))


def test_a_snapshot_that_does_not_fit_leaves_nothing(emulator: Emulator, tmp_path: Path) -> None:
    """A snapshot on a full disk is refused with a sentence, leaves no half and no harm, and works afterwards."""
    assert 201 == emulator.upload("r1", 5_000)
    emulator.end("r1")
    emulator.fill(300_000)
    refused = emulator.client.put("/_emulator/api/snapshots/one")
    assert (507, 1) == (refused.status_code, refused.json()["version"])
    assert "Free space on the disk, then try again." in refused.json()["error"]
    assert [] == [path.name for path in (tmp_path / "state.db.files").iterdir() if "one" in path.name]
    emulator.free()
    assert ["one"] == emulator.client.put("/_emulator/api/snapshots/one").json()["snapshots"]
    assert 200 == emulator.client.post("/_emulator/api/snapshots/one/restore").status_code
    assert "DONE" == emulator.status("r1")["status"]


def test_a_restore_that_does_not_fit_changes_nothing(emulator: Emulator, tmp_path: Path) -> None:
    """A restore on a full disk is refused, and what waits for space ends in the state that stays."""
    emulator.upload("r1", 2_000)
    emulator.end("r1")
    assert 201 == emulator.client.put("/_emulator/api/snapshots/one").status_code
    emulator.fill((tmp_path / "state.db-wal").stat().st_size + 100_000)
    assert 201 == emulator.upload("r2", 600)
    assert "IN_PROGRESS" == emulator.status("r2")["status"]
    assert 507 == emulator.client.post("/_emulator/api/snapshots/one/restore").status_code
    emulator.free()
    assert "DONE" == emulator.end("r2")["status"]


def test_a_seed_that_does_not_fit_is_planted_whole_at_the_next_start(tmp_path: Path) -> None:
    """A start whose seed finds no space ends in a sentence, and the next start plants all of it."""
    leads = [line(f"l{number}", title="t" * 500) for number in range(4_000)]
    seed = {"integration": {"name": "n", "ownerEmail": "o@example.com"}, "objects": {"LEAD": leads}}
    (tmp_path / "seed.json").write_text(json.dumps(seed), encoding="utf-8")
    command = [sys.executable, "-m", "gong_crm_emulator", "--port", "0", "--data", str(tmp_path / "state.db")]
    command += ["--seed-file", str(tmp_path / "seed.json")]
    count = [*command, "--", sys.executable, "-c", COUNT]
    limit = "import os, resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1500000,) * 2); "
    limited = f"{limit} os.execv({sys.executable!r}, {count!r})"
    for program, code, reported in (([sys.executable, "-c", limited], 2, ""), (count, 0, "4000")):
        done = subprocess.run(program, capture_output=True, text=True, env=environment(), timeout=60, check=False)
        assert (code, reported) == (done.returncode, done.stdout.strip()), done.stderr
        assert ("Traceback" in done.stderr, done.stderr.count("\n") <= 1) == (False, True)


COUNT = """
import json, os, urllib.request
with urllib.request.urlopen(os.environ["GONG_BASE_URL"] + "/_emulator/api/state") as answer:
    print(json.load(answer)["objects"]["LEAD"])
"""
