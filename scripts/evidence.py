"""Look at a file of evidence that `gong-crm --evidence` wrote, and take it in under contract_tests/evidence."""

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import yaml

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from contract_tests.suite.evidence.published import EVIDENCE, Evidence, read_exchanges  # noqa: E402  (the root has to be importable)
from contract_tests.suite.evidence.published_faults import answer_faults, request_faults  # noqa: E402  (same)
from contract_tests.suite.evidence.secrets import shown_in  # noqa: E402  (same)
from contract_tests.suite.ledger.clauses import Clause, read_clauses  # noqa: E402  (same)
from contract_tests.suite.ledger.document import Document, the_document  # noqa: E402  (same)
from contract_tests.suite.ledger.visible import visible  # noqa: E402  (same)
from gong_crm.evidence.contract import the_contract  # noqa: E402  (same)
from gong_crm.evidence.left import left_in  # noqa: E402  (same)

LARGEST: Final = 50_000_000
LINES_OF_HEAD: Final = 7
HEAD: Final = re.compile(r"# Recorded by gong-crm (?P<version>\S+)\. ")
VERSIONS: Final = re.compile(r"0\.1\..*")
"""Of gong-crm, whose files have this form."""


class UnusableError(Exception):
    """A file that is no evidence; said as it is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what a file says of the contract, and take it in where that is asked for.

    Args:
        arguments: The command line, without the name of the command.

    Returns:
        0 when nothing in it breaks the contract, 1 when something does, 2 when the file cannot be used.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="what --evidence wrote")
    parser.add_argument("--take-in", metavar="NAME", help="copy it to contract_tests/evidence/NAME.yaml")
    parser.add_argument("--into", type=Path, default=EVIDENCE, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    try:
        exchanges = read(options.file)
        taken = None if options.take_in is None else take_in(options.file, into=options.into, name=options.take_in)
    except UnusableError as problem:
        print(f"{options.file}: {visible(str(problem))}", file=sys.stderr)
        return 2
    faults = [fault for one in exchanges for fault in faults_of(the_document(), one)]
    for fault in dict.fromkeys(faults):
        print(f"differs: {visible(fault)}")
    print(f"{len(exchanges)} exchanges of {exchanges[0].source.date if exchanges else 'nobody'}, {len(faults)} differ")
    print("Clauses that speak of such answers; which of them one shows is for its reader to say:")
    for clause in spoken_for(exchanges, read_clauses().values()):
        print(f"  {clause.id}: {clause.rule}" + (f" (seen before: {clause.observed})" if clause.observed else ""))
    if taken is not None:
        print(
            f"Taken in as {taken.name}. Write under `shows` of each exchange which clauses it shows, and its source and"
            " date under `observed` of these in contract_tests/clauses.yaml; the tests hold both against each other."
        )
    return 1 if faults else 0


def read(path: Path) -> list[Evidence]:
    """Read a file of evidence.

    Raises:
        UnusableError: It is none, of a version that is not known, damaged, or it shows what should be scrubbed.
    """
    try:
        text = path.read_text(encoding="utf-8") if path.stat().st_size <= LARGEST else ""
    except (OSError, UnicodeDecodeError) as problem:
        raise UnusableError(f"it cannot be read: {getattr(problem, 'strerror', None) or 'it is no text'}") from None
    head = HEAD.match(text)
    if head is None:
        raise UnusableError("gong-crm did not write it, or it is too large")
    if not VERSIONS.fullmatch(head["version"]):
        raise UnusableError(f"it was written by gong-crm {head['version']}, whose files this version does not know")
    if shown := shown_in(text):
        raise UnusableError(f"it shows what should be scrubbed: {'; '.join(shown[:3])}; do not share it")
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, Path(folder) / "one.yaml")
        try:
            exchanges = read_exchanges(Path(folder))
            left = [one for entry in entries(text) for one in left_in(entry, the_contract())]
        except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as problem:
            raise UnusableError(f"it is damaged: {type(problem).__name__}; is its last line whole?") from None
    if left:
        raise UnusableError(f"it shows what is no placeholder: {', '.join(left[:3])}; do not share it")
    return exchanges


def entries(text: str) -> list[Any]:
    """Read what each line of a file holds, with nothing between the lines that a reader of YAML would leave out.

    Raises:
        ValueError: If something stands there.
    """
    head, _, body = text.partition("\nexchanges:\n")
    lines = [] if body == "[]\n" else body.splitlines()
    if len(head.splitlines()) > LINES_OF_HEAD or not all(line.startswith("- ") for line in lines):
        raise ValueError("a line that no recorder writes")
    return [json.loads(line.removeprefix("- ")) for line in lines]


def faults_of(document: Document, exchange: Evidence) -> list[str]:
    """Say where an exchange differs from the document; a request that was refused may be at odds with it."""
    refused = int(exchange.answer["status"]) in {400, 415}  # it was found wrong by the server too
    unread = [] if "body" in exchange.answer else ["the body is no JSON"]
    faults = [*([] if refused else _of_request(document, exchange)), *(unread or answer_faults(document, exchange))]
    place = f"{exchange.request['method']} {exchange.request['path']}"
    query = {name: value for name, value in exchange.request.get("query", {}).items() if name == "objectType"}
    shown = f"{place}?{urlencode(query)}" if query else place
    return [f"{shown} answered {exchange.answer['status']}: {fault}" for fault in faults]


def _of_request(document: Document, exchange: Evidence) -> Iterable[str]:
    """Judge what is known of a request: the lines of an upload are never written down."""
    return (one for one in request_faults(document, exchange) if one != "the body is missing")


def spoken_for(exchanges: Iterable[Evidence], clauses: Iterable[Clause]) -> list[Clause]:
    """List the clauses that speak of an answer which the exchanges hold."""
    seen = set()
    for one in exchanges:
        place = f"/paths/{one.request['path'].replace('/', '~1')}/{one.request['method'].lower()}"
        seen.add(f"{place}/responses/{one.answer['status']}")
    return [clause for clause in clauses if any(f"{clause.pointer}/".startswith(f"{place}/") for place in seen)]


def take_in(path: Path, *, into: Path, name: str) -> Path:
    """Copy a file among the evidence.

    Raises:
        UnusableError: The name is taken or no name.
    """
    if not re.fullmatch(r"[a-z0-9-]{1,60}", name):
        raise UnusableError(f"a name has small letters, digits and dashes, not {name!r}")
    target = into / f"{name}.yaml"
    if target.exists():
        raise UnusableError(f"there is evidence of the name {name} already")
    text = path.read_text(encoding="utf-8").replace('"id": "use.', f'"id": "{name}.')
    target.write_text(text, encoding="utf-8")
    return target


if __name__ == "__main__":
    sys.exit(main())
