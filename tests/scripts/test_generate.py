"""Tests of scripts/generate.py: what it writes, what --check finds, and how it fails."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

import generate
from codegen.audit import audit
from codegen.exercise import exercise
from codegen.toolchain import RUNTIME, Toolchain, ToolError
from document.openapi import read_document, sha256_of
from tests.scripts.edits import PROBE, at, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from document.openapi import Node

TOOLS = Toolchain.from_pyproject(generate.ROOT / "pyproject.toml")
CLIENT = "gong_crm_client"
SCHEMAS = "gong_crm_schemas"


def build(
    target: Path, *, document: Path = PROBE, templates: Path = generate.TEMPLATES, tools: Toolchain = TOOLS
) -> None:
    """Generate into a folder."""
    generate.build(target, document=document, templates=templates, tools=tools)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what the probe document becomes; not to be changed."""
    target = tmp_path_factory.mktemp("pristine") / "generated"
    build(target)
    return target


@pytest.fixture
def present(pristine: Path, tmp_path: Path) -> Path:
    """Return a copy of what the probe document becomes, to be broken."""
    return Path(shutil.copytree(pristine, tmp_path / "present"))


def broken(tmp_path: Path, *faults: Callable[[Node], None]) -> Path:
    """Write the probe document with changes."""
    root = read_document(PROBE).root
    for fault in faults:
        fault(root)
    path = tmp_path / "broken.yaml"
    path.write_text(yaml.safe_dump(root, sort_keys=False), encoding="utf-8")
    return path


def check(present: Path) -> int:
    """Run `generate.py --check` against a folder."""
    return generate.main(["--check", "--document", str(PROBE), "--output", str(present)])


