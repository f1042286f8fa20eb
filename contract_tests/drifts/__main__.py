"""The command that lists the drifts and variations, or serves one by hand."""

import argparse
import sys
import threading
from collections.abc import Sequence

from contract_tests.drifts import DRIFTS, VARIATIONS
from gong_crm_emulator import EmulatorSettings, StartError, running_emulator


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; give 2 for a name that nobody has or a port that is taken."""
    parser = argparse.ArgumentParser(prog="python -m contract_tests.drifts", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="list all of them, one a line")
    serving = commands.add_parser("serve", help="serve one until Ctrl-C")
    serving.add_argument("id")
    serving.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes a free one")
    chosen = parser.parse_args(arguments)
    return _list() if chosen.command == "list" else _serve(chosen.id, port=chosen.port)


def _list() -> int:
    for drift in DRIFTS.values():
        _say(f"{drift.id}\t{' '.join(drift.clauses)}\t{drift.change}")
    for variation in VARIATIONS.values():
        _say(f"{variation.id}\t{variation.permitted_by}\t{variation.change}")
    return 0


def _serve(name: str, *, port: int) -> int:
    chosen = DRIFTS.get(name) or VARIATIONS.get(name)
    if chosen is None:
        sys.stderr.write(f"No drift or variation is called {name}; the command list names them all.\n")
        return 2
    settings = EmulatorSettings()
    try:
        with running_emulator(settings=settings, app=chosen.app(settings), port=port) as emulator:
            admin = emulator.principals["admin"]
            _say(chosen.change)
            _say(f"GONG_BASE_URL={emulator.url}")
            _say(f"GONG_ACCESS_KEY={admin.access_key}")
            _say(f"GONG_ACCESS_KEY_SECRET={admin.access_key_secret}")
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except StartError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
