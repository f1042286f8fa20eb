"""The command that judges a server: it hands the suite to pytest, and hands on its exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NoReturn

HERE: Final = Path(__file__).parent
BUNDLE: Final = HERE / "bundle"
"""Where a wheel has contract_tests/ and openapi.yaml; in a checkout they lie at its root."""
NEEDED: Final = ("hypothesis", "jsonschema", "pytest", "schemathesis", "yaml")
CERTIFICATES: Final = frozenset({"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
"""Variables that name a file, or with requests a folder, of certificates to trust."""
CANNOT_JUDGE: Final = 4
"""Exit code when the target cannot be judged as asked; pytest has it for a wrong use too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the server that the options and the environment name.

    Returns:
        The exit code, as docs/contract.md explains it.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    root = BUNDLE if BUNDLE.is_dir() else HERE.parents[1]
    sys.path.insert(0, str(root))
    asked = _parser().parse_args(given)
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        _say(f"judging needs {', '.join(missing)}: python -m pip install 'gong-crm[contract]'")
        return CANNOT_JUDGE
    if asked.report:
        given += ["--report", str(asked.report.absolute())]
    with TemporaryDirectory(prefix="gong-crm-contract-") as scratch:
        _leave_the_users_folder(root, scratch)
        return _judge(root, given)


def _leave_the_users_folder(root: Path, scratch: str) -> None:
    """Go where the suite is, so that pytest names its tests shortly and minds no settings of the user's own tests."""
    for name in CERTIFICATES & os.environ.keys():
        os.environ[name] = str(Path(os.environ[name]).absolute())
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        os.environ.pop(name, None)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = scratch
    sys.dont_write_bytecode = True  # rewritten tests would stay behind when the package is uninstalled
    os.chdir(root)


def _judge(root: Path, given: Sequence[str]) -> int:
    settings = ("--rootdir", str(root), "-c", str(HERE / "pytest.ini"))
    plugins = ("--disable-plugin-autoload", "-p", "hypothesispytest", "-p", "schemathesis")
    return int(import_module("pytest").main([*settings, *plugins, "contract_tests", "--target", "live", *given]))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="gong-crm-contract",
        usage="gong-crm-contract [options]",
        description="Judge, clause by clause, a server that claims to be Gong's CRM API. The credentials of its caller"
        " are GONG_ACCESS_KEY and GONG_ACCESS_KEY_SECRET, or GONG_ACCESS_TOKEN, in the environment.",
        epilog="Exit codes: 0 all holds; 1 a clause is broken; 2 interrupted, or out of calls; 4 the target cannot be"
        " judged as asked; 5 no test was chosen; 6 nothing is broken, but calls got no answer; 7 no clause was judged;"
        " 8 nothing is broken, but something may be left behind.",
        allow_abbrev=False,
    )
    import_module("contract_tests.options").add_options(parser.add_argument)
    parser.add_argument("-x", "--exitfirst", action="store_true", help="stop at the first breach")
    parser.add_argument("--strict", action="store_true", help="fail on remarks too, on what no official text promises")
    parser.add_argument("--version", action="version", version=f"gong-crm-contract {version('gong-crm')}")
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        _say(f"{message}; gong-crm-contract --help lists the options")
        sys.exit(CANNOT_JUDGE)


def _say(sentence: str) -> None:
    sys.stderr.write(f"gong-crm-contract: {sentence}\n")


if __name__ == "__main__":
    sys.exit(main())
