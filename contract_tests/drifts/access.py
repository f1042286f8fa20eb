"""Drifts of authentication and scopes."""

from __future__ import annotations

import base64
import binascii
from functools import partial
from typing import TYPE_CHECKING, Final

from contract_tests.drifts.operations import EVERY, LIST, PATHS, STATUS, UPLOAD, operation_of
from contract_tests.drifts.pieces import as_admin, on_answer, on_body
from contract_tests.drifts.registry import drift

if TYPE_CHECKING:
    from collections.abc import Callable

    from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
    from contract_tests.drifts.operations import Operations
    from contract_tests.drifts.registry import Drift
    from gong_crm_emulator import EmulatorSettings

SCOPE_CLAUSES: Final = {
    "registerCrmIntegration": "scope.register",
    "listCrmIntegrations": "scope.list",
    "deleteCrmIntegration": "scope.delete",
    "uploadCrmEntitySchema": "scope.schema-upload",
    "listCrmEntitySchema": "scope.schema-list",
    "uploadCrmEntities": "scope.upload",
    "getCrmEntities": "scope.get-objects",
    "getCrmRequestStatus": "scope.request-status",
    "mapCrmUsers": "scope.map-users",
    "uploadCrmStages": "scope.stages",
}


def opened(operations: Operations | None, where: Callable[[Call, EmulatorSettings], bool]) -> Recipe:
    """Let callers in as if they had every right.

    Args:
        operations: The operations concerned, or None for every call.
        where: Which callers are let in.

    Returns:
        The recipe.
    """

    def make(settings: EmulatorSettings) -> Behaviour:
        async def behave(call: Call, ask: Ask) -> Answer:
            concerned = operations is None or operation_of(call) in operations
            return await ask(as_admin(call, settings) if concerned and where(call, settings) else call)

        return behave

    return make


def _anonymous(call: Call, _: EmulatorSettings) -> bool:
    return call.header("authorization") is None


def key_and_secret(call: Call) -> tuple[str, str]:
    """Read the pair of a basic Authorization header, or give two empty texts."""
    scheme, _, credential = (call.header("authorization") or "").partition(" ")
    try:
        key, _, secret = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (key, secret) if scheme.lower() == "basic" else ("", "")


def _wrong_secret(call: Call, settings: EmulatorSettings) -> bool:
    return key_and_secret(call)[0] in {one.access_key for one in settings.principals.values()}


def _any_pair(call: Call, _: EmulatorSettings) -> bool:
    return bool(key_and_secret(call)[0])


def _secret_in_other_case(call: Call, settings: EmulatorSettings) -> bool:
    pairs = {(one.access_key, one.access_key_secret.lower()) for one in settings.principals.values()}
    key, secret = key_and_secret(call)
    return (key, secret.lower()) in pairs


