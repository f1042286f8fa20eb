"""The rules of our own lint: what the generator drops, breaks on, or turns into bad Python."""

from __future__ import annotations

import builtins
import keyword
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from document.openapi import METHODS, DocumentError, component_name, join, snake_case
from document.schema_places import Place, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from document.openapi import Document, Node

# The generator's modules import these names; a model of the same name hides them.
_RESERVED = {
    *("Any", "AuthenticatedClient", "BinaryIO", "Client", "File", "FileTypes", "Generator", "HTTPStatus", "Mapping"),
    *(
        "ClassVar",
        "Model",
        "Payload",
        "Readable",
        "RequestFiles",
        "Response",
        "T",
        "TextIO",
        "TypeVar",
        "Unset",
        "UNSET",
    ),
}
# Names that a parameter has beside in the generated function; the generator renames words of Python itself.
_RESERVED_PARAMETERS = set(
    "argument_of body build_response cast client cookies errors form_of headers httpx kwargs params quote response"
    " self sync sync_detailed asyncio asyncio_detailed url".split()
)
# Names that a member has beside in the methods of its model, and the methods themselves.
_RESERVED_MEMBERS = set(
    "additional_keys additional_properties argument_of cast clear cls d data field_dict files from_dict get items json"
    " keys owned pop popitem prop prop_dict prop_name self setdefault src_dict to_dict to_multipart types"
    " update values".split()
)
# The generator renames what is called like a word of Python or a built-in function, and nobody finds it again.
_WORDS_OF_PYTHON = {"datetime", *map(str.lower, keyword.kwlist), *map(str.lower, dir(builtins))}
_UNTESTED = (
    *("$anchor", "$dynamicRef", "$id", "contains", "dependentSchemas", "discriminator", "patternProperties"),
    *("prefixItems", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "xml"),
)


@dataclass(frozen=True, kw_only=True, order=True)
class Finding:
    """One fault: where it stands, the rule it breaks, and what to do."""

    pointer: str
    rule: str
    advice: str


def lint(document: Document) -> list[Finding]:
    """Return every fault of the document, sorted by place; a node shared by YAML aliases is reported at each place."""
    dangling = set(_references(document))
    if any(finding.rule in ("external-reference", "dangling-reference") for finding in dangling):
        # The other rules follow references, so these come first.
        return sorted(dangling)
    return sorted(dangling.union(*(rule(document) for rule in RULES)))


def _references(document: Document) -> Iterator[Finding]:
    for pointer, node in _nodes(document.root, ""):
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str):
            continue
        if not reference.startswith("#/"):
            advice = f"move what {reference} means into components, the generator reads one file"
            yield Finding(pointer=pointer, rule="external-reference", advice=advice)
        elif "/$defs/" in reference:
            advice = f"make {component_name(reference)} a component, the generator drops models behind $defs"
            yield Finding(pointer=pointer, rule="local-definitions", advice=advice)
        else:
            try:
                document.at(reference)
            except DocumentError as error:
                yield Finding(pointer=pointer, rule="dangling-reference", advice=f"mend it: {error}")


def _paths(document: Document) -> Iterator[Finding]:
    for path, item in document.root.get("paths", {}).items():
        pointer = join("/paths", path)
        if "$ref" in item:
            advice = "write the operations out, the generator drops a path that is a reference"
            yield Finding(pointer=pointer, rule="path-item-reference", advice=advice)
        for owner, node in [(pointer, item), *((join(pointer, m), item[m]) for m in METHODS if m in item)]:
            if "servers" in node:
                advice = "name servers at the top only, the generator ignores those of an operation"
                yield Finding(pointer=owner, rule="operation-servers", advice=advice)
            if "callbacks" in node:
                advice = "describe it in words, the generator drops callbacks"
                yield Finding(pointer=owner, rule="callbacks", advice=advice)
    if "webhooks" in document.root:
        yield Finding(pointer="/webhooks", rule="webhooks", advice="describe them in words, the generator drops them")


