"""Drifts of credentials and scopes."""

import base64
import binascii
from collections.abc import Callable
from typing import Final

from contract_tests.drifts.exchange import Answer, Ask, Behaviour, Call, Recipe
from contract_tests.drifts.operations import DELETE, EVERY, LIST, REGISTER, STATUS, operation_of
from contract_tests.drifts.recipes import Operations, anonymous, as_admin, on_answer, on_body, status
from contract_tests.drifts.registry import Drift, drift
from contract_tests.suite.ledger.operations import OPERATIONS, PATHS, SCOPE_CLAUSES
from gong_crm_emulator import EmulatorSettings


def _opened(operations: Operations, where: Callable[[Call, EmulatorSettings], bool]) -> Recipe:
    """Let some callers in as if they had every right."""

    def make(settings: EmulatorSettings) -> Behaviour:
        async def behave(call: Call, ask: Ask) -> Answer:
            concerned = operations is None or operation_of(call) in operations
            return await ask(as_admin(call, settings) if concerned and where(call, settings) else call)

        return behave

    return make


def _nobody(call: Call, _: EmulatorSettings) -> bool:
    return call.header("authorization") is None


def _pair(call: Call) -> tuple[str, str]:
    scheme, _, credential = (call.header("authorization") or "").partition(" ")
    try:
        key, _, secret = base64.b64decode(credential, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return (key, secret) if scheme.lower() == "basic" else ("", "")


def _token(call: Call) -> str:
    scheme, _, credential = (call.header("authorization") or "").partition(" ")
    return credential.strip() if scheme.lower() == "bearer" else ""


def _any_secret(call: Call, settings: EmulatorSettings) -> bool:
    return _pair(call)[0] in {one.access_key for one in settings.principals.values()}


def _known(call: Call, settings: EmulatorSettings) -> bool:
    every = settings.principals.values()
    pairs = {(one.access_key, one.access_key_secret) for one in every}
    return _token(call) in {one.access_token for one in every} or _pair(call) in pairs


def _refused(scheme: str) -> Recipe:
    """Know no credentials of a scheme but for the integration itself, without which there is no run."""

    async def behave(call: Call, ask: Ask) -> Answer:
        of_scheme = (call.header("authorization") or "").lower().startswith(scheme)
        refused = of_scheme and operation_of(call) not in LIST | REGISTER | DELETE | STATUS
        return await ask(call.with_header("authorization", None) if refused else call)

    return lambda _: behave


def _of_unknown_path(code: int) -> Callable[[Call, Answer], bool]:
    return lambda call, answer: call.path not in PATHS and answer.status == code


def _scope_refusal(call: Call, answer: Answer) -> bool:
    return answer.status == 401 and not anonymous(call, answer)


def _rows_of(operation: str, name: str) -> tuple[Drift, Drift]:
    own = frozenset({operation})
    return (
        drift(
            f"no-credentials-accepted-{operation}",
            "auth.no-credentials",
            f"Answers {operation} without credentials.",
            _opened(own, _nobody),
        ),
        drift(
            f"scope-not-enforced-{operation}",
            SCOPE_CLAUSES[name],
            f"Answers {operation} whatever scopes the caller has.",
            _opened(own, _known),
        ),
    )


# A row is one thought; six lines for each would hide the next one.
# fmt: off
ROWS: Final = (
    *(row for one in OPERATIONS for row in _rows_of(one.id, one.name)),
    drift("any-scheme-accepted", "auth.no-credentials",
        "Takes any Authorization header that is neither Basic nor Bearer.",
        _opened(EVERY, lambda call, _: (call.header("authorization") or "").startswith(("Digest", "Token")))),
    drift("wrong-secret-accepted", "auth.wrong-secret", "Takes any secret of a key.", _opened(None, _any_secret)),
    drift("unknown-key-accepted", "auth.unknown-key", "Takes any key and secret.",
        _opened(None, lambda call, _: bool(_pair(call)[0]))),
    drift("right-secret-of-another-key-accepted", "auth.unknown-key", "Looks at the secret alone.",
        _opened(None, lambda call, own: _pair(call)[1] in {one.access_key_secret for one in own.principals.values()})),
    drift("unknown-token-accepted", "auth.unknown-token", "Takes any bearer token.",
        _opened(None, lambda call, _: bool(_token(call)))),
    drift("basic-refused", "auth.basic-accepted", "Knows access keys for the integration only.", _refused("basic")),
    drift("bearer-refused", "auth.bearer-accepted", "Knows tokens for the integration only.", _refused("bearer")),
    drift("anonymous-403", "auth.no-credentials", "Answers 403 in place of 401 to a caller it does not know.",
        status(None, 403, when=anonymous)),
    drift("anonymous-without-envelope", "auth.unauthenticated-envelope",
        "Answers 401 with an empty body to a caller it does not know.",
        on_answer(None, lambda _, answer: answer.with_body(b""), when=anonymous)),
    drift("www-authenticate-absent", "auth.www-authenticate", "Sends no WWW-Authenticate to a caller it does not know.",
        on_answer(None, lambda _, answer: answer.with_header("www-authenticate", None), when=anonymous)),
    drift("unknown-path-404-for-all", "auth.unknown-path-anonymous", "Tells everybody that a path does not exist.",
        status(None, 404, when=_of_unknown_path(401))),
    drift("unknown-path-403", "auth.unknown-path", "Answers an unknown path 403.",
        status(None, 403, when=_of_unknown_path(404))),
    drift("scope-missing-403", "scope.missing-is-401", "Answers 403 in place of 401 when the scope is missing.",
        status(None, 403, when=_scope_refusal)),
    drift("scope-not-named", "scope.message", "Does not name the scope that is missing.",
        on_body(None, lambda body: {**body, "errors": ["Access denied"]}, when=_scope_refusal)),
)
# fmt: on
