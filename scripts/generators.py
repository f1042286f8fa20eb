"""Try the document in other generators: generate, compile, and call the emulator where that is possible."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.foreign import ATTEMPTS, Skipped, Tools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.foreign import Attempt

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "other-languages.md"
KEYS = ("access-key", "access-key-secret")


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 when everything that could be tried went well, 1 when something did not.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="try the generators whose name holds this text")
    parser.add_argument("--write", action="store_true", help="write the table into docs/other-languages.md")
    parser.add_argument("--folder", type=Path, help="work here, and leave what was made; else in a temporary folder")
    options = parser.parse_args(arguments)
    chosen = [attempt for attempt in ATTEMPTS if not options.only or options.only in attempt.name]
    if not chosen:
        parser.error(f"no generator is called {options.only}: there are {', '.join(one.name for one in ATTEMPTS)}")
    with _folder(options.folder) as folder:
        tools = Tools(root=ROOT, folder=folder)
        rows = [(attempt, tried(attempt, tools)) for attempt in chosen]
    if options.write:
        write_table(PAGE, rows)
    return int(any(outcome.startswith("failed") for _, outcome in rows))


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is not None:
        given.mkdir(parents=True, exist_ok=True)
        yield given.resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def tried(attempt: Attempt, tools: Tools) -> str:
    """Try one generator, and say how far it went."""
    reached = "nothing"
    try:
        for step, work in (("generated", attempt.generate), ("compiled", attempt.compile)):
            work(tools)
            reached = step
        if attempt.call is not None:
            with emulator() as url:
                attempt.call(tools, url, *KEYS)
            reached = "called"
    except Skipped as reason:
        outcome = f"{reached}; {reason}"
    except subprocess.CalledProcessError as error:
        sys.stderr.write(f"{attempt.name}:\n{error.stdout}\n{error.stderr}\n")
        outcome = f"failed after: {reached}"
    else:
        outcome = reached
    sys.stdout.write(f"{attempt.name}: {outcome}\n")
    return outcome


@contextmanager
def emulator() -> Iterator[str]:
    """Run an emulator of its own, and give its address."""
    command = [sys.executable, "-m", "gong_crm_emulator", "--port", "0", "--processing", "polls", "--main-seconds", "0"]
    command += ["--rate", "off", "--key", ":".join(KEYS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            assert process.stdout is not None  # noqa: S101  (it is a pipe)
            line = next(line for line in process.stdout if "ready at" in line)
            yield line.rsplit(" ", maxsplit=1)[-1].strip()
        finally:
            process.terminate()


def write_table(page: Path, rows: list[tuple[Attempt, str]]) -> None:
    """Put the table between its marks in a page."""
    lines = ["| generator | edition | options | went as far as |", "|---|---|---|---|"]
    lines += [f"| {one.name} | `{one.edition}` | {one.options or 'none'} | {outcome} |" for one, outcome in rows]
    table = "\n".join(lines)
    text = page.read_text(encoding="utf-8")
    page.write_text(re.sub(r"(?s)(<!-- table -->\n).*?(\n<!-- end -->)", rf"\g<1>{table}\g<2>", text), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
