"""What changed between two OpenAPI documents, as a caller of the API or of its client meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from document.changes import Change, Ledger
from document.openapi import join, snake_case
from document.schema_changes import SchemaComparison, same_schemas
from document.unjudged import unjudged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from document.openapi import Document, Node, Operation

_SERIALIZATION = ("style", "explode", "allowReserved", "allowEmptyValue", "content")
_TEXTS = ("summary", "description", "externalDocs")


def changes_between(old: Document, new: Document) -> list[Change]:
    """Compare two documents.

    Returns:
        Every change, the breaking ones first, then by place.
    """
    ledger = _judged(old, new)
    same = {join("/components/schemas", name) for name in same_schemas(old, new)}
    for pointer in unjudged(old, new, judge=lambda was, now: bool(_judged(was, now).changes)):
        if "/".join(pointer.split("/")[:4]) not in same:
            ledger.breaking(pointer, "unjudged-change", "it changed, and no rule says what that means for a caller")
    if not ledger.changes and old.root != new.root:
        ledger.cosmetic("", "text-changed", "it says it in other words")
    return sorted(ledger.changes)


def _judged(old: Document, new: Document) -> Ledger:
    comparison = _Comparison(old, new)
    comparison.compare()
    return comparison.ledger


class _Comparison:
    """Walks both documents side by side."""

    def __init__(self, old: Document, new: Document) -> None:
        self.old, self.new = old, new
        self.ledger = Ledger()
        self.schemas = SchemaComparison(old=old, new=new, ledger=self.ledger)

    def compare(self) -> None:
        self._paths()
        self._components()
        self._schemes()
        self._servers()
        if self.old.root.get("info") != self.new.root.get("info") or self.old.root.get("tags") != self.new.root.get(
            "tags"
        ):
            self.ledger.cosmetic("/info", "text-changed", "the words about the document changed")

    def _paths(self) -> None:
        before = {(operation.path, operation.method): operation for operation in self.old.operations()}
        after = {(operation.path, operation.method): operation for operation in self.new.operations()}
        left = {path for path, _ in after}
        for key, operation in before.items():
            if key in after:
                self._operation(operation, after[key])
            elif operation.path in left:
                message = f"{operation.method.upper()} {operation.path} is gone"
                self.ledger.breaking(operation.pointer, "operation-removed", message)
            else:
                self.ledger.breaking(join("/paths", operation.path), "path-removed", f"{operation.path} is gone")
        for key in after.keys() - before.keys():
            operation = after[key]
            message = f"{operation.method.upper()} {operation.path} is new"
            self.ledger.compatible(operation.pointer, "operation-added", message)

    def _operation(self, old: Operation, new: Operation) -> None:
        pointer = new.pointer
        if old.operation_id != new.operation_id:
            message = f"the client's {snake_case(old.operation_id)} is now {snake_case(new.operation_id)}"
            self.ledger.breaking(pointer, "operation-renamed", message)
        if old.tag != new.tag:
            message = f"the client's module moves from {snake_case(old.tag)} to {snake_case(new.tag)}"
            self.ledger.breaking(pointer, "operation-moved", message)
        if bool(old.node.get("deprecated")) != bool(new.node.get("deprecated")):
            state = "is deprecated" if new.node.get("deprecated") else "is no longer deprecated"
            self.ledger.compatible(pointer, "operation-deprecated", f"{new.operation_id} {state}")
        self._texts(pointer, old.node, new.node)
        self._security(pointer, old.node, new.node)
        self._parameters(old, new)
        self._body(pointer, old.node, new.node)
        self._responses(pointer, old.node, new.node)

    def _texts(self, pointer: str, old: Node, new: Node) -> None:
        if any(old.get(key) != new.get(key) for key in _TEXTS) or old.get("x-codeSamples") != new.get("x-codeSamples"):
            self.ledger.cosmetic(pointer, "text-changed", "it says it in other words")

    def _security(self, pointer: str, old: Node, new: Node) -> None:
        before = _security_of(old, self.old)
        after = _security_of(new, self.new)
        for scheme, scopes in before.items():
            if scheme not in after:
                opened = f"{scheme} no longer opens it" if scheme else "it no longer opens without credentials"
                self.ledger.breaking(pointer, "security-removed", opened)
            elif added := sorted(after[scheme] - scopes):
                self.ledger.breaking(pointer, "scope-added", f"{scheme} needs {', '.join(added)} too")
            elif lost := sorted(scopes - after[scheme]):
                self.ledger.compatible(pointer, "scope-removed", f"{scheme} needs {', '.join(lost)} no longer")
        for scheme in after.keys() - before.keys():
            if before:
                self.ledger.compatible(pointer, "security-added", f"{scheme or 'nobody in particular'} opens it too")
            else:
                self.ledger.breaking(pointer, "security-required", f"it needs {scheme} now")

    def _parameters(self, old: Operation, new: Operation) -> None:
        before = {(node["in"], node["name"]): node for node in self.old.parameters(old)}
        after = {(node["in"], node["name"]): node for node in self.new.parameters(new)}
        for (place, name), node in after.items():
            pointer = join(new.pointer, "parameters", name)
            if (place, name) not in before:
                message = f"the {place} parameter {name} is new" + (" and required" if node.get("required") else "")
                rule = "required-parameter-added" if node.get("required") else "parameter-added"
                self.ledger.judge(pointer, rule, message, breaks=bool(node.get("required")))
                continue
            was = before[place, name]
            self._needed(pointer, f"the parameter {name}", was, node)
            self._texts(pointer, was, node)
            if changed := [key for key in _SERIALIZATION if was.get(key) != node.get(key)]:
                message = f"{', '.join(changed)} changed, so its values are written in another way"
                self.ledger.breaking(pointer, "serialization-changed", message)
            if any(was.get(key) != node.get(key) for key in ("example", "examples")):
                self.ledger.cosmetic(pointer, "text-changed", "it has another example")
            self.schemas.compare(pointer, was.get("schema", {}), node.get("schema", {}), sent=True)
        for place, name in before.keys() - after.keys():
            message = f"the {place} parameter {name} is gone"
            self.ledger.breaking(join(new.pointer, "parameters", name), "parameter-removed", message)

    def _needed(self, pointer: str, what: str, old: Node, new: Node) -> None:
        if new.get("required") and not old.get("required"):
            self.ledger.breaking(pointer, "newly-required", f"{what} is required now")
        elif old.get("required") and not new.get("required"):
            self.ledger.compatible(pointer, "no-longer-required", f"{what} may be left out now")

    def _body(self, pointer: str, old: Node, new: Node) -> None:
        where = join(pointer, "requestBody")
        before, after = ("requestBody" in node for node in (old, new))
        if not before and not after:
            return
        was, now = self.old.resolve(old.get("requestBody", {})), self.new.resolve(new.get("requestBody", {}))
        if not before:
            self.ledger.judge(where, "body-added", "it takes a body now", breaks=bool(now.get("required")))
            return
        if not after:
            self.ledger.breaking(where, "body-removed", "it takes no body any more")
            return
        self._needed(where, "the body", was, now)
        self._texts(where, was, now)
        self._media(where, was, now, sent=True)
        self._lines(where, was, now)

    def _lines(self, pointer: str, old: Node, new: Node) -> None:
        """Compare the schemas of one line of an upload: callers send them, though inside a file."""
        before, after = (
            node.get("x-line-schemas", {}) | ({"": node["x-line-schema"]} if "x-line-schema" in node else {})
            for node in (old, new)
        )
        for name in before.keys() - after.keys():
            self.ledger.breaking(pointer, "line-type-removed", f"a file of {name or 'users'} is no longer taken")
        for name in after.keys() - before.keys():
            self.ledger.compatible(pointer, "line-type-added", f"a file of {name or 'users'} is taken now")
        for name in before.keys() & after.keys():
            self.schemas.compare(pointer, {"$ref": before[name]}, {"$ref": after[name]}, sent=True)

    def _media(self, pointer: str, old: Node, new: Node, *, sent: bool) -> None:
        before, after = old.get("content", {}), new.get("content", {})
        for kind in before.keys() - after.keys():
            self.ledger.breaking(join(pointer, "content", kind), "media-type-removed", f"{kind} is gone")
        for kind in after.keys() - before.keys():
            self.ledger.compatible(join(pointer, "content", kind), "media-type-added", f"{kind} is new")
        for kind in before.keys() & after.keys():
            where = join(pointer, "content", kind)
            self.schemas.compare(where, before[kind].get("schema", {}), after[kind].get("schema", {}), sent=sent)
            if before[kind].get("encoding") != after[kind].get("encoding"):
                self.ledger.breaking(where, "encoding-changed", "its parts are encoded in another way")
            if any(before[kind].get(key) != after[kind].get(key) for key in ("example", "examples")):
                self.ledger.cosmetic(where, "text-changed", "it has another example")

    def _responses(self, pointer: str, old: Node, new: Node) -> None:
        before, after = old.get("responses", {}), new.get("responses", {})
        for status in before.keys() - after.keys():
            where = join(pointer, "responses", status)
            self.ledger.breaking(where, "response-removed", f"the answer {status} is no longer described")
        for status in after.keys() - before.keys():
            self.ledger.compatible(join(pointer, "responses", status), "response-added", f"the answer {status} is new")
        for status in before.keys() & after.keys():
            where = _place(join(pointer, "responses", status), before[status], after[status])
            was, now = self.old.resolve(before[status]), self.new.resolve(after[status])
            self._texts(where, was, now)
            self._media(where, was, now, sent=False)
            self._headers(where, was, now)
            self._links(where, was, now)

    def _links(self, pointer: str, old: Node, new: Node) -> None:
        before, after = (
            {name: document.resolve(link) for name, link in response.get("links", {}).items()}
            for document, response in ((self.old, old), (self.new, new))
        )
        for name in before.keys() - after.keys():
            self.ledger.breaking(join(pointer, "links", name), "link-removed", f"the link {name} is gone")
        for name in after.keys() - before.keys():
            self.ledger.compatible(join(pointer, "links", name), "link-added", f"the link {name} is new")
        for name in before.keys() & after.keys():
            was, now = (
                {key: value for key, value in one[name].items() if key != "description"} for one in (before, after)
            )
            if was != now:
                self.ledger.breaking(join(pointer, "links", name), "link-changed", f"the link {name} leads elsewhere")

    def _headers(self, pointer: str, old: Node, new: Node) -> None:
        before, after = (
            {name.lower(): document.resolve(node) for name, node in response.get("headers", {}).items()}
            for document, response in ((self.old, old), (self.new, new))
        )
        for name in before.keys() - after.keys():
            self.ledger.breaking(join(pointer, "headers", name), "header-removed", f"the header {name} is gone")
        for name in after.keys() - before.keys():
            self.ledger.compatible(join(pointer, "headers", name), "header-added", f"the header {name} is new")
        for name in before.keys() & after.keys():
            where, was, now = join(pointer, "headers", name), before[name], after[name]
            if was.get("required") and not now.get("required"):
                self.ledger.breaking(where, "header-optional", f"the header {name} may be missing now")
            elif now.get("required") and not was.get("required"):
                self.ledger.compatible(where, "header-promised", f"the header {name} always comes now")
            self.schemas.compare(where, was.get("schema", {}), now.get("schema", {}), sent=False)

    def _components(self) -> None:
        before, after = self.old.components("schemas"), self.new.components("schemas")
        for name in before.keys() - after.keys():
            pointer = join("/components/schemas", name)
            self.ledger.breaking(pointer, "component-removed", f"the schema {name} is gone, with its model")
        for name in after.keys() - before.keys():
            pointer = join("/components/schemas", name)
            self.ledger.compatible(pointer, "component-added", f"the schema {name} is new")

    def _schemes(self) -> None:
        before, after = self.old.components("securitySchemes"), self.new.components("securitySchemes")
        for name in before.keys() - after.keys():
            pointer = join("/components/securitySchemes", name)
            self.ledger.breaking(pointer, "security-scheme-removed", f"the security scheme {name} is gone")
        for name in before.keys() & after.keys():
            pointer = join("/components/securitySchemes", name)
            was, now = (
                {key: value for key, value in node.items() if key != "description" and not key.startswith("x-")}
                for node in (before[name], after[name])
            )
            if _without_scopes(was) != _without_scopes(now):
                self.ledger.breaking(pointer, "security-scheme-changed", f"{name} works in another way")
            for scope in sorted(_scopes(was) ^ _scopes(now)):
                state = "is gone" if scope in _scopes(was) else "is new"
                self.ledger.judge(pointer, "scopes-changed", f"the scope {scope} {state}", breaks=scope in _scopes(was))

    def _servers(self) -> None:
        before, after = (_urls(document.root.get("servers", [])) for document in (self.old, self.new))
        for url in sorted(before - after):
            self.ledger.breaking("/servers", "server-removed", f"the server {url} is gone")
        for url in sorted(after - before):
            self.ledger.compatible("/servers", "server-added", f"the server {url} is new")
        was, now = (document.root.get("servers", [])[:1] for document in (self.old, self.new))
        if _urls(was) != _urls(now) and _urls(was) <= after:
            # Generators and explorers call the first one.
            self.ledger.breaking("/servers", "server-moved", "another server is the first")


def _place(pointer: str, old: Node, new: Node) -> str:
    """Return where a node stands: a component that many share is reported once, in its own place."""
    shared = new.get("$ref")
    return str(shared)[1:] if shared and shared == old.get("$ref") else pointer


def _security_of(operation: Node, document: Document) -> dict[str, set[str]]:
    """Return the scopes of each alternative, by the names of its schemes."""
    requirements: list[Node] = (operation if "security" in operation else document.root).get("security", [])
    return {
        " and ".join(sorted(requirement)): {scope for scopes in requirement.values() for scope in scopes}
        for requirement in requirements
    }


def _scopes(scheme: Node) -> set[str]:
    """Return the scopes that a scheme knows."""
    return {scope for flow in scheme.get("flows", {}).values() for scope in flow.get("scopes", {})}


def _without_scopes(scheme: Node) -> Node:
    """Return how a scheme works, whatever its scopes."""
    flows = {
        kind: {key: value for key, value in flow.items() if key != "scopes"}
        for kind, flow in scheme.get("flows", {}).items()
    }
    return {**scheme, "flows": flows}


def _urls(servers: Iterable[dict[str, Any]]) -> set[str]:
    return {str(server.get("url")) for server in servers}
