"""Record the scenarios of the contract suite from a target into contract_tests/cassettes."""

import argparse
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, get_args
from uuid import uuid4

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from contract_tests.suite.evidence.cassettes import CASSETTES, Origin, today  # noqa: E402  (same)
from contract_tests.suite.evidence.recording import NotKept, RecordingRun, record_all  # noqa: E402  (same)
from contract_tests.suite.evidence.secrets import planted  # noqa: E402  (same)
from contract_tests.suite.evidence.tape import TooLarge  # noqa: E402  (same)
from contract_tests.suite.ledger.breach import Breach, NotJudged  # noqa: E402  (the root has to be importable)
from contract_tests.suite.ledger.visible import visible  # noqa: E402  (same)
from contract_tests.suite.wire.call_budget import BudgetSpent  # noqa: E402  (same)
from contract_tests.suite.wire.redaction import Redactor  # noqa: E402  (same)
from contract_tests.suite.wire.session import LimitedForLong  # noqa: E402  (same)
from contract_tests.suite.wire.targets import Target, TargetUnusable, emulator_target, live_target  # noqa: E402  (same)

LINE_END: Final = "\n"
RUN_NAME: Final = "recorded"
"""How names begin in recordings from the emulator, whose state begins anew each time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Record, and say what came of it.

    Args:
        arguments: The command line, without the name of the command.

    Returns:
        0 when the recording was kept, 1 when it was not.
    """
    options = parser().parse_args(arguments)
    into: Path = options.into or CASSETTES / options.target
    try:
        with target_of(options.target, base_url=options.base_url) as target:
            files, changed = record_all(run_of(options, target), into=into)
    except (Breach, BudgetSpent, LimitedForLong, NotJudged, NotKept, TargetUnusable, TooLarge) as error:
        hide = Redactor(planted()).hide
        print(hide(f"Nothing was recorded: {visible(str(error), keep=LINE_END)}"), file=sys.stderr)
        return 1
    print(f"{len(files)} cassettes in {into}, {len(changed)} of them new or changed")
    return 0


def parser() -> argparse.ArgumentParser:
    """Describe the command line.

    Returns:
        Its parser.
    """
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--target", choices=get_args(Origin), default="emulator", help="who answers")
    made.add_argument("--base-url", help="where the live target is; GONG_BASE_URL, else Gong's own host")
    made.add_argument("--use-integration", type=int, metavar="ID", help="an integration that may be deleted for this")
    made.add_argument("--max-calls", type=int, default=2_000, help="calls at most")
    made.add_argument("--into", type=Path, metavar="DIR", help="another folder than contract_tests/cassettes/TARGET")
    return made


def run_of(options: argparse.Namespace, target: Target) -> RecordingRun:
    """Say what is common to the scenarios.

    Args:
        options: The command line.
        target: Who answers.

    Returns:
        The run.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return RecordingRun(
        target=target,
        origin=options.target,
        day=today(),
        client_version=version,
        run_name=RUN_NAME if options.target == "emulator" else f"{RUN_NAME}-{uuid4().hex[:8]}",
        max_calls=options.max_calls,
        use_integration=options.use_integration,
    )


@contextmanager
def target_of(name: Origin, *, base_url: str | None) -> Iterator[Target]:
    """Come to a target.

    Args:
        name: Which kind of target.
        base_url: Where a live one is.

    Yields:
        The target.

    Raises:
        TargetUnusable: No credentials, or no URL.
    """
    if name == "emulator":
        with emulator_target() as target:
            yield target
    else:
        yield live_target(base_url)


if __name__ == "__main__":
    sys.exit(main())
