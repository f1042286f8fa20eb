"""What docs/tutorial.md shows is what happens, from its files to its last command."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

from gong_crm_emulator import EmulatorSettings, running_emulator
from picture import PICTURE, SHOWN, files_of, recorded

PAGE: Final = (Path(__file__).parents[1] / "docs" / "tutorial.md").read_text(encoding="utf-8")
FILES: Final = files_of(PAGE)
STEPS: Final = [
    (command, shown)
    for block in re.findall(r"(?ms)^```console\n(.*?)^```", PAGE)
    for command, shown in re.findall(r"(?m)^\$ (.*)\n((?:(?!\$ ).*\n)*)", block)
]


def words(text: str) -> list[list[str]]:
    """Give the words of each line, so that the width of a table does not matter."""
    return [line.split() for line in text.splitlines()]


def test_the_tutorial_works(tmp_path: Path) -> None:
    """Every command of the page prints what the page shows, and the last push has no bad line."""
    assert {"accounts.ldjson", "contacts.csv"} == FILES.keys()
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    with running_emulator(settings=EmulatorSettings(processing="at-once")) as emulator:
        environment = {
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "GONG_BASE_URL": emulator.url,
            **dict(re.findall(r"(GONG_ACCESS_\w+)=(\S+)", PAGE)),
        }
        codes = []
        for command, shown in STEPS:
            run = subprocess.run(  # noqa: S602  (the command is the page's)
                command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            said = words(run.stdout + run.stderr)
            assert [] == [line for line in words(shown) if line not in said], run.stdout + run.stderr
            codes.append(run.returncode)
    assert [4, 0, 4, 0, 0, 0] == codes


def text_of(picture: str) -> str:
    """Give what a picture says."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", picture)
    return "".join(html.unescape(piece).replace("\xa0", " ") for piece in texts)


def test_the_picture_is_a_recording() -> None:
    """What the commands say now is what the picture shows; `python scripts/picture.py` draws it anew."""
    assert text_of(recorded()) == text_of(PICTURE.read_text(encoding="utf-8"))


def test_the_picture_is_of_the_tutorial() -> None:
    """What is typed in the picture is what the tutorial types, in its order, and every table of the page is in it."""
    text = text_of(PICTURE.read_text(encoding="utf-8"))
    steps = [(command, shown) for command, shown in STEPS if command.startswith(SHOWN)]
    typed = re.findall("|".join(re.escape(f"$ {command}") for command, _ in steps), text)
    assert [f"$ {command}" for command, _ in steps] == typed
    rows = [line for _, shown in steps for line in shown.splitlines() if line.startswith(("ACCOUNT", "CONTACT"))]
    assert [] == [row for row in rows if row not in text]
