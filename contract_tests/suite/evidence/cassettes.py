"""Recordings as they lie on disk: where they are, what they say of themselves, and what was exchanged."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args
from urllib.parse import parse_qsl, urlsplit

from contract_tests.suite.evidence.tape import Ordered
from contract_tests.suite.ledger.document import OPENAPI
from contract_tests.suite.ledger.operations import Family

CASSETTES: Final = Path(__file__).parents[2] / "cassettes"
Origin = Literal["emulator", "live"]
ORIGINS: Final[tuple[Origin, ...]] = get_args(Origin)
NO_EVIDENCE: Final = (
    "Recorded from the emulator: a lock against regressions of the client and the document, no evidence about Gong."
)
ANSWERED_BY_GONG: Final = "Recorded from the server that GONG_BASE_URL or --base-url named."
AGED_DAYS: Final = 180
"""Days after which a recording is called old; that alone says nothing about who has moved since."""


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What a cassette says of itself.

    Attributes:
        recorded_from: Which kind of target has answered; the folder has the same name.
        about: What the recording is good for, in a sentence.
        recorded_at: The day, as YYYY-MM-DD.
        openapi_sha256: Hash of openapi.yaml on that day.
        client_version: Version of the client that has called.
        family: Which of the twins was called.
        run_name: How client request ids and object ids begin.
    """

    recorded_from: Origin
    about: str
    recorded_at: str
    openapi_sha256: str
    client_version: str
    family: Family
    run_name: str

    def as_mapping(self) -> Mapping[str, str]:
        """Say the same by name."""
        return asdict(self)

    @property
    def day(self) -> date:
        """The day of the recording."""
        return date.fromisoformat(self.recorded_at)


@dataclass(frozen=True, kw_only=True)
class Interaction:
    """One exchange of a cassette."""

    number: int
    method: str
    uri: str
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def path(self) -> str:
        """Path of the URL."""
        return urlsplit(self.uri).path

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Query of the URL, pair by pair."""
        return tuple(parse_qsl(urlsplit(self.uri).query, keep_blank_values=True))

    def __str__(self) -> str:
        """Name the exchange in few words."""
        return f"exchange {self.number}, {self.method} {self.path} answered {self.status}"


@dataclass(frozen=True, kw_only=True)
class Recording:
    """One cassette."""

    path: Path
    metadata: Metadata
    interactions: tuple[Interaction, ...]


@cache
def recording_of(path: Path) -> Recording:
    """Read a cassette that nobody changes meanwhile."""
    return read_recording(path)


def read_recording(path: Path) -> Recording:
    """Read a cassette.

    Raises:
        ValueError: The file is no cassette, or does not say where it comes from.
    """
    document = Ordered.deserialize(path.read_text(encoding="utf-8"))
    try:
        return Recording(
            path=path,
            metadata=Metadata(**document["metadata"]),
            interactions=tuple(_interaction(number, one) for number, one in enumerate(document["interactions"], 1)),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name} is no cassette of this suite ({error!r}); record it anew") from error


def _interaction(number: int, entry: Mapping[str, Any]) -> Interaction:
    request, response = entry["request"], entry["response"]
    return Interaction(
        number=number,
        method=request["method"],
        uri=request["uri"],
        request_headers={name.lower(): values[0] for name, values in request["headers"].items()},
        request_body=_bytes(request["body"]),
        status=response["status"]["code"],
        headers={name.lower(): ", ".join(values) for name, values in response["headers"].items()},
        content=_bytes(response["body"]["string"]),
    )


def _bytes(body: str | bytes | None) -> bytes:
    return body.encode() if isinstance(body, str) else body or b""


def files_in(folder: Path) -> tuple[Path, ...]:
    """List the cassettes of a folder in order; none for a folder that does not exist."""
    return tuple(sorted(folder.rglob("*.yaml")))


def sha256_of(path: Path = OPENAPI) -> str:
    """Hash the document, to know which version of it lies here."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def today() -> date:
    """Return the day of a recording, today in UTC."""
    return datetime.now(tz=UTC).date()


def age_of(recordings: Iterable[Recording], *, on: date, sha256: str) -> str:
    """Say in a line how old recordings of one origin are, and whether the document has changed since."""
    every = list(recordings)
    if not every:
        return "none recorded"
    eldest = min(one.metadata.day for one in every)
    days = (on - eldest).days
    parts = [f"{len(every)} recorded {eldest.isoformat()}, {days} days ago" + (", old" if days > AGED_DAYS else "")]
    changed = sum(one.metadata.openapi_sha256 != sha256 for one in every)
    if changed:
        parts.append(f"openapi.yaml has changed since in the eyes of {changed} of them, held against the new one")
    if every[0].metadata.recorded_from == "emulator":
        parts.append("from the emulator, so no evidence about Gong")
    return "; ".join(parts)
