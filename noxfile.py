"""Every task of the project by name; `nox --list` is the table of contents."""

import json
import os
import re
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import nox
from packaging.requirements import Requirement
from packaging.version import Version

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
CODE = ["src", "contract_tests", "tests", "scripts", "noxfile.py"]
WORKFLOWS = sorted(map(str, [*Path(".github/workflows").glob("*.yml"), *Path("docs/examples").glob("*.yml")]))
LINTERS = Path(__file__).parent / "scripts" / "document" / "linters"
LOCK = Path(".ci/lock.txt")
LOCKED_EXTRAS = ["arrow", "cli", "contract", "dlt", "emulator", "singer"]
ENGINES = ["airflow", "dagster", "dask", "prefect", "ray", "spark"]
LOCKED_GROUPS = ["borders", "build", "docs", "generate", "lint", "test", "typing"]


# The environment of whatever generates or judges


locked = partial(nox.session, venv_backend="none", requires=["environment"])
"""A session that runs in the environment that the lock describes; sharing one saves most of the installing."""


def run(session: nox.Session, command: str, *arguments: str) -> None:
    """Run a command of the locked environment."""
    commands = session.cache_dir.parent.absolute() / "environment" / ("Scripts" if os.name == "nt" else "bin")
    path = os.pathsep.join([str(commands), os.environ["PATH"]])
    session.run(str(commands / command), *arguments, env={"PATH": path}, external=True)


@nox.session(default=False)
def environment(session: nox.Session) -> None:
    """Install what .ci/lock.txt names, by its hashes, for all sessions that generate or judge."""
    if reason := why_lock_is_stale():
        session.error(reason)
    sources = LOCK.read_bytes() + Path("pyproject.toml").read_bytes()
    installed = Path(session.create_tmp()) / "installed"
    if installed.exists() and installed.read_bytes() == sources:
        return
    session.install("--requirement", str(LOCK))
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    installed.write_bytes(sources)


def why_lock_is_stale() -> str | None:
    """Name the first thing that pyproject.toml asks for and the lock does not have."""
    project = PYPROJECT["project"]
    asked = [
        *project["dependencies"],
        *(line for extra in LOCKED_EXTRAS for line in project["optional-dependencies"][extra]),
        *nox.project.dependency_groups(PYPROJECT, *LOCKED_GROUPS),
    ]
    pins = re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    has = {name: Version(version) for name, version in pins}
    for line in asked:
        requirement = Requirement(line)
        version = has.get(re.sub(r"[-_.]+", "-", requirement.name).lower())
        if version is None or version not in requirement.specifier:
            return f"{LOCK} has {version or 'no version'} for {line!r} of pyproject.toml; run `nox -s lock`"
    return None


