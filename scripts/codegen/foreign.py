"""Generators of other languages: how each is run, how its client is compiled, and what it is asked to call."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PORTABLE = "generated/openapi-3.0.yaml"
AUTHORED = "openapi.yaml"

# Pinned; the newest that run on Node 20.
NPM = {
    "openapi-typescript": "7.13.0",
    "openapi-fetch": "0.17.0",
    "@hey-api/openapi-ts": "0.95.0",
    "orval": "7.13.0",
    "typescript": "5.9.3",
    "esbuild": "0.25.12",
    "@types/node": "20.19.25",
}
_TSC = "--noEmit --strict --target es2022 --module nodenext --moduleResolution nodenext"
_TSC += " --allowImportingTsExtensions --skipLibCheck --lib es2022,dom,dom.iterable"
# What Debian installs of the libraries that a generated Java client needs beside Jackson, which the generator brings.
_JARS = "geronimo-annotation-1.3-spec jsr305 httpmime httpclient httpcore commons-logging".split()
_GO_LIBRARIES = Path("/usr/share/gocode")


class Skipped(Exception):  # noqa: N818  (no fault, but something that is not here)
    """Something is not installed; the message says what, in one sentence."""


@dataclass(frozen=True, kw_only=True)
class Tools:
    """Where the project is, and where clients are made."""

    root: Path
    folder: Path

    def run(self, *command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
        """Run a command and return what it prints.

        Raises:
            Skipped: If the command is not installed.
            subprocess.CalledProcessError: If it fails.
        """
        words = [str(word) for word in command]
        if shutil.which(words[0]) is None:
            raise Skipped(f"{words[0]} is not installed")
        answer = subprocess.run(
            words, cwd=cwd or self.folder, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=True
        )
        return answer.stdout

    def npm(self) -> Path:
        """Install the pinned packages once, and return the folder of their commands."""
        binaries = self.folder / "node_modules" / ".bin"
        if not binaries.is_dir():
            (self.folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
            wanted = [f"{name}@{version}" for name, version in NPM.items()]
            self.run("npm", "install", "--no-audit", "--no-fund", "--silent", *wanted)
        return binaries

    def jar(self) -> Path:
        """Return openapi-generator's jar, as PyPI's package brings it."""
        found = list(Path(sys.prefix).rglob("openapi_generator_cli/openapi-generator.jar"))
        if not found:
            raise Skipped("openapi-generator-cli is not installed: it is in the dependency group bench")
        return found[0]


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One generator: what it reads, and what is tried."""

    name: str
    edition: str
    options: str = ""
    generate: Callable[[Tools], object]
    compile: Callable[[Tools], object]
    call: Callable[..., object] | None = None


def _openapi_generator(tools: Tools, *, kind: str, options: Sequence[str]) -> None:
    command: list[str | Path] = ["java", "-jar", tools.jar(), "generate", "-i", tools.root / PORTABLE, "-g", kind]
    tools.run(*command, "-o", tools.folder / f"og-{kind}", *options)


def _compile_python(tools: Tools) -> None:
    code = "import gongcrm, gongcrm.api.crm_api; gongcrm.CRMApi(gongcrm.ApiClient())"
    tools.run(sys.executable, "-c", code, cwd=tools.folder / "og-python")


def _compile_fetch(tools: Tools) -> None:
    client = tools.folder / "client"
    shutil.copytree(tools.folder / "og-typescript-fetch", client, dirs_exist_ok=True)
    shutil.copy(tools.root / "scripts" / "generators" / "calls.ts", tools.folder)
    tools.run(tools.npm() / "tsc", *_TSC.split(), "calls.ts")


def _call_fetch(tools: Tools, *arguments: str) -> None:
    bundle = ["--bundle", "--platform=node", "--format=esm", "--outfile=calls.mjs", "--log-level=error"]
    tools.run(tools.npm() / "esbuild", "calls.ts", *bundle)
    _judge(tools.run("node", "calls.mjs", *arguments))


def _go(tools: Tools, *command: str) -> None:
    """Run go with Debian's libraries where they are, else with modules from its proxy."""
    package = tools.folder / "gopath" / "src" / "gongcrm"
    shutil.rmtree(package, ignore_errors=True)
    shutil.copytree(tools.folder / "og-go", package, ignore=shutil.ignore_patterns("test", "*_test.go"))
    calls = package.parent / "calls"
    calls.mkdir(exist_ok=True)
    shutil.copy(tools.root / "scripts" / "generators" / "calls.go", calls)
    if not (_GO_LIBRARIES / "src" / "golang.org" / "x" / "oauth2").is_dir():
        raise Skipped("golang.org/x/oauth2 is not installed: Debian has it as golang-golang-x-oauth2-dev")
    environment = {"GO111MODULE": "off", "GOFLAGS": "", "GOPATH": f"{tools.folder / 'gopath'}:{_GO_LIBRARIES}"}
    tools.run("go", *command, cwd=calls, env=environment)


def _call_go(tools: Tools, *arguments: str) -> None:
    _go(tools, "build", "-o", str(tools.folder / "gocalls"), ".")
    _judge(tools.run(tools.folder / "gocalls", *arguments))


