"""The destination of dlt: real pipelines from a database and from a REST source, broken in the middle too."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from gong_crm import GongCrm, Outcome
from gong_crm.events import Accepted, Event
from tests.gong_crm.conftest import FAST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator

dlt = pytest.importorskip("dlt")
gong = pytest.importorskip("gong_crm.adapters.dlt").gong

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::PendingDeprecationWarning")
CHANGED = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


class Loader:
    """Makes destinations and pipelines, and keeps what became of the packages."""

    def __init__(self, folder: Path, door: Mapping[str, Any]) -> None:
        self.folder = folder
        self.door = door
        self.outcomes: list[Outcome] = []

    def destination(self, *, door: Mapping[str, Any] | None = None, **more: Any) -> Any:  # noqa: ANN401  (of dlt)
        """Make a destination that registers its integration."""
        known = {"integration": "Acme CRM", "owner_email": "ops@acme.example", "on_outcome": self.outcomes.append}
        return gong(**{**known, "door": {**self.door, **(door or {})}, **more})

    def pipeline(self, destination: Any, name: str = "crm") -> Any:  # noqa: ANN401  (of dlt)
        """Make a pipeline with a folder of its own; one of the same name goes on where that stopped."""
        return dlt.pipeline(name, destination=destination, pipelines_dir=str(self.folder / "pipelines"))


@pytest.fixture
def loader(gong_emulator: RunningEmulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loader:
    """Give a loader against the emulator, without dlt's reports home."""
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path / "dlt"))
    monkeypatch.chdir(tmp_path)
    caller = gong_emulator.principals["admin"]
    door = {
        "base_url": gong_emulator.url,
        "access_key": caller.access_key,
        "access_key_secret": caller.access_key_secret,
        "journal": tmp_path / "journal",
        "budget": FAST,
    }
    return Loader(tmp_path, door)


def read(loader: Loader, object_type: str, *ids: str) -> dict[str, dict[str, Any] | None]:
    """Read objects back."""
    with GongCrm(**loader.door) as door:
        integration = door.integration()
        assert integration is not None
        return integration.read(object_type, ids)


def uploads(emulator: RunningEmulator) -> Counter[str]:
    """Count the accepted uploads of each client request id."""
    calls = [one for one in emulator.journal() if one["status"] == 201 and "clientRequestId" in one["query"]]
    return Counter(one["query"] for one in calls)


def test_tables_of_a_database_are_pushed_together(loader: Loader) -> None:
    """Snake case becomes members, tables become object types, and contacts find their accounts."""
    sql_database = pytest.importorskip("dlt.sources.sql_database").sql_database
    database = sqlite3.connect("crm.db")
    database.executescript("""
        CREATE TABLE contacts (object_id TEXT, modified_date TEXT, account_id TEXT, mail TEXT);
        CREATE TABLE accounts (object_id TEXT, modified_date TEXT, name TEXT);
        INSERT INTO contacts VALUES ('c1', '2026-01-02T03:04:05Z', 'a1', 'ann@acme.example');
        INSERT INTO accounts VALUES ('a1', '2026-01-02T03:04:05Z', 'Acme'), ('a2', '2026-01-02T03:04:05Z', 'Bolt');
    """)
    database.close()
    destination = loader.destination(columns={"contacts": {"mail": "emailAddress"}})
    loader.pipeline(destination).run(sql_database("sqlite:///crm.db"))
    (outcome,) = loader.outcomes
    assert [("ACCOUNT", 2, 2), ("CONTACT", 1, 1)] == [
        (one.object_type, one.read, one.accepted) for one in outcome.types
    ]
    contact = read(loader, "CONTACT", "c1")["c1"]
    assert contact is not None
    assert {"emailAddress": "ann@acme.example", "accountId": "a1"}.items() <= contact.items()