@nox.session(default=False)
def lock(session: nox.Session) -> None:
    """Write .ci/lock.txt anew from pyproject.toml; `-- --upgrade` takes the newest versions."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lock"))
    session.run(
        *(
            "uv",
            "pip",
            "compile",
            "pyproject.toml",
            "--output-file",
            str(LOCK),
            "--custom-compile-command",
            "nox -s lock",
        ),
        *(part for extra in LOCKED_EXTRAS for part in ("--extra", extra)),
        *(part for group in LOCKED_GROUPS for part in ("--group", group)),
        # For every system and every Python from the oldest on; no address of an index, so that any mirror serves.
        *("--universal", "--python-version", PYTHONS[0], "--generate-hashes", "--no-annotate", "--no-emit-index-url"),
        *("--quiet", *session.posargs),
    )


def install(session: nox.Session, *groups: str, extras: str = "arrow,cli,emulator") -> None:
    """Install the package as people get it, without the lock, and what the named dependency groups add."""
    session.install("-e", f".[{extras}]", *nox.project.dependency_groups(PYPROJECT, *groups))


# What `nox` runs


@locked()
def lint(session: nox.Session) -> None:
    """Find faults in style and habit, in Python and in the workflows of GitHub."""
    run(session, "ruff", "check", *CODE)
    run(session, "ruff", "format", "--check", *CODE)
    run(session, "check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    run(session, "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    run(session, "check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")
    run(session, "zizmor", "--offline", "--no-progress", "--quiet", ".github", "action.yml", *WORKFLOWS)


@locked()
def typing(session: nox.Session) -> None:
    """Check every type, those of the generated packages too."""
    run(session, "mypy")
    run(session, "pyright", "generated")


@locked()
def borders(session: nox.Session) -> None:
    """Check who imports whom."""
    run(session, "lint-imports")


@locked()
def document(session: nox.Session) -> None:
    """Hold openapi.yaml against the rules of OpenAPI, of two linters and of our own."""
    run(session, "python", "scripts/lint_document.py", "openapi.yaml")
    run(session, "openapi-spec-validator", "openapi.yaml")
    npm = shutil.which("npm")
    if npm is None:
        session.warn(
            "Redocly and Spectral are left out: there is no npm on this machine; install Node.js 20.19 or newer."
        )
        return
    tools = installed_linters(session, npm)
    session.run(str(tools / "redocly"), "lint", "openapi.yaml", "--config", f"{LINTERS}/redocly.yaml", external=True)
    session.run(
        *(str(tools / "spectral"), "lint", "openapi.yaml"),
        *("--ruleset", f"{LINTERS}/spectral.yaml", "--fail-severity", "warn"),
        external=True,
    )


def installed_linters(session: nox.Session, npm: str) -> Path:
    """Install exactly what package-lock.json names, once for each of its versions; return where the commands are."""
    tools = Path(session.create_tmp())
    lock, installed = LINTERS / "package-lock.json", tools / "installed.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        shutil.copy(LINTERS / "package.json", tools)
        shutil.copy(lock, tools)
        with session.chdir(tools):
            # No install scripts: a linter needs none, and one of its dependencies reports home from there.
            session.run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", external=True, silent=True)
        shutil.copy(lock, installed)
    return tools / "node_modules" / ".bin"


@locked()
def generate_check(session: nox.Session) -> None:
    """Fail when generated/ is not what openapi.yaml says."""
    run(session, "python", "scripts/generate.py", "--check")


@locked()
def compare(session: nox.Session) -> None:
    """Ask for a changelog entry when openapi.yaml differs from the last tag's."""
    tag = session.run("git", "tag", "--list", "v*", "--sort=-v:refname", external=True, silent=True)
    if not tag or not tag.strip():
        session.log("There is no tag yet, so there is no older contract to compare with.")
        return
    run(session, "python", "scripts/compare.py", tag.split()[0], "openapi.yaml", "--changelog", "CHANGELOG.md")


@locked()
def tests(session: nox.Session) -> None:
    """Run the unit tests, and hold what they cover of src/ against the floors in pyproject.toml."""
    if session.posargs:  # a part of the tests covers a part
        run(session, "pytest", "tests", *session.posargs)
        return
    run(session, "coverage", "erase")
    run(session, "coverage", "run", "-m", "pytest", "tests", "-n", "auto")
    run(session, "coverage", "combine", "--quiet")
    for package, floor in PYPROJECT["tool"]["coverage-floors"].items():
        run(session, "coverage", "report", f"--include=src/{package}/*", f"--fail-under={floor['percent']}")


@locked()
def contract(session: nox.Session) -> None:
    """Hold the emulator and the recordings against the contract."""
    run(session, "pytest", "contract_tests", *session.posargs)


@locked()
def conformance(session: nox.Session) -> None:
    """Fail when docs/conformance.md, or the matrix of drifts, is not of the sources present."""
    run(session, "python", "scripts/clauses.py", "--check")
    run(session, "python", "scripts/drifts.py", "--check")


# What is run by name


@nox.session(default=False)
def lifecycle(session: nox.Session) -> None:
    """Take an integration from registration to deletion against the emulator, through the front door."""
    install(session, extras="cli,emulator")
    session.run("gong-crm", "demo", *(session.posargs or ["--no-stay"]))


@locked(default=False)
def generate(session: nox.Session) -> None:
    """Write generated/ anew from openapi.yaml."""
    run(session, "python", "scripts/generate.py", *session.posargs)


@locked(default=False)
def fix(session: nox.Session) -> None:
    """Format the code and correct what can be corrected."""
    run(session, "ruff", "check", "--fix", *CODE)
    run(session, "ruff", "format", *CODE)


