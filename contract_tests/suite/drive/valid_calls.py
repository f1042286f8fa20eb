"""A valid call of each operation, the twin of every call that is wrong on purpose."""

import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from contract_tests.suite.drive.caller import JSON, Caller
from contract_tests.suite.drive.data_files import data_file, ldjson
from contract_tests.suite.drive.records import good_line
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family

GOOD_STAGE: Final[Mapping[str, Any]] = {
    "internalName": "discovery",
    "name": "Discovery",
    "isActive": True,
    "sortOrder": 1,
}


@dataclass(frozen=True, kw_only=True)
class ValidCalls:
    """Makes the parts of valid calls, each under a client request id of its own.

    Attributes:
        integration_id: An integration that exists.
        prefix: How client request ids and object ids begin.
    """

    integration_id: int
    prefix: str
    _numbers: Iterator[int] = field(default_factory=itertools.count, repr=False)

    def next_id(self) -> str:
        """Make a client request id that was not used before."""
        return f"{self.prefix}-p{next(self._numbers)}"

    def parts(self, name: str, family: Family) -> dict[str, Any]:
        """Make what ``Caller.call`` takes for a valid call.

        A deletion is the exception: it names an integration that does not exist, so that nobody misses one.
        """
        of_integration: dict[str, Any] = {"integrationId": self.integration_id}
        of_type = {**of_integration, "objectType": "ACCOUNT"}
        number = self.next_id()
        account = ldjson([good_line("ACCOUNT", family, f"{number}-a")])
        user = ldjson([{"crmUserId": f"{number}-u", "emailAddress": f"{number}@example.com"}])
        made: dict[str, dict[str, Any]] = {
            "registerCrmIntegration": _json({"name": "never registered", "ownerEmail": "contract.suite@example.com"}),
            "listCrmIntegrations": {},
            "deleteCrmIntegration": {"query": {"integrationId": self.integration_id - 1, "clientRequestId": number}},
            "uploadCrmEntitySchema": {"query": {**of_type, "objectType": "DEAL"}, **_json([])},
            "listCrmEntitySchema": {"query": of_type},
            "uploadCrmEntities": {"query": {**of_type, "clientRequestId": number}, "files": data_file(account)},
            "getCrmEntities": {"query": of_type, **_json(["nowhere"])},
            "getCrmRequestStatus": {"query": {**of_integration, "clientRequestId": f"{self.prefix}-known"}},
            "mapCrmUsersLegacy": {"query": {**of_integration, "clientRequestId": number}, "files": data_file(user)},
            "uploadCrmStagesLegacy": {"query": of_integration, **_json([GOOD_STAGE])},
        }
        return made[name]

    def make_known(self, gong: Caller) -> Answer:
        """Upload the file whose status the valid status call asks for."""
        data = ldjson([good_line("LEAD", "current", f"{self.prefix}-known")])
        client_request_id = f"{self.prefix}-known"
        return gong.upload_crm_entities(
            "current", self.integration_id, object_type="LEAD", client_request_id=client_request_id, data=data
        )


def _json(value: object) -> dict[str, Any]:
    return {"content": json.dumps(value).encode(), "content_type": JSON}
