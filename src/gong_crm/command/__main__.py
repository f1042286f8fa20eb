"""The entry of the command, which asks for its extra in one sentence when that is missing."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What was typed behind its name; what the process was given, if left out.

    Returns:
        The exit code: 0 all accepted, 1 a mistake in what was asked or a local error, 2 Gong refused or could not be
        reached, 3 stopped because too many lines are bad, 4 finished with rejected lines, 130 detached.
    """
    try:
        from gong_crm.command.app import run  # noqa: PLC0415  (the extra may be missing)
    except ModuleNotFoundError as problem:
        if problem.name not in {"cyclopts", "rich"}:
            raise
        sys.stderr.write("gong-crm: the command needs its extra: python -m pip install 'gong-crm[cli]'\n")
        return 1
    return run(sys.argv[1:] if arguments is None else arguments)


if __name__ == "__main__":
    sys.exit(main())
