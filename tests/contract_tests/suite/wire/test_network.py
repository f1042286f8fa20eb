"""Whatever a server sends, a call ends in time, takes bounded memory, and is named for what it is."""

import gzip
import ssl
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from contract_tests.suite.ledger.breach import Breach, NotJudged
from contract_tests.suite.ledger.clauses import read_clauses
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.document import the_document
from contract_tests.suite.ledger.judge import Judge
from contract_tests.suite.wire.call_budget import CallBudget
from contract_tests.suite.wire.network import Bounds, Network, certificates, proxy_of, unpacked
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.targets import TargetUnusable
from tests.contract_tests.suite import servers

if TYPE_CHECKING:
    from contract_tests.suite.ledger.exchange import Exchange

BOUNDS = Bounds(seconds=2.0, silence=2.0, size=2**20)
LISTED = b'{"requestId":"4jqnz03u5y2oz0ec7lp","integrations":[%s]}'


@contextmanager
def session_to(trick: servers.Trick) -> Iterator[Session]:
    """Open a session to a server with a trick."""
    with servers.served(trick) as (target, _):
        contract = Contract(clauses=read_clauses(), document=the_document())
        network = Network(target.base_url, bounds=BOUNDS)
        budget = CallBudget(rate=None, max_calls=100, patience=1)
        yield Session(target=target, contract=contract, budget=budget, judge=Judge(contract=contract), network=network)
        network.close()


def call(session: Session) -> None:
    """Ask for the list of integrations."""
    headers = {"Authorization": session.target.credentials.authorization or ""}
    session.send(httpx.Request("GET", f"{session.target.base_url}/v2/crm/integrations", headers=headers))


@pytest.mark.parametrize(
    ("trick", "words"),
    [
        pytest.param(servers.endless, "it is larger than 1,048,576 bytes", id="endless"),
        pytest.param(servers.drip, "it had not ended after 2 seconds", id="a byte at a time"),
        pytest.param(
            servers.replying(b"\x1f\x8bno gzip", **{"content-encoding": "gzip"}), "cannot be decompressed", id="no gzip"
        ),
        pytest.param(servers.bomb, "it is larger than 1,048,576 bytes", id="gzip bomb"),
        pytest.param(servers.replying(b"[" * 100_000 + b"]" * 100_000), "nested deeper than 100", id="100,000 levels"),
        pytest.param(servers.replying(LISTED % (b"[" * 200 + b"]" * 200)), "nested deeper than 100", id="200 levels"),
        pytest.param(servers.replying(LISTED % (b"9" * 5_000)), "an integer of 5,000 digits", id="5,000 digits"),
        pytest.param(
            servers.replying(gzip.compress(LISTED % b"")[:-9], **{"content-encoding": "gzip"}), "cut short", id="cut"
        ),
        pytest.param(
            servers.replying(LISTED % b"", **{"content-encoding": "br"}), "'br' was not asked for", id="another coding"
        ),
    ],
)
def test_an_answer_beyond_bounds_is_a_breach_that_says_so(trick: servers.Trick, words: str) -> None:
    """An answer that takes too long, is too large or too deep breaks the clause of its success, and the call ends."""
    with session_to(trick) as session:
        began = time.monotonic()
        with pytest.raises(Breach, match=r"list\.success") as caught:
            call(session)
    assert words in str(caught.value)
    assert time.monotonic() - began < 20
    assert caught.value.exchange is not None
    assert len(caught.value.exchange.content) <= BOUNDS.size


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


@pytest.mark.parametrize(
    "trick",
    [
        servers.drip_the_head,
        servers.silent,
        servers.drop,
        pytest.param(servers.raw(b"{}"), id="no HTTP"),
        pytest.param(servers.raw(HEAD + b"content-length: 500\r\n\r\n{}"), id="shorter than it says"),
        pytest.param(servers.raw(HEAD + b"content-length: many\r\n\r\n{}"), id="a length that is no number"),
        pytest.param(servers.raw(HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n"), id="no chunk"),
        pytest.param(servers.raw(HEAD + b"transfer-encoding: chunked\r\n\r\n400\r\n{}"), id="half a chunk"),
        pytest.param(servers.raw(b"HTTP/1.1 101 Switching\r\nupgrade: websocket\r\n\r\n"), id="another protocol"),
        pytest.param(servers.raw(HEAD + b"x-a: b\r\n" * 50_000), id="50,000 headers"),
    ],
)
def test_a_call_without_an_answer_is_not_judged(trick: servers.Trick) -> None:
    """A head that never ends, a silence, and what is no whole HTTP say nothing of the server, and the call ends."""
    with session_to(trick) as session:
        began = time.monotonic()
        with pytest.raises(NotJudged, match="got no answer"):
            call(session)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("content", [b"<html>", b"\xff\xfe", b"{", b"NaN", b'{"a":\xed\xa0\x80}', b"\x00"])
def test_what_is_no_json_is_named_as_that(content: bytes) -> None:
    """An answer that cannot be parsed is called so, with the reason."""
    with (
        session_to(servers.replying(content)) as session,
        pytest.raises(Breach, match="the answer cannot be read: it is no"),
    ):
        call(session)


@pytest.mark.parametrize("content", [b'{"requestId":"\\ud800"}', b'{"requestId":1e999}', b"[]", b'"text"', b"1e400"])
def test_strange_json_is_a_breach(content: bytes) -> None:
    """JSON that is not what was asked for is a breach, and no error of ours."""
    with session_to(servers.replying(content)) as session, pytest.raises(Breach) as caught:
        call(session)
    str(caught.value).encode()


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "GZIP"])
def test_a_compressed_answer_is_read(coding: str) -> None:
    """Bodies come compressed as HTTP allows."""
    packed = zlib.compress(b"plain") if coding == "deflate" else gzip.compress(b"plain")
    assert (b"plain", None) == unpacked(packed, coding, most=100)


def test_a_path_in_front_of_the_api_is_no_part_of_it() -> None:
    """Behind a prefix the same operations are judged."""
    with servers.served(prefix="/gong/crm") as (target, _):
        contract = Contract(clauses=read_clauses(), document=the_document())
        seen: list[Exchange] = []
        session = Session(
            target=target,
            contract=contract,
            budget=CallBudget(rate=None, max_calls=9, patience=1),
            judge=Judge(contract=contract),
            network=Network(target.base_url),
            watchers=[seen.append],
        )
        call(session)
    assert "/v2/crm/integrations" == seen[0].path
    assert "listCrmIntegrations" == seen[0].operation.id if seen[0].operation else ""


def test_loopback_is_never_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy of the environment is for the world, and not for those that no_proxy names."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    found = [proxy_of(url) for url in ("http://127.0.0.1:1", "http://localhost", "https://inside.example")]
    assert [None, None, None] == found
    assert "http://proxy.example:3128" == proxy_of("https://api.gong.io")


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_private_authority_is_trusted(name: str, tmp_path: Path) -> None:
    """Each variable names the certificates that every call trusts; one that cannot be read is refused."""
    usual = ssl.get_default_verify_paths().cafile or (httpx.create_ssl_context().get_ca_certs() and None)
    if usual:
        assert certificates({name: usual}).get_ca_certs()
    (tmp_path / "no.pem").write_text("no certificate")
    for path in (tmp_path / "no.pem", tmp_path / "missing.pem"):
        with pytest.raises(TargetUnusable, match=f"{name} names no readable file"):
            certificates({name: str(path)})
