"""Generated calls: schemathesis makes them, the session paces and judges them, this module keeps them meaningful."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
import requests
import schemathesis
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.records import good_line, moment
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.curl import file_of
from contract_tests.suite.ledger.document import OPENAPI
from contract_tests.suite.ledger.exchange import Exchange
from contract_tests.suite.ledger.yaml_files import read_yaml
from contract_tests.suite.wire.session import Session
from contract_tests.suite.wire.transport import SessionAdapter

KEPT: Final = 250
"""Calls of the budget that generated calls leave alone."""

GeneratedCase = schemathesis.Case[Any]
SEED: Final = 20261122
_CLIENT_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]+")
_UPLOADS: Final = frozenset({"uploadCrmEntities", "uploadCrmEntitiesLegacy", "mapCrmUsersLegacy"})
_REGISTERS: Final = frozenset({"registerCrmIntegration", "registerCrmIntegrationLegacy"})
_SCHEMAS: Final = frozenset({"uploadCrmEntitySchema", "uploadCrmEntitySchemaLegacy"})
_NUMBER: Final = re.compile(r"-?\d+")
_DELETES: Final = frozenset({"deleteCrmIntegration", "deleteCrmIntegrationLegacy"})


def load_schema(*, max_examples: int) -> Any:  # noqa: ANN401  (schemathesis names no public type for it)
    """Load openapi.yaml for generating calls, so many for each operation, the same ones in every run."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "cache": {"enabled": False},
            "generation": {
                "database": "none",
                "deterministic": True,
                "no-shrink": True,
                "max-examples": max_examples,
                "allow-extra-parameters": False,
                "with-security-parameters": False,
            },
            "phases": {
                "coverage": {"unexpected-methods": []},
                "stateful": {"inference": {"algorithms": []}},
            },
        }
    )
    schemathesis.openapi.media_type("application/x-ndjson", files())
    return schemathesis.openapi.from_dict(read_yaml(OPENAPI), config=config)


def universal_line(number: int, prefix: str = "any") -> dict[str, Any]:
    """Make a line that is good for every object type, either family and a user mapping."""
    line: dict[str, Any] = {}
    for object_type in ("BUSINESS_USER", "STAGE", "CONTACT", "LEAD", "ACCOUNT"):
        line |= good_line(object_type, "legacy", f"{prefix}-{number}", minute=number)
    deal = good_line("DEAL", "legacy", f"{prefix}-{number}", minute=number)
    return {**line, **{name: value for name, value in deal.items() if name not in line}, "crmUserId": f"u{number}"}


def bad_line(number: int, kind: str) -> object:
    """Make a line that is bad for every object type, either family and a user mapping."""
    if kind == "nameless":
        return {"modifiedDate": moment(number), "note": f"no id in {number}"}
    return {"text": f"this is no JSON: {number}", "array": f"[{number}]"}[kind]


@st.composite
def _lines(draw: st.DrawFn) -> bytes:
    kinds = st.sampled_from(["good", "good", "good", "nameless", "text", "array"])
    chosen = draw(st.one_of(st.lists(st.just("good"), max_size=5), st.lists(kinds, max_size=30)))
    return ldjson(universal_line(n) if kind == "good" else bad_line(n, kind) for n, kind in enumerate(chosen))


def files() -> st.SearchStrategy[bytes]:
    """Make files whose verdict is known: all good, partly bad, all bad, more than 20 bad, empty."""
    all_bad = st.integers(21, 30).map(lambda count: ldjson(bad_line(n, "nameless") for n in range(count)))
    return st.one_of(_lines(), all_bad)


def bad_numbers(data: bytes) -> list[int]:
    """Return the numbers of the bad lines of such a file, from 1."""
    return [number for number, line in enumerate(data.splitlines(), start=1) if b'"crmUserId"' not in line]


