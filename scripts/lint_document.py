"""Hold an OpenAPI document against the rules that keep the generated client whole."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from document.lint_rules import lint
from document.openapi import DocumentError, read_document, understanding


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 when the document keeps every rule, 1 when it does not, 2 when it cannot be read.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    default = Path(__file__).resolve().parent.parent / "openapi.yaml"
    parser.add_argument("document", type=Path, nargs="?", default=default, help="the OpenAPI document")
    options = parser.parse_args(arguments)
    try:
        with understanding(str(options.document)):
            findings = lint(read_document(options.document))
    except DocumentError as error:
        sys.stderr.write(f"lint_document: {error}\n")
        return 2
    for finding in findings:
        sys.stdout.write(f"{finding.pointer}: {finding.rule}: {finding.advice}\n")
    return int(bool(findings))


if __name__ == "__main__":
    raise SystemExit(main())
