"""Starts pushing processes, kills them, and reads what they said."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.gong_crm.faults.harness.checker import Numbers, Said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROOT: Final = Path(__file__).parents[4]


@dataclass(frozen=True, kw_only=True)
class Pusher:
    """What a pushing process is given.

    Attributes:
        url: Where Gong is.
        folder: Where its arguments lie, and the journal unless another is named.
        inputs: What it pushes.
        journal: The journal's folder.
        die: Calls at which it kills itself, as `{"call": 3, "when": "before"}`.
        awaited: Whether it pushes through AsyncGongCrm.
        more: Further arguments of GongCrm.
        launcher: Words before the interpreter.
    """

    url: str
    folder: Path
    inputs: Mapping[str, Sequence[Path]]
    journal: Path | None = None
    die: tuple[dict[str, Any], ...] = ()
    awaited: bool = False
    more: Mapping[str, Any] = field(default_factory=dict)

    def start(self, *, resume: bool = False, mortal: bool = False) -> subprocess.Popen[str]:
        """Start it; it has begun when its first line is read. What resumes lives on, unless it is mortal too."""
        arguments = {
            "url": self.url,
            "journal": str(self.journal or self.folder / "journal"),
            "inputs": {name: [str(path) for path in paths] for name, paths in self.inputs.items()},
            "die": [] if resume and not mortal else list(self.die),
            "awaited": self.awaited,
            "more": dict(self.more),
            "resume": resume,
        }
        path = self.folder / f"arguments-{resume}.json"
        path.write_text(json.dumps(arguments))
        command = [sys.executable, "-m", "tests.gong_crm.faults.harness.child", str(path)]
        return subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def finish(self, *, resume: bool = False) -> Said | str | None:
        """Run it to its end.

        Returns:
            What it said, the error it ended with, or None when it was killed.
        """
        with self.start(resume=resume) as process:
            return read_end(process)


def read_end(process: subprocess.Popen[str]) -> Said | str | None:
    """Wait for the end of a process and read what it said."""
    output, errors = process.communicate(timeout=300)
    if process.returncode < 0:
        return None
    assert "" == errors, errors
    answer = json.loads(output.splitlines()[-1])
    if "error" in answer:
        return f"{answer['error']}: {answer['message']}"
    numbers = {name: Numbers(**one) for name, one in answer["numbers"].items()}
    return Said(numbers=numbers, rejects={name: base64.b64decode(data) for name, data in answer["rejects"].items()})
