"""An OpenAPI document as it lies on disk: its operations, its references and its names."""

from __future__ import annotations

import contextlib
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator
    from pathlib import Path

Node = dict[str, Any]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class DocumentError(Exception):
    """The document cannot be read or points nowhere; the message says what to do."""


class _JsonLoader(yaml.SafeLoader):
    """Reads YAML as JSON would: keys are strings and unique, dates stay text."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002  (PyYAML's own signature)
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.value in seen:
                raise DocumentError(f"line {key_node.start_mark.line + 1}: the key {key_node.value!r} stands twice")
            seen.add(key_node.value)
        return {str(key): value for key, value in super().construct_mapping(node, deep=deep).items()}


_JsonLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation: where it stands in the document and what it says."""

    path: str
    method: str
    node: Node
    path_item: Node

    @property
    def pointer(self) -> str:
        """Return the JSON pointer of the operation."""
        return join("/paths", self.path, self.method)

    @property
    def operation_id(self) -> str:
        """Return the operationId, or an empty text when it has none."""
        return str(self.node.get("operationId", ""))

    @property
    def tag(self) -> str:
        """Return the first tag, which names the client's sub-package."""
        return str(next(iter(self.node.get("tags", [])), "default"))

    @property
    def is_legacy(self) -> bool:
        """Return whether the operation belongs to the older family."""
        return self.operation_id.endswith("Legacy")


@dataclass(frozen=True)
class Document:
    """A parsed document."""

    root: Node

    def operations(self) -> Iterator[Operation]:
        """Yield every operation in the order of the document."""
        for path, node in self.root.get("paths", {}).items():
            item = self.resolve(node)
            for method in METHODS:
                if method in item:
                    yield Operation(path=path, method=method, node=item[method], path_item=item)

    def parameters(self, operation: Operation) -> list[Node]:
        """Return the parameters of an operation, references resolved, those of its path last."""
        own = [self.resolve(node) for node in operation.node.get("parameters", [])]
        names = {(node["name"], node["in"]) for node in own}
        shared = [self.resolve(node) for node in operation.path_item.get("parameters", [])]
        return own + [node for node in shared if (node["name"], node["in"]) not in names]

    def components(self, kind: str) -> dict[str, Node]:
        """Return the components of one kind, such as schemas or responses."""
        return dict(self.root.get("components", {}).get(kind, {}))

    def resolve(self, node: Node) -> Node:
        """Follow the node's `$ref`s to the node they mean.

        Raises:
            DocumentError: If a reference leaves the document or points nowhere.
        """
        for _ in range(100):
            if "$ref" not in node:
                return node
            node = self.at(str(node["$ref"]))
        raise DocumentError(f"the reference {node['$ref']} leads back to itself")

    def at(self, reference: str) -> Node:
        """Return the node a local reference such as `#/components/schemas/Thing` points at."""
        if not reference.startswith("#/"):
            raise DocumentError(f"the reference {reference} leaves the document")
        found: Any = self.root
        for step in reference[2:].split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, dict) or key not in found:
                raise DocumentError(f"the reference {reference} points nowhere")
            found = found[key]
        if not isinstance(found, dict):
            raise DocumentError(f"the reference {reference} points at no object")
        return found


def parse_document(text: str) -> Document:
    """Parse the text of an OpenAPI document.

    Raises:
        DocumentError: If the text is no YAML, has a key twice, or is no OpenAPI document.
    """
    try:
        root = yaml.load(text, Loader=_JsonLoader)  # noqa: S506  (a SafeLoader)
    except yaml.YAMLError as error:
        raise DocumentError(f"not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(root, dict) or "openapi" not in root:
        raise DocumentError("no OpenAPI document: the member openapi is missing")
    return Document(root)


def read_document(path: Path) -> Document:
    """Read and parse an OpenAPI document from a file.

    Raises:
        DocumentError: If the file cannot be read or parsed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path} cannot be read: {error}") from error
    try:
        return parse_document(text)
    except DocumentError as error:
        raise DocumentError(f"{path}: {error}") from error


@contextlib.contextmanager
def understanding(names: str) -> Iterator[None]:
    """Turn what a document of the wrong shape leads to into an error that says so.

    Only for the commands, whose words follow the shape that a validator has checked.

    Raises:
        DocumentError: If what runs inside stumbles over a value of another kind than OpenAPI asks for.
    """
    try:
        yield
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DocumentError(f"{names}: no well-formed OpenAPI ({reason}), ask openapi-spec-validator") from error


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file as lower-case hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def join(pointer: str, *steps: str | int) -> str:
    """Append steps to a JSON pointer, escaped as RFC 6901 asks."""
    return "/".join([pointer, *(str(step).replace("~", "~0").replace("/", "~1") for step in steps)])


def snake_case(name: str) -> str:
    """Return the Python name the generator gives to a name of the document."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", name)
    return "_".join(words).lower()


def component_name(reference: str) -> str:
    """Return the last step of a reference, which is the component's name."""
    return reference.rsplit("/", maxsplit=1)[-1]