def _classpath(tools: Tools) -> str:
    jars = [Path("/usr/share/java") / f"{name}.jar" for name in _JARS]
    missing = [jar.stem for jar in jars if not jar.is_file()]
    if missing:
        raise Skipped(f"{', '.join(missing)} is not installed in /usr/share/java, and there is no Maven registry")
    return os.pathsep.join(str(one) for one in (tools.jar(), *jars, tools.folder / "java"))


def _compile_java(tools: Tools) -> None:
    sources = [str(path) for path in (tools.folder / "og-java" / "src" / "main").rglob("*.java")]
    calls = tools.root / "scripts" / "generators" / "Calls.java"
    tools.run("javac", "-nowarn", "-cp", _classpath(tools), "-d", tools.folder / "java", *sources, calls)


def _call_java(tools: Tools, *arguments: str) -> None:
    _judge(tools.run("java", "-cp", _classpath(tools), "Calls", *arguments))


def _judge(printed: str) -> None:
    """Look at what a program of ours prints: the id, the status, and whether the object came back."""
    integration, status, found = printed.split()
    if not (integration.isdecimal() and status == "DONE" and found.lower() == "true"):
        raise subprocess.CalledProcessError(1, "calls", output=printed, stderr="")


def _npx(tools: Tools, *command: str) -> None:
    binary, *words = command
    tools.run(tools.npm() / binary, *(word.replace("ROOT", str(tools.root)) for word in words))


def _tsc(tools: Tools, *files: str) -> None:
    tools.run(
        tools.npm() / "tsc", *_TSC.replace("nodenext", "preserve", 1).replace("nodenext", "bundler").split(), *files
    )


def _datamodel(tools: Tools) -> None:
    models = tools.folder / "models.py"
    words = f"--input {tools.root / AUTHORED} --input-file-type openapi --output {models}"
    words += " --output-model-type pydantic_v2.BaseModel --target-python-version 3.11 --formatters builtin"
    binary = Path(sys.executable).with_name("datamodel-codegen")
    tools.run(binary if binary.is_file() else "datamodel-codegen", *words.split())


def _compile_datamodel(tools: Tools) -> None:
    code = (
        "import models; one = models.AccountRecord(objectId='a1', modifiedDate='2026-11-22T08:00:00Z', industry='x');"
    )
    code += "assert one.model_dump(exclude_unset=True)['industry'] == 'x'"
    tools.run(sys.executable, "-c", code)


def _of(kind: str, *options: str) -> Callable[[Tools], object]:
    return partial(_openapi_generator, kind=kind, options=options)


_PACKAGE = "packageName=gongcrm"
_JAVA = "openApiNullable=false,invokerPackage=gongcrm,apiPackage=gongcrm.api,modelPackage=gongcrm.model"

ATTEMPTS = (
    Attempt(
        name="openapi-generator 7.26.0, python",
        edition=PORTABLE,
        generate=_of("python", "--additional-properties", _PACKAGE),
        compile=_compile_python,
    ),
    Attempt(
        name="openapi-generator 7.26.0, typescript-fetch",
        edition=PORTABLE,
        generate=_of("typescript-fetch", "--additional-properties", "importFileExtension=.ts"),
        options="`importFileExtension=.ts`",
        compile=_compile_fetch,
        call=_call_fetch,
    ),
    Attempt(
        name="openapi-generator 7.26.0, go",
        edition=PORTABLE,
        options="`enumClassPrefix=true`",
        generate=_of("go", "--additional-properties", f"{_PACKAGE},enumClassPrefix=true"),
        compile=lambda tools: _go(tools, "build", "."),
        call=_call_go,
    ),
    Attempt(
        name="openapi-generator 7.26.0, java",
        edition=PORTABLE,
        options="`library=native`, `openApiNullable=false`",
        generate=_of("java", "--library", "native", "--additional-properties", _JAVA),
        compile=_compile_java,
        call=_call_java,
    ),
    Attempt(
        name=f"openapi-typescript {NPM['openapi-typescript']}",
        edition=AUTHORED,
        generate=lambda tools: _npx(tools, "openapi-typescript", f"ROOT/{AUTHORED}", "-o", "schema.ts"),
        compile=lambda tools: _tsc(tools, "schema.ts"),
    ),
    Attempt(
        name=f"@hey-api/openapi-ts {NPM['@hey-api/openapi-ts']}",
        edition=AUTHORED,
        generate=lambda tools: _npx(tools, "openapi-ts", "-i", f"ROOT/{AUTHORED}", "-o", "hey"),
        compile=lambda tools: _tsc(tools, "hey/index.ts", "hey/sdk.gen.ts"),
    ),
    Attempt(
        name=f"orval {NPM['orval']}",
        edition=PORTABLE,
        options="`client: 'fetch'`",
        generate=lambda tools: _npx(
            tools, "orval", "--input", f"ROOT/{PORTABLE}", "--output", "./orval/gong.ts", "--client", "fetch"
        ),
        compile=lambda tools: _tsc(tools, "orval/gong.ts"),
    ),
    Attempt(
        name="datamodel-code-generator 0.89.0",
        edition=AUTHORED,
        options="`--output-model-type pydantic_v2.BaseModel`",
        generate=_datamodel,
        compile=_compile_datamodel,
    ),
)
