"""The options of the suite, for pytest and for the command that runs it installed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any


def add_options(add: Callable[..., Any]) -> None:
    """Declare each option of those who judge a server.

    Args:
        add: `addoption` of a group of pytest, or `add_argument` of argparse.
    """
    add("--base-url", metavar="URL", help="where the live target is; GONG_BASE_URL, else Gong's own host")
    add("--clause", action="append", default=[], metavar="GLOB", help="only tests that assert this clause")
    add("--operation", action="append", default=[], metavar="ID", help="only tests about this operation")
    add("--layer", action="append", default=[], metavar="NAME", help="only tests of this layer")
    add("--report", type=Path, metavar="DIR", help="write JUnit, JSON and HTML into this directory")
    add("--use-integration", type=int, metavar="ID", help="an integration that may be deleted for the run")
    add("--max-calls", type=int, metavar="N", help="calls at most (4000; on this machine 20000)")
    add("--rate", type=float, metavar="N", help="calls a second at most (3 beyond loopback)")
    add("--patience", type=float, metavar="S", help="seconds to wait for what is asynchronous")
    add("--answer-within", type=float, metavar="S", help="seconds that one answer may take (60)")
    add("--fuzz", action="store_true", help="send generated calls beyond loopback, or under a rate limit")
