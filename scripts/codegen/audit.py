"""The proof that every operation, parameter and component of the document arrived in generated/."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.line_schemas import DIALECT, line_schemas
from document.openapi import component_name, join, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from document.openapi import Document, Node, Operation

# Components that arrive inside the operations which refer to them.
_REACHED_THROUGH_OPERATIONS = ("parameters", "responses", "requestBodies", "headers", "links", "examples")

# Where `_get_kwargs` puts a parameter, by its location in the request.
_TARGETS = {"query": "params", "header": "headers", "cookie": "cookies", "path": "url"}


@dataclass(frozen=True, kw_only=True)
class Module:
    """What a generated module defines, read from its syntax tree and never imported."""

    tree: ast.Module

    @classmethod
    def read(cls, path: Path) -> Module | None:
        """Parse a module, or return None when the file is not there."""
        if not path.is_file():
            return None
        return cls(tree=ast.parse(path.read_text(encoding="utf-8")))

    def function(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return a top-level function."""
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        return next((node for node in self.tree.body if isinstance(node, kinds) and node.name == name), None)

    def class_(self, name: str) -> ast.ClassDef | None:
        """Return a top-level class."""
        return next((node for node in self.tree.body if isinstance(node, ast.ClassDef) and node.name == name), None)


def audit(root: Path, document: Document) -> list[str]:
    """Compare the generated packages with the document.

    Args:
        root: The folder that holds gong_crm_client and gong_crm_schemas.
        document: The parsed document.

    Returns:
        One sentence for each thing that did not arrive, in the order of the document.
    """
    missing: list[str] = []
    for operation in document.operations():
        missing += _operation(root / "gong_crm_client", document, operation)
        missing += _parts(root / "gong_crm_client", document, operation)
    missing += _components(root / "gong_crm_client", document)
    missing += _line_files(root / "gong_crm_schemas", document)
    return missing


def _operation(package: Path, document: Document, operation: Operation) -> Iterator[str]:
    name = snake_case(operation.operation_id)
    module = Module.read(package / "api" / snake_case(operation.tag) / f"{name}.py")
    if module is None:
        yield f"{operation.pointer}: the module {name} of {operation.operation_id} is missing"
        return
    request = module.function("_get_kwargs")
    if request is None or not {operation.method, operation.path} <= _texts(request):
        yield f"{operation.pointer}: {name} does not call {operation.method.upper()} {operation.path}"
        return
    for variant in ("sync", "sync_detailed", "asyncio", "asyncio_detailed"):
        function = module.function(variant)
        if function is None:
            yield f"{operation.pointer}: {name}.{variant} is missing"
        else:
            yield from _arguments(document, operation, function)
    yield from _request(document, operation, request)
    yield from _responses(document, operation, module)


