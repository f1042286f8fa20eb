"""The example lines under lines/, with the clause and the source of each."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from contract_tests.suite.ledger.operations import Family
from contract_tests.suite.ledger.yaml_files import read_yaml

LINES: Final = Path(__file__).parents[2] / "lines"
Verdict = Literal["accepted", "rejected"]


@dataclass(frozen=True, kw_only=True)
class ExampleLine:
    """One line of an upload and what has to become of it.

    Attributes:
        certain: Whether a text or a recording says what becomes of it; False marks a reading of ours.
    """

    object_type: str
    family: Family
    verdict: Verdict
    clause: str
    what: str
    source: str
    line: Any
    certain: bool

    @property
    def name(self) -> str:
        """A name for test output."""
        return f"{self.family}-{self.object_type}-{self.what.replace(' ', '_')}"


def read_examples(verdict: Verdict) -> list[ExampleLine]:
    """Read the example lines of a verdict, in the order of the files."""
    found = []
    for path in sorted((LINES / verdict).glob("*.yaml")):
        document: dict[str, Any] = read_yaml(path)
        found += [
            ExampleLine(
                object_type=document["object_type"],
                family=document["family"],
                verdict=verdict,
                clause=entry["clause"],
                what=entry["what"],
                source=entry["source"],
                line=entry.get("raw", entry.get("line")),
                certain=entry.get("certain", True),
            )
            for entry in document["lines"]
        ]
    return found
