"""Which line of a file is taken and which is refused, by object type and family."""

import zlib
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.records import OBJECT_TYPES, good_line
from contract_tests.suite.generate.examples import ExampleLine, read_examples
from contract_tests.suite.generate.strategies import GeneratedLine, generated_file
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.contract import Contract
from contract_tests.suite.ledger.operations import FAMILIES, Family, operation_of

pytestmark = pytest.mark.layer("lines")

REJECTED: Final = read_examples("rejected")
ACCEPTED: Final = read_examples("accepted")
MOST: Final = 20
GENERATED: Final = 18
# Nobody knows whether such a line is a line error or a general one, reported as line 0 (U-5, U-6).
UNREADABLE: Final = frozenset({"line.not-json", "line.not-an-object"})


def chunks(examples: list[ExampleLine]) -> dict[str, list[ExampleLine]]:
    """Put examples into files: of one type and family, certain or not, and no more bad lines than are reported."""
    files: dict[str, list[ExampleLine]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for example in examples:
        shape = "unreadable" if example.clause in UNREADABLE else "certain" if example.certain else "doubtful"
        kind = f"{example.verdict}-{example.family}-{example.object_type}-{shape}"
        number = counts[kind] // (MOST - 2)
        counts[kind] += 1
        files[f"{kind}-{number}"].append(example)
    return files


def moment_of(example: ExampleLine) -> datetime:
    """Return when an example was modified, or a moment in the past where it does not say so readably."""
    try:
        return datetime.fromisoformat(example.line["modifiedDate"])
    except (KeyError, TypeError, ValueError):
        return datetime(2001, 1, 1, tzinfo=UTC)


# The older rules ask for lists in order of modifiedDate; a server may insist on it (C-25).
FILES: Final = {**chunks(REJECTED), **chunks(sorted(ACCEPTED, key=moment_of))}


def files(*, verdict: str = "", shape: str) -> list[Any]:
    """List files of examples as parameters, each with the clauses of its examples."""
    return [
        pytest.param(name, marks=pytest.mark.clause(*sorted({example.clause for example in examples})))
        for name, examples in FILES.items()
        if name.startswith(verdict) and f"-{shape}-" in name
    ]


def filler(example: ExampleLine, name: str, number: int) -> dict[str, Any]:
    """Make a good line to stand beside an example."""
    if example.object_type == "USERS":
        return {"crmUserId": f"{name}-{number}", "emailAddress": f"filler{number}@example.com"}
    line = good_line(example.object_type, example.family, f"f{number}-{zlib.crc32(name.encode()):08x}", minute=number)
    if example.verdict == "accepted":  # as old as the example, or as undated, so that the list stays in order
        del line["modifiedDate"]
        line |= {name: value for name, value in example.line.items() if name == "modifiedDate"}
    return line


def numbered(name: str) -> dict[int, ExampleLine]:
    """Say on which line of its file each example stands: every second one, good lines between them."""
    return {2 * place + 2: example for place, example in enumerate(FILES[name])}


@pytest.fixture(scope="module")
def sent(batch: Batch, families: tuple[Family, ...]) -> Batch:
    """All files of examples, sent before the first is followed."""
    for name, examples in FILES.items():
        if examples[0].family in families:
            lines: list[object] = []
            for place, example in enumerate(examples):
                lines += [filler(example, name, place), example.line]
            batch.send(name, examples[0].family, examples[0].object_type, lines)
    return batch


@pytest.fixture(scope="module")
def generated(batch: Batch, families: tuple[Family, ...]) -> dict[str, tuple[GeneratedLine, ...]]:
    """Files of generated lines for each type and family, sent before the first is followed."""
    files = {}
    for family in families:
        for object_type in OBJECT_TYPES:
            name = f"generated-{family}-{object_type}"
            lines = generated_file(family, object_type, count=GENERATED)
            batch.send(name, family, object_type, [own_id(line, f"d-{n}") for n, line in enumerate(lines)])
            files[name] = lines
    return files


def own_id(generated_line: GeneratedLine, object_id: str) -> object:
    """Give a generated line an id of its own, unless its id is what is wrong with it."""
    line = generated_line.line
    return {**line, "objectId": object_id} if isinstance(line, dict) and line.get("objectId") else line


def refused_lines(end: Answer) -> set[int]:
    """Say which lines an ended request names as bad."""
    return {error["line"] for error in end.member("errors") or []}


@pytest.mark.parametrize("name", files(verdict="rejected", shape="certain"))
@pytest.mark.clause("status.line-numbers", "status.error-count", "status.success-count")
def test_rejected_lines(request: pytest.FixtureRequest, sent: Batch, name: str) -> None:
    """Each line that breaks a rule is refused by its number, and the good lines between are not."""
    if FILES[name][0].family == "legacy":
        request.getfixturevalue("legacy")
    end = sent.end(name)
    refused = refused_lines(end)
    for number, example in numbered(name).items():
        end.require(
            example.clause,
            number in refused,
            f"an error for line {number} ({example.what}; {example.source}): {example.line}",
        )
    unexpected = refused - set(numbered(name))
    end.require("status.line-numbers", not unexpected, f"no error for the good lines {sorted(unexpected)}")
    bad, good = len(FILES[name]), len(FILES[name])
    end.require("status.failed", end.member("status") == "FAILED", f"FAILED, for {bad} lines are bad")
    end.require("status.error-count", end.member("totalErrorCount") == bad, f"totalErrorCount {bad}")
    end.require("status.success-count", end.member("totalSuccessCount") == good, f"totalSuccessCount {good}")


@pytest.mark.parametrize("name", files(shape="unreadable"))
@pytest.mark.clause("line.not-json", "line.not-an-object", "status.failed")
def test_unreadable_lines(request: pytest.FixtureRequest, sent: Batch, name: str) -> None:
    """Each line that is no JSON object is refused by its number, or the file by a general error."""
    if FILES[name][0].family == "legacy":
        request.getfixturevalue("legacy")
    end = sent.end(name)
    refused = refused_lines(end)
    for number, example in numbered(name).items():
        expected = f"an error for line {number} ({example.what}), or one for line 0: {example.line}"
        end.require(example.clause, number in refused or refused == {0}, expected)
    end.require("status.failed", end.member("status") == "FAILED", "FAILED, for lines are bad")
    unexpected = refused - set(numbered(name)) - {0}
    end.require("status.line-numbers", not unexpected, f"no error for the good lines {sorted(unexpected)}")


@pytest.mark.parametrize("name", files(verdict="accepted", shape="certain"))
@pytest.mark.clause("status.done")
def test_accepted_lines(request: pytest.FixtureRequest, sent: Batch, name: str) -> None:
    """Each line that obeys the rules is taken, and the file ends DONE."""
    if FILES[name][0].family == "legacy":
        request.getfixturevalue("legacy")
    end = sent.end(name)
    for number in sorted(refused_lines(end)):
        example = numbered(name).get(number)
        clause, what = (example.clause, example.what) if example else ("status.done", "a good line")
        end.require(clause, holds=False, expected=f"no error for line {number} ({what}): {example and example.line}")
    end.require("status.done", end.member("status") == "DONE", "DONE, because every line is good")


@pytest.mark.parametrize("name", files(shape="doubtful"))
def test_doubtful_lines(request: pytest.FixtureRequest, sent: Batch, name: str) -> None:
    """Each line that our readings of the texts refuse, or take, is refused or taken."""
    if FILES[name][0].family == "legacy":
        request.getfixturevalue("legacy")
    end = sent.end(name)
    refused = refused_lines(end)
    for number, example in numbered(name).items():
        wanted = example.verdict == "rejected"
        word = "an" if wanted else "no"
        end.prefer(
            example.clause,
            (number in refused) == wanted,
            f"{word} error for line {number} ({example.what}; {example.source}): {example.line}",
        )


@pytest.mark.clause("status.every-bad-line", "status.line-numbers")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("object_type", OBJECT_TYPES)
def test_generated_lines(
    generated: dict[str, tuple[GeneratedLine, ...]], batch: Batch, contract: Contract, family: Family, object_type: str
) -> None:
    """Lines generated from the line schemas get the same verdict from the schemas and from the server."""
    name = f"generated-{family}-{object_type}"
    if name not in generated:
        pytest.skip("the target does not serve the legacy family (U-18)")
    operation = operation_of("uploadCrmEntities", family)
    end = batch.end(name)
    refused = refused_lines(end)
    for number, one in enumerate(generated[name], start=1):
        faults = contract.document.line_faults(
            operation.method, operation.path, object_type=object_type, line=own_id(one, f"d-{number}")
        )
        assert one.bad == bool(faults), (one, faults)
        clause, word = ("status.every-bad-line", "an") if one.bad else ("status.line-numbers", "no")
        end.require(clause, (number in refused) == one.bad, f"{word} error for line {number}: {one.line}")


@pytest.mark.parametrize("example", [*REJECTED, *ACCEPTED], ids=lambda example: f"{example.verdict}-{example.name}")
def test_line_schemas_agree_with_the_examples(contract: Contract, example: ExampleLine) -> None:
    """The line schemas of the document give each example line the verdict that its source gives it."""
    name = "mapCrmUsersLegacy" if example.object_type == "USERS" else "uploadCrmEntities"
    operation = operation_of(name, example.family)
    object_type = None if example.object_type == "USERS" else example.object_type
    faults = contract.document.line_faults(operation.method, operation.path, object_type=object_type, line=example.line)
    assert (example.verdict == "rejected") == bool(faults), faults


def test_generated_lines_are_of_both_kinds() -> None:
    """Among the generated lines of each type and family there are good ones and bad ones."""
    for family in FAMILIES:
        for object_type in OBJECT_TYPES:
            kinds = {line.bad for line in generated_file(family, object_type, count=GENERATED)}
            assert kinds == {True, False}, (family, object_type)