@locked(default=False)
def refresh(session: nox.Session) -> None:
    """Do all that a change of the contract asks for: generate, record, and write the page of clauses."""
    for script in ("generate", "record", "clauses"):
        run(session, "python", f"scripts/{script}.py")


@locked(default=False)
def clauses(session: nox.Session) -> None:
    """Write docs/conformance.md from the ledger of clauses."""
    run(session, "python", "scripts/clauses.py", *session.posargs)


@locked(default=False)
def drifts(session: nox.Session) -> None:
    """Run the suite against every drift and every tolerated variation, and write the matrix."""
    run(session, "python", "scripts/drifts.py", *session.posargs)


@locked(default=False)
def record(session: nox.Session) -> None:
    """Record the scenario from a target into contract_tests/cassettes."""
    run(session, "python", "scripts/record.py", *session.posargs)


@locked(default=False)
def docs(session: nox.Session) -> None:
    """Build the documentation site into build/website/site, strictly, with every link checked; it needs npm."""
    run(session, "python", "scripts/website.py", *session.posargs)


@locked(default=False)
def emulator_page(session: nox.Session) -> None:
    """Use the page of the emulator in a headless Chromium."""
    run(session, "pytest", "tests/gong_crm_emulator", "-m", "browser", *session.posargs)


@locked(default=False)
def slow(session: nox.Session) -> None:
    """Run the tests that take a minute or more."""
    run(session, "pytest", "tests", "contract_tests", "-m", "slow", *session.posargs)


@nox.session(default=False)
def generators(session: nox.Session) -> None:
    """Try the document in other generators, and their clients against the emulator."""
    install(session, "generators", "generate")
    session.run("python", "scripts/generators.py", *session.posargs)


@nox.session(python=PYTHONS, default=False)
def engines(session: nox.Session) -> None:
    """Run the adapters inside the engines and schedulers that can be installed, each a program of its own."""
    install(session, "test", extras="arrow,cli,dlt,emulator,singer")
    asked = {engine: nox.project.dependency_groups(PYPROJECT, engine) for engine in ENGINES}
    try:  # together, because one by one the later break what the earlier need
        session.install(*(line for lines in asked.values() for line in lines), silent=True)
    except nox.command.CommandFailed:
        for engine, lines in asked.items():
            try:
                session.install(*lines, silent=True)
            except nox.command.CommandFailed:
                session.warn(f"{engine} is left out: it cannot be installed for Python {session.python}.")
    if shutil.which("java") is None:
        session.warn("Spark is left out: there is no Java on this machine; install 17 or newer.")
    session.run("pytest", "tests/gong_crm/adapters", *session.posargs)


@nox.session(default=False)
def bench_engines(session: nox.Session) -> None:
    """Measure what the check costs a row in each engine, into docs/engines.md."""
    install(session, "dask", "ray", "spark", extras="arrow")
    session.run("python", "scripts/bench_engines.py", *session.posargs)


@nox.session(default=False)
def bench_client(session: nox.Session) -> None:
    """Measure the client against raw httpx, curl and a peer, into docs/benchmarks.md."""
    install(session, "bench", "generate")
    session.run("python", "scripts/bench_client.py", *session.posargs)


@nox.session(default=False)
def bench_push(session: nox.Session) -> None:
    """Measure the front door against bare parsing, curl and its peers, into docs/benchmarks.md."""
    install(session, "bench")
    session.run("python", "scripts/bench_push.py", *session.posargs)


@nox.session(default=False)
def bench_emulator(session: nox.Session) -> None:
    """Measure the emulator against Prism and the floor, into docs/benchmarks.md."""
    install(session, "test")
    session.run("python", "scripts/bench_emulator.py", *session.posargs)


@nox.session(python=PYTHONS, default=False)
def every_python(session: nox.Session) -> None:
    """Run the unit tests and the contract on each supported Python that is installed."""
    install(session, "test", "generate")
    session.run("pytest", "tests", "contract_tests", *session.posargs)


@nox.session(default=False)
def newest(session: nox.Session) -> None:
    """Run the tests with the newest versions that pyproject.toml allows."""
    session.install(
        "--upgrade", "-e", ".[arrow,cli,emulator]", *nox.project.dependency_groups(PYPROJECT, "test", "generate")
    )
    session.run("pytest", "tests", "contract_tests", *session.posargs)


