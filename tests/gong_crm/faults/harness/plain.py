"""A pusher of a few lines on plain httpx, right or wrong on demand, to try the judge on."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import httpx

from tests.gong_crm.faults.harness.checker import STEP, Numbers, Said
from tests.gong_crm.faults.harness.judgement import Expected, GongKnows, expected, moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from gong_crm_emulator import RunningEmulator

TRUST = ssl.create_default_context()


@dataclass
class File:
    """One file as it will be sent."""

    object_type: str
    records: list[dict[str, Any]]
    follow: bool = True


@dataclass
class Pushed:
    """What a pusher is about to send and to say; a mistake changes it."""

    files: list[File]
    said: Said
    numbers: dict[str, Numbers] = field(default_factory=dict)


def planned(inputs: Mapping[str, Sequence[Path]], *, knows: GongKnows | None = None) -> Pushed:
    """Plan a push without a mistake."""
    files: list[File] = []
    numbers, rejects = {}, {}
    for object_type in sorted(inputs, key=lambda one: STEP[one]):
        wanted = expected(object_type, inputs[object_type], knows=knows)
        files += [File(object_type, wave) for wave in _waves(wanted)]
        files += [File(object_type, [])] * wanted.empty_files
        numbers[object_type] = Numbers(
            read=wanted.read,
            accepted=len(wanted.good),
            rejected=len(wanted.refused),
            duplicates=wanted.duplicates,
        )
        rejects[object_type] = b"".join(line + b"\n" for line in wanted.refused)
    return Pushed(files=files, said=Said(numbers=numbers, rejects=rejects))


def _waves(wanted: Expected) -> list[list[dict[str, Any]]]:
    waves: list[list[dict[str, Any]]] = []
    for record in sorted(wanted.good, key=moment):
        for wave in waves:
            if all(other["objectId"] != record["objectId"] for other in wave):
                wave.append(record)
                break
        else:
            waves.append([record])
    return waves


def push(emulator: RunningEmulator, plan: Pushed) -> Said:
    """Send what was planned, each file followed to its end before the next."""
    who = emulator.principals["admin"]
    with httpx.Client(base_url=emulator.url, auth=(who.access_key, who.access_key_secret), verify=TRUST) as http:
        answer = http.put("/v2/crm/integrations", json={"name": "Plain", "ownerEmail": "a@example.com"})
        number = answer.json()["integrationId"]
        for place, file in enumerate(plan.files):
            _send(http, number, f"file-{place}", file)
    return plan.said


def _send(http: httpx.Client, integration_id: int, name: str, file: File) -> None:
    content = b"".join(json.dumps(record).encode() + b"\n" for record in file.records)
    params: dict[str, str | int] = {
        "integrationId": integration_id,
        "objectType": file.object_type,
        "clientRequestId": name,
    }
    answer = http.post("/v2/crm/entities", params=params, files={"dataFile": ("x.ldjson", content)})
    assert answer.status_code == 201, answer.text
    while file.follow:
        answer = http.get("/v2/crm/request-status", params=params)
        if answer.json()["status"] in {"DONE", "FAILED"}:
            return


def said_otherwise(said: Said, object_type: str, **numbers: int) -> Said:
    """Change numbers that are said of one object type."""
    changed = replace(said.numbers[object_type], **numbers)
    return replace(said, numbers={**said.numbers, object_type: changed})


def handed_back(said: Said, object_type: str, rejects: bytes) -> Said:
    """Change the reject file of one object type."""
    return replace(said, rejects={**said.rejects, object_type: rejects})
