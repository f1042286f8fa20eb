"""Objects uploaded once for many tests, and the files that change them."""

from collections.abc import Mapping
from typing import Any, Final

from contract_tests.suite.drive.batches import Batch
from contract_tests.suite.drive.follower import Follower
from contract_tests.suite.drive.records import good_line, good_lines, shows
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import Family

LIMIT: Final = 100
TYPES: Final = ("ACCOUNT", "CONTACT", "LEAD")  # deals wait for owners that may not exist in Gong
NAME_OF: Final = {"ACCOUNT": "name", "CONTACT": "lastName", "LEAD": "lastName", "DEAL": "name"}
PAIRED: Final = "CONTACT"
"""The type of which an object is deleted while those of the same id in other types stay."""
CONVERTED: Final[dict[str, Any]] = {
    "convertedToDealId": "deal-1",
    "convertedToContactId": "contact-1",
    "convertedToAccountId": "acc",
}
URL: Final = "https://crm.example.com/a/b?c=d&e=f#g"
FOREIGN: Final = "Übergrößenträger 株式会社 \U0001f680 «Ñandú»"


OLDER: Final[dict[str, Any]] = {
    "estimatedCloseDate": "2024-09-05",
    "actualCloseDate": "2024-09-06",
    "estimatedAmount": 7001.5,
    "actualAmount": 7002.5,
}
"""Members of a legacy deal that others have replaced."""


def whole_line(object_type: str, family: Family, object_id: str) -> dict[str, Any]:
    """Make a line with every member that its family gives the type."""
    members: dict[str, Any] = {"url": URL, "isDeleted": False} | (CONVERTED if object_type == "LEAD" else {})
    if family == "legacy":
        members |= {"lastModified": "2024-02-04T07:00:00Z"} | (OLDER if object_type == "DEAL" else {})
    return good_line(object_type, family, object_id, **members)


class Fixtures:
    """Objects uploaded once for the whole module, in both families, all files at the same time."""

    def __init__(self, batch: Batch, follower: Follower, *, prefix: str) -> None:
        self.batch = batch
        self.follower = follower
        self.prefix = prefix

    def id(self, family: Family, word: str) -> str:
        """Return the id of an object."""
        return f"{self.prefix}-{family[0].upper()}-{word.title()}"

    def whole_line(self, object_type: str, family: Family, word: str = "shown") -> dict[str, Any]:
        """Make the line of an object that has every member."""
        return whole_line(object_type, family, self.id(family, word))

    def fill(self, families: tuple[Family, ...]) -> None:
        """Upload everything and wait for it; then send what changes it, which the tests follow."""
        self.batch.send("fixtures-account", "current", "ACCOUNT", [good_line("ACCOUNT", "current", "acc")])
        self.batch.done("fixtures-account")  # the account that contacts name comes first
        self.read("current", "ACCOUNT", {"acc": {}}, clause="objects.done-is-readable")
        names = [*self._send_single()]
        for family in families:
            for object_type in TYPES:
                names.append(f"fixtures-{family}-{object_type}")
                self.batch.send(names[-1], family, object_type, self._lines(family, object_type))
            names.append(f"fixtures-{family}-hundred")
            hundred: list[object] = list(good_lines("LEAD", family, self.id(family, "h"), LIMIT + 1))
            self.batch.send(names[-1], family, "LEAD", hundred)
        for name in names:
            self.batch.done(name)
        self._send_changes(families)

    def _lines(self, family: Family, object_type: str) -> list[object]:
        lines: list[object] = [self.whole_line(object_type, family)]
        lines += [
            good_line(object_type, family, self.id(family, word), minute=minute)
            for minute, word in enumerate(("changed", "dropped", "kept", "twin", "pair"), start=1)
        ]
        lines.append(good_line(object_type, family, self.id(family, "flagged"), minute=9, isDeleted=False))
        foreign = {NAME_OF[object_type]: FOREIGN}
        lines.append(good_line(object_type, family, self.id(family, "foreign"), minute=10, **foreign))
        if object_type == "ACCOUNT":
            custom = {"region": "EMEA", "score": 12.5, "strategic": True, "unheard_of": "kept aside"}
            lines.append(good_line(object_type, family, self.id(family, "custom"), minute=11, **custom))
        return lines

    def _send_single(self) -> tuple[str, ...]:
        owner, stage, past = (self.id("current", word) for word in ("owner", "stage", "past"))
        self.batch.send("owner", "current", "BUSINESS_USER", [good_line("BUSINESS_USER", "current", owner)])
        self.batch.send("stage", "current", "STAGE", [good_line("STAGE", "current", stage)])
        newer: list[object] = [good_line("LEAD", "current", past, minute=50, lastName="Newer")]
        self.batch.send("history-newer", "current", "LEAD", newer)
        return "owner", "stage", "history-newer"

    def _send_changes(self, families: tuple[Family, ...]) -> None:
        for family in families:
            for object_type in TYPES:
                changed = {NAME_OF[object_type]: "Another name"}
                lines: list[object] = [
                    good_line(object_type, family, self.id(family, "flagged"), minute=9, **changed),  # as old as before
                    good_line(object_type, family, self.id(family, "changed"), minute=30, **changed),
                    good_line(object_type, family, self.id(family, "dropped"), minute=31, isDeleted=True),
                ]
                if object_type == PAIRED:
                    lines.append(good_line(object_type, family, self.id(family, "pair"), minute=32, isDeleted=True))
                self.batch.send(f"change-{family}-{object_type}", family, object_type, lines)
        older: list[object] = [good_line("LEAD", "current", self.id("current", "past"), minute=1, lastName="Older")]
        self.batch.send("history-older", "current", "LEAD", older)

    def read(self, family: Family, object_type: str, expected: Mapping[str, Any], *, clause: str) -> Answer:
        """Read objects until they are as expected, or say which clause is broken."""
        answer, met = self.follower.read(
            family,
            self.batch.integration_id,
            object_type=object_type,
            ids=list(expected),
            until=lambda found: all(key in found and shows(want, found[key]) for key, want in expected.items()),
        )
        found = answer.member("crmObjectsMap")
        answer.require("objects.unknown-is-null", set(expected) <= set(found), "every id asked for, null if unknown")
        answer.require("objects.only-asked", set(found) <= set(expected), "no id that was not asked for")
        answer.require(clause, met, f"these objects: {dict(expected)}")
        return answer