def _arguments(
    document: Document, operation: Operation, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[str]:
    given = {argument.arg for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    wanted = {snake_case(parameter["name"]) for parameter in document.parameters(operation)}
    wanted |= {"body"} if "requestBody" in operation.node else set()
    for name in sorted(wanted - given):
        yield f"{operation.pointer}: {function.name} does not take {name}"


def _request(document: Document, operation: Operation, request: ast.AST) -> Iterator[str]:
    """Return the parameters that the function takes and then forgets to send."""
    stored = set(_stored(request))
    for parameter in document.parameters(operation):
        place = (_TARGETS[parameter["in"]], parameter["name"])
        in_path = parameter["in"] == "path" and snake_case(parameter["name"]) in {
            keyword.arg for keyword in ast.walk(request) if isinstance(keyword, ast.keyword)
        }
        if place not in stored and not in_path:
            yield f"{operation.pointer}: the parameter {parameter['name']} is not sent in {parameter['in']}"
    kinds = {key for name, key in stored if name == "_kwargs"}
    if "requestBody" in operation.node and not kinds & {"json", "files", "content", "data"}:
        yield f"{operation.pointer}: the body is not sent"


def _parts(package: Path, document: Document, operation: Operation) -> Iterator[str]:
    """Name a part of a form whose media type is another than that of the client's `File`."""
    module = Module.read(package / "types.py")
    known = _texts(class_) if module and (class_ := module.class_("File")) else set()
    for media in document.resolve(operation.node.get("requestBody", {})).get("content", {}).values():
        for name, part in media.get("encoding", {}).items():
            if "contentType" in part and part["contentType"] not in known:
                yield f"{operation.pointer}: File sends {name} as another media type than {part['contentType']}"


def _responses(document: Document, operation: Operation, module: Module) -> Iterator[str]:
    branches = _branches(module.function("_parse_response"))
    for status, reference in operation.node.get("responses", {}).items():
        pointer = join(operation.pointer, "responses", status)
        if int(status) not in branches:
            yield f"{pointer}: the status is not parsed"
            continue
        for media in document.resolve(reference).get("content", {}).values():
            model = component_name(media.get("schema", {}).get("$ref", ""))
            if model and model not in branches[int(status)]:
                yield f"{pointer}: the answer is not parsed as {model}"


def _branches(parse: ast.AST | None) -> dict[int, set[str]]:
    """Return the names that stand under each `if response.status_code == NNN`."""
    found: dict[int, set[str]] = {}
    for node in ast.walk(parse) if parse else ():
        if isinstance(node, ast.If):
            statuses = [child.value for child in ast.walk(node.test) if isinstance(child, ast.Constant)]
            names = {child.id for line in node.body for child in ast.walk(line) if isinstance(child, ast.Name)}
            found |= {status: names for status in statuses if isinstance(status, int)}
    return found


def _components(package: Path, document: Document) -> Iterator[str]:
    used = _references(document.root)
    for name, schema in document.components("schemas").items():
        pointer = join("/components/schemas", name)
        if "enum" in schema:
            yield from _enum(package, name, schema)
        elif schema.get("type") in (None, "object"):
            yield from _model(package, document, name)
        elif name not in used.get("schemas", set()):
            # Texts, numbers and arrays have no class of their own: they arrive where they are used.
            yield f"{pointer}: nothing uses the component, so it does not arrive"
    for kind, nodes in document.root.get("components", {}).items():
        # Schemas are looked for above; security schemes have no code of their own, a client carries any of them.
        for name in nodes if kind not in ("schemas", "securitySchemes") else ():
            if kind not in _REACHED_THROUGH_OPERATIONS:
                yield f"{join('/components', kind, name)}: the generator knows no components of this kind"
            elif name not in used.get(kind, set()):
                yield f"{join('/components', kind, name)}: nothing uses the component, so it does not arrive"


def _enum(package: Path, name: str, schema: Node) -> Iterator[str]:
    module = Module.read(package / "models" / f"{snake_case(name)}.py")
    class_ = module.class_(name) if module else None
    for value in schema["enum"]:
        if class_ is None or value not in _texts(class_):
            yield f"{join('/components/schemas', name)}: the value {value} is missing"


def _model(package: Path, document: Document, name: str) -> Iterator[str]:
    module = Module.read(package / "models" / f"{snake_case(name)}.py")
    class_ = module.class_(name) if module else None
    if class_ is None:
        yield f"{join('/components/schemas', name)}: the class is missing"
        return
    bodies = [node for node in class_.body if isinstance(node, ast.FunctionDef)]
    for method in ("to_dict", "from_dict"):
        body = next((node for node in bodies if node.name == method), None)
        for member in members(document, f"#/components/schemas/{name}"):
            if body is None or member not in _texts(body):
                yield f"{join('/components/schemas', name)}: {method} leaves out {member}"


def members(document: Document, reference: str) -> list[str]:
    """Return the names of a schema's members, those of its `allOf` parts included."""
    return list(dict.fromkeys(_members(document, document.at(reference))))


def _members(document: Document, schema: Node) -> Iterator[str]:
    schema = document.resolve(schema)
    for part in schema.get("allOf", []):
        yield from _members(document, part)
    yield from schema.get("properties", {})


def _line_files(package: Path, document: Document) -> Iterator[str]:
    for entry in line_schemas(document):
        path = package / entry.file_name
        if not path.is_file():
            yield f"{entry.component}: {path.name} is missing"
        elif (schema := json.loads(path.read_text(encoding="utf-8")))["$schema"] != DIALECT:
            yield f"{entry.component}: {path.name} is of another dialect: {schema['$schema']}"
        else:
            foreign = [ref for ref in _all_refs(schema) if component_name(ref) not in schema.get("$defs", {})]
            yield from (f"{entry.component}: {path.name} needs {ref}, which is not in the file" for ref in foreign)


def _texts(node: ast.AST) -> set[str]:
    """Return every text in the code, docstrings left out."""
    docstrings = {id(child.value) for child in ast.walk(node) if isinstance(child, ast.Expr)}
    constants = (child for child in ast.walk(node) if isinstance(child, ast.Constant) and id(child) not in docstrings)
    return {constant.value for constant in constants if isinstance(constant.value, str)}


def _stored(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the (name, key) of every `name["key"] = ...`."""
    for child in ast.walk(node):
        if isinstance(child, ast.Subscript) and isinstance(child.ctx, ast.Store) and isinstance(child.value, ast.Name):
            key = child.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield child.value.id, key.value


def _references(root: Node) -> dict[str, set[str]]:
    """Return the names of the components that something refers to, by kind."""
    found: dict[str, set[str]] = {}
    for reference in _all_refs(root):
        parts = reference.split("/")
        if parts[1] == "components":
            found.setdefault(parts[2], set()).add(parts[3])
    return found


def _all_refs(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for entry in node:
            yield from _all_refs(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _all_refs(value)
