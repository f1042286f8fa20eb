"""The pinned generator and formatter: their versions checked, the client written by them."""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.overlay import for_the_generator
from document.openapi import snake_case

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from document.openapi import Document

# Explicit rules and no configuration file: the output must not depend on whose machine or which ruff defaults.
_POST_HOOKS = [
    "ruff check --isolated --fix-only --select=F401,I --target-version=py311 .",
    "ruff format --isolated --line-length=120 --target-version=py311 .",
]


# The modules of the client that no template can say better: copied as they are, some over the generator's own.
RUNTIME = Path(__file__).resolve().parent / "runtime"


class ToolError(Exception):
    """A tool is missing, of another version, or did not do its work; the message says what to do."""


def _default_search_path() -> str:
    # The interpreter's own folder first: a ruff elsewhere on PATH is somebody else's.
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])


@dataclass(frozen=True, kw_only=True)
class Toolchain:
    """The tools that write the client, and where they are looked for."""

    generator: str
    ruff: str
    search_path: str = field(default_factory=_default_search_path)
    command: Sequence[str] = (sys.executable, "-m", "openapi_python_client", "generate")

    @classmethod
    def from_pyproject(cls, path: Path) -> Toolchain:
        """Read the exact pins from the dependency group `generate` of a pyproject.toml.

        Raises:
            ToolError: If a tool is not pinned with `==`.
        """
        group = tomllib.loads(path.read_text(encoding="utf-8"))["dependency-groups"]["generate"]
        pins = dict(entry.split("==") for entry in group if isinstance(entry, str) and "==" in entry)
        for tool in ("openapi-python-client", "ruff"):
            if tool not in pins:
                raise ToolError(f"{path.name} does not pin {tool} exactly: write {tool}==VERSION in group generate")
        return cls(generator=pins["openapi-python-client"], ruff=pins["ruff"])

    def check_versions(self) -> None:
        """Compare the installed tools with the pins.

        Raises:
            ToolError: If a tool is missing or of another version.
        """
        _demand("openapi-python-client", self.generator, _installed("openapi-python-client"))
        _demand("ruff", self.ruff, _ruff_version(self.search_path))


def _demand(tool: str, wanted: str, found: str | None) -> None:
    if found != wanted:
        state = f"is {found}" if found else "is missing"
        raise ToolError(f"{tool} {state}, {wanted} is needed: run `nox -s generate`, which installs the pinned tools")


def _installed(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def _ruff_version(search_path: str) -> str | None:
    ruff = shutil.which("ruff", path=search_path)
    if ruff is None:
        return None
    answer = subprocess.run([ruff, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+\.\d+", answer.stdout)
    return found.group() if found else "of an unknown version"


def write_client(target: Path, *, document: Document, templates: Path, tools: Toolchain, runtime: bool = True) -> None:
    """Let the generator write the client into a folder that does not exist yet.

    Args:
        target: The folder of the package.
        document: The parsed document.
        templates: The folder of template overrides.
        tools: The checked toolchain.
        runtime: Whether our hand-written modules take the place of the generator's and join them.

    Raises:
        ToolError: If the generator fails, warns, or writes nothing.
    """
    workshop = target.parent / f"{target.name}.workshop"
    shutil.copytree(templates, workshop)
    (workshop / "facts.jinja").write_text(facts_of(document), encoding="utf-8")
    source = workshop / "document.json"
    source.write_text(for_the_generator(document), encoding="utf-8")
    config = workshop / "config.json"
    config.write_text(json.dumps({"post_hooks": _POST_HOOKS, "package_name_override": target.name}), encoding="utf-8")
    command = [*tools.command, "--path", str(source), "--meta", "none", "--fail-on-warning"]
    command += ["--config", str(config), "--custom-template-path", str(workshop), "--output-path", str(target)]
    answer = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": tools.search_path},
    )
    shutil.rmtree(workshop)
    if answer.returncode != 0:
        raise ToolError(f"the generator failed:\n{(answer.stdout + answer.stderr).strip()}")
    if not (target / "client.py").is_file():
        raise ToolError("the generator ended well but wrote nothing: look at its version and at the document")
    for module in sorted(RUNTIME.glob("*.py")) if runtime else ():
        if module.name != "__init__.py":
            shutil.copyfile(module, target / module.name)


def facts_of(document: Document) -> str:
    """Return the Jinja text that tells the overrides what the generator itself does not pass on.

    Two things: the warning of each deprecated operation, and which schemas are enums.
    """
    warnings: dict[str, str] = {}
    for operation in document.operations():
        if operation.node.get("deprecated"):
            warnings[snake_case(operation.operation_id)] = _warning(operation.operation_id, operation.node)
    enums = [name for name, schema in document.components("schemas").items() if "enum" in schema]
    return f"{{% set warnings = {json.dumps(warnings)} %}}\n{{% set enums = {json.dumps(enums)} %}}\n"


def _warning(operation_id: str, node: Mapping[str, str]) -> str:
    successor = node.get("x-superseded-by")
    hint = f"; use {successor} ({snake_case(successor)}) instead" if successor else ""
    return f"Gong has deprecated {operation_id}{hint}"


def check_overrides(templates: Path, *, originals: Path) -> None:
    """Compare the hash each override names with the upstream template it replaces.

    Raises:
        ToolError: If an override names no hash, or upstream's template is not the one it was made from.
    """
    replaced = [path for path in RUNTIME.glob("*.py") if (originals / f"{path.name}.jinja").is_file()]
    for override in sorted([*templates.rglob("*.jinja"), *replaced]):
        name = f"{override.name}.jinja" if override in replaced else override.relative_to(templates).as_posix()
        original = originals / name
        named = re.search(r"sha256 ([0-9a-f]{64})", override.read_text(encoding="utf-8"))
        found = hashlib.sha256(original.read_bytes()).hexdigest() if original.is_file() else "no such template"
        if named is None or named.group(1) != found:
            raise ToolError(f"the override {name} was not made from the installed template (sha256 {found}): redo it")


def upstream_templates() -> Path:
    """Return the folder of the generator's own templates."""
    # Found, not imported: importing the generator takes half a second.
    spec = importlib.util.find_spec("openapi_python_client")
    if spec is None or spec.origin is None:
        raise ToolError("openapi-python-client is missing: run `nox -s generate`, which installs it")
    return Path(spec.origin).parent / "templates"
