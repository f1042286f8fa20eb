"""Tests of gong_crm_schemas: what it gives, and that each schema stands alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING, Any, get_args

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

import gong_crm_schemas
from gong_crm_client import models

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TYPES = get_args(gong_crm_schemas.ObjectType)
ALL = [(object_type, legacy) for object_type in TYPES for legacy in (False, True)]


def references(node: Any) -> Iterator[str]:  # noqa: ANN401  (JSON of any type)
    """Yield every reference of a schema."""
    if isinstance(node, dict):
        yield from [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for entry in node:
            yield from references(entry)


def test_every_object_type_has_a_schema() -> None:
    """The six object types of an upload are there, in both families."""
    assert {"ACCOUNT", "BUSINESS_USER", "CONTACT", "DEAL", "LEAD", "STAGE"} == set(TYPES)
    assert set(models.UploadObjectType.__members__) == set(TYPES)


@pytest.mark.parametrize(("object_type", "legacy"), ALL)
def test_schema_stands_alone_and_takes_its_examples(object_type: Any, legacy: bool) -> None:  # noqa: ANN401, FBT001  (a table's columns)
    """Each schema is valid JSON Schema 2020-12, needs no other file, takes its examples and refuses an empty line."""
    schema = gong_crm_schemas.line_schema(object_type, legacy=legacy)

    Draft202012Validator.check_schema(schema)
    assert [] == [name for name in references(schema) if name.removeprefix("#/$defs/") not in schema["$defs"]]
    validator = Draft202012Validator(schema)
    assert schema["examples"]
    assert [] == [error.message for example in schema["examples"] for error in validator.iter_errors(example)]
    assert not validator.is_valid({})


def test_user_mapping_stands_alone() -> None:
    """The line of the older user mapping has a schema too."""
    validator = Draft202012Validator(gong_crm_schemas.user_mapping_schema())

    assert validator.is_valid({"crmUserId": "u1", "emailAddress": "jane.doe@acme.com"})
    assert not validator.is_valid({"crmUserId": "u1"})


def test_unknown_object_type_is_refused() -> None:
    """An object type that no upload takes is reported with those that there are."""
    with pytest.raises(ValueError, match="no line schema for the object type 'account', there are: ACCOUNT, "):
        gong_crm_schemas.line_schema("account")  # type: ignore[arg-type]  # the mistake under test


def test_each_call_gives_a_fresh_copy() -> None:
    """A caller that changes a schema changes nobody else's."""
    first = gong_crm_schemas.line_schema("ACCOUNT")
    first.clear()

    assert json.dumps(gong_crm_schemas.line_schema("ACCOUNT")) != json.dumps(first)


@pytest.mark.parametrize(("object_type", "legacy"), ALL)
def test_models_and_schemas_agree_on_members(object_type: Any, legacy: bool) -> None:  # noqa: ANN401, FBT001  (a table's columns)
    """A line that the schema takes as example goes through the model unchanged."""
    schema = gong_crm_schemas.line_schema(object_type, legacy=legacy)
    model = getattr(models, schema["title"])

    assert schema["examples"] == [model.from_dict(example).to_dict() for example in schema["examples"]]


@pytest.mark.parametrize(("day", "good"), [
    *(("2024-02-29", True), ("2000-02-29", True), ("0001-01-01", True), ("9999-12-31", True), ("2023-02-28", True)),
    *(("2023-02-29", False), ("1900-02-29", False), ("0000-01-01", False), ("0000-02-29", False)),
    *(("2023-04-31", False), ("2023-13-01", False), ("2024-02-30", False)),
])  # fmt: skip
def test_days_that_do_not_exist_are_refused(day: str, good: bool) -> None:  # noqa: FBT001  (a table's column)
    """A date and a time are of a day that exists."""
    validator = Draft202012Validator(gong_crm_schemas.line_schema("DEAL"))
    dated = {"objectId": "1", "modifiedDate": "2026-01-02T03:04:05Z", "closeDate": day}
    timed = {"objectId": "1", "modifiedDate": f"{day}T23:59:59+15:00"}
    assert (good, good) == (validator.is_valid(dated), validator.is_valid(timed))


# Each is right but for what stands at its end or in it, which Python's `$` and `re` alone would let pass.
LINE = {"objectId": "a1", "modifiedDate": "2026-11-22T08:00:00Z", "name": "Acme"}
TRICKY = [
    LINE | {"objectId": "a1\n"},
    LINE | {"objectId": "a1\r"},
    LINE | {"objectId": "a1\u2028"},
    LINE | {"objectId": "a1\u0085"},
    LINE | {"objectId": "jane.doe@acme.com\n"},
    LINE | {"objectId": "\na1"},
    LINE | {"objectId": "a\n1"},
    LINE | {"objectId": "\u0661"},
    LINE | {"modifiedDate": "2026-11-22T08:00:00Z\n"},
    LINE | {"modifiedDate": "\u0662026-11-22T08:00:00Z"},
    LINE | {"modifiedDate": "2026-11-22T08:00:00+01:00\n"},
]


@pytest.mark.parametrize("line", TRICKY, ids=repr)
@pytest.mark.parametrize("legacy", [False, True])
def test_pattern_means_the_same_in_python_and_rust(line: dict[str, str], legacy: bool) -> None:  # noqa: FBT001  (a table's column)
    """Both jsonschema with its re and jsonschema-rs refuse what the emulator refuses, a line break at the end too.

    The older text has no rule for object ids, so there any text is one.
    """
    schema = gong_crm_schemas.line_schema("ACCOUNT", legacy=legacy)
    complete = line | {"domains": ["acme.com"]}

    assert Draft202012Validator(schema).is_valid(complete | LINE)
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(complete | LINE)
    good = legacy and complete["modifiedDate"] == LINE["modifiedDate"]
    assert (good, good) == (
        Draft202012Validator(schema).is_valid(complete),
        jsonschema_rs.Draft202012Validator(schema).is_valid(complete),
    )


AJV = """
import Ajv from "ajv/dist/2020.js";
let text = "";
for await (const piece of process.stdin) text += piece;
const { schemas, lines } = JSON.parse(text);
const compiled = schemas.map((schema) => new Ajv({ strict: true }).compile(schema));
console.log(JSON.stringify({
  examples: compiled.map((valid, index) => schemas[index].examples.every((one) => valid(one))),
  lines: lines.map((line) => compiled[0](line)),
}));
"""


@pytest.mark.slow
def test_pattern_means_the_same_in_ecma_262(tmp_path: Path) -> None:
    """The reader ajv, in strict mode, takes every schema and its examples, and refuses what the others refuse."""
    if shutil.which("npm") is None:
        pytest.skip("there is no npm on this machine")
    (tmp_path / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    (tmp_path / "judge.js").write_text(AJV, encoding="utf-8")
    subprocess.run(
        [str(shutil.which("npm")), "install", "--silent", "--no-audit", "--no-fund", "ajv@8.20.0"],
        cwd=tmp_path,
        check=True,
    )
    schemas = [gong_crm_schemas.line_schema(each, legacy=legacy) for each, legacy in ALL]
    schemas.append(gong_crm_schemas.user_mapping_schema())

    answer = subprocess.run(
        [str(shutil.which("node")), "judge.js"],
        input=json.dumps({"schemas": schemas, "lines": TRICKY}),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert {"examples": [True] * 13, "lines": [False] * len(TRICKY)} == json.loads(answer.stdout)
