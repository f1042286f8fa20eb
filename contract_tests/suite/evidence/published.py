"""What others published or saw live, read from the files under evidence/."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from contract_tests.suite.ledger.operations import BY_ID, Operation, operation_at
from contract_tests.suite.ledger.yaml_files import read_yaml

EVIDENCE: Final = Path(__file__).parents[2] / "evidence"
OBSERVED: Final = frozenset({"recording", "probe", "audit", "corrected code"})
KINDS: Final = OBSERVED | {"published example"}
CALLERS: Final = frozenset({"bearer", "bearer without the scope", "anonymous", "unknown pair", "unknown"})


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where evidence comes from: who published it, when, and what it is."""

    called: str
    kind: str
    where: str
    date: str

    @property
    def axis(self) -> str:
        """What the ledger of clauses writes for an observation of this source."""
        return f"{self.called}, {self.date}"


@dataclass(frozen=True, kw_only=True)
class Report:
    """A behaviour that somebody reported without publishing the exchange."""

    id: str
    source: Source
    what: str
    shows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Edit:
    """One change that makes an exchange read as the document does.

    Attributes:
        conflict: The conflict (C-n) in which the document reads otherwise.
        reason: Why it does.
        at: Path to what is changed, from the top of the exchange; ``*`` stands for every member or element.
        rename: The member's name in the document; None when its value changes.
        instead: The value by the document's reading; an empty string for a line that is left out.
    """

    conflict: str
    reason: str
    at: tuple[str, ...]
    rename: str | None
    instead: Any


@dataclass(frozen=True, kw_only=True)
class Rounding:
    """A number that the recorder damaged by keeping it as a double."""

    at: tuple[str, ...]
    meant: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One exchange as others published or recorded it, as far as it is known.

    Attributes:
        id: Its name.
        source: Where it comes from.
        what: What happened, in a sentence.
        caller: How the caller identified itself.
        stands_for: The operation whose answer it stands for, where its own path is outside the document.
        shows: The clauses that it is evidence for.
        bears_on: Conflicts and unknowns that it helps to settle without contradicting the document.
        edits: What the document deliberately reads otherwise.
        roundings: Numbers that the recorder damaged.
        exchange: Request and answer, with the members that the source shows.
    """

    id: str
    source: Source
    what: str
    caller: str
    stands_for: str | None
    shows: tuple[str, ...]
    bears_on: tuple[str, ...]
    edits: tuple[Edit, ...]
    roundings: tuple[Rounding, ...]
    exchange: Mapping[str, Any]

    @property
    def request(self) -> Mapping[str, Any]:
        """Method, path, query, content type, and the body as JSON, text or file, as far as it is known."""
        request: Mapping[str, Any] = self.exchange["request"]
        return request

    @property
    def answer(self) -> Mapping[str, Any]:
        """Status, headers and body, as far as it is known."""
        answer: Mapping[str, Any] = self.exchange["answer"]
        return answer

    @property
    def operation(self) -> Operation | None:
        """The operation that was called; None when the path or the method is outside the document."""
        return operation_at(self.request["method"], self.request["path"])

    @property
    def judged_as(self) -> Operation | None:
        """The operation whose documented answers it is held against."""
        return self.operation or (BY_ID[self.stands_for] if self.stands_for else None)

    def corrected(self, *, without: Edit | None = None) -> "Evidence":
        """Rewrite the exchange as the document reads it, but for an edit to leave out."""
        exchange = copy.deepcopy(dict(self.exchange))
        for edit in self.edits:
            if edit is not without:
                _edit(exchange, edit)
        return replace(self, exchange=exchange)

    def values_at(self, at: tuple[str, ...]) -> list[Any]:
        """Look up the values at a path; ``*`` stands for every member or element."""
        return [holder[key] for holder, key in _places(self.exchange, at)]


def read_sources(folder: Path = EVIDENCE) -> Iterator[tuple[Source, Mapping[str, Any]]]:
    """Read every file of evidence: each source with the rest of its file."""
    for path in sorted(folder.glob("*.yaml")):
        entry = read_yaml(path)
        source = Source(
            called=entry.pop("called"), kind=entry.pop("kind"), where=entry.pop("where"), date=str(entry.pop("date"))
        )
        yield source, entry


def read_exchanges(folder: Path = EVIDENCE) -> list[Evidence]:
    """Read the exchanges of every source, in the order of the files."""
    return [_exchange(source, entry) for source, rest in read_sources(folder) for entry in rest.get("exchanges", [])]


def read_reports(folder: Path = EVIDENCE) -> list[Report]:
    """Read what was reported without its exchange, in the order of the files."""
    return [
        Report(id=entry["id"], source=source, what=entry["what"], shows=tuple(entry.get("shows", ())))
        for source, rest in read_sources(folder)
        for entry in rest.get("reports", [])
    ]


def _exchange(source: Source, entry: Mapping[str, Any]) -> Evidence:
    return Evidence(
        id=entry["id"],
        source=source,
        what=entry["what"],
        caller=entry.get("caller", "unknown"),
        stands_for=entry.get("stands_for"),
        shows=tuple(entry.get("shows", ())),
        bears_on=tuple(entry.get("bears_on", ())),
        edits=tuple(_edits(entry.get("contradicts", []))),
        roundings=tuple(Rounding(at=_path(one["at"]), meant=one["meant"]) for one in entry.get("rounded", [])),
        exchange={"request": entry["request"], "answer": entry["answer"]},
    )


def _edits(marks: list[Mapping[str, Any]]) -> Iterator[Edit]:
    for mark in marks:
        for edit in mark["correct"]:
            yield Edit(
                conflict=mark["conflict"],
                reason=mark["reason"],
                at=_path(edit["at"]),
                rename=edit.get("rename"),
                instead=edit.get("instead"),
            )


def _path(pointer: str) -> tuple[str, ...]:
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def _edit(exchange: Any, edit: Edit) -> None:  # noqa: ANN401  (an exchange is any YAML)
    for holder, key in list(_places(exchange, edit.at)):
        if edit.rename is None:
            holder[key] = edit.instead
        else:
            holder[edit.rename] = holder.pop(key)


def _places(exchange: Any, at: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401  (same)
    for key in _keys(exchange, at[0]):
        if len(at) == 1:
            yield exchange, key
        else:
            yield from _places(exchange[key], at[1:])


def _keys(exchange: Any, token: str) -> list[Any]:  # noqa: ANN401  (same)
    if isinstance(exchange, list):
        return list(range(len(exchange))) if token == "*" else [int(token)]  # a wildcard, no secret
    if isinstance(exchange, dict):
        return list(exchange) if token == "*" else [key for key in exchange if key == token]
    return []