class _Crm(BaseHTTPRequestHandler):
    """A CRM that gives deals in two pages."""

    def do_GET(self) -> None:
        page = 2 if "page=2" in self.path else 1
        deals = [
            {"objectId": f"d{page}{n}", "modifiedDate": "2026-01-02T03:04:05Z", "amount": 10.5, "tags": ["a", "b"]}
            for n in range(3)
        ]
        following = None if page == 2 else f"http://{self.headers['Host']}/deals?page=2"
        body = json.dumps({"results": deals, "next": following}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def crm() -> Iterator[str]:
    """Serve a CRM."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Crm)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_rest_source_is_pushed(loader: Loader, crm: str) -> None:
    """Pages are followed by dlt, members keep Gong's capitals, and lists of texts stay lists."""
    rest_api_source = pytest.importorskip("dlt.sources.rest_api").rest_api_source
    source = rest_api_source(
        {
            "client": {"base_url": crm, "paginator": {"type": "json_link", "next_url_path": "next"}},
            "resources": [{"name": "deals", "endpoint": {"path": "deals", "data_selector": "results"}}],
        }
    )
    loader.pipeline(loader.destination(describe_fields=True)).run(source)
    (outcome,) = loader.outcomes
    assert (6, 6) == (outcome.read, outcome.accepted)
    deal = read(loader, "DEAL", "d22")["d22"]
    assert deal is not None
    assert 10.5 == deal["amount"]


def test_columns_become_custom_fields_on_request(loader: Loader) -> None:
    """Each data type of dlt has its type of field; what Gong has already stays, and a second load changes nothing."""
    row = {
        "object_id": "d1",
        "modified_date": CHANGED,
        "tier": "gold",
        "seats": 3,
        "score": 1.5,
        "margin": Decimal("12.50"),
        "renews": True,
        "renewed": CHANGED,
    }
    for _ in range(2):
        resource = dlt.resource([row], name="deals", columns={"margin": {"precision": 10, "scale": 2}})
        loader.pipeline(loader.destination(describe_fields=True)).run(resource)
    with GongCrm(**loader.door) as door:
        integration = door.integration()
        assert integration is not None
        fields = {one.unique_name: (one.label, one.type) for one in integration.fields("DEAL")}
        deal = integration.read("DEAL", ["d1"])["d1"]
    assert {
        "tier": ("Tier", "STRING"),
        "seats": ("Seats", "NUMBER"),
        "score": ("Score", "NUMBER"),
        "margin": ("Margin", "NUMBER"),
        "renews": ("Renews", "BOOLEAN"),
        "renewed": ("Renewed", "DATETIME"),
    } == fields
    assert deal is not None
    assert {"tier": "gold", "seats": 3, "margin": 12.5}.items() <= deal.items()
    assert not [name for name in deal if name.startswith("_dlt")]


def test_a_load_of_nothing_sends_nothing(loader: Loader) -> None:
    """A package that holds tables of dlt alone is complete without a push."""
    loader.pipeline(loader.destination()).run(dlt.resource([{"id": 1}], name="_dlt_own"))
    assert [] == loader.outcomes


def test_rejects_are_a_file_that_dlt_reads(loader: Loader) -> None:
    """Each rejected row is a line with its table, row, member and reason; the good rows are in Gong."""
    source = pytest.importorskip("dlt.sources.filesystem")
    rows = [
        {
            "object_id": f"a{n}",
            "modified_date": CHANGED.isoformat("T", "seconds") if n % 2 else "yesterday",
            "name": "A",
        }
        for n in range(4)
    ]
    resource = dlt.resource(rows, name="account", columns={"modified_date": {"data_type": "text"}})
    loader.pipeline(loader.destination(rejects="rejects")).run(resource)
    rejected = list(
        source.filesystem(bucket_url=f"file://{loader.folder}/rejects", file_glob="*.jsonl") | source.read_jsonl()
    )
    assert [("<account>", "ACCOUNT", "modifiedDate", "check")] * 2 == [
        (one["source"], one["objectType"], one["member"], one["judge"]) for one in rejected
    ]
    assert ["a0", "a2"] == [one["objectId"] for one in rejected]
    assert None not in read(loader, "ACCOUNT", "a1", "a3").values()


def test_parquet_files_of_a_package_are_read(loader: Loader) -> None:
    """A source of Arrow tables is loaded as Parquet, and its digits stay."""
    pa = pytest.importorskip("pyarrow")
    table = pa.table(
        {
            "objectId": ["d1"],
            "modifiedDate": pa.array([CHANGED], pa.timestamp("us", "UTC")),
            "amount": pa.array([Decimal("1.10")], pa.decimal128(10, 2)),
        }
    )
    loader.pipeline(loader.destination()).run(table, table_name="deals")
    deal = read(loader, "DEAL", "d1")["d1"]
    assert deal is not None
    assert 1.1 == deal["amount"]


def resources() -> list[Any]:
    """Give accounts and contacts."""
    accounts = [{"objectId": f"a{n}", "modifiedDate": CHANGED, "name": f"A{n}"} for n in range(50)]
    contacts = [{"objectId": f"c{n}", "modifiedDate": CHANGED, "accountId": f"a{n}"} for n in range(50)]
    return [dlt.resource(accounts, name="accounts"), dlt.resource(contacts, name="contacts")]


class BrokenError(Exception):
    """What ends a load."""


def breaking(event: Event) -> None:
    """End a load when its first file was accepted."""
    if isinstance(event, Accepted):
        raise BrokenError


def test_a_load_that_broke_is_taken_up_by_the_next_run(loader: Loader, gong_emulator: RunningEmulator) -> None:
    """The package waits in dlt's folder; the next run pushes it again, and no file goes up twice."""
    with pytest.raises(Exception, match="BrokenError"):
        loader.pipeline(loader.destination(door={"on_event": breaking})).run(resources())
    assert 1 == sum(uploads(gong_emulator).values())
    loader.pipeline(loader.destination()).load()
    (outcome,) = loader.outcomes
    assert (100, 100) == (outcome.read, outcome.accepted)
    assert [1, 1] == list(uploads(gong_emulator).values())


PROGRAM = """
import os, sys, dlt, json
from datetime import UTC, datetime
from gong_crm.adapters.dlt import gong
from gong_crm.events import Accepted

def die(event):
    if isinstance(event, Accepted) and sys.argv[1] == "die":
        os._exit(9)

changed = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
accounts = [{"objectId": f"a{n}", "modifiedDate": changed, "name": f"A{n}"} for n in range(50)]
contacts = [{"objectId": f"c{n}", "modifiedDate": changed, "accountId": f"a{n}"} for n in range(50)]
destination = gong(integration="Acme CRM", owner_email="ops@acme.example", on_outcome=lambda one: print(one.accepted),
                   door={"journal": "journal", "on_event": die})
pipeline = dlt.pipeline("crm", destination=destination, pipelines_dir="pipelines")
if sys.argv[1] == "die":
    pipeline.run([dlt.resource(accounts, name="accounts"), dlt.resource(contacts, name="contacts")])
else:
    pipeline.load()
"""


def test_a_killed_load_is_taken_up_by_another_process(loader: Loader, gong_emulator: RunningEmulator) -> None:
    """Killed when Gong had the first file, the load goes on in a new process, and no file goes up twice."""
    environment = {
        **os.environ,
        "GONG_BASE_URL": str(loader.door["base_url"]),
        "GONG_ACCESS_KEY": str(loader.door["access_key"]),
        "GONG_ACCESS_KEY_SECRET": str(loader.door["access_key_secret"]),
    }
    codes = []
    for argument in ("die", "live"):
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM, argument]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
        codes.append(done.returncode)
    assert [9, 0] == codes, done.stderr[-2000:]
    assert "100" in done.stdout.split()
    assert [1, 1] == list(uploads(gong_emulator).values())


