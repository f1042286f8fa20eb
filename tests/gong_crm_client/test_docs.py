"""Tests that every Python block of docs/client.md runs and does what the page says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from document.openapi import component_name, read_document, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```python\n(.*?)^```", PAGE)
DOCUMENT = read_document(ROOT / "openapi.yaml")


def example(path: str, method: str) -> tuple[int, bytes]:
    """Return the first success that the document describes for an operation, with its example."""
    operation = next(one for one in DOCUMENT.operations() if (one.path, one.method) == (path, method.lower()))
    status, reference = next(iter(operation.node["responses"].items()))
    media = DOCUMENT.resolve(reference)["content"]["application/json"]
    body = media.get("example") or next(iter(media["examples"].values()))["value"]
    return int(status), json.dumps(body).encode()


class _Handler(BaseHTTPRequestHandler):
    """Answers with the document's own examples, and with HTML to a token that it does not know."""

    protocol_version = "HTTP/1.1"
    calls: list[str]
    refusals: list[tuple[int, bytes]]

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        path = urlsplit(self.path).path
        self.calls.append(f"{self.command} {path} {self.headers['authorization']}")
        status, body = self.refusals.pop(0) if self.refusals else example(path, self.command)
        if self.headers["authorization"] == "Bearer unknown":
            status, body = 403, b"<html>Forbidden</html>"
        self.send_response(status)
        for name, value in (
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("Retry-After", "2"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815  (the names that http.server calls)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def handler() -> Iterator[tuple[str, type[_Handler]]]:
    """Return the address of a server that plays Gong, and its handler."""
    kind = type("Handler", (_Handler,), {"calls": [], "refusals": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}", kind
        served.shutdown()


@pytest.fixture(scope="module")
def spoken(handler: tuple[str, type[_Handler]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Run the page from top to bottom, and return the names that it has defined."""
    url, _ = handler
    folder = tmp_path_factory.mktemp("docs")
    (folder / "accounts.ldjson").write_text('{"objectId": "a1"}\n', encoding="utf-8")
    names: dict[str, Any] = {"__name__": "docs"}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("GONG_ACCESS_KEY", "key")
        patch.setenv("GONG_ACCESS_KEY_SECRET", "secret")
        patch.setenv("GONG_ACCESS_TOKEN", "token")
        patch.setenv("GONG_BASE_URL", url)
        # Twice, as somebody does who tries a page again.
        for number, block in enumerate([*BLOCKS, *BLOCKS]):
            code = compile(block.replace("https://api.gong.io", url), f"docs/client.md, block {number}", "exec")
            exec(code, names)  # noqa: S102  (the page is ours)
        yield names


def test_page_has_blocks() -> None:
    """The page shows code, all of which is run."""
    assert len(BLOCKS) == PAGE.count("```python") > 10


def test_blocks_call_with_keys(spoken: dict[str, Any], handler: tuple[str, type[_Handler]]) -> None:
    """The page's calls arrive with the keys as HTTP basic."""
    expected = "Basic a2V5OnNlY3JldA=="

    assert {"GET /v2/crm/integrations", "POST /v2/crm/entities", "GET /v2/crm/request-status"} <= {
        call.removesuffix(f" {expected}") for call in handler[1].calls
    }
    assert [2271307570613351879] == spoken["ids"]


def test_token_recipe_calls_with_the_token(spoken: dict[str, Any], handler: tuple[str, type[_Handler]]) -> None:
    """The recipe for tokens sends the token as bearer."""
    with spoken["connect_by_token"]() as client:
        spoken["list_crm_integrations"].sync(client=client)

    assert "GET /v2/crm/integrations Bearer token" == handler[1].calls[-1]


def test_unexpected_status_is_handed_over(spoken: dict[str, Any]) -> None:
    """The block without exceptions got the bytes of an undocumented status."""
    assert (403, b"<html>Forbidden</html>", None) == (
        spoken["response"].status_code,
        spoken["response"].content,
        spoken["response"].parsed,
    )


def test_retry_recipe_waits_as_told(
    spoken: dict[str, Any], handler: tuple[str, type[_Handler]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recipe for retries repeats after 429 and 502, waits what Retry-After says, and gives up."""
    waits: list[float] = []
    # Only there: servers of other tests may be asleep.
    monkeypatch.setitem(spoken, "time", SimpleNamespace(sleep=waits.append))
    refusal = b'{"requestId": "r", "errors": ["Too many"]}'
    handler[1].refusals[:] = [(429, refusal), (502, b"<html>")]

    assert "r" != spoken["status_of"]("r").request_id
    assert [2, 2] == waits

    handler[1].refusals[:] = [(429, refusal)] * 2
    with pytest.raises(TimeoutError, match="in 2 attempts"):
        spoken["status_of"]("r", attempts=2)

    handler[1].refusals[:] = [(400, refusal)]
    with pytest.raises(RuntimeError, match="Too many"):
        spoken["status_of"]("r")


def test_proxy_recipe_goes_through_the_proxy(
    spoken: dict[str, Any], handler: tuple[str, type[_Handler]], capsys: pytest.CaptureFixture[str]
) -> None:
    """The recipe for proxies sends its calls there, and its hook tells of each."""
    with spoken["connect_through"](handler[0]) as client:
        spoken["list_crm_integrations"].sync(client=client)

    assert "200 /v2/crm/integrations\n" == capsys.readouterr().out


def test_blocks_pass_the_type_checkers(tmp_path: Path) -> None:
    """The page as one module has no fault for mypy in strict mode, nor for pyright."""
    api = pytest.importorskip("mypy.api")
    module = tmp_path / "page.py"
    module.write_text("\n\n".join(BLOCKS), encoding="utf-8")

    out, _, code = api.run(
        ["--strict", "--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path), str(module)]
    )
    assert (0, "") == (code, out if code else "")
    pyright = shutil.which("pyright", path=str(Path(sys.executable).parent))
    if pyright:
        command = [pyright, "--pythonpath", sys.executable, str(module)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        assert 0 == answer.returncode, answer.stdout


def test_page_has_every_operation_and_object_type() -> None:
    """The tables name each operation with its module, and each object type with its model."""
    for one in DOCUMENT.operations():
        assert f"| `{one.operation_id}` | `{snake_case(one.tag)}.{snake_case(one.operation_id)}` |" in PAGE
    upload = next(one for one in DOCUMENT.operations() if one.operation_id == "uploadCrmEntities")
    for object_type, reference in upload.node["requestBody"]["x-line-schemas"].items():
        assert f"| `{object_type}` | `{component_name(reference)}` |" in PAGE


def test_page_names_what_exists() -> None:
    """Every module, class and argument that the page's text names is in the package."""
    modules = list((ROOT / "generated").rglob("*.py"))
    known = "".join(path.stem + path.read_text(encoding="utf-8") for path in modules)
    names = set(re.findall(r"`(\w+(?:_legacy|Response|Record))`", PAGE)) | {"raise_on_unexpected_status", "httpx_args"}

    assert [] == sorted(name for name in names if name not in known)
