"""Many uploads at once, each followed to its end only when a test asks."""

import zlib
from dataclasses import dataclass, field

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.data_files import ldjson
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family


@dataclass(kw_only=True)
class Batch:
    """Uploads files and remembers how each ended, so that a slow target works on all of them at the same time."""

    gong: Caller
    follower: Follower
    integration_id: int
    prefix: str
    _sent: dict[str, Answer] = field(default_factory=dict)
    _ends: dict[str, Answer] = field(default_factory=dict)

    def client_request_id(self, name: str) -> str:
        """Return the client request id of an upload, by our name for it."""
        # Nobody knows the greatest length; 36 characters, those of a UUID, were seen in use (U-11).
        return f"{self.prefix}-{name[:14]}-{zlib.crc32(name.encode()):08x}"

    def send(self, name: str, family: Family, object_type: str, lines: list[object] | bytes) -> Answer:
        """Upload lines or a file, unless that was done under this name before; the object type ``USERS`` maps users."""
        if name in self._sent:
            return self._sent[name]
        data = lines if isinstance(lines, bytes) else ldjson(lines)
        number = self.client_request_id(name)
        if object_type == "USERS":
            answer = self.gong.map_crm_users_legacy(self.integration_id, client_request_id=number, data=data)
            answer.require("map-users.success", answer.status == 201, "201")
        else:
            answer = self.gong.upload_crm_entities(
                family, self.integration_id, object_type=object_type, client_request_id=number, data=data
            )
            answer.require("upload.success", answer.status == 201, "201")
        clause = "map-users.echo" if object_type == "USERS" else "upload.echo"
        answer.require(clause, answer.member("clientRequestId") == number, f"clientRequestId {number}")
        self._sent[name] = answer
        return answer

    def end(self, name: str) -> Answer:
        """Follow an upload to its end, and return the status call that reported it."""
        if name not in self._ends:
            self._ends[name] = self.follower.end(self.integration_id, client_request_id=self.client_request_id(name))
        return self._ends[name]

    def done(self, name: str) -> Answer:
        """Follow an upload and see that it is DONE."""
        answer = self.end(name)
        answer.require("status.done", answer.member("status") == "DONE", "DONE, because every line is good")
        return answer
