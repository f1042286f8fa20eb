"""Return what changed between two versions of the contract, and whether it breaks a caller."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from document.changes import Verdict
from document.document_changes import changes_between
from document.openapi import DocumentError, parse_document, read_document, understanding

if TYPE_CHECKING:
    from document.changes import Change
    from document.openapi import Document

ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 when nothing breaks, 1 on a breaking change, 2 when a version cannot be read.
        With --changelog: 1 when the changelog's newest section lacks what the changes ask for.
    """
    options = _parser().parse_args(arguments)
    try:
        with understanding(f"{options.old} or {options.new}"):
            changes = changes_between(version(options.old), version(options.new))
        lacking = _lacking(options.changelog, changes) if options.changelog else None
    except (DocumentError, OSError) as error:
        sys.stderr.write(f"compare: {error}\n")
        return 2
    sys.stdout.write(as_json(changes) if options.json else as_text(changes))
    if options.changelog:
        sys.stderr.write(f"compare: {lacking}\n" if lacking else "")
        return int(lacking is not None)
    return int(any(change.verdict is Verdict.BREAKING for change in changes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", help="a file, or a git revision such as v0.1.0 or HEAD~1")
    parser.add_argument("new", help="a file, or a git revision")
    parser.add_argument("--json", action="store_true", help="write JSON instead of text")
    parser.add_argument("--changelog", type=Path, help="pass breaking changes that this changelog names")
    return parser


def version(name: str) -> Document:
    """Read a version of the document: a file, or else openapi.yaml at a git revision.

    Raises:
        DocumentError: If it is neither, or if what is there is no OpenAPI document.
    """
    if Path(name).is_file():
        return read_document(Path(name))
    command = ["git", "-C", str(ROOT), "show", "--end-of-options", f"{name}:openapi.yaml"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    except FileNotFoundError as error:
        raise DocumentError(f"{name} is no file, and git is not installed to look for a revision") from error
    if answer.returncode != 0:
        raise DocumentError(f"{name} is neither a file nor a git revision that holds openapi.yaml")
    return parse_document(answer.stdout)


def as_text(changes: list[Change]) -> str:
    """Return one line for each change and a line of counts."""
    counts = Counter(change.verdict for change in changes)
    lines = [f"{change.verdict}: {change.pointer}: {change.rule}: {change.text}" for change in changes]
    total = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    return "\n".join([*lines, total, ""])


def as_json(changes: list[Change]) -> str:
    """Return the changes and their counts as JSON."""
    counts = Counter(change.verdict for change in changes)
    report = {
        "changes": [asdict(change) for change in changes],
        "counts": {str(verdict): counts[verdict] for verdict in Verdict},
    }
    return json.dumps(report, indent=2) + "\n"


def _lacking(changelog: Path, changes: list[Change]) -> str | None:
    """Say what the newest section of the changelog leaves out, or None when it says enough."""
    sections = re.split(r"(?m)^## ", changelog.read_text(encoding="utf-8"))
    newest = sections[1] if len(sections) > 1 else ""
    entries = re.findall(r"(?m)^[-*] .+", newest)
    verdicts = {change.verdict for change in changes}
    if Verdict.BREAKING in verdicts and not any("breaking" in entry.lower() for entry in entries):
        return f"the contract breaks callers: say so in {changelog.name}, in an entry with the word Breaking"
    if Verdict.COMPATIBLE in verdicts and not entries:
        return f"the contract changed: say how in the newest section of {changelog.name}"
    return None


if __name__ == "__main__":
    raise SystemExit(main())