def _operation_names(document: Document) -> Iterator[Finding]:
    operations = list(document.operations())
    names = Counter(snake_case(operation.operation_id) for operation in operations)
    known = {operation.operation_id for operation in operations}
    for operation in operations:
        name, pointer = operation.operation_id, operation.pointer
        if not name:
            yield Finding(pointer=pointer, rule="operation-id-missing", advice="give it an operationId")
            continue
        if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name):
            advice = f"write {name} in camelCase, letters and digits only"
            yield Finding(pointer=pointer, rule="operation-id-form", advice=advice)
        if snake_case(name) in _WORDS_OF_PYTHON:
            advice = f"rename it, {snake_case(name)} is a word of Python and no name for a module"
            yield Finding(pointer=pointer, rule="reserved-operation-id", advice=advice)
        if names[snake_case(name)] > 1:
            advice = f"rename it, two operations become the Python name {snake_case(name)}"
            yield Finding(pointer=pointer, rule="operation-id-twice", advice=advice)
        if not re.fullmatch(r"[A-Z][A-Za-z]*(?: [A-Za-z]+)*", operation.tag or "") or operation.tag in keyword.kwlist:
            advice = f"write {operation.tag!r} in letters and single blanks, it becomes a package of the client"
            yield Finding(pointer=pointer, rule="tag-form", advice=advice)
        if operation.is_legacy != (operation.tag == "CRM legacy"):
            advice = "an operation whose first tag is CRM legacy ends in Legacy, and no other does"
            yield Finding(pointer=pointer, rule="legacy-suffix", advice=advice)
        successor = operation.node.get("x-superseded-by")
        if (operation.is_legacy or operation.node.get("deprecated")) and successor not in known:
            advice = "name the operationId that replaces it in x-superseded-by"
            yield Finding(pointer=pointer, rule="superseded-by", advice=advice)


