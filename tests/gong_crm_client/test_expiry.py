"""Tests that upstream still has each trap; one that fails says that our override can go."""

from __future__ import annotations

import copy
import importlib
import inspect
import io
import json
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

from codegen.toolchain import Toolchain, write_client
from document.openapi import read_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
PROBE = ROOT / "tests" / "scripts" / "documents" / "probe.yaml"


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], ModuleType]]:
    """Return an importer of a client generated without our overrides."""
    root = tmp_path_factory.mktemp("upstream")
    (root / "templates").mkdir()
    write_client(
        root / "upstream_probe",
        document=read_document(PROBE),
        templates=root / "templates",
        tools=Toolchain.from_pyproject(ROOT / "pyproject.toml"),
        runtime=False,
    )
    sys.path.insert(0, str(root))
    yield lambda name: importlib.import_module(f"upstream_probe.{name}")
    sys.path.remove(str(root))


def answered(upstream: Callable[[str], ModuleType], status: int, content: bytes, **settings: Any) -> Any:  # noqa: ANN401  (settings and answers of any type)
    """Return what upstream's client makes of an answer."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=content))
    client = upstream("client").Client(base_url="https://x.example", httpx_args={"transport": transport}, **settings)
    body = upstream("models").ThingRequest(name="a")
    with client:
        return upstream("api.crm.register_thing").sync_detailed(client=client, body=body)


def test_boundary_is_still_constant(upstream: Callable[[str], ModuleType]) -> None:
    """endpoint_module.py.jinja: upstream sends every multipart body with the boundary +++."""
    file = upstream("types").File(payload=io.BytesIO(b"{}"))
    body = upstream("models").ThingUpload(data_file=file)

    arguments = upstream("api.crm.upload_things")._get_kwargs(body=body, thing_id=1)

    assert "multipart/form-data; boundary=+++" == arguments["headers"]["Content-Type"]


def test_body_that_is_no_json_still_raises_the_parser_s_error(upstream: Callable[[str], ModuleType]) -> None:
    """endpoint_module.py.jinja: upstream lets JSONDecodeError out."""
    with pytest.raises(json.JSONDecodeError):
        answered(upstream, 400, b"<html>")


def test_missing_member_still_raises_key_error(upstream: Callable[[str], ModuleType]) -> None:
    """endpoint_module.py.jinja: upstream lets KeyError out."""
    with pytest.raises(KeyError):
        answered(upstream, 200, b"{}")


def test_unknown_status_still_raises_value_error(upstream: Callable[[str], ModuleType]) -> None:
    """endpoint_module.py.jinja and types.py.jinja: upstream fails on a status that the registry does not know."""
    with pytest.raises(ValueError, match="520 is not a valid HTTPStatus"):
        answered(upstream, 520, b"")


def test_undocumented_status_is_still_none(upstream: Callable[[str], ModuleType]) -> None:
    """client.py.jinja: upstream gives None for a status that the document does not list."""
    assert answered(upstream, 404, b"{}").parsed is None


def test_error_still_shows_the_whole_body(upstream: Callable[[str], ModuleType]) -> None:
    """errors.py.jinja: upstream's error carries the body, whatever stands in it."""
    with pytest.raises(upstream("errors").UnexpectedStatus, match=r"password=1234"):
        answered(upstream, 404, b"x" * 1000 + b"password=1234", raise_on_unexpected_status=True)


def test_unknown_enum_value_still_raises(upstream: Callable[[str], ModuleType]) -> None:
    """str_enum.py.jinja: upstream's enums are closed."""
    with pytest.raises(ValueError, match="PAUSED"):
        upstream("models").ThingState("PAUSED")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])  # noqa: S301  (our own bytes)
def test_unset_is_still_cloned(upstream: Callable[[str], ModuleType], copied: Callable[[Any], Any]) -> None:
    """types.py.jinja: upstream's UNSET does not survive a copy."""
    unset = upstream("types").UNSET

    assert unset is not copied(unset)


