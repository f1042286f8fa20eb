"""Lines of a source against the rules, without a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from gong_crm.checking.blocks import checked_blocks
from gong_crm.checking.report import check
from gong_crm.feeds import feed
from gong_crm.rules import Rules
from gong_crm_schemas import ObjectType, line_schema

if TYPE_CHECKING:
    from pathlib import Path

    from gong_crm.events import Checking

GOOD = b'{"objectId":"a","modifiedDate":"2026-01-02T03:04:05Z"}\n'


def test_each_finding_names_the_line_and_its_bytes(tmp_path: Path) -> None:
    """A finding says where its line begins in the file, the byte order mark counted."""
    path = tmp_path / "contacts.ldjson"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\r\n" + b"null\r\n" + GOOD.replace(b'"a"', b'"b"'))
    report = check(path, "CONTACT")
    (finding,) = report
    assert (str(path), 3, 3 + len(GOOD) + 2, 4) == (
        *(finding.origin.source, finding.origin.line),
        *(finding.origin.offset, finding.origin.length),
    )
    assert (3, 1, 0, False) == (report.lines, report.errors, report.warnings, report.ok)


def test_a_check_says_how_far_it_is(tmp_path: Path) -> None:
    """What is reported last of a source has all its lines, its bad ones and its bytes."""
    path = tmp_path / "contacts.ldjson"
    path.write_bytes(GOOD + b"null\n")
    reported: list[Checking] = []
    list(check(path, "CONTACT", on_progress=reported.append))
    size = path.stat().st_size
    assert (2, 1, size, size) == (
        reported[-1].lines,
        reported[-1].refused,
        reported[-1].bytes,
        reported[-1].total_bytes,
    )


def test_a_checked_block_keeps_every_byte(tmp_path: Path) -> None:
    """The lines of a checked block are the bytes of the file, blank and bad ones included."""
    content = (GOOD + b"\n" + b"[]\r\n") * 2000 + GOOD.rstrip()
    path = tmp_path / "contacts.ldjson"
    path.write_bytes(content)
    (source,) = feed(path, object_type="CONTACT")
    blocks = list(checked_blocks(source, Rules("CONTACT")))
    assert content == b"".join(line for block in blocks for line in block.lines)
    assert 2000 == sum(len(block.blank) for block in blocks) == sum(len(block.bad) for block in blocks)
    assert 2001 == sum(one == "a" for block in blocks for one in block.ids)


@pytest.mark.parametrize("legacy", [False, True])
@pytest.mark.parametrize("object_type", get_args(ObjectType))
def test_the_examples_of_the_contract_are_good(object_type: ObjectType, *, legacy: bool) -> None:
    """Merged and flattened, the schema takes the examples that the contract gives."""
    examples = line_schema(object_type, legacy=legacy)["examples"]
    assert check(examples, object_type, legacy=legacy).ok
