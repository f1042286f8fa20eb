"""One measurement in a process of its own, printed as JSON; bench_client.py starts it."""

from __future__ import annotations

import asyncio
import builtins
import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

KEYS: dict[str, Any] = {"integration_id": 5517027188234205706, "client_request_id": "r1"}
PARAMETERS: dict[str, int | str] = {"integrationId": KEYS["integration_id"], "clientRequestId": "r1"}


def peak() -> float:
    """Return the greatest memory this process had so far, in MB."""
    # The kernel's high-water mark of this program; ru_maxrss would inherit that of the process that started it.
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def import_time(module: str) -> dict[str, float]:
    """Import a module and tell how long it took, in milliseconds, and the memory after it."""
    start = time.perf_counter()
    importlib.import_module(module)
    return {"ms": (time.perf_counter() - start) * 1000, "mb": peak()}


def timed(call: Callable[[], object], times: int) -> list[float]:
    """Return the seconds of each of several calls."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        found.append(time.perf_counter() - start)
    return found


async def timed_async(call: Callable[[], Awaitable[object]], times: int) -> list[float]:
    """Return the seconds of each of several awaited calls."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        await call()
        found.append(time.perf_counter() - start)
    return found


def calls(url: str, rounds: int) -> dict[str, list[float]]:
    """Ask for a status by the client and by raw httpx in turns, blocking and awaited, and tell the seconds of each."""
    import httpx  # noqa: PLC0415  (measured elsewhere)

    client, module = _client(url), importlib.import_module("gong_crm_client.api.crm.get_crm_request_status")
    headers = {"Authorization": "Bearer t"}
    found: dict[str, list[float]] = {"client": [], "raw": [], "client async": [], "raw async": []}
    target = "/v2/crm/request-status"

    def raw(http: httpx.Client) -> object:
        return json.loads(http.get(target, params=PARAMETERS).content)

    with client, httpx.Client(base_url=url, headers=headers) as http:
        for _ in range(rounds * 10):
            found["client"] += timed(lambda: module.sync(client=client, **KEYS), 20)
            found["raw"] += timed(lambda: raw(http), 20)

    async def awaited() -> None:
        async def raw(http: httpx.AsyncClient) -> object:
            return json.loads((await http.get(target, params=PARAMETERS)).content)

        async with client, httpx.AsyncClient(base_url=url, headers=headers) as http:
            for _ in range(rounds * 10):
                found["client async"] += await timed_async(lambda: module.asyncio(client=client, **KEYS), 20)
                found["raw async"] += await timed_async(lambda: raw(http), 20)

    asyncio.run(awaited())
    return found


def upload(kind: str, url: str, path: str, times: int) -> dict[str, Any]:
    """Upload a file several times and tell the seconds of each and the memory above what the imports took."""
    seconds, before = {"sync": _upload_sync, "async": _upload_async, "raw": _upload_raw, "peer": _upload_peer}[kind](
        url, path, times
    )
    return {"seconds": seconds, "mb": peak() - before, "before": before}


def _client(url: str) -> Any:  # noqa: ANN401  (imported late)
    from gong_crm_client import AuthenticatedClient  # noqa: PLC0415  (measured elsewhere)

    return AuthenticatedClient(base_url=url, token="t")  # noqa: S106  (no secret)


def _arguments() -> dict[str, Any]:
    from gong_crm_client.models import UploadObjectType  # noqa: PLC0415  (measured elsewhere)

    return {**KEYS, "object_type": UploadObjectType.ACCOUNT}


def _body(handle: Any) -> Any:  # noqa: ANN401  (imported late)
    from gong_crm_client.models import CrmDataUpload  # noqa: PLC0415  (measured elsewhere)
    from gong_crm_client.types import File  # noqa: PLC0415  (measured elsewhere)

    return CrmDataUpload(data_file=File(payload=handle))


def _upload_sync(url: str, path: str, times: int) -> tuple[list[float], float]:
    module, client, arguments = importlib.import_module(_UPLOAD), _client(url), _arguments()
    before = peak()

    def once() -> None:
        with Path(path).open("rb") as handle:
            _demand(module.sync_detailed(client=client, body=_body(handle), **arguments).status_code)

    with client:
        return timed(once, times), before


def _upload_async(url: str, path: str, times: int) -> tuple[list[float], float]:
    module, client, arguments = importlib.import_module(_UPLOAD), _client(url), _arguments()
    before = peak()

    async def once() -> None:
        with Path(path).open("rb") as handle:  # noqa: ASYNC230  (as callers do, and as httpx reads it)
            _demand((await module.asyncio_detailed(client=client, body=_body(handle), **arguments)).status_code)

    async def run() -> list[float]:
        async with client:
            return await timed_async(once, times)

    return asyncio.run(run()), before


def _upload_raw(url: str, path: str, times: int) -> tuple[list[float], float]:
    import httpx  # noqa: PLC0415  (measured elsewhere)

    before = peak()

    def once() -> None:
        with Path(path).open("rb") as handle:
            part = {"dataFile": ("a.ldjson", handle, "application/x-ndjson")}
            _demand(http.post(f"{url}/v2/crm/entities", params=PARAMETERS, files=part).status_code)

    with httpx.Client() as http:
        return timed(once, times), before


def _upload_peer(url: str, path: str, times: int) -> tuple[list[float], float]:
    # Its models for `oneOf` with null name a type that nothing defines; without this line it cannot be imported.
    vars(builtins)["none_type"] = type(None)
    peer = importlib.import_module("peer_client")
    api = peer.CRMApi(peer.ApiClient(peer.Configuration(host=url)))
    kind = peer.UploadObjectType.ACCOUNT
    before = peak()
    return timed(lambda: api.upload_crm_entities(object_type=kind, data_file=path, **KEYS), times), before


def _demand(status: int) -> None:
    if status != 201:  # noqa: PLR2004  (created)
        raise SystemExit(f"the upload was answered with {status}")


_UPLOAD = "gong_crm_client.api.crm.upload_crm_entities"


def main(words: list[str]) -> None:
    """Run the measurement that the words name."""
    what, *rest = words
    found: object
    if what == "import":
        found = import_time(rest[0])
    elif what == "calls":
        found = calls(rest[0], int(rest[1]))
    else:
        found = upload(rest[0], rest[1], rest[2], int(rest[3]))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