def _operation_texts(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        for key in ("tags", "summary", "description"):
            if not operation.node.get(key):
                advice = f"write its {key}, which becomes part of the client"
                yield Finding(pointer=operation.pointer, rule=f"operation-{key}", advice=advice)


def _parameters(document: Document) -> Iterator[Finding]:
    for pointer, parameter in _all_parameters(document):
        for key in ("description", "example"):
            if not any(word in parameter for word in (key, f"{key}s")):
                yield Finding(pointer=pointer, rule=f"parameter-{key}", advice=f"give the parameter its {key}")
        if "content" in parameter:
            advice = "use schema, the generator drops a parameter described by content"
            yield Finding(pointer=pointer, rule="parameter-content", advice=advice)
        if {"style", "explode", "allowReserved"} & parameter.keys():
            advice = "leave out style, explode and allowReserved, the generator ignores them"
            yield Finding(pointer=pointer, rule="parameter-style", advice=advice)
    for operation in document.operations():
        names = [node["name"] for node in document.parameters(operation)]
        for name in (name for name in names if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*", name)):
            advice = f"write {name!r} in letters and digits, in camelCase or with hyphens"
            yield Finding(pointer=operation.pointer, rule="parameter-form", advice=advice)
        # Where a body or an enum is made ready, there are variables such as json_kind for a parameter kind.
        taken = _RESERVED_PARAMETERS | _WORDS_OF_PYTHON | {f"json_{snake_case(name)}" for name in names}
        for name in (name for name in names if snake_case(name) in taken):
            advice = f"rename {name}, the client's functions have a {snake_case(name)} of their own"
            yield Finding(pointer=operation.pointer, rule="reserved-parameter", advice=advice)
        for name in _alike(names):
            advice = f"rename {name}, another parameter differs from it only by underscores or case"
            yield Finding(pointer=operation.pointer, rule="names-alike", advice=advice)


def _bodies(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        if "requestBody" not in operation.node:
            continue
        pointer = join(operation.pointer, "requestBody")
        body = document.resolve(operation.node["requestBody"])
        for kind, media in body.get("content", {}).items():
            if "example" not in media and "examples" not in media:
                yield Finding(pointer=join(pointer, "content", kind), rule="body-example", advice="give an example")
            if kind == "multipart/form-data":
                yield from _line_schemas(document, pointer, body)


def _line_schemas(document: Document, pointer: str, body: Node) -> Iterator[Finding]:
    named = [*body.get("x-line-schemas", {}).values(), *([body["x-line-schema"]] if "x-line-schema" in body else [])]
    if not named:
        advice = "name the schema of a line in x-line-schemas or x-line-schema"
        yield Finding(pointer=pointer, rule="line-schemas", advice=advice)
    for reference in named:
        if component_name(reference) not in document.components("schemas"):
            advice = f"mend {reference}, no such component"
            yield Finding(pointer=pointer, rule="line-schemas", advice=advice)


def _responses(document: Document) -> Iterator[Finding]:
    for operation in document.operations():
        for status, reference in operation.node.get("responses", {}).items():
            pointer = join(operation.pointer, "responses", status)
            if status == "default":
                advice = "list the statuses, a default answer hides the undocumented ones"
                yield Finding(pointer=pointer, rule="default-response", advice=advice)
            elif not re.fullmatch(r"[1-5][0-9][0-9]", status):
                yield Finding(pointer=pointer, rule="status-form", advice="write one three-digit status each")
            media = list(document.resolve(reference).get("content", {}).values())
            if not media or any("schema" not in node for node in media):
                advice = "give the answer a schema, the client turns it into None without one"
                yield Finding(pointer=pointer, rule="response-schema", advice=advice)


def _schema_names(document: Document) -> Iterator[Finding]:
    names = document.components("schemas")
    for name, schema in names.items():
        pointer = join("/components/schemas", name)
        if name in _RESERVED or snake_case(name) in _RESERVED_MEMBERS or name.lower() in _WORDS_OF_PYTHON:
            advice = f"rename it, the client has a {name} of its own"
            yield Finding(pointer=pointer, rule="reserved-name", advice=advice)
        if not re.fullmatch(r"(?:[A-Z][a-z0-9]*)+", name):
            yield Finding(pointer=pointer, rule="schema-name-form", advice="write the name in PascalCase")
        for key in ("description", "example"):
            if isinstance(schema, dict) and not any(word in schema for word in (key, f"{key}s")):
                yield Finding(pointer=pointer, rule=f"schema-{key}", advice=f"give the component its {key}")
    for name in _alike(list(names)):
        advice = "rename it, another component differs from it only by underscores or case"
        yield Finding(pointer=join("/components/schemas", name), rule="names-alike", advice=advice)


def _members(document: Document) -> Iterator[Finding]:
    owner = ""
    for place in places(document):
        owner = place.name if place.role == "component" else owner
        if not isinstance(place.schema, dict) or place.role == "condition":
            continue
        properties = place.schema.get("properties", {})
        for name in properties:
            if snake_case(name) == snake_case(owner):
                advice = f"rename it, a member named like its model {owner} breaks the types of the client"
                yield Finding(pointer=join(place.pointer, "properties", name), rule="member-like-model", advice=advice)
        for name in (name for name in properties if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name)):
            advice = f"write {name!r} in camelCase, letters and digits only"
            yield Finding(pointer=join(place.pointer, "properties", name), rule="member-form", advice=advice)
        for name in (name for name in properties if snake_case(name) in _RESERVED_MEMBERS):
            advice = f"rename it, the client's models have a {snake_case(name)} of their own"
            yield Finding(pointer=join(place.pointer, "properties", name), rule="reserved-member", advice=advice)
        for name in _alike(list(properties)):
            advice = f"rename {name}, another member differs from it only by underscores or case"
            yield Finding(pointer=join(place.pointer, "properties", name), rule="names-alike", advice=advice)


def _schemas(document: Document) -> Iterator[Finding]:
    for place in places(document):
        if isinstance(place.schema, bool):
            yield from _boolean(place)
        elif isinstance(place.schema, dict):
            yield from _keywords(place)
            if place.role != "condition":
                yield from _inline(place)


def _boolean(place: Place) -> Iterator[Finding]:
    if not place.pointer.endswith("/additionalProperties"):
        advice = "write {} for anything, the generator rejects the whole document over true or false"
        yield Finding(pointer=place.pointer, rule="boolean-schema", advice=advice)
    elif place.schema is False:
        advice = "leave the object open, the client loses unknown members of a closed one without a word"
        yield Finding(pointer=place.pointer, rule="closed-object", advice=advice)


def _keywords(place: Place) -> Iterator[Finding]:
    if "nullable" in place.schema:
        advice = "write type: [..., 'null'], nullable is of OpenAPI 3.0"
        yield Finding(pointer=place.pointer, rule="nullable", advice=advice)
    if "$defs" in place.schema:
        advice = "make it a component, the generator drops models behind $defs"
        yield Finding(pointer=place.pointer, rule="local-definitions", advice=advice)
    for key in _UNTESTED:
        if key in place.schema:
            advice = f"say it without {key}, which the generator ignores or gets wrong"
            yield Finding(pointer=join(place.pointer, key), rule="untested-keyword", advice=advice)


def _inline(place: Place) -> Iterator[Finding]:
    if "enum" in place.schema:
        if place.role != "component":
            advice = "make the enum a component, the generator would name it after its path"
            yield Finding(pointer=place.pointer, rule="inline-enum", advice=advice)
        if not all(isinstance(value, str) for value in place.schema["enum"]):
            advice = "use texts only, the client's enums are open for texts; null goes beside the reference"
            yield Finding(pointer=place.pointer, rule="enum-values", advice=advice)
        for value in (value for value in place.schema["enum"] if not re.fullmatch(r"[A-Z][A-Z0-9_]*", str(value))):
            advice = f"write {value!r} in capitals, digits and underscores, it becomes a name of the client"
            yield Finding(pointer=place.pointer, rule="enum-value-form", advice=advice)
    is_object = "properties" in place.schema or place.schema.get("type") == "object"
    if is_object and place.role not in ("component", "part"):
        advice = "make the object a component, the generator would name it after its path"
        yield Finding(pointer=place.pointer, rule="inline-object", advice=advice)


def _all_parameters(document: Document) -> Iterator[tuple[str, Node]]:
    """Yield each parameter where it is written: components, path items, operations."""
    for name, node in document.components("parameters").items():
        yield join("/components/parameters", name), node
    for path, item in document.root.get("paths", {}).items():
        for owner in (item, *(item[method] for method in METHODS if method in item)):
            where = join("/paths", path) if owner is item else _pointer_of(path, item, owner)
            for index, node in enumerate(owner.get("parameters", [])):
                if "$ref" not in node:
                    yield join(where, "parameters", index), node


def _pointer_of(path: str, item: Node, owner: Node) -> str:
    return join("/paths", path, next(method for method in METHODS if item.get(method) is owner))


def _alike(names: list[str]) -> Iterator[str]:
    counts = Counter(name.replace("_", "").replace("-", "").lower() for name in names)
    yield from (name for name in names if counts[name.replace("_", "").replace("-", "").lower()] > 1)


def _nodes(node: Any, pointer: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (JSON of any type)
    yield pointer, node
    if isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _nodes(entry, join(pointer, index))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from _nodes(value, join(pointer, key))


RULES: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    _paths,
    _operation_names,
    _operation_texts,
    _parameters,
    _bodies,
    _responses,
    _schema_names,
    _members,
    _schemas,
)