@dataclass(kw_only=True)
class Fuzz:
    """Runs generated calls against one integration and keeps count of what they prove.

    Attributes:
        integration_id: The integration that calls are pinned to, so that nothing is refused for a random id.
        known_request: A client request id that request-status knows.
        legacy_served: Whether the target serves the legacy family.
        counts: By operation id: calls by mode, and how they were answered.
        cut: Whether calls were left out to keep the budget.
        uploads: What was accepted and has to end as its file deserves: client request id to file.
    """

    session: Session
    integration_id: int
    known_request: str
    run_name: str
    legacy_served: bool
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    uploads: dict[str, bytes] = field(default_factory=dict)
    cut: bool = False
    _number: int = 0
    _fields: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))

    def send(self, case: GeneratedCase) -> tuple[Any, Answer]:
        """Send a generated call under the care of the session; return the generator's answer and our own, judged."""
        adapter = SessionAdapter(self.session)
        with requests.Session() as http:
            http.trust_env = False
            http.mount("http://", adapter)
            http.mount("https://", adapter)
            headers = {"Authorization": self.session.target.credentials.authorization}
            if case.method == "DELETE":
                headers["Content-Type"] = "application/json"  # as clients do (U-14)
            response = case.call(base_url=self.session.target.base_url, session=http, headers=headers)
        assert adapter.exchange is not None
        return response, self.session.answer(adapter.exchange)

    def run(self, case: GeneratedCase) -> None:
        """Make one generated call, pinned to what exists, and judge the answer."""
        operation = case.operation.definition.raw["operationId"]
        if operation.endswith("Legacy") and not self.legacy_served:
            pytest.skip("the target does not serve the legacy family (U-18)")
        if self.session.budget.left < KEPT:
            self.cut = True
            pytest.skip("the last calls of --max-calls are kept for tests that name their clause")
        mode = "positive" if case.meta is None or case.meta.generation.mode == GenerationMode.POSITIVE else "negative"
        pinned = self._pin(case, operation)
        response, answer = self.send(case)
        count = self.counts[operation]
        count[mode] += 1
        count[f"{mode} {response.status_code // 100}xx"] += 1
        count[f"{mode} pinned"] += pinned
        if operation in _SCHEMAS and response.status_code < 300 and isinstance(case.body, list):
            known = self._fields[str(case.query["objectType"])]
            known |= {_name(one): one for one in case.body}
        if operation in _UPLOADS and response.status_code == 201:
            self._remember(answer.exchange)

    def _pin(self, case: GeneratedCase, operation: str) -> bool:
        """Point a call at what exists, but for what it gets wrong on purpose."""
        mutated = getattr(getattr(case.meta and case.meta.phase, "data", None), "parameter", None)
        query: dict[str, Any] = dict(case.query or {})
        pinned = _NUMBER.fullmatch(str(query.get("integrationId"))) and mutated != "integrationId"
        if pinned:
            # A deletion is pointed beside the integration: the other calls still need it.
            query["integrationId"] = self.integration_id - (operation in _DELETES)
        text = query.get("clientRequestId")
        if isinstance(text, str) and _CLIENT_REQUEST_ID.fullmatch(text) and mutated != "clientRequestId":
            self._number += 1
            own = f"{self.run_name}-fuzz-{self._number}"
            query["clientRequestId"] = self.known_request if operation == "getCrmRequestStatus" else own
        case.query = query
        if operation in _SCHEMAS and mutated is None:
            case.body = self._whole_schema(case.body, str(query.get("objectType")))
        return bool(pinned) or mutated == "integrationId" or operation in _REGISTERS

    def _whole_schema(self, body: Any, object_type: str) -> Any:  # noqa: ANN401  (a generated body is any JSON)
        """Repeat the fields that were accepted before, as every schema upload has to."""
        if not isinstance(body, list) or not all(isinstance(one, dict) for one in body):
            return body
        named = {_name(one) for one in body}
        return [*body, *(one for name, one in self._fields[object_type].items() if name not in named)]

    def _remember(self, exchange: Exchange) -> None:
        if b'name="dataFile"' not in exchange.request_body:
            return
        data = file_of(exchange.request_body)
        if not data or all(_is_ours(line) for line in data.splitlines()):
            self.uploads[exchange.query["clientRequestId"]] = data


def _name(schema_field: Any) -> str:  # noqa: ANN401  (a generated body is any JSON)
    return str(schema_field.get("uniqueName") or schema_field.get("name")) if isinstance(schema_field, dict) else ""


def _is_ours(line: bytes) -> bool:
    try:
        value = json.loads(line)
    except ValueError:
        return line.startswith(b"this is no JSON")
    return isinstance(value, list) or (isinstance(value, Mapping) and ("crmUserId" in value or "note" in value))
