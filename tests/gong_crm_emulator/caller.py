"""A caller who knows its way about the emulator."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import httpx

if TYPE_CHECKING:
    from gong_crm_emulator import RunningEmulator

TRUST = ssl.create_default_context()
"""Made once: httpx would make one for every client, which takes longer than most tests."""

WHEN = "2026-01-02T03:04:05Z"


class _Anonymous:
    """httpx's functions for single calls, with the trust made above."""

    def request(self, method: str, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401  (passed on)
        return httpx.request(method, url, verify=TRUST, **more)

    def get(self, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401  (passed on)
        return httpx.get(url, verify=TRUST, **more)

    def post(self, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401  (passed on)
        return httpx.post(url, verify=TRUST, **more)

    def put(self, url: str, **more: Any) -> httpx.Response:  # noqa: ANN401  (passed on)
        return httpx.put(url, verify=TRUST, **more)


http = _Anonymous()


def ldjson(*records: dict[str, Any]) -> bytes:
    """Write records as the lines of a file."""
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def line(object_id: str, **members: object) -> dict[str, Any]:
    """Make a line that the current rules accept for most object types."""
    return {"objectId": object_id, "modifiedDate": WHEN, **members}


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Calls one emulator as one principal, and remembers the integration."""

    http: httpx.Client
    emulator: RunningEmulator
    integration_id: int = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def params(self, **more: object) -> dict[str, Any]:
        """Give the query parameters that nearly every operation takes."""
        return {"integrationId": self.integration_id, **more}

    def upload(
        self,
        object_type: str,
        content: bytes,
        *,
        name: str = "r1",
        path: str = "/v2/crm/entities",
        part: str = "dataFile",
    ) -> httpx.Response:
        """Upload a file."""
        params = self.params(objectType=object_type, clientRequestId=name)
        return self.http.post(path, params=params, files={part: ("lines.ldjson", content, "application/x-ndjson")})

    def status(self, name: str = "r1") -> dict[str, Any]:
        """Ask for the status of a request once."""
        answer: dict[str, Any] = self.http.get(
            "/v2/crm/request-status", params=self.params(clientRequestId=name)
        ).json()
        return answer

    def end(self, name: str = "r1") -> dict[str, Any]:
        """Ask for the status of a request until it ends."""
        for _ in range(1000):
            answer = self.status(name)
            if answer["status"] in {"DONE", "FAILED"}:
                return answer
        raise AssertionError(answer)

    def outcome(self, object_type: str, content: bytes, **more: Any) -> dict[str, Any]:  # noqa: ANN401  (passed on)
        """Upload a file and follow it to its end."""
        assert self.upload(object_type, content, **more).status_code == 201
        return self.end(more.get("name", "r1"))

    def objects(self, object_type: str, *ids: str, path: str = "/v2/crm/entities") -> dict[str, Any]:
        """Read objects back."""
        answer = self.http.request("GET", path, params=self.params(objectType=object_type), json=list(ids))
        objects: dict[str, Any] = answer.json()["crmObjectsMap"]
        return objects

    def describe(
        self, object_type: str, *fields: dict[str, Any], path: str = "/v2/crm/entity-schema"
    ) -> httpx.Response:
        """Upload a schema."""
        return self.http.post(path, params=self.params(objectType=object_type), json=list(fields))


def connect(emulator: RunningEmulator, *, principal: str = "admin", register: bool = True) -> Caller:
    """Make a caller, with an integration of its own unless asked not to."""
    who = emulator.principals[principal]
    http = httpx.Client(base_url=emulator.url, auth=(who.access_key, who.access_key_secret), timeout=30, verify=TRUST)
    number = 0
    if register:
        body = {"name": "Test", "ownerEmail": "owner@example.com"}
        number = http.put("/v2/crm/integrations", json=body).json()["integrationId"]
    return Caller(http=http, emulator=emulator, integration_id=number)