def _bearer(call: Call) -> str:
    scheme, _, credential = (call.header("authorization") or "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def _any_token(call: Call, _: EmulatorSettings) -> bool:
    return bool(_bearer(call))


def _known(call: Call, settings: EmulatorSettings) -> bool:
    every = settings.principals.values()
    pairs = {(one.access_key, one.access_key_secret) for one in every}
    return _bearer(call) in {one.access_token for one in every} or key_and_secret(call) in pairs


def _without_credentials(name: str) -> Drift:
    return drift(
        f"no-credentials-accepted-{name}",
        "auth.no-credentials",
        f"Answers {name} without credentials.",
        opened(frozenset({name}), _anonymous),
        kind="authentication",
    )


def _without_scope(name: str) -> Drift:
    return drift(
        f"scope-not-enforced-{name}",
        SCOPE_CLAUSES[name.removesuffix("Legacy")],
        f"Answers {name} whatever scopes the caller has.",
        opened(frozenset({name}), _known),
        kind="scopes",
    )


_row = partial(drift, kind="authentication")


def _scheme_refused(scheme: str) -> Recipe:
    async def behave(call: Call, ask: Ask) -> Answer:
        refused = (call.header("authorization") or "").lower().startswith(scheme)
        return await ask(call.with_header("authorization", None) if refused else call)

    return lambda _: behave


def _unknown_path(call: Call, answer: Answer) -> bool:
    return call.path not in PATHS and answer.status == 401


def _known_path_missing(call: Call, answer: Answer) -> bool:
    return call.path not in PATHS and answer.status == 404


def _not_found(_: Call, answer: Answer) -> Answer:
    return answer.with_status(404).with_header("www-authenticate", None)


def _is_scope_refusal(_: Call, answer: Answer) -> bool:
    return answer.status == 401 and answer.header("www-authenticate") is None


def _is_anonymous_refusal(_: Call, answer: Answer) -> bool:
    return answer.header("www-authenticate") is not None


AUTHENTICATION: Final = (
    *(_without_credentials(name) for name in sorted(EVERY)),
    _row(
        "wrong-secret-accepted",
        "auth.wrong-secret",
        "Looks at the access key and takes any secret.",
        opened(None, _wrong_secret),
    ),
    _row(
        "wrong-secret-accepted-upload",
        "auth.wrong-secret",
        "Looks at the access key only when objects are uploaded.",
        opened(UPLOAD, _wrong_secret),
    ),
    _row(
        "wrong-secret-accepted-status",
        "auth.wrong-secret",
        "Looks at the access key only when a status is asked for.",
        opened(STATUS, _wrong_secret),
    ),
    _row(
        "secret-in-other-case-accepted",
        "auth.wrong-secret",
        "Compares secrets without regard to case.",
        opened(None, _secret_in_other_case),
    ),
    _row("unknown-key-accepted", "auth.unknown-key", "Takes any key and secret.", opened(None, _any_pair)),
    _row("unknown-token-accepted", "auth.unknown-token", "Takes any bearer token.", opened(None, _any_token)),
    _row(
        "unknown-token-accepted-list",
        "auth.unknown-token",
        "Takes any bearer token when integrations are listed.",
        opened(LIST, _any_token),
    ),
    _row("basic-refused", "auth.basic-accepted", "Answers 401 to every access key.", _scheme_refused("basic")),
    _row("bearer-refused", "auth.bearer-accepted", "Answers 401 to every bearer token.", _scheme_refused("bearer")),
    _row(
        "anonymous-403",
        "auth.no-credentials",
        "Answers 403 in place of 401 to who is not known.",
        on_answer(None, lambda _, answer: answer.with_status(403), when=_is_anonymous_refusal),
    ),
    _row(
        "anonymous-without-envelope",
        "auth.unauthenticated-envelope",
        "Answers 401 with an empty body to who is not known.",
        on_answer(None, lambda _, answer: answer.with_body(b""), when=_is_anonymous_refusal),
    ),
    _row(
        "anonymous-unknown-path-404",
        "auth.unknown-path-anonymous",
        "Tells everybody that a path does not exist.",
        on_answer(None, _not_found, when=_unknown_path),
    ),
    _row(
        "unknown-path-200",
        "auth.unknown-path",
        "Answers an unknown path 200.",
        on_answer(None, lambda _, answer: answer.with_status(200), when=_known_path_missing),
    ),
    _row(
        "unknown-path-403",
        "auth.unknown-path",
        "Answers an unknown path 403.",
        on_answer(None, lambda _, answer: answer.with_status(403), when=_known_path_missing),
    ),
)

_row = partial(drift, kind="scopes")

SCOPES: Final = (
    *(_without_scope(name) for name in sorted(EVERY)),
    _row(
        "scope-missing-403",
        "scope.missing-is-401",
        "Answers 403 in place of 401 when the scope is missing.",
        on_answer(None, lambda _, answer: answer.with_status(403), when=_is_scope_refusal),
    ),
    _row(
        "scope-missing-without-errors",
        "scope.missing-is-401",
        "Leaves errors out when the scope is missing.",
        on_body(None, lambda body: {"requestId": body["requestId"]}, when=_is_scope_refusal),
    ),
    _row(
        "scope-missing-404",
        "scope.missing-is-401",
        "Answers 404 when the scope is missing, as if there were nothing.",
        on_answer(None, lambda _, answer: answer.with_status(404), when=_is_scope_refusal),
    ),
)