@nox.session(default=False)
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest versions that pyproject.toml allows."""
    install(session, "test", "generate")
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    required = [*project["dependencies"], *(line for name in LOCKED_EXTRAS for line in extras[name])]
    session.install(*(lowest_of(Requirement(line)) for line in required))
    session.run("pytest", "tests", "contract_tests", *session.posargs)


def lowest_of(requirement: Requirement) -> str:
    """Give the requirement pinned to its lower bound."""
    bound = next(one.version for one in requirement.specifier if one.operator == ">=")
    return f"{requirement.name}=={bound}"


@nox.session(default=False, requires=["environment"])
def package(session: nox.Session) -> None:
    """Build wheel and sdist into dist/ and use them; `-- --tag v1.2.3` checks that they may be released."""
    match session.posargs:
        case ["--tag", tag] if reason := why_not_release(tag):
            session.error(reason)
    shutil.rmtree("dist", ignore_errors=True)
    run(session, "python", "-m", "build", "--no-isolation")
    session.install("pipx", *nox.project.dependency_groups(PYPROJECT, "lock"))
    session.run("python", "scripts/try_package.py", *PYTHONS)


def why_not_release(tag: str) -> str | None:
    """Name what keeps a tag from being released: pyproject.toml and the changelog must have its version."""
    version = PYPROJECT["project"]["version"]
    if tag != f"v{version}":
        return f"The tag is {tag}, but pyproject.toml says {version}; tag v{version}, or change the version"
    if f"\n## {version} - " not in Path("CHANGELOG.md").read_text(encoding="utf-8"):
        return f'CHANGELOG.md has no section "## {version} - DATE"; put it below "Unreleased"'
    return None


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Look for known faults of the locked packages; it asks the advisories of PyPI."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "audit"))
    report = Path(session.create_tmp()) / "audit.json"
    report.unlink(missing_ok=True)
    said = session.run(
        *("pip-audit", "--require-hashes", "--disable-pip", "--requirement", str(LOCK), "--progress-spinner", "off"),
        *("--format", "json", "--output", str(report)),
        silent=True,
        success_codes=[0, 1],
    )
    packages = json.loads(report.read_text(encoding="utf-8"))["dependencies"] if report.exists() else []
    asked = [one for one in packages if "skip_reason" not in one]
    if not asked:
        session.error("The advisory service of PyPI cannot be reached from here, so nothing is known of any package.")
    faults = [f"{one['name']} {one['version']}: {fault['id']}" for one in asked for fault in one["vulns"]]
    if faults:
        session.error(f"Known faults; `nox -s lock -- --upgrade` takes newer versions:\n{said}\n" + "\n".join(faults))
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    session.log(f"No fault is known of {len(asked)} packages; not asked for: {', '.join(unknown) or 'none'}.")


@nox.session(default=False)
def sbom(session: nox.Session) -> None:
    """List what the wheel in dist/ brings along, into build/gong-crm.cdx.json; `nox -s package` builds the wheel."""
    wheel = next(Path("dist").glob("*.whl"), None)
    if wheel is None:
        session.error("There is no wheel in dist/; build it with `nox -s package`.")
    session.install("pip", *nox.project.dependency_groups(PYPROJECT, "audit"))
    alone = Path(session.create_tmp()) / "alone"
    shutil.rmtree(alone, ignore_errors=True)
    session.run("python", "-m", "venv", "--without-pip", str(alone))
    python = str(alone / ("Scripts" if os.name == "nt" else "bin") / "python")
    session.run("python", "-m", "pip", "--python", python, "install", "--quiet", f"{wheel}[all]")
    Path("build").mkdir(exist_ok=True)
    session.run(
        *("cyclonedx-py", "environment", python, "--pyproject", "pyproject.toml", "--mc-type", "library"),
        *("--output-reproducible", "--output-file", "build/gong-crm.cdx.json"),
    )


@locked(default=False)
def live(session: nox.Session) -> None:
    """Hold the server at GONG_BASE_URL against the contract, with the credentials of the environment."""
    commands = session.cache_dir.parent.absolute() / "environment" / ("Scripts" if os.name == "nt" else "bin")
    # The exit codes of the suite tell apart what nox would call failed.
    sys.exit(subprocess.call([commands / "pytest", "contract_tests", "--target", "live", *session.posargs]))
