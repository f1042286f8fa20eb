"""Draw docs/first-push.svg: the first push of docs/tutorial.md, recorded as it runs against an emulator."""

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from gong_crm_emulator import EmulatorSettings, running_emulator

ROOT: Final = Path(__file__).resolve().parents[1]
PAGE: Final = ROOT / "docs" / "tutorial.md"
PICTURE: Final = ROOT / "docs" / "first-push.svg"
SHOWN: Final = ("gong-crm check", "gong-crm register", "gong-crm push", "sed")
"""What of the tutorial is in the picture, by how its commands begin."""
WIDTH: Final = 100


def main() -> int:
    """Draw the picture anew.

    Returns:
        The exit code.
    """
    PICTURE.write_text(recorded(), encoding="utf-8")
    return 0


def recorded() -> str:
    """Run the commands of the tutorial, and draw what was typed and said; two runs give the same picture."""
    page = PAGE.read_text(encoding="utf-8")
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_emulator(settings=EmulatorSettings(processing="at-once")) as emulator,
    ):
        for name, content in files_of(page).items():
            (Path(folder) / name).write_text(content, encoding="utf-8")
        environment = {
            **os.environ,
            **dict(re.findall(r"(GONG_ACCESS_\w+)=(\S+)", page)),
            "GONG_BASE_URL": emulator.url,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        }
        for command in re.findall(r"(?m)^\$ (.*)$", page):
            if command.startswith(SHOWN):
                console.print(Text.assemble(("$ ", "bright_black"), (command, "bold")), soft_wrap=False)
                said = subprocess.run(  # noqa: S602  (the command is the tutorial's)
                    command,
                    shell=True,
                    cwd=folder,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    check=False,
                ).stdout
                console.print(Text(repeatable(said.replace(f"{folder}/", ""))))
    return as_svg(console)


def repeatable(said: str) -> str:
    """Put ids of the same form in the place of those that differ from run to run."""
    said = re.sub(r"\b\d{8}-[0-9a-f]{12}\b", "20261122-0a1b2c3d4e5f", said)
    return re.sub(r"(?m)^\d{19}\b", "5517027188234205706", said)


def files_of(page: str) -> dict[str, str]:
    """Give the files that a page asks to save, by name."""
    return dict(re.findall(r"(?ms)^`([\w.]+)` [^\n]*:\n\n```\w+\n(.*?)^```", page))


def as_svg(console: Console) -> str:
    """Draw what was recorded, with the fonts of the reader: an image may fetch none."""
    picture = console.export_svg(title="gong-crm", unique_id="first-push")
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    picture = picture.replace("Fira Code", "ui-monospace, SFMono-Regular, Menlo, Consolas")
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"


if __name__ == "__main__":
    sys.exit(main())
