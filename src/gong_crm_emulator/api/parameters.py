"""Why a request is refused: its parameters and its JSON body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from gong_crm_emulator.lines import values
from gong_crm_emulator.refusals import BAD_REQUEST, bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,40}")
_CLIENT_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]+")
_INT64: Final = 2**63
_MOST_SENTENCES: Final = 20


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Query parameters that have been read.

    Attributes:
        integration_id: The integration.
        object_type: The object type, where the operation has one.
        client_request_id: The caller's name for the request, where the operation has one.
    """

    integration_id: int
    object_type: str = ""
    client_request_id: str = ""


def read_parameters(
    query: Mapping[str, str],
    *,
    object_types: Sequence[str] = (),
    object_type_optional: bool = False,
    client_request_id: bool = False,
) -> Parameters:
    """Read the query parameters of an operation and say all that is wrong with them.

    Raises:
        Refusal: 400 with one sentence for each parameter that is missing or wrong.
    """
    problems: list[str] = []
    integration_id = _integration_id(query.get("integrationId", ""), problems)
    object_type = query.get("objectType", "")
    if object_types and not (object_type_optional and "objectType" not in query):
        _check_object_type(object_type, object_types, problems)
    name = query.get("clientRequestId", "")
    if client_request_id:
        _check_client_request_id(name, problems)
    if problems:
        raise bad_request(*problems)
    return Parameters(integration_id=integration_id, object_type=object_type, client_request_id=name)


def _integration_id(text: str, problems: list[str]) -> int:
    if not text:
        problems.append("integrationId query parameter is missing")
    elif _INTEGER.fullmatch(text) is None:
        problems.append(f"integrationId must be a whole number of 64 bits, not '{text[:60]}'")
    elif not -_INT64 <= int(text) < _INT64:
        problems.append(BAD_REQUEST)
    else:
        return int(text)
    return 0


def _check_object_type(text: str, allowed: Sequence[str], problems: list[str]) -> None:
    if not text:
        problems.append("objectType query parameter is missing")
    elif text not in allowed:
        problems.append(f"objectType must be one of {', '.join(allowed)} (case-sensitive), not '{text[:60]}'")


def _check_client_request_id(text: str, problems: list[str]) -> None:
    if not text:
        problems.append("clientRequestId query parameter is missing")
    elif _CLIENT_REQUEST_ID.fullmatch(text) is None:
        problems.append("clientRequestId may hold only letters, numbers, dashes and underscores")


def read_json(body: bytes) -> Any:  # noqa: ANN401  (any JSON)
    """Read a JSON body.

    Raises:
        Refusal: 400 if it is empty or no JSON.
    """
    if not body.strip():
        raise bad_request("The request body is missing")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as problem:
        raise bad_request(f"The request body is not valid JSON: {problem}") from problem


def read_registration(body: bytes) -> tuple[str, str]:
    """Read the body of a registration.

    Raises:
        Refusal: 400 if one is missing or no string.
    """
    record = read_json(body)
    if not isinstance(record, dict):
        raise bad_request("The request body must be a JSON object")
    problems = [_text_problem(record, name) for name in ("name", "ownerEmail")]
    if any(problems):
        raise bad_request(*(problem for problem in problems if problem))
    return record["name"], record["ownerEmail"]


def _text_problem(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is None:
        return f"{name}: must not be null"
    return None if isinstance(value, str) else f"{name}: must be a string"


def read_object_ids(body: bytes) -> list[str]:
    """Read the ids of objects to be read.

    Raises:
        Refusal: 400 if it is no array of strings.
    """
    ids = read_json(body)
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        raise bad_request("The request body must be a JSON array of object ids, each a string")
    return ids


_STAGE_CHECKS: Final[dict[str, values.Check]] = {
    "internalName": values.string,
    "name": values.string,
    "isActive": values.boolean,
    "sortOrder": values.order,
}


def read_stages(body: bytes) -> list[dict[str, Any]]:
    """Read the body of a stages upload.

    Raises:
        Refusal: 400 with one sentence for each member that is missing or wrong.
    """
    stages = read_json(body)
    if not isinstance(stages, list):
        raise bad_request("The request body must be a JSON array of stages")
    problems: list[str] = []
    for place, stage in enumerate(stages):
        if len(problems) >= _MOST_SENTENCES:
            break
        if not isinstance(stage, dict):
            problems.append(f"[{place}]: must be a JSON object")
            continue
        for name, check in _STAGE_CHECKS.items():
            value = stage.get(name)
            rule = "not null" if value is None else check(value)
            if rule is not None:
                problems.append(
                    f"[{place}].{name}: must be {rule}" if value is not None else f"[{place}].{name}: must not be null"
                )
    if problems:
        raise bad_request(*problems[:_MOST_SENTENCES])
    return [{name: stage[name] for name in _STAGE_CHECKS} for stage in stages]
