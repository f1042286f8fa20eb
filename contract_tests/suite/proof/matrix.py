"""The matrix of drifts and layers, and its place in docs/conformance.md."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[3]
MATRIX: Final = ROOT / "contract_tests" / "drifts" / "matrix.json"
PAGE: Final = ROOT / "docs" / "conformance.md"
LAYERS: Final = ("document", "conformance", "refusals", "lifecycle", "lines", "replay")
BEGIN: Final = "<!-- drifts: written by `nox -s drifts` -->"
END: Final = "<!-- end of drifts -->"


def write_matrix() -> None:
    """Write the last matrix into docs/conformance.md, in the place kept for it."""
    page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else f"{BEGIN}\n{END}\n"
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{matrix_section()}{after}", encoding="utf-8")


def matrix_section() -> str:
    """Tell the last matrix in Markdown.

    Returns:
        The section between its two marks; a sentence when no matrix was run yet.
    """
    if not MATRIX.exists():
        return f"{BEGIN}\n\nNo matrix was run yet.\n\n{END}"
    matrix = json.loads(MATRIX.read_text(encoding="utf-8"))
    rows: list[dict[str, Any]] = matrix["rows"]
    drifts = [row for row in rows if row["clause"]]
    variations = [row for row in rows if not row["clause"]]
    caught = [row for row in drifts if row["caught"]]
    letter = sum(row["letter"] for row in drifts)
    layers = Counter(row["caught"][0] for row in caught)
    shares = ", ".join(f"{layer} {layers[layer]}" for layer in LAYERS)
    table = "\n".join(_row(row) for row in drifts)
    tolerated = "\n".join(f"| `{row['id']}` | {row['change']} | {_green(row)} |" for row in variations)
    heads = " | ".join(LAYERS)
    rule = "|".join("---" for _ in range(len(LAYERS) + 3))
    return f"""{BEGIN}

{matrix["note"]}
{len(caught)} of {len(drifts)} drifts are caught, {letter} of them only to the letter (`--to-the-letter`).
{sum(not row["caught"] for row in variations)} of {len(variations)} tolerated variations are green.
A run stops at the first breach, so a mark stands in the layer that found it first: {shares}.
The layers document and replay never talk to the server, so they cannot catch a drift of it.
They guard the document and the recordings.

| drift | what the server does | clause | {heads} |
|{rule}|
{table}

| tolerated variation | what the server does | suite |
|---|---|---|
{tolerated}

{END}"""


def _row(row: dict[str, Any]) -> str:
    marks = " | ".join("x" if layer in row["caught"] else "" for layer in LAYERS)
    letter = " (to the letter)" if row["letter"] else ""
    return f"| `{row['id']}` | {row['change']}{letter} | `{row['clause']}` | {marks} |"


def _green(row: dict[str, Any]) -> str:
    return f"false alarm: {', '.join(row['named'])}" if row["caught"] else "green"