def test_check_passes_a_clean_tree(present: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder as generated ends with 0 and not a word; Python's caches do not count."""
    (present / CLIENT / "__pycache__").mkdir()
    (present / CLIENT / "__pycache__" / "client.cpython-311.pyc").write_bytes(b"x")

    assert (0, "") == (check(present), capsys.readouterr().err)


def test_check_names_each_file_that_differs(present: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed, an added and a removed file are named, and the exit code is 1."""
    with (present / CLIENT / "errors.py").open("a", encoding="utf-8") as file:
        file.write("# by hand\n")
    (present / CLIENT / "models" / "stray.py").write_text("", encoding="utf-8")
    (present / SCHEMAS / "big.json").unlink()

    code, printed = check(present), capsys.readouterr().err

    expected = [
        f"generate: missing: {SCHEMAS}/big.json",
        f"generate: added: {CLIENT}/models/stray.py",
        f"generate: changed: {CLIENT}/errors.py",
        "generate: generated/ is not what openapi.yaml says, run `nox -s generate`",
    ]
    assert (1, expected) == (code, printed.splitlines())


def test_check_finds_a_changed_document(present: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document that says something else drifts from the folder, be it only in a description."""
    document = broken(tmp_path, put("/components/schemas/ThingPart/properties/line", "description", "Another."))

    assert 1 == generate.main(["--check", "--document", str(document), "--output", str(present)])
    assert f"changed: {CLIENT}/models/thing_part.py" in capsys.readouterr().err


def test_check_finds_a_missing_folder(pristine: Path, tmp_path: Path) -> None:
    """Nothing at all is a difference too."""
    assert "missing: manifest.json" in generate.differences(pristine, tmp_path / "nowhere")


def test_writing_removes_what_does_not_belong(present: Path) -> None:
    """Generating starts from nothing, so that strays do not survive."""
    (present / CLIENT / "stray.py").write_text("", encoding="utf-8")

    assert 0 == generate.main(["--document", str(PROBE), "--output", str(present)])
    assert not (present / CLIENT / "stray.py").exists()
    assert 0 == check(present)


def test_failure_leaves_the_folder_alone(present: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be generated does not harm what is there."""
    (tmp_path / "bad.yaml").write_text("a: [", encoding="utf-8")

    assert 2 == generate.main(["--document", str(tmp_path / "bad.yaml"), "--output", str(present)])
    assert "not YAML" in capsys.readouterr().err
    assert 0 == check(present)


def test_every_module_says_that_it_is_generated(pristine: Path) -> None:
    """Each Python file opens with the word to leave it alone, each schema carries it."""
    modules = list(pristine.rglob("*.py"))

    assert modules
    assert [] == [path for path in modules if not path.read_text(encoding="utf-8").startswith("# DO NOT EDIT")]
    schemas = list((pristine / SCHEMAS).glob("*.json"))
    assert [] == [
        path for path in schemas if "DO NOT EDIT" not in json.loads(path.read_text(encoding="utf-8"))["$comment"]
    ]


def test_both_packages_are_typed(pristine: Path) -> None:
    """py.typed lies in both packages."""
    assert [True, True] == [(pristine / package / "py.typed").is_file() for package in (CLIENT, SCHEMAS)]


def test_manifest_tells_versions_and_sources(pristine: Path) -> None:
    """The manifest holds the versions of the tools and the hashes of document and templates."""
    manifest = json.loads((pristine / "manifest.json").read_text(encoding="utf-8"))

    assert {"name": "probe.yaml", "sha256": sha256_of(PROBE)} == manifest["document"]
    assert {"openapi-python-client": TOOLS.generator, "ruff": TOOLS.ruff} == manifest["tools"]
    template = "client/model.py.jinja"
    assert sha256_of(generate.TEMPLATES / template) == manifest["templates"][template]
    assert sha256_of(RUNTIME / "client.py") == manifest["runtime"]["client.py"]


def test_line_schemas_stand_alone(pristine: Path) -> None:
    """Each file carries what it refers to, with OpenAPI's own words left out."""
    schema = json.loads((pristine / SCHEMAS / "big.json").read_text(encoding="utf-8"))

    assert {"LineCommon", "ObjectId"} == schema["$defs"].keys()
    assert "#/$defs/LineCommon" == schema["allOf"][0]["$ref"]
    assert ([{"objectId": "a1", "name": "Acme", "size": 3}], False) == (schema["examples"], "example" in schema)


def test_words_about_parameters_arrive(pristine: Path) -> None:
    """What the document says about a parameter stands in the docstrings, although the generator looks elsewhere."""
    source = (pristine / CLIENT / "api" / "crm" / "upload_things.py").read_text(encoding="utf-8")

    assert "thing_id (int): The id of the thing. Example: 9007199254740993." in source


def test_four_hash_seeds_give_the_same(pristine: Path, tmp_path: Path) -> None:
    """The output does not depend on the order of sets and dicts of one process."""
    command = [sys.executable, str(generate.ROOT / "scripts" / "generate.py"), "--document", str(PROBE), "--output"]
    runs = [
        subprocess.Popen(
            [*command, str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stderr=subprocess.DEVNULL,
        )
        for seed in ("0", "1", "2", "3")
    ]

    assert [0, 0, 0, 0] == [run.wait() for run in runs]
    assert [] == [found for seed in ("0", "1", "2", "3") for found in generate.differences(pristine, tmp_path / seed)]


def tools_with(**changes: object) -> Toolchain:
    """Return the toolchain with something wrong."""
    return replace(TOOLS, **changes)  # type: ignore[arg-type]  # each change has the type of its field


def test_generator_that_writes_nothing_is_noticed(tmp_path: Path) -> None:
    """A generator that ends with 0 and writes nothing is a failure."""
    with pytest.raises(ToolError, match="wrote nothing"):
        build(tmp_path / "out", tools=tools_with(command=(sys.executable, "-c", "")))


def test_generator_that_fails_is_quoted(tmp_path: Path) -> None:
    """What a failing generator says is passed on."""
    command = (sys.executable, "-c", "raise SystemExit('no such thing')")
    with pytest.raises(ToolError, match="the generator failed:\nno such thing"):
        build(tmp_path / "out", tools=tools_with(command=command))


def test_generator_that_warns_is_a_failure(tmp_path: Path) -> None:
    """A part of the document that the generator leaves out with a warning stops everything."""
    content = {"text/csv": {"schema": {"type": "string"}, "example": "a"}}
    document = broken(tmp_path, put("/paths/~1things/put/requestBody", "content", content))
    with pytest.raises(ToolError, match="the generator failed"):
        build(tmp_path / "out", document=document)


def test_generator_of_another_version_is_refused(tmp_path: Path) -> None:
    """Only the pinned generator writes."""
    with pytest.raises(ToolError, match=r"openapi-python-client is .*, 0.0.1 is needed: run `nox -s generate`"):
        build(tmp_path / "out", tools=tools_with(generator="0.0.1"))


def test_missing_ruff_is_refused(tmp_path: Path) -> None:
    """Without ruff the generator would leave the output unformatted and end with 0."""
    with pytest.raises(ToolError, match=r"ruff is missing, .* is needed"):
        build(tmp_path / "out", tools=tools_with(search_path=str(tmp_path)))


def test_ruff_of_another_version_is_refused(tmp_path: Path) -> None:
    """Another ruff would format in another way."""
    fake = tmp_path / "ruff"
    fake.write_text("#!/bin/sh\necho ruff 0.1.0\n", encoding="utf-8")
    fake.chmod(0o755)
    with pytest.raises(ToolError, match=r"ruff is 0.1.0, .* is needed"):
        build(tmp_path / "out", tools=tools_with(search_path=str(tmp_path)))


def test_part_of_another_media_type_is_refused(tmp_path: Path) -> None:
    """The client knows one media type for uploaded parts, so a document with another is refused."""
    media = "/paths/~1things~1files/post/requestBody/content/multipart~1form-data/encoding/dataFile"
    document = broken(tmp_path, put(media, "contentType", "text/csv"))
    with pytest.raises(ToolError, match="another media type than text/csv"):
        build(tmp_path / "out", document=document)


def test_name_that_breaks_the_client_is_refused(tmp_path: Path) -> None:
    """A member called like what its model has of its own is met before anything is generated."""
    members = "/components/schemas/ThingRequest/properties"
    document = broken(tmp_path, put(members, "cls", {"type": "string", "description": "x"}))

    with pytest.raises(ToolError, match=r"names that break the client:\n.*/cls: rename it"):
        build(tmp_path / "out", document=document)


def test_every_module_is_imported_and_every_model_goes_round(present: Path) -> None:
    """A fresh client is tried in a process of its own, and each thing that does not work is named."""
    models = present / CLIENT / "models"
    request = models / "thing_request.py"
    request.write_text(request.read_text(encoding="utf-8").replace('d.pop("name")', '"lost"'), encoding="utf-8")
    (models / "broken.py").write_text("raise ValueError('no')\n", encoding="utf-8")

    faults = exercise(present / CLIENT, {"ThingRequest": [{"name": "a", "custom": 1}]})

    assert [
        "gong_crm_client.models.broken cannot be imported: ValueError: no",
        "ThingRequest does not give back its example: {'name': 'lost', 'custom': 1} for {'name': 'a', 'custom': 1}",
    ] == faults


def test_loose_pin_is_refused(tmp_path: Path) -> None:
    """A tool that is not pinned exactly cannot be checked."""
    path = tmp_path / "pyproject.toml"
    path.write_text(
        '[dependency-groups]\ngenerate = ["openapi-python-client==0.29.1", "ruff>=0.17"]\n', encoding="utf-8"
    )
    with pytest.raises(ToolError, match="does not pin ruff exactly"):
        Toolchain.from_pyproject(path)


def test_override_of_another_original_is_refused(tmp_path: Path) -> None:
    """An override made from another template of upstream would bring back what upstream has changed since."""
    templates = Path(shutil.copytree(generate.TEMPLATES, tmp_path / "templates"))
    override = templates / "client" / "model.py.jinja"
    text = override.read_text(encoding="utf-8")
    override.write_text(text.replace("sha256 ", "sha256 0000", 1), encoding="utf-8")
    with pytest.raises(ToolError, match=r"the override model.py.jinja was not made from the installed template"):
        build(tmp_path / "out", templates=templates)


def test_diff_shows_what_each_override_changes(capsys: pytest.CaptureFixture[str]) -> None:
    """Each override is shown against the upstream template that it takes the place of, so that it can be renewed."""
    assert 0 == generate.main(["--diff"])

    printed = capsys.readouterr().out
    overrides = {
        path.relative_to(generate.TEMPLATES / "client") for path in (generate.TEMPLATES / "client").rglob("*.jinja")
    }
    named = [*map(str, overrides), "client.py.jinja", "types.py.jinja", "errors.py.jinja"]
    assert [] == [name for name in named if f"--- upstream/{name}\n+++ ours/{name}\n" not in printed]


def test_every_override_gives_its_reason() -> None:
    """Each override opens with what it replaces, why, and the thread upstream."""
    overrides = list((generate.TEMPLATES / "client").rglob("*.jinja"))

    assert overrides
    for override in overrides:
        head = override.read_text(encoding="utf-8").split("#}")[0]
        assert ["{#", "Replaces", "Why:", "Upstream:"] == [
            line.split(" ")[0] for line in head.splitlines() if not line.startswith(" ") and line
        ]


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (
            put("/paths", "/elsewhere", {"$ref": "#/components/pathItems/Elsewhere"}),
            "/paths/~1elsewhere/get: the module get_elsewhere of getElsewhere is missing",
        ),
        (
            lambda root: (
                at(root, "/paths/~1things/get/parameters/1").pop("schema")
                and at(root, "/paths/~1things/get/parameters/1").update(
                    content={"text/plain": {"schema": {"type": "string"}}}
                )
            ),
            "/paths/~1things/get: sync_detailed does not take kind",
        ),
        (
            put("/components/schemas", "Twin", {"allOf": [{"$ref": "#/components/schemas/ThingPart"}]}),
            "/components/schemas/Twin: the class is missing",
        ),
    ],
)
def test_silent_drop_is_a_failure(tmp_path: Path, fault: Callable[[Node], None], finding: str) -> None:
    """What the generator drops without a word is found by the audit, and nothing is written."""
    elsewhere = {"get": {"operationId": "getElsewhere", "tags": ["CRM"], "responses": {}}}
    document = broken(tmp_path, put("/components", "pathItems", {"Elsewhere": elsewhere}), fault)
    with pytest.raises(ToolError) as caught:
        build(tmp_path / "out", document=document)

    assert finding in str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        (
            put("/components/schemas", "Lonely", {"type": "array", "items": {"type": "string"}}),
            "/components/schemas/Lonely: nothing uses the component, so it does not arrive",
        ),
        (
            put("/components/headers", "Lonely", {"schema": {"type": "string"}}),
            "/components/headers/Lonely: nothing uses the component, so it does not arrive",
        ),
        (
            put("/components", "callbacks", {"Lonely": {}}),
            "/components/callbacks/Lonely: the generator knows no components of this kind",
        ),
    ],
)
def test_component_that_reaches_nobody_is_found(pristine: Path, fault: Callable[[Node], None], finding: str) -> None:
    """A component that nothing uses, or of a kind that the generator ignores, does not arrive."""
    document = read_document(PROBE)
    fault(document.root)

    assert [finding] == audit(pristine, document)