def test_moved_handle_is_still_sent_from_its_first_byte(upstream: Callable[[str], ModuleType]) -> None:
    """types.py.jinja: upstream and httpx send the whole of a handle that stands elsewhere."""
    payload = io.BytesIO(b"0123456789")
    payload.seek(5)

    assert b"0123456789" in _sent(upstream, payload)


def test_payload_that_was_read_is_still_sent_empty(upstream: Callable[[str], ModuleType]) -> None:
    """types.py.jinja: upstream and httpx send an empty part for a payload that cannot be read again."""

    class Once:
        read = io.BytesIO(b"0123456789").read

    assert b"0123456789" in _sent(upstream, Once())
    assert b"\r\n\r\n\r\n--+++" in _sent(upstream, Once())


def _sent(upstream: Callable[[str], ModuleType], payload: object) -> bytes:
    """Return the body that upstream's client sends for a payload."""
    body = upstream("models").ThingUpload(data_file=upstream("types").File(payload=payload))
    arguments = upstream("api.crm.upload_things")._get_kwargs(body=body, thing_id=1)
    arguments["url"] = f"https://x.example{arguments['url']}"
    return httpx.Request(**arguments).read()


def test_nullable_model_still_passes_raw(upstream: Callable[[str], ModuleType]) -> None:
    """union_property.py.jinja: upstream keeps raw JSON under the type of a model that it does not fit."""
    parsed = answered(upstream, 200, b'{"requestId": "a", "thingId": 1, "parts": [{"wrong": 1}]}').parsed

    assert [{"wrong": 1}] == parsed.parts


def test_text_of_an_enum_member_still_crashes(upstream: Callable[[str], ModuleType]) -> None:
    """enum_property.py.jinja: upstream takes the member of an enum as an argument, and not its text."""
    thing = {"thing_id": 1, "body": ["a1"]}
    module = upstream("api.crm.get_things")

    assert "BIG" == module._get_kwargs(kind=upstream("models").ThingKind.BIG, **thing)["params"]["kind"]
    with pytest.raises(AttributeError, match="value"):
        module._get_kwargs(kind="BIG", **thing)


def test_custom_members_are_still_lost(upstream: Callable[[str], ModuleType]) -> None:
    """model.py.jinja: upstream's models drop custom members, share them between copies, and forget an assignment."""
    thing = upstream("models").ThingRequest(name="a")
    thing["custom"] = 1

    assert {"name": "b"} == attrs.evolve(thing, name="b").to_dict()
    copy.copy(thing)["custom"] = 2
    assert 2 == thing["custom"]
    thing["name"] = "c"
    assert "a" == thing.name


def test_token_still_shows(upstream: Callable[[str], ModuleType]) -> None:
    """client.py.jinja: upstream prints and pickles the token."""
    client = upstream("client").AuthenticatedClient(base_url="https://x.example", token="planted")

    assert "planted" in repr(client)
    assert b"planted" in pickle.dumps(client)


def test_default_timeout_is_still_none(upstream: Callable[[str], ModuleType]) -> None:
    """client.py.jinja: upstream waits forever."""
    with upstream("client").Client(base_url="https://x.example") as client:
        assert httpx.Timeout(None) == client.get_httpx_client().timeout


def test_derived_client_still_changes_the_first(upstream: Callable[[str], ModuleType]) -> None:
    """client.py.jinja: upstream's with_headers writes into the client it copies."""
    with upstream("client").Client(base_url="https://x.example") as client:
        client.with_headers({"X-A": "1"})

        assert "x-a" in client.get_httpx_client().headers


def test_deprecated_operation_still_says_nothing(upstream: Callable[[str], ModuleType]) -> None:
    """endpoint_module.py.jinja: upstream shows nowhere that an operation is deprecated."""
    source = inspect.getsource(upstream("api.crm_legacy.upload_things_legacy"))

    assert "deprecat" not in source.lower()
    assert "warn" not in source.lower()


def test_no_typed_marker_yet(upstream: Callable[[str], ModuleType]) -> None:
    """generate.py: upstream writes no py.typed with --meta none."""
    package = Path(str(upstream("client").__file__)).parent

    assert not (package / "py.typed").exists()
