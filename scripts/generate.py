"""Write generated/ from openapi.yaml; with --check, say whether it is what it should be."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codegen.answers import write_answers
from codegen.audit import audit
from codegen.exercise import exercise
from codegen.line_schemas import write_line_schemas, write_record_models
from codegen.overrides import override_diffs
from codegen.portable import write_portable
from codegen.toolchain import RUNTIME, Toolchain, ToolError, check_overrides, upstream_templates, write_client
from document.lint_rules import lint
from document.openapi import DocumentError, component_name, read_document, sha256_of

if TYPE_CHECKING:
    from document.openapi import Document

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "scripts" / "codegen" / "templates"
PACKAGES = ("gong_crm_client", "gong_crm_schemas")
PORTABLE = "openapi-3.0.yaml"
HEADER = "# DO NOT EDIT: written by scripts/generate.py from openapi.yaml, run `nox -s generate`.\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 when generated/ is written or right, 1 when --check finds a difference, 2 when nothing could be generated.
    """
    options = _parser().parse_args(arguments)
    if options.diff:
        sys.stdout.writelines(override_diffs(TEMPLATES / "client"))
        return 0
    try:
        tools = Toolchain.from_pyproject(ROOT / "pyproject.toml")
        with tempfile.TemporaryDirectory() as folder:
            fresh = Path(folder) / "generated"
            build(fresh, document=options.document, templates=TEMPLATES, tools=tools)
            if options.check:
                return _report(differences(fresh, options.output))
            replace(options.output, fresh)
    except (DocumentError, ToolError) as error:
        sys.stderr.write(f"generate: {error}\n")
        return 2
    sys.stderr.write(f"generate: wrote {', '.join((*PACKAGES, PORTABLE))}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when generated/ would change")
    parser.add_argument(
        "--diff", action="store_true", help="print what our templates change of the generator's, no more"
    )
    parser.add_argument("--document", type=Path, default=ROOT / "openapi.yaml", help="the OpenAPI document")
    parser.add_argument("--output", type=Path, default=ROOT / "generated", help="the folder of both packages")
    return parser


def build(target: Path, *, document: Path, templates: Path, tools: Toolchain) -> None:
    """Write both packages and the manifest into a folder that does not exist yet.

    Args:
        target: The folder to write.
        document: The OpenAPI document.
        templates: The folder with our templates, `client` and `schemas`.
        tools: The pinned tools.

    Raises:
        DocumentError: If the document cannot be read.
        ToolError: If a tool is missing or wrong, or if something of the document did not arrive.
    """
    parsed = read_document(document)
    if reserved := [f"{one.pointer}: {one.advice}" for one in lint(parsed) if one.rule.startswith("reserved")]:
        raise ToolError("the document has names that break the client:\n" + "\n".join(reserved))
    tools.check_versions()
    check_overrides(templates / "client", originals=upstream_templates())
    target.mkdir(parents=True)
    write_client(
        target / "gong_crm_client",
        document=parsed,
        templates=templates / "client",
        tools=tools,
    )
    write_line_schemas(
        target / "gong_crm_schemas",
        document=parsed,
        template=templates / "schemas" / "__init__.py.jinja",
    )
    write_answers(target / "gong_crm_schemas" / "answers.json", document=parsed)
    write_record_models(
        target / "gong_crm_client" / "records.py",
        document=parsed,
        template=templates / "schemas" / "records.py.jinja",
    )
    for package in PACKAGES:
        _finish(target / package)
    write_portable(target / PORTABLE, document=parsed)
    _write_manifest(target / "manifest.json", document=document, templates=templates, tools=tools)
    if missing := audit(target, parsed):
        raise ToolError("the generator dropped parts of the document:\n" + "\n".join(missing))
    if faults := exercise(target / "gong_crm_client", examples_of(parsed)):
        raise ToolError("the client does not work:\n" + "\n".join(faults))
    for cache in list(target.rglob("__pycache__")):
        shutil.rmtree(cache)


def examples_of(document: Document) -> dict[str, list[Any]]:
    """Return the examples of each schema that is no form, whose file is no JSON."""
    forms = {
        component_name(media["schema"].get("$ref", ""))
        for operation in document.operations()
        for kind, media in document.resolve(operation.node.get("requestBody", {})).get("content", {}).items()
        if kind == "multipart/form-data"
    }
    return {
        name: schema.get("examples", [schema["example"]] if "example" in schema else [])
        for name, schema in document.components("schemas").items()
        if name not in forms
    }


def _finish(package: Path) -> None:
    """Say in each module that it is generated, and mark the package as typed."""
    for module in sorted(package.rglob("*.py")):
        module.write_text(HEADER + module.read_text(encoding="utf-8"), encoding="utf-8")
    (package / "py.typed").write_text("", encoding="utf-8")
    for cache in package.rglob(".ruff_cache"):
        shutil.rmtree(cache)


def _write_manifest(path: Path, *, document: Path, templates: Path, tools: Toolchain) -> None:
    files = sorted(templates.rglob("*.jinja"))
    modules = sorted(RUNTIME.glob("*.py"))
    manifest = {
        "comment": "Written by scripts/generate.py. DO NOT EDIT: run `nox -s generate`.",
        "document": {"name": document.name, "sha256": sha256_of(document)},
        "tools": {"openapi-python-client": tools.generator, "ruff": tools.ruff},
        "templates": {file.relative_to(templates).as_posix(): sha256_of(file) for file in files},
        "runtime": {file.name: sha256_of(file) for file in modules},
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def differences(fresh: Path, present: Path) -> list[str]:
    """Name the files of the present folder that are not as freshly generated."""
    wanted, found = _files(fresh), _files(present)
    gone = [f"missing: {name}" for name in sorted(wanted.keys() - found.keys())]
    added = [f"added: {name}" for name in sorted(found.keys() - wanted.keys())]
    common = sorted(wanted.keys() & found.keys())
    changed = [f"changed: {name}" for name in common if wanted[name].read_bytes() != found[name].read_bytes()]
    return gone + added + changed


def _files(root: Path) -> dict[str, Path]:
    files = (path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(root).as_posix(): path for path in files}


def replace(present: Path, fresh: Path) -> None:
    """Put the freshly generated folder in the place of the present one."""
    if present.exists():
        shutil.rmtree(present)
    shutil.copytree(fresh, present)


def _report(found: list[str]) -> int:
    for line in found:
        sys.stderr.write(f"generate: {line}\n")
    if found:
        sys.stderr.write("generate: generated/ is not what openapi.yaml says, run `nox -s generate`\n")
    return int(bool(found))


if __name__ == "__main__":
    raise SystemExit(main())
