"""What in a document is words for people, which no program minds, and where a key is a name and no keyword."""

from __future__ import annotations

# Wherever they are keywords.
TEXTS = {"title", "description", "summary", "example", "examples", "$comment", "externalDocs", "contact", "license"}
# Below these a key is a name that somebody gave: a member may be called `title`.
NAMED = {
    *("properties", "patternProperties", "dependentRequired", "dependentSchemas", "$defs", "mapping"),
    *("paths", "webhooks", "callbacks", "content", "encoding", "headers", "parameters", "variables", "scopes"),
    *("schemas", "responses", "requestBodies", "securitySchemes", "links", "pathItems"),
}
# Below these stands JSON of any kind, in which nothing is a keyword.
VALUES = {"const", "enum", "default"}


def is_text(key: str) -> bool:
    """Return whether a keyword is for people, or an extension."""
    return key in TEXTS or key.startswith("x-")
