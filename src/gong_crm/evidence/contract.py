"""Answers held against the contract, as the installed package has it.

The schemas come from `gong_crm_schemas`, which is written from openapi.yaml; the contract suite has a checker of its
own, which this package may not know, so that both can be wrong apart.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NO_CONTENT: Final = 204
_MOST_FAULTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """What the contract says of answers, and which words are Gong's own.

    Attributes:
        operations: Method, path and answers by status, of each operation.
        names: Members that the contract knows.
        values: Values of closed lists.
        words: Words of the sentences that Gong is known to say.
    """

    operations: Mapping[str, Mapping[str, Any]]
    names: frozenset[str]
    values: frozenset[str]
    words: frozenset[str]
    definitions: Mapping[str, Any]

    def knows(self, name: str) -> bool:
        """Return whether the name of a member is the contract's, or a value of a closed list that stands as one."""
        return name in self.names or name in self.values

    def owns(self, word: str) -> bool:
        """Return whether a word of a sentence says nothing of anybody: Gong is known to say it, or it is a name."""
        return self.knows(word) or word.lower() in self.words

    def place(self, operation: str) -> tuple[str, str]:
        """Give method and path of an operation."""
        found = self.operations[operation]
        return found["method"], found["path"]

    def faults(self, operation: str, status: int, body: object) -> list[tuple[tuple[str | int, ...], str]]:
        """Say where an answer breaks the contract.

        Args:
            operation: Its operationId.
            status: The HTTP status.
            body: The answer as JSON.

        Returns:
            Where and what, without any value of the answer: a path into the body, and the keyword that it breaks.
        """
        schema = self.operations[operation]["answers"].get(str(status))
        if schema is None:
            return [((), "the status is not documented")]
        found = sorted(
            (tuple(error.instance_path), _keyword(error)) for error in self._validator(schema).iter_errors(body)
        )
        return list(dict.fromkeys(found))[:_MOST_FAULTS]

    def _validator(self, schema: Mapping[str, Any]) -> Any:  # noqa: ANN401  (its library is imported on first use)
        return _validator(json.dumps({"$defs": self.definitions, **schema}))


@cache
def the_contract() -> Contract:
    """Read the contract of the installed package."""
    from gong_crm_schemas import answers  # noqa: PLC0415  (only who collects evidence needs it)

    content = answers()
    return Contract(
        operations=content["operations"],
        names=frozenset(content["names"]),
        values=frozenset(content["values"]),
        words=frozenset(content["words"]),
        definitions=content["$defs"],
    )


@cache
def _validator(schema: str) -> Any:  # noqa: ANN401  (as above)
    from jsonschema_rs import Draft202012Validator  # noqa: PLC0415  (heavy, on first use)

    return Draft202012Validator(json.loads(schema))


def _keyword(error: Any) -> str:  # noqa: ANN401  (as above)
    """Name the rule that is broken, without the value that breaks it."""
    path = [str(step) for step in error.schema_path]
    return next((step for step in reversed(path) if not step.isdigit()), "schema")
