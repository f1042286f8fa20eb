"""The chapters of the talk that upload files and read what became of them."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from contract_tests.drifts.line_members import DEMANDED, FILLERS
from tests.drifts.records import JSON, SCHEMA_TYPES, every_field, field, record
from tests.drifts.talk import WHEN, Talk


async def uploads(talk: Talk) -> None:
    """Upload with wrong parameters, twice under one name, with other parts, by each operation."""
    await talk.register()
    for way, operation in (("current", ""), ("legacy", ""), ("users", "mapCrmUsersLegacy")):
        await _upload_by(talk, way, operation)
    await talk.upload("ACCOUNT", b"x" * 60_000, name="large", polls=1)
    await talk.follow("never-made", polls=1)
    await talk.ask("getCrmRequestStatus", query={"integrationId": 123456789, "clientRequestId": "W_current-1"})
    await talk.ask("getCrmRequestStatus", query={"clientRequestId": "W_current-1"})
    await talk.ask("getCrmRequestStatus", query=talk.on())


async def _upload_by(talk: Talk, way: str, operation: str) -> None:
    account = record("current", "ACCOUNT", "a-1", domains=["x.example"], name="A")
    line = {"crmUserId": "u-1", "emailAddress": "u@example.com"} if operation else account
    upload = partial(talk.upload, family="legacy" if way == "legacy" else "current", operation=operation)
    good = {"integrationId": talk.integration, "objectType": "ACCOUNT", "clientRequestId": f"W_{way}-1"}
    for left_out in good:
        less = {name: value for name, value in good.items() if name != left_out or (operation and name[0] == "o")}
        await upload("ACCOUNT", line, name="x", polls=1, query=less)
    changes: tuple[dict[str, object], ...] = (
        {"objectType": "account"},
        {"objectType": "CAR"},
        {"integrationId": 123456789},
        {"clientRequestId": "white space"},
        {"clientRequestId": "n" * 65},
    )
    for change in changes:
        await upload("ACCOUNT", line, name="x", polls=1, query={**good, **change})
    await upload("ACCOUNT", line, name=f"W_{way}-2", part='name="other"; filename="x"')
    await upload("ACCOUNT", line, name=f"W_{way}-1", part='name="dataFile"')
    await upload("ACCOUNT", line, name=f"W_{way}-1")
    await upload("ACCOUNT", line, {**line, "objectId": "a-2"}, name=f"W_{way}-1")
    await talk.read("ACCOUNT", "a-1", "a-2")
    await upload("LEAD", record("legacy", "LEAD", "l-1"), name=f"W_{way}-1")
    await upload("ACCOUNT", name=f"W_{way}-3")


async def lines(talk: Talk) -> None:
    """Upload, for each family and object type, lines that lack something and lines that are full."""
    await talk.register()
    for family, types in DEMANDED.items():
        for object_type, names in types.items():
            await _full_and_lacking(talk, family, object_type, names)
    for family in DEMANDED:
        await _gone(talk, family)
    pairs = {"estimatedCloseDate": "2026-03-01", "actualAmount": 5}
    deal = {
        name: value for name, value in record("legacy", "DEAL", "d-1").items() if name not in {"closeDate", "amount"}
    }
    await talk.upload("DEAL", {**deal, **pairs}, deal, name="pairs", family="legacy")
    await _user_mappings(talk)
    for family, types in DEMANDED.items():
        for object_type, names in types.items():
            await _bad_alone(talk, family, object_type, names)


async def _full_and_lacking(talk: Talk, family: str, object_type: str, names: tuple[str, ...]) -> None:
    """Upload good lines beside lines that lack a mandatory member, then good lines alone."""
    good = record(family, object_type, "g-1", phoneNumber="+49 30 1")
    bad = [
        {key: value for key, value in {**good, name: new}.items() if value != "absent"}
        for name in names
        for new in ("absent", "", None)
    ]
    full = {**good, "objectId": "g-2", "url": "https://crm.example/g-2", "isDeleted": False, "unknown": 1}
    full |= {"isActive": True, "sortOrder": 2} if object_type == "STAGE" else {}
    less = {name: value for name, value in good.items() if name != "phoneNumber"}
    await talk.upload(object_type, good, full, less, *bad, name=f"{family}-{object_type}", family=family)
    await talk.upload(object_type, good, full, name=f"{family}-{object_type}-good", family=family)


async def _gone(talk: Talk, family: str) -> None:
    """Delete an object of each type with no member but those that a deletion needs."""
    gone = {"modifiedDate": WHEN, "isDeleted": True}
    await talk.upload("BUSINESS_USER", {"objectId": "u-9", **gone}, name=f"{family}-users", family=family)
    for object_type in SCHEMA_TYPES:
        await talk.upload(object_type, {"objectId": "g-1", **gone}, name=f"{family}-{object_type}-gone", family=family)
        await talk.read(object_type, "g-1", "g-2")


async def _user_mappings(talk: Talk) -> None:
    """Upload user mappings that are full, that delete, and that lack something."""
    users = (
        {"crmUserId": "u-1", "emailAddress": "u@example.com"},
        {"crmUserId": "u-2", "isDeleted": True},
        {"crmUserId": "u-3"},
        {"emailAddress": "u@example.com"},
        {"crmUserId": "", "emailAddress": ""},
    )
    for number, user in enumerate(users):
        await talk.upload("", user, name=f"users-{number}", operation="mapCrmUsersLegacy")


async def _bad_alone(talk: Talk, family: str, object_type: str, names: tuple[str, ...]) -> None:
    """Upload bad lines one a file: each mandatory member absent, all of them empty, all of them null."""
    for name in names:
        bad = {key: value for key, value in record(family, object_type, "g-7").items() if key != name}
        await talk.upload(object_type, bad, name=f"{family}-{object_type}-{name}", family=family)
    empty = {name: "" if isinstance(FILLERS[name], str) else FILLERS[name] for name in names}
    await talk.upload(object_type, empty, name=f"{family}-{object_type}-empty", family=family)
    nulls = dict.fromkeys(names)
    await talk.upload(object_type, nulls, name=f"{family}-{object_type}-nulls", family=family)


async def formats(talk: Talk) -> None:
    """Upload lines whose values have this form or that, one file each."""
    await talk.register()
    await talk.ask("uploadCrmEntitySchema", send=every_field(), query=talk.on(objectType="DEAL"))
    for family in DEMANDED:
        for number, change in enumerate(_changes()):
            line = {**record(family, "DEAL", "d-1"), **change}
            await talk.upload("DEAL", line, name=f"{family}-{number}", family=family)
            await talk.read("DEAL", "d-1")
        for number, raw in enumerate((b"no json\n", b"[1]\n", b'"text"\n', b'{"objectId": "d-9"} // comment\n')):
            await talk.upload("DEAL", raw, record(family, "DEAL", "d-9"), name=f"{family}-raw-{number}", family=family)
        good = json.dumps(record(family, "DEAL", "d-1")).encode()
        await talk.upload("DEAL", good + b"\r\n" + good + b"\r\n", name=f"{family}-crlf", family=family)
        await talk.upload("DEAL", good + b"\n\n" + good + b"\n", name=f"{family}-blank", family=family)
        older = record(family, "DEAL", "d-2", modifiedDate="2025-01-01T00:00:00Z")
        await talk.upload("DEAL", record(family, "DEAL", "d-2"), older, name=f"{family}-order", family=family)
        for object_type in SCHEMA_TYPES:
            dangling = record(family, object_type, "x-1", accountId="nowhere", ownerId="nowhere", stage="nowhere")
            await talk.upload(object_type, dangling, name=f"{family}-{object_type}", family=family)


def _changes() -> list[dict[str, Any]]:
    return [
        *(
            {"modifiedDate": text}
            for text in (
                "yesterday",
                "2026-03-01",
                "2026-03-01T10:00:00.000Z",
                "2026-03-01T10:00:00",
                "2026-03-01T10:00:00+05:00",
            )
        ),
        {"modifiedDate": 1_772_359_200},
        *({"createdDate": text} for text in ("yesterday", "2026-03-01T10:00:00.000Z")),
        {"closeDate": "soon"},
        *({"objectId": text} for text in ("a" * 64, "a" * 65, "a b", "a.b@example.com", "a-b", "a_b")),
        {"objectId": 17},
        {"fieldPICKLIST": "middle"},
        {"fieldDATETIME": "2026-03-01T10:00:00.000Z", "fieldSTRING": None},
        *({"status": text} for text in ("WON", "LOST", "OPEN", "won", "MAYBE")),
        {"url": "nowhere"},
        {"emailAddress": "nobody", "name": 5},
        {"somethingElse": {"deep": [1]}},
    ]


async def following(talk: Talk) -> None:
    """Follow files with many bad lines, on both paths."""
    await talk.register()
    good = [record("legacy", "ACCOUNT", f"a-{number}") for number in range(4)]
    bad = [{"objectId": f"b-{number}", "modifiedDate": "never"} for number in range(30)]
    for family in DEMANDED:
        await talk.upload("ACCOUNT", *good[:2], bad[0], good[2], bad[1], name=f"{family}-some", family=family, polls=7)
        await talk.upload("ACCOUNT", *good, *bad, name=f"{family}-many", family=family, polls=7)
        await talk.upload("ACCOUNT", *good, name=f"{family}-none", family=family, polls=7)
        await talk.follow(f"{family}-some", polls=2)
        fresh = record(family, "ACCOUNT", f"{family}-fresh")
        await talk.upload("ACCOUNT", fresh, {"objectId": "m-1"}, name=f"{family}-mixed", family=family)
        await talk.read("ACCOUNT", f"{family}-fresh", "m-1")
        again = record(family, "ACCOUNT", "m-1")
        await talk.upload("ACCOUNT", fresh, again, name=f"{family}-mended", family=family)
        await talk.upload("ACCOUNT", fresh, again, name=f"{family}-mixed", family=family)
        await talk.read("ACCOUNT", f"{family}-fresh", "m-1")
    user = {"crmUserId": "u-1", "emailAddress": "u@example.com"}
    await talk.upload("", user, name="users", operation="mapCrmUsersLegacy", polls=7)
    await talk.upload("LEAD", record("current", "LEAD", "l-1"), name="leads")


async def reading(talk: Talk) -> None:
    """Upload objects of each type, change, delete and read them."""
    await talk.register()
    await talk.upload("ACCOUNT", record("current", "ACCOUNT", "acc"), name="acc")
    await talk.upload("BUSINESS_USER", record("current", "BUSINESS_USER", "o"), name="o")
    for object_type in SCHEMA_TYPES:
        sent = [field("custom"), field("picked", type="PICKLIST", orderedValueList=["low", "high"])]
        await talk.ask("uploadCrmEntitySchema", send=sent, query=talk.on(objectType=object_type))
        for family in DEMANDED:
            await _read_back(talk, object_type, family)
    many = [record("current", "ACCOUNT", f"Many-{number}", name=f"N{number}") for number in range(105)]
    await talk.upload("ACCOUNT", *many, name="many")
    for count in (1, 50, 99, 100, 101, 105):
        await talk.read("ACCOUNT", *(f"Many-{number}" for number in range(count)))
    about = talk.on(objectType="ACCOUNT")
    for name in ("getCrmEntities", "getCrmEntitiesLegacy"):
        wrong: tuple[object, ...] = ({"ids": ["Many-1"]}, "Many-1", [1])
        for ids in wrong:
            await talk.ask(name, send=ids, query=about)
        await talk.ask(name, body=b"no json", media_type=JSON, query=about)
        await talk.ask(name, media_type=JSON, query=about)
        await talk.ask(name, query=about)
        await talk.ask(name, query={**about, "objectsCrmIds": "Many-1"})
        await talk.ask(name, send=["Many-2"], query={**about, "objectsCrmIds": "Many-1"})
        await talk.ask(name, body=b'["Many-1"]', query=about)
        for of_type in ("account", "BUSINESS_USER", "STAGE", "CAR", ""):
            await talk.ask(name, send=["Many-1"], query=talk.on(objectType=of_type))
        await talk.ask(name, send=["Many-1"], query=talk.on())
        await talk.ask(name, send=["Many-1"], query={"objectType": "ACCOUNT"})
        await talk.ask(name, send=["Many-1"], query={"integrationId": 123456789, "objectType": "ACCOUNT"})


async def _read_back(talk: Talk, object_type: str, family: str) -> None:
    """Insert, update, delete; the three states are read after each step."""
    ids = [f"{object_type}-{family}-{number}" for number in range(3)]
    of_both = {name: FILLERS[name] for name in ("name", "domains", "emailAddress", "lastName", "amount")}
    more = {
        "custom": "Größe",
        "picked": "low",
        "unknown": "hidden",
        "domains": ["a.example", "b.example"],
        "stage": "s",
    }
    records = [
        record(
            family, object_type, one, **{**of_both, **more, "name": f"Nämé {one}", "accountId": "acc", "ownerId": "o"}
        )
        for one in ids
    ]
    asked = [*ids, "Never-uploaded"]
    await talk.upload(object_type, *records, name=f"insert-{object_type}-{family}", family=family)
    await talk.read(object_type, *asked)
    other = SCHEMA_TYPES[SCHEMA_TYPES.index(object_type) - 1]
    await talk.read(other, *asked)
    changed = [{**one, "name": "Changed", "modifiedDate": "2026-04-01T00:00:00Z"} for one in records[:1]]
    del changed[0]["custom"]
    await talk.upload(object_type, *changed, name=f"update-{object_type}-{family}", family=family)
    await talk.read(object_type, *asked)
    older = [{**records[0], "name": "Older", "modifiedDate": "2020-04-01T00:00:00Z"}]
    await talk.upload(object_type, *older, name=f"older-{object_type}-{family}", family=family)
    dropped = [{**records[1], "isDeleted": True}, {**records[2], "isDeleted": False}]
    await talk.upload(object_type, *dropped, name=f"delete-{object_type}-{family}", family=family)
    await talk.read(object_type, *asked)
    await talk.read(object_type, *asked, operation="getCrmEntitiesLegacy")


async def values(talk: Talk) -> None:
    """Remove and retype fields of objects that have values for them."""
    await talk.register()
    about = talk.on(objectType="LEAD")
    await talk.ask("uploadCrmEntitySchema", send=[field("tier"), field("size")], query=about)
    lead = record("current", "LEAD", "l-1", tier="gold", size="17")
    await talk.upload("LEAD", lead, name="leads")
    await talk.read("LEAD", "l-1")
    sent = [field("tier", isDeleted=True), field("size", type="NUMBER")]
    await talk.ask("uploadCrmEntitySchema", send=sent, query=about)
    await talk.read("LEAD", "l-1")
