"""Lines a second of the front door and of the bulk helpers of its peers, each against a server that answers at once."""

from __future__ import annotations

import json
import multiprocessing
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bench.push_lines import write_contacts
from bench.table import Row
from gong_crm import Budget, GongCrm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

BYTES = 25_000_000


def rows(folder: Path, *, rounds: int) -> list[Row]:
    """Push the same records by each, in turns.

    Args:
        folder: Where the files are made.
        rounds: How often each is measured.
    """
    path = folder / "records.ldjson"
    count = write_contacts(path, BYTES, ordered=True)
    records = [json.loads(line) for line in path.read_bytes().splitlines()]
    with sink() as url:
        seconds = _in_turns(url, folder, path, records, rounds)
    return [
        Row(what=f"lines a second, {name}", result=f"{count / median(took):,.0f}") for name, took in seconds.items()
    ]


def _in_turns(url: str, folder: Path, path: Path, records: list[dict[str, Any]], rounds: int) -> dict[str, list[float]]:
    ways: dict[str, Callable[[], None]] = {
        "the front door, from a file": lambda: by_front_door(url, folder, path),
        "the front door, from mappings": lambda: by_front_door(url, folder, records),
        "elasticsearch's streaming_bulk, from mappings": lambda: by_elasticsearch(url, records),
        "simple-salesforce's bulk2, from mappings": lambda: by_salesforce(url, records),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            started = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - started)
    return seconds


@contextmanager
def sink() -> Iterator[str]:
    """Start a server that answers every call at once, in a process of its own, and give its address."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        server.terminate()


def by_front_door(url: str, folder: Path, source: Any) -> None:  # noqa: ANN401  (any source)
    """Check, plan, send and follow."""
    budget = Budget(per_second=None, per_day=None)
    journal = folder / f"journal-{time.monotonic_ns()}"
    with GongCrm(base_url=url, access_token="bench", journal=journal, budget=budget) as gong:  # noqa: S106  (no secret)
        integration = gong.integration(1)
        assert integration is not None  # noqa: S101  (the server lists it)
        integration.push({"CONTACT": source}).raise_for_rejects()


def by_elasticsearch(url: str, records: list[dict[str, Any]]) -> None:
    """Send chunks of 500, as its helper does by itself."""
    from elasticsearch import Elasticsearch  # noqa: PLC0415  (a peer, in the bench group only)
    from elasticsearch.helpers import streaming_bulk  # noqa: PLC0415  (a peer that need not be there)

    with Elasticsearch(url) as client:
        actions = ({"_index": "contacts", "_id": one["objectId"], "_source": one} for one in records)
        for _ in streaming_bulk(client, actions):
            pass


def by_salesforce(url: str, records: list[dict[str, Any]]) -> None:
    """Send one job, as its helper does by itself."""
    from requests import Session  # noqa: PLC0415  (a peer that need not be there)
    from simple_salesforce.bulk2 import SFBulk2Type  # noqa: PLC0415  (a peer, in the bench group only)

    with Session() as session:
        bulk = SFBulk2Type("Contact", f"{url}/services/data/v59.0/jobs/", {"Authorization": "Bearer bench"}, session)
        bulk.insert(records=records, wait=1)


def serve(pipe: Connection) -> None:
    """Answer every call at once, for good."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pipe.send(f"http://127.0.0.1:{server.server_port}")
    threading.Event().wait()


class Sink(BaseHTTPRequestHandler):
    """Swallows bodies, and says that all is well as Gong, Elasticsearch and Salesforce say it."""

    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        body = self._body()
        parts = urlsplit(self.path)
        answer = _gong(self.command, parts.path, parse_qs(parts.query)) or _peer(self.command, parts.path, body)
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        created = (self.command, parts.path.startswith("/v2")) in {("POST", True), ("PUT", False)}
        self.send_response(201 if created else 200)
        kind = "text/csv" if isinstance(answer, bytes) else "application/json"
        self.send_header("Content-Type", kind)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815  (the names that http.server calls)

    def _body(self) -> bytes:
        left, pieces = int(self.headers.get("content-length", 0)), []
        while left:
            piece = self.rfile.read(min(left, 1 << 20))
            pieces.append(piece if self.path.startswith("/_bulk") else b"")
            left -= len(piece)
        return b"".join(pieces)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _gong(method: str, path: str, query: dict[str, list[str]]) -> dict[str, Any] | None:
    if path == "/v2/crm/integrations":
        return {"requestId": "r", "integrations": [{"integrationId": 1, "name": "B", "ownerEmail": "b@example.com"}]}
    if path == "/v2/crm/entity-schema":
        return {"requestId": "r", "objectTypeToSelectedFields": {"CONTACT": []}}
    if path == "/v2/crm/request-status":
        return {"requestId": "r", "status": "DONE"}
    if (method, path) == ("POST", "/v2/crm/entities"):
        return {"requestId": "r", "clientRequestId": query["clientRequestId"][0]}
    return None


def _peer(method: str, path: str, body: bytes) -> dict[str, Any] | bytes:
    if path.startswith("/_bulk"):
        item = {"index": {"_index": "contacts", "_id": "1", "status": 201, "result": "created"}}
        return {"took": 1, "errors": False, "items": [item] * (body.count(b"\n") // 2)}
    if path.endswith(("successfulResults", "failedResults", "unprocessedRecords")):
        return b"sf__Id\n"
    if method in {"GET", "PATCH"}:
        return {"id": "1", "state": "JobComplete", "numberRecordsProcessed": 1, "numberRecordsFailed": 0}
    return {"id": "1", "state": "Open", "contentUrl": "x"}
