"""Every task of the project by name; `nox --list` is the table of contents."""

import os
import shutil
from pathlib import Path

import nox
from packaging.requirements import Requirement

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = False

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
CODE = ["src", "contract_tests", "tests", "scripts", "noxfile.py"]
TYPED = """
from importlib.resources import files
for name in ("gong_crm", "gong_crm_client", "gong_crm_emulator", "gong_crm_schemas"):
    assert (files(name) / "py.typed").is_file(), name
"""
"""What proves that an installed wheel has all four packages, typed."""

WORKFLOWS = sorted(map(str, [*Path(".github/workflows").glob("*.yml"), *Path("docs/examples").glob("*.yml")]))
LINTERS = Path(__file__).parent / "scripts" / "document" / "linters"


def install(session: nox.Session, *groups: str, extras: str = "emulator") -> None:
    """Install the package as people get it, and what the named dependency groups add."""
    session.install("-e", f".[{extras}]", *nox.project.dependency_groups(PYPROJECT, *groups))


# What `nox` runs


@nox.session
def lint(session: nox.Session) -> None:
    """Find faults in style and habit, in Python and in the workflows of GitHub."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check", *CODE)
    session.run("ruff", "format", "--check", *CODE)
    session.run("check-jsonschema", "--builtin-schema", "vendor.dependabot", ".github/dependabot.yml")
    session.run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *WORKFLOWS)
    session.run("zizmor", "--offline", "--no-progress", "--quiet", ".github", *WORKFLOWS)


@nox.session
def typing(session: nox.Session) -> None:
    """Check every type, those of the generated packages too."""
    install(session, "typing")
    session.run("mypy")
    session.run("pyright", "generated")


@nox.session
def borders(session: nox.Session) -> None:
    """Check who imports whom."""
    install(session, "borders")
    session.run("lint-imports")


@nox.session
def document(session: nox.Session) -> None:
    """Hold openapi.yaml against the rules of OpenAPI, of two linters and of our own."""
    install(session, "test")
    session.run("python", "scripts/lint_document.py", "openapi.yaml")
    session.run("openapi-spec-validator", "openapi.yaml")
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


@nox.session
def generate_check(session: nox.Session) -> None:
    """Fail when generated/ is not what openapi.yaml says."""
    install(session, "generate")
    session.run("python", "scripts/generate.py", "--check")


@nox.session
def compare(session: nox.Session) -> None:
    """Ask for a changelog entry when openapi.yaml differs from the last tag's."""
    tag = session.run("git", "tag", "--list", "v*", "--sort=-v:refname", external=True, silent=True)
    if not tag or not tag.strip():
        session.log("There is no tag yet, so there is no older contract to compare with.")
        return
    session.install(*nox.project.dependency_groups(PYPROJECT, "generate"))
    session.run("python", "scripts/compare.py", tag.split()[0], "openapi.yaml", "--changelog", "CHANGELOG.md")


@nox.session
def tests(session: nox.Session) -> None:
    """Run the unit tests of src/, generated/ and scripts/."""
    install(session, "test", "generate")
    session.run("pytest", "tests", "-n", "auto", *session.posargs)


@nox.session
def contract(session: nox.Session) -> None:
    """Hold the stand-in and the recordings against the contract."""
    install(session, "test")
    session.run("pytest", "contract_tests", *session.posargs)


# What is run by name


@nox.session(default=False)
def lifecycle(session: nox.Session) -> None:
    """Walk a whole integration against the stand-in, and tell the story."""
    install(session, "lifecycle")
    session.run("python", "scripts/lifecycle.py", *session.posargs)


@nox.session(default=False)
def generate(session: nox.Session) -> None:
    """Write generated/ anew from openapi.yaml."""
    install(session, "generate")
    session.run("python", "scripts/generate.py", *session.posargs)


@nox.session(default=False)
def fix(session: nox.Session) -> None:
    """Format the code and mend what can be mended."""
    session.install(*nox.project.dependency_groups(PYPROJECT, "lint"))
    session.run("ruff", "check", "--fix", *CODE)
    session.run("ruff", "format", *CODE)