def without(pattern: str, *, instead: str = "") -> Callable[[str], str]:
    """Return an edit that takes a text out, and fails where the text is not there."""

    def edit(text: str) -> str:
        assert pattern in text
        return text.replace(pattern, instead)

    return edit


GET = f"{CLIENT}/api/crm/get_things.py"
UPLOAD = f"{CLIENT}/api/crm/upload_things.py"


@pytest.mark.parametrize(
    ("name", "edit", "finding"),
    [
        (
            GET,
            without("async def asyncio_detailed", instead="async def other"),
            "get_things.asyncio_detailed is missing",
        ),
        (GET, without('"method": "get"', instead='"method": "post"'), "get_things does not call GET /things"),
        (GET, without('params["kind"]', instead='params["mind"]'), "the parameter kind is not sent in query"),
        (GET, without('_kwargs["json"] = body'), "the body is not sent"),
        (GET, without("== 400", instead="== 499"), "responses/400: the status is not parsed"),
        (
            GET,
            without("ErrorResponse.from_dict", instead="dict"),
            "responses/400: the answer is not parsed as ErrorResponse",
        ),
        (UPLOAD, without('headers["X-Trace"]', instead='headers["X"]'), "the parameter X-Trace is not sent in header"),
        (
            f"{CLIENT}/models/thing_kind.py",
            without('"SMALL"', instead='"TINY"'),
            "ThingKind: the value SMALL is missing",
        ),
        (
            f"{CLIENT}/models/thing_part.py",
            without('"line": line', instead='"lane": line'),
            "ThingPart: to_dict leaves out",
        ),
        (f"{CLIENT}/models/big_record.py", without('d.pop("objectId")', instead='""'), "from_dict leaves out objectId"),
        (f"{SCHEMAS}/big.json", without('"$defs": {', instead='"gone": {'), "needs #/$defs/LineCommon"),
        (f"{SCHEMAS}/big.json", without("2020-12", instead="2019-09"), "is of another dialect"),
    ],
)
def test_audit_reads_the_output(present: Path, name: str, edit: Callable[[str], str], finding: str) -> None:
    """The audit finds each thing that is missing in the generated files themselves."""
    path = present / name
    text = edit(path.read_text(encoding="utf-8"))
    path.write_text(text, encoding="utf-8")
    if name.endswith(".py"):
        ast.parse(text)

    assert [line for line in audit(present, read_document(PROBE)) if finding in line]


@pytest.mark.parametrize(
    ("name", "finding"),
    [
        (GET, "the module get_things of getThings is missing"),
        (f"{CLIENT}/models/thing_part.py", "ThingPart: the class is missing"),
        (f"{SCHEMAS}/user_mapping.json", "user_mapping.json is missing"),
    ],
)
def test_audit_misses_files(present: Path, name: str, finding: str) -> None:
    """The audit names what a missing file should have held."""
    (present / name).unlink()

    assert [line for line in audit(present, read_document(PROBE)) if finding in line]
