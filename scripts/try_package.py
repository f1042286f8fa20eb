"""Use the wheel and the sdist in dist/ as people install them: each extra, each Python that is here, uvx and pipx."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

DIST: Final = Path(__file__).resolve().parents[1] / "dist"
TYPED: Final = """
from importlib.resources import files
for name in ("gong_crm", "gong_crm_client", "gong_crm_emulator", "gong_crm_schemas"):
    assert (files(name) / "py.typed").is_file(), name
"""
"""What proves that all four packages are there, typed."""
JUDGED: Final = "gong-crm-emulator --rate off --processing polls -- gong-crm-contract --clause auth.* --report report"
USES: Final[dict[str, list[tuple[str, int]]]] = {
    "": [
        ("gong-crm --help", 1),
        ("gong-crm-emulator", 2),
        ("gong-crm-contract", 4),
        ("pytest -q test_one.py", 0),  # a test run passes the plugin of the emulator by
    ],
    "cli": [("gong-crm --version", 0)],
    "emulator": [("gong-crm-emulator -- python -c pass", 0)],
    "contract": [("gong-crm-contract --base-url http://127.0.0.1:9", 4)],
    "all": [("gong-crm demo --no-stay", 0), (JUDGED, 0)],
}
"""What is run with each extra, and how it ends; without its extra a command says what is missing."""


def main() -> int:
    """Use what is in dist/.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", nargs="+", help="a version, such as 3.13")
    versions: list[str] = parser.parse_args().python
    wheel, sdist = (next(DIST.glob(pattern)) for pattern in ("*.whl", "*.tar.gz"))
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("test_one.py").write_text("def test_one(): pass\n", encoding="utf-8")
        for version in versions:
            if python := interpreter(version):
                use_each_extra(wheel, python)
            else:
                say(f"Python {version} is not on this machine, so nothing was tried with it.")
        for runner in ("uvx --from", "pipx run --no-cache --spec"):
            run(*runner.split(), wanted(wheel, "cli"), "gong-crm", "--version")
            run(*runner.split(), wanted(wheel, "emulator"), "gong-crm-emulator", "--version")
        # A wheel is built of the sdist alone, as where people take no wheels.
        run("uvx", "--from", wanted(sdist, "contract"), "gong-crm-contract", "--version")
        os.chdir(DIST)
    return 0


def interpreter(version: str) -> str | None:
    """Find a Python that runs: one on the path, or one of pyenv."""
    pyenv = sorted(map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python")))
    for found in (shutil.which(f"python{version}"), *pyenv):
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            return found
    return None


def use_each_extra(wheel: Path, python: str) -> None:
    """Install the wheel with each extra into an environment of its own, and run the commands."""
    for extra, uses in USES.items():
        place = Path("environment").absolute()
        commands = place / ("Scripts" if os.name == "nt" else "bin")
        run("uv", "venv", "--quiet", "--clear", "--python", python, str(place))
        besides = [] if extra else ["pytest"]
        run("uv", "pip", "install", "--quiet", "--python", str(commands / "python"), wanted(wheel, extra), *besides)
        run(str(commands / "python"), "-c", TYPED)
        for use, code in uses:
            command, *arguments = use.split()
            run(str(commands / command), *arguments, code=code, first=commands)


def wanted(file: Path, extra: str) -> str:
    """Say what is to be installed, as a requirement."""
    return f"gong-crm{f'[{extra}]' if extra else ''} @ {file.as_uri()}"


def run(*command: str, code: int = 0, first: Path | None = None) -> None:
    """Run a command, and leave when it does not end as it should."""
    say(" ".join(command))
    path = os.pathsep.join([*([str(first)] if first else []), os.environ["PATH"]])
    done = subprocess.run(command, env={**os.environ, "PATH": path}, check=False).returncode
    if done != code:
        sys.exit(f"{command[0]} ended with {done}, not with {code}")


def say(text: str) -> None:
    """Print at once, before what a command prints."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
