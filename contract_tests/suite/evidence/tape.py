"""How exchanges are recorded and played: what is kept of them, what is hidden, and what counts as the same."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

import vcr  # type: ignore[import-untyped]  # it comes without types
import yaml
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]  # same

from contract_tests.suite.evidence.matching import same_body, same_caller, same_path, same_query
from contract_tests.suite.ledger.forms import boundary_of, marks
from contract_tests.suite.wire.network import unpacked
from contract_tests.suite.wire.targets import Target

HOST: Final = "https://gong.invalid"
"""The host that every recording names, whoever answered."""

LARGEST: Final = 1_000_000
"""Bytes of the largest body that is recorded; bodies are held in memory and stored whole."""

HIDDEN: Final = "scrubbed"
BOUNDARY: Final = "recorded-boundary"
_SENT_HEADERS: Final = ("accept", "authorization", "content-type")
# What the contract speaks of; dates, cookies, budgets and traces of proxies change with every recording.
_ANSWER_HEADERS: Final = (
    "allow",
    "content-type",
    "retry-after",
    "www-authenticate",
    "x-gong-service-version",
    "x-traceid",
)
TOO_MANY: Final = 429


class TooLarge(Exception):  # noqa: N818  # said to the user as it is
    """A body is too large for a cassette."""


class Ordered:
    """Writes a cassette with its metadata first and one line a body, so that people can read and compare it."""

    @staticmethod
    def serialize(cassette: Mapping[str, Any]) -> str:
        """Write a cassette.

        Args:
            cassette: What the recorder kept.

        Returns:
            YAML.
        """
        ordered = {name: cassette[name] for name in ("metadata", "version", "interactions") if name in cassette}
        return yaml.safe_dump(ordered, sort_keys=False, width=1_000_000, allow_unicode=True)

    @staticmethod
    def deserialize(text: str) -> Any:  # noqa: ANN401  # whatever the file holds
        """Read a cassette.

        Args:
            text: YAML.

        Returns:
            What it says.
        """
        return yamlserializer.deserialize(text)


def tape(mode: Literal["all", "none"], *, secrets: Iterable[tuple[str, str]] = (), prefix: str = "") -> vcr.VCR:
    """Set up a recorder or a player, whose ``use_cassette`` takes a path.

    Args:
        mode: ``all`` records everything; ``none`` plays, and never lets a call through.
        secrets: Placeholders, and the values that they stand for.
        prefix: The path that a target has in front of every path of the API.
    """
    recorder = vcr.VCR(
        serializer="ordered",
        record_mode=mode,
        match_on=("method", "same_path", "same_query", "same_caller", "same_body"),
        before_record_request=partial(kept_request, prefix=prefix),
        before_record_response=kept_answer,
        filter_sensitive_data=list(secrets),
        record_on_exception=False,
    )
    recorder.register_serializer("ordered", Ordered)
    for matcher in (same_path, same_query, same_caller, same_body):
        recorder.register_matcher(matcher.__name__, matcher)
    return recorder


def secrets_of(target: Target) -> list[tuple[str, str]]:
    """List what must not appear in a recording of a target.

    Args:
        target: Who answers, and with which credentials it is called.

    Returns:
        Placeholders with the values that they stand for, longest value first so that none is hidden in part.
    """
    callers = [target.credentials, target.token, *(limited.credentials for limited in target.limited)]
    headers = [caller.authorization for caller in callers if caller and caller.authorization]
    values = {value.partition(" ")[2]: f"<{value.partition(' ')[0].lower()} {HIDDEN}>" for value in headers}
    for name, value in (("access-key-secret", target.secret), ("access-key", target.key)):
        if value:
            values[value] = f"<{name} {HIDDEN}>"
    address = urlsplit(target.base_url)
    values |= {address.netloc: "gong.invalid", address.hostname or address.netloc: "gong.invalid"}
    values |= {quote(value, safe=""): placeholder for value, placeholder in values.items()}
    return [(values[value], value) for value in sorted(values, key=len, reverse=True)]


def kept_request(request: Any, *, prefix: str = "") -> Any:  # noqa: ANN401  # the recorder's request, which has no types
    """Keep of a request what the contract speaks of; the same again for what was kept already.

    Args:
        request: A request, sent or recorded.
        prefix: What its path begins with and no recording shows.

    Returns:
        The request without host, credentials, random boundary and headers that say nothing.

    Raises:
        TooLarge: Its body does not belong into a cassette.
    """
    body: bytes = request.body or b""
    if len(body) > LARGEST:
        raise TooLarge(
            f"{request.method} {urlsplit(request.uri).path} carries {len(body):,} bytes, and a cassette holds at most "
            f"{LARGEST:,}: leave large uploads to tests that talk to a server."
        )
    address = urlsplit(request.uri)
    request.uri = HOST + address._replace(scheme="", netloc="", path=address.path.removeprefix(prefix)).geturl()
    headers = {name: request.headers[name] for name in _SENT_HEADERS if name in request.headers}
    if "authorization" in headers:
        headers["authorization"] = f"{headers['authorization'].partition(' ')[0]} {HIDDEN}"
    boundary = boundary_of(headers.get("content-type", ""))
    if boundary and f"--{BOUNDARY}".encode() not in body:
        headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        request.body = marks(boundary).sub(lambda mark: mark[0].replace(boundary.encode(), BOUNDARY.encode(), 1), body)
    request.headers = headers
    return request


def kept_answer(answer: dict[str, Any]) -> dict[str, Any] | None:
    """Keep of an answer what the contract speaks of.

    Args:
        answer: An answer as the recorder holds it.

    Returns:
        The answer with those headers alone; None for a rate limit, which tells of the moment and not of the request.
    """
    if answer["status"]["code"] == TOO_MANY:
        return None
    headers = {name.lower(): values for name, values in answer["headers"].items()}
    encoding, body = ", ".join(headers.get("content-encoding", ())), answer["body"]["string"]
    content, fault = unpacked(body.encode() if isinstance(body, str) else body, encoding, most=LARGEST)
    if fault or len(content) > LARGEST:
        raise TooLarge(f"an answer does not belong into a cassette: {fault or f'it is larger than {LARGEST:,} bytes'}")
    kept = {name: headers[name] for name in _ANSWER_HEADERS if name in headers}
    return {**answer, "headers": kept, "body": {"string": content}}
