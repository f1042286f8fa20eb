"""The ledger of clauses, read from clauses.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from contract_tests.suite.ledger.yaml_files import read_yaml

CLAUSES = Path(__file__).parents[2] / "clauses.yaml"

Strength = Literal["documented", "observed", "incidental", "interpretation"]


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One sentence of the published rules that a client can observe."""

    id: str
    rule: str
    sources: tuple[str, ...]
    family: str
    strength: Strength
    pointer: str
    documented: bool
    observed: str | None
    confirmed_live: str
    unobservable: str | None


def read_clauses(path: Path = CLAUSES) -> Mapping[str, Clause]:
    """Read the ledger: the clauses by id, in the order of the file.

    Raises:
        ValueError: Two entries share an id.
    """
    clauses: dict[str, Clause] = {}
    for entry in read_yaml(path)["clauses"]:
        clause = _clause(entry)
        if clause.id in clauses:
            raise ValueError(f"two clauses are called {clause.id}")
        clauses[clause.id] = clause
    return MappingProxyType(clauses)


def _clause(entry: Mapping[str, Any]) -> Clause:
    evidence = entry["evidence"]
    return Clause(
        id=entry["id"],
        rule=entry["rule"],
        sources=tuple(entry["sources"]),
        family=entry["family"],
        strength=entry["strength"],
        pointer=entry["pointer"],
        documented=evidence["documented"],
        observed=evidence["observed"],
        confirmed_live=str(evidence["confirmed_live"]),
        unobservable=entry.get("unobservable"),
    )
