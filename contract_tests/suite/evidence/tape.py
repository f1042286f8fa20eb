"""How exchanges are recorded and played: what is kept of them, what is hidden, and what counts as the same."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import quote, urlsplit

import vcr  # type: ignore[import-untyped]  # it comes without types
import yaml
from vcr.serializers import yamlserializer  # type: ignore[import-untyped]  # same

from contract_tests.suite.evidence.matching import same_body, same_caller, same_path, same_query
from contract_tests.suite.ledger.forms import boundary_of, marks
from contract_tests.suite.wire.network import unpacked
from contract_tests.suite.wire.redaction import Redactor
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


class TooLarge(Exception):  # noqa: N818  (said to the user as it is)
    """A body is too large for a cassette."""


class Ordered:
    """Writes a cassette with its metadata first and one line a body, so that people can read and compare it."""

    @staticmethod
    def serialize(cassette: Mapping[str, Any]) -> str:
        """Write a cassette."""
        ordered = {name: cassette[name] for name in ("metadata", "version", "interactions") if name in cassette}
        return yaml.safe_dump(ordered, sort_keys=False, width=1_000_000, allow_unicode=True)

    @staticmethod
    def deserialize(text: str) -> Any:  # noqa: ANN401  (whatever the file holds)
        """Read a cassette."""
        return yamlserializer.deserialize(text)


def tape(mode: Literal["all", "none"], *, target: Target | None = None) -> vcr.VCR:
    """Set up a recorder or a player, whose ``use_cassette`` takes a path.

    Args:
        mode: ``all`` records everything; ``none`` plays, and never lets a call through.
        target: Who is recorded, whose credentials and address no recording shows.
    """
    prefix, hide = (target.prefix, hiding(target)) if target else ("", str)
    recorder = vcr.VCR(
        serializer="ordered",
        record_mode=mode,
        match_on=("method", "same_path", "same_query", "same_caller", "same_body"),
        before_record_request=partial(kept_request, prefix=prefix, hide=hide),
        before_record_response=partial(kept_answer, hide=hide),
        record_on_exception=False,
    )
    recorder.register_serializer("ordered", Ordered)
    for matcher in (same_path, same_query, same_caller, same_body):
        recorder.register_matcher(matcher.__name__, matcher)
    return recorder


def hiding(target: Target) -> Callable[[str], str]:
    """Make what takes the credentials and the address of a target out of a text, in whatever form they stand there."""
    address = urlsplit(target.base_url)
    redactor = Redactor(target.secrets)

    def hide(text: str) -> str:
        for name in (address.netloc, address.hostname or address.netloc):
            text = text.replace(name, "gong.invalid").replace(quote(name, safe=""), "gong.invalid")
        return redactor.hide(text)

    return hide


def _hidden(content: bytes, hide: Callable[[str], str]) -> bytes:
    return hide(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def kept_request(request: Any, *, prefix: str = "", hide: Callable[[str], str] = str) -> Any:  # noqa: ANN401  (the recorder's request, which has no types)
    """Keep of a request what the contract speaks of; the same again for what was kept already.

    Args:
        request: A request, sent or recorded.
        prefix: What its path begins with and no recording shows.
        hide: Takes out of a text what no recording shows.

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
    request.uri = hide(request.uri)
    headers = {name: request.headers[name] for name in _SENT_HEADERS if name in request.headers}
    if "authorization" in headers:
        headers["authorization"] = f"{headers['authorization'].partition(' ')[0]} {HIDDEN}"
    boundary = boundary_of(headers.get("content-type", ""))
    if boundary and f"--{BOUNDARY}".encode() not in body:
        headers["content-type"] = f"multipart/form-data; boundary={BOUNDARY}"
        request.body = marks(boundary).sub(lambda mark: mark[0].replace(boundary.encode(), BOUNDARY.encode(), 1), body)
    request.body = _hidden(request.body, hide) if request.body else request.body
    request.headers = headers
    return request


def kept_answer(answer: dict[str, Any], *, hide: Callable[[str], str] = str) -> dict[str, Any] | None:
    """Keep of an answer what the contract speaks of.

    Args:
        answer: An answer as the recorder holds it.
        hide: Takes out of a text what no recording shows.

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
    kept = {name: [hide(value) for value in headers[name]] for name in _ANSWER_HEADERS if name in headers}
    return {**answer, "headers": kept, "body": {"string": _hidden(content, hide)}}
