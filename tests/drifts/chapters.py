"""The chapters of the talk: each says something that some drift answers otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from contract_tests.drifts.operations import EVERY, PATHS, ROUTES
from gong_crm_emulator import SCOPES
from tests.drifts.chapters_on_files import following, formats, lines, reading, uploads, values
from tests.drifts.records import JSON, SCHEMA_TYPES, every_field, field, record
from tests.drifts.talk import ADMIN, Talk, basic

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


_OWNER: Final = {"name": "Trial integration", "ownerEmail": "Owner@example.com"}


_ASYNCHRONOUS: Final = {"uploadCrmEntities", "uploadCrmEntitiesLegacy", "mapCrmUsersLegacy"}


async def registration(talk: Talk) -> None:
    """List, register, register again, on both paths."""
    await talk.ask("listCrmIntegrations")
    for name in ("registerCrmIntegration", "registerCrmIntegrationLegacy"):
        wrong: tuple[object, ...] = ({"ownerEmail": "a@example.com"}, {"name": "A"}, [], {})
        for sent in wrong:
            await talk.ask(name, send=sent)
        await talk.ask(name, body=b"no json", media_type=JSON)
    await talk.ask("registerCrmIntegration", send={"name": "", "ownerEmail": "a@example.com"})
    await _delete(talk, "first")
    await talk.ask("registerCrmIntegration", send={"name": "A", "ownerEmail": "nobody"})
    await _delete(talk, "second")
    await talk.register()
    for name in ("registerCrmIntegration", "registerCrmIntegrationLegacy"):
        await talk.ask(name, send=_OWNER)
        await talk.ask(name, send={"name": "Another", "ownerEmail": "b@example.com"})
    for name in ("listCrmIntegrations", "listCrmIntegrationsLegacy"):
        await talk.ask(name)
    await _delete(talk, "third")
    await talk.ask("registerCrmIntegrationLegacy", send=_OWNER)
    await talk.ask("listCrmIntegrationsLegacy")


async def _delete(talk: Talk, name: str) -> None:
    listed = (await talk.ask("listCrmIntegrations")).member("integrations") or []
    for one in listed if isinstance(listed, list) else []:
        talk.integration = one.get("integrationId")
        await talk.ask("deleteCrmIntegration", query=talk.on(clientRequestId=name))
        await talk.follow(name)


async def deletion(talk: Talk) -> None:
    """Delete an integration that holds objects and a schema, then register the next one."""
    await talk.register()
    old = talk.integration
    await talk.ask("uploadCrmEntitySchema", send=[field("tier")], query=talk.on(objectType="ACCOUNT"))
    await talk.upload("ACCOUNT", record("current", "ACCOUNT", "a-1", name="First"), name="before")
    await talk.read("ACCOUNT", "a-1")
    wrong: tuple[dict[str, object], ...] = (
        {"integrationId": old},
        {"clientRequestId": "gone"},
        {"integrationId": old, "clientRequestId": "white space"},
        {"integrationId": 123456789, "clientRequestId": "gone-0"},
    )
    for name in ("deleteCrmIntegration", "deleteCrmIntegrationLegacy"):
        for query in wrong:
            await talk.ask(name, query=query)
            await talk.ask("listCrmIntegrations")
    await talk.ask("listCrmIntegrations")
    await talk.ask("deleteCrmIntegration", query=talk.on(clientRequestId="before"))
    await talk.ask("deleteCrmIntegration", query=talk.on(clientRequestId="gone"))
    await talk.ask("listCrmIntegrations")
    await talk.ask("deleteCrmIntegration", query=talk.on(clientRequestId="gone"))
    await talk.ask("registerCrmIntegration", send=_OWNER)
    await talk.follow("gone", polls=6)
    await talk.follow("before", polls=2)
    await talk.ask("listCrmIntegrations")
    await talk.read("ACCOUNT", "a-1")
    await talk.upload("ACCOUNT", record("current", "ACCOUNT", "a-2"), name="after")
    await talk.register()
    await talk.read("ACCOUNT", "a-1")
    await talk.ask("listCrmEntitySchema", query=talk.on())
    await talk.upload("ACCOUNT", record("current", "ACCOUNT", "a-3"), name="before")
    await talk.ask("deleteCrmIntegrationLegacy", query=talk.on(clientRequestId="gone-too"))
    await talk.follow("gone-too", polls=6)
    await talk.ask("listCrmIntegrationsLegacy")


async def callers(talk: Talk) -> None:
    """Call every operation as everybody."""
    await talk.register()
    everybody = [
        None,
        basic("key-admin", "wrong"),
        basic("key-admin", "SECRET-ADMIN"),
        basic("key-nobody-knows", "secret"),
        "Bearer never-issued",
        "Bearer token-nobody",
        *(f"Bearer token-without-{scope.replace(':', '-')}" for scope in SCOPES),
        basic("key-nobody", "secret-nobody"),
        "Bearer token-admin",
    ]
    for who in everybody:
        await talk.say("GET", "/v2/crm/nowhere", authorization=who)
        for name in sorted(EVERY - {"deleteCrmIntegration", "deleteCrmIntegrationLegacy"}):
            await talk.ask(name, query={} if "nobody" in str(who) else talk.on(), authorization=who)
            media_type = f"multipart/form-data; boundary=b{'' if name in _ASYNCHRONOUS else '0'}"
            if name not in _ASYNCHRONOUS:
                media_type = JSON
            await talk.ask(
                name,
                query=talk.on(objectType="ACCOUNT", clientRequestId="c"),
                body=b"[]",
                media_type=media_type,
                authorization=who,
            )
    for who in everybody[:-1]:
        for name in ("deleteCrmIntegration", "deleteCrmIntegrationLegacy"):
            await talk.ask(name, query=talk.on(clientRequestId="c"), authorization=who)


async def routes(talk: Talk) -> None:
    """Use methods, media types and integration ids that no operation takes."""
    await talk.register()
    declared = set(ROUTES.values())
    for path in sorted(PATHS):
        for method in ("GET", "PUT", "POST", "PATCH", "DELETE"):
            if (method, path) not in declared:
                await talk.say(method, path, query=talk.on(objectType="ACCOUNT"))
    for name in sorted(EVERY):
        if ROUTES[name][0] in {"PUT", "POST"}:
            await talk.ask(name, body=b"[]", media_type="text/csv", query=talk.on())
        for sent in ("99999999999999999999", "no-number", "123456789", ""):
            await talk.ask(name, send=[], query={"integrationId": sent, "objectType": "LEAD", "clientRequestId": "c"})
        await talk.ask(name, send=[])


async def schema(talk: Talk) -> None:
    """Send schemas, good and bad, and list them."""
    await talk.register()
    for path in ("", "Legacy"):
        send, show = f"uploadCrmEntitySchema{path}", f"listCrmEntitySchema{path}"
        deal = talk.on(objectType="DEAL")
        await talk.ask(send, send=[field("size")], query=deal)
        await talk.ask(show, query=deal)
        await talk.ask(show, query=talk.on())
        for bad in _bad_fields():
            await talk.ask(send, send=[field("size"), bad], query=deal)
            await talk.ask(show, query=deal)
        await talk.ask(send, send=[field("size", label="Größe"), field("depth")], query=deal)
        await talk.ask(show, query=deal)
        others: tuple[object, ...] = ([field("depth")], {}, [field("size", type="NUMBER"), field("depth")], [1])
        for sent in others:
            await talk.ask(send, send=sent, query=deal)
            await talk.ask(show, query=deal)
        await talk.ask(send, body=b"no json", media_type=JSON, query=deal)
        await talk.ask(send, send=[{"uniqueName": "size", "isDeleted": True}, field("depth")], query=deal)
        await talk.ask(send, send=[field("size", isDeleted=True), field("depth")], query=deal)
        await talk.ask(show, query=deal)
        await talk.ask(send, send=[field("depth"), field("depth")], query=deal)
        await talk.ask(send, send=[field("depth")], query=deal)
        await talk.ask(send, send=[field("depth"), field("size")], query=deal)
        for of_type in ("deal", "BUSINESS_USER", "STAGE", "CAR", "", "LEAD"):
            await talk.ask(send, send=[], query=talk.on(objectType=of_type))
            await talk.ask(show, query=talk.on(objectType=of_type))
        await talk.ask(send, send=[], query=talk.on())
        await talk.ask(show, query=talk.on())
        await talk.ask(send, send=[field("depth", isDeleted=True), field("size", isDeleted=True)], query=deal)
    for of_type in SCHEMA_TYPES:
        await talk.ask("uploadCrmEntitySchema", send=every_field(), query=talk.on(objectType=of_type))
        await talk.ask("listCrmEntitySchema", query=talk.on(objectType=of_type))
    await talk.ask("listCrmEntitySchemaLegacy", query=talk.on(objectType="ACCOUNT"))
    await talk.ask("uploadCrmEntitySchema", send=[*every_field(), field("title")], query=talk.on(objectType="LEAD"))


def _bad_fields() -> list[dict[str, Any]]:
    return [
        field("one", type="CAR"),
        field("one", type="string"),
        field("one", type="STRINGARRAY"),
        field("one", type="PICKLIST"),
        field("one", type="REFERENCE"),
        field("one", type="REFERENCE", referenceTo="CAR"),
        field("one", type="REFERENCE", referenceTo="BUSINESS_USER"),
        field("one", label=None),
        {"uniqueName": "one", "type": "STRING"},
        {"uniqueName": "one", "label": "One"},
        {"label": "One", "type": "STRING"},
    ]


async def stages(talk: Talk) -> None:
    """Send legacy stages."""
    await talk.register()
    good = {"internalName": "s-1", "name": "First", "isActive": True, "sortOrder": 1}
    for sent in (
        [good],
        [good, {**good, "internalName": "s-2"}],
        good,
        [],
        *([{key: value for key, value in good.items() if key != name}] for name in good),
    ):
        await talk.ask("uploadCrmStagesLegacy", send=sent, query=talk.on())
    await talk.ask("uploadCrmStagesLegacy", body=b"no json", media_type=JSON, query=talk.on())
    await talk.ask("uploadCrmStagesLegacy", send=[good])
    await talk.ask("uploadCrmStagesLegacy", send=[good], query={"integrationId": 123456789})
    await talk.upload("STAGE", record("legacy", "STAGE", "s-1"), name="stage", family="legacy")


async def crowd(talk: Talk) -> None:
    """Call often within one moment, wait as told, call often again."""
    for _ in range(3):
        for _ in range(15):
            await talk.ask("listCrmIntegrations", authorization=ADMIN)
        talk.wait(1.0)


CHAPTERS: Final[dict[str, Callable[[Talk], Awaitable[None]]]] = {
    one.__name__: one
    for one in (
        registration,
        deletion,
        callers,
        routes,
        schema,
        uploads,
        lines,
        formats,
        following,
        reading,
        values,
        stages,
        crowd,
    )
}