def test_a_table_without_object_type_ends_the_load_before_anything_is_sent(
    loader: Loader, gong_emulator: RunningEmulator
) -> None:
    """The sentence says how to name one; a table can be left out too."""
    rows = [{"objectId": "a1", "modifiedDate": CHANGED, "name": "A"}]
    both = [dlt.resource(rows, name="accounts"), dlt.resource(rows, name="firms")]
    with pytest.raises(Exception, match=r"tables=\{'firms': 'ACCOUNT'\}"):
        loader.pipeline(loader.destination()).run(both)
    assert {} == uploads(gong_emulator)
    loader.pipeline(loader.destination(tables={"firms": None}), "other").run(both)
    assert [1] == [one.accepted for one in loader.outcomes]


def test_no_secret_is_shown(loader: Loader) -> None:
    """Neither the destination nor its pipeline shows what it was given."""
    destination = loader.destination()
    secret = str(loader.door["access_key_secret"])
    assert secret not in f"{destination} {destination!r} {loader.pipeline(destination)!r}"


def test_a_missing_extra_is_one_sentence() -> None:
    """Who lacks dlt reads what to install."""
    program = """
import sys
sys.modules["dlt.common"] = None
try:
    import gong_crm.adapters.dlt
except ImportError as problem:
    print(problem)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "gong_crm.adapters.dlt needs dlt: pip install 'gong-crm[dlt]'\n" == run.stdout