@nox.session(default=False)
def clauses(session: nox.Session) -> None:
    """Write docs/conformance.md from the ledger of clauses."""
    install(session, "test")
    session.run("python", "scripts/clauses.py", *session.posargs)


@nox.session(default=False)
def drifts(session: nox.Session) -> None:
    """Run the suite against every drift and every tolerated variation, and write the matrix."""
    install(session, "test")
    session.run("python", "scripts/drifts.py", *session.posargs)


@nox.session(default=False)
def record(session: nox.Session) -> None:
    """Record the scenario from a target into contract_tests/cassettes."""
    install(session, "test")
    session.run("python", "scripts/record.py", *session.posargs)


@nox.session(default=False)
def emulator_page(session: nox.Session) -> None:
    """Use the page of the stand-in in a headless Chromium."""
    install(session, "test")
    session.run("pytest", "tests/gong_crm_emulator", "-m", "browser", *session.posargs)


@nox.session(default=False)
def slow(session: nox.Session) -> None:
    """Run the tests that take a minute or more."""
    install(session, "test", "generate")
    session.run("pytest", "tests", "contract_tests", "-m", "slow", *session.posargs)


@nox.session(default=False)
def bench_client(session: nox.Session) -> None:
    """Measure the client against raw httpx, curl and a peer, into docs/benchmarks.md."""
    install(session, "bench", "generate")
    session.run("python", "scripts/bench_client.py", *session.posargs)


@nox.session(default=False)
def bench_emulator(session: nox.Session) -> None:
    """Measure the stand-in against Prism and the floor, into docs/benchmarks.md."""
    install(session, "test")
    session.run("python", "scripts/bench_emulator.py", *session.posargs)


@nox.session(python=PYTHONS, default=False)
def every_python(session: nox.Session) -> None:
    """Run the unit tests and the contract on each supported Python that is installed."""
    install(session, "test", "generate")
    session.run("pytest", "tests", "contract_tests", *session.posargs)


@nox.session(default=False)
def lowest(session: nox.Session) -> None:
    """Run the tests with the lowest versions that pyproject.toml allows."""
    install(session, "test", "generate")
    project = PYPROJECT["project"]
    required = [*project["dependencies"], *project["optional-dependencies"]["emulator"]]
    session.install(*(lowest_of(Requirement(line)) for line in required))
    session.run("pytest", "tests", "contract_tests", *session.posargs)


def lowest_of(requirement: Requirement) -> str:
    """Give the requirement pinned to its lower bound."""
    bound = next(one.version for one in requirement.specifier if one.operator == ">=")
    return f"{requirement.name}=={bound}"


@nox.session(default=False)
def package(session: nox.Session) -> None:
    """Build the wheel into dist/, install it elsewhere and use it; `-- --tag v1.2.3` checks that it may be released."""
    match session.posargs:
        case ["--tag", tag]:
            refuse_unfit_release(session, tag)
    session.install("build")
    shutil.rmtree("dist", ignore_errors=True)
    session.run("python", "-m", "build")
    wheel = next(Path("dist").glob("*.whl"))
    session.install("--force-reinstall", f"{wheel}[emulator]")
    with session.chdir(session.create_tmp()):
        session.run("python", "-c", TYPED)
        session.run("gong-crm-emulator", "--help")


def refuse_unfit_release(session: nox.Session, tag: str) -> None:
    """Stop unless the tag, pyproject.toml and the changelog name the same version."""
    version = PYPROJECT["project"]["version"]
    if tag != f"v{version}":
        session.error(f"The tag is {tag}, but pyproject.toml says {version}; tag v{version}, or change the version")
    if f"\n## {version}" not in Path("CHANGELOG.md").read_text(encoding="utf-8"):
        session.error(f'CHANGELOG.md has no section "## {version}"; give "Unreleased" that name')


@nox.session(default=False)
def live(session: nox.Session) -> None:
    """Hold the server at GONG_BASE_URL against the contract, with the credentials of the environment."""
    install(session, "test")
    if not any(os.environ.get(name) for name in ("GONG_ACCESS_KEY", "GONG_ACCESS_TOKEN")):
        session.error(
            "Set GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, or GONG_ACCESS_TOKEN; GONG_BASE_URL names the host."
        )
    session.run("pytest", "contract_tests", "--target", "live", *session.posargs)
