"""Who may call: credentials are asked for on every operation, and bearer tokens need the scope of each."""

from collections import defaultdict

import pytest

from contract_tests.suite.drive.caller import Caller
from contract_tests.suite.drive.shared_integration import Integration
from contract_tests.suite.drive.valid_calls import ValidCalls
from contract_tests.suite.ledger.answer import Answer
from contract_tests.suite.ledger.operations import OPERATIONS, SCOPE_CLAUSES, Family, Operation
from contract_tests.suite.wire.credentials import NOBODY, Credentials
from contract_tests.suite.wire.targets import Target

pytestmark = pytest.mark.layer("refusals")

WRONG_TOKEN = Credentials.bearer("never-issued-by-anyone")
WRONG_PAIR = Credentials.basic("NEVERISSUEDBYANYONE", "never-issued-by-anyone")

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)


def call_as(gong: Caller, valid_calls: ValidCalls, operation: Operation, who: Credentials) -> Answer:
    """Make a valid call of an operation with other credentials."""
    family: Family = "legacy" if operation.family == "legacy" else "current"
    return gong.call(operation.name, family, **valid_calls.parts(operation.name, family), who=who)


@pytest.fixture(autouse=True)
def _served(request: pytest.FixtureRequest) -> None:
    operation = getattr(request.node, "callspec", None) and request.node.callspec.params.get("operation")
    if isinstance(operation, Operation) and operation.family == "legacy":
        request.getfixturevalue("legacy")


@pytest.mark.clause("auth.no-credentials", "auth.unauthenticated-envelope")
@every_operation
def test_no_credentials(gong: Caller, valid_calls: ValidCalls, operation: Operation) -> None:
    """A call without credentials is answered 401 with the error envelope."""
    answer = call_as(gong, valid_calls, operation, NOBODY)
    answer.require("auth.no-credentials", answer.status == 401, "401, for nobody is calling")
    answer.require("auth.unauthenticated-envelope", answer.member("errors"), "errors in the envelope")


@pytest.mark.clause("auth.wrong-secret")
@every_operation
def test_wrong_secret(gong: Caller, valid_calls: ValidCalls, target: Target, operation: Operation) -> None:
    """The right access key with a wrong secret is answered 401."""
    if target.wrong_secret is None:
        pytest.skip("no access key was given, so its secret cannot be wrong")
    answer = call_as(gong, valid_calls, operation, target.wrong_secret)
    answer.require("auth.wrong-secret", answer.status == 401, "401, for the secret is wrong")


@pytest.mark.clause("auth.wrong-secret")
def test_nearly_right_secrets(gong: Caller, target: Target) -> None:
    """A secret in another case, cut short, or with something added is wrong too."""
    if target.key is None or target.secret is None:
        pytest.skip("no access key was given, so its secret cannot be wrong")
    secret = target.secret
    for wrong in {secret.swapcase(), secret[:-1], f"{secret}x", ""} - {secret}:
        answer = gong.list_crm_integrations("current", who=Credentials.basic(target.key, wrong))
        answer.require("auth.wrong-secret", answer.status == 401, "401, for the secret is nearly right")


@pytest.mark.clause("auth.unknown-key")
def test_right_secret_of_another_key(gong: Caller, target: Target) -> None:
    """The right secret is of no use with another access key, one in another case, or none."""
    if target.key is None or target.secret is None:
        pytest.skip("no access key was given, so it cannot be another one")
    for wrong in {"NEVERISSUEDBYANYONE", target.key.swapcase(), target.key[:-1], ""} - {target.key}:
        answer = gong.list_crm_integrations("current", who=Credentials.basic(wrong, target.secret))
        answer.require("auth.unknown-key", answer.status == 401, "401, for the key is unknown")


@pytest.mark.clause("auth.unknown-token")
@every_operation
def test_unknown_token(gong: Caller, valid_calls: ValidCalls, operation: Operation) -> None:
    """A bearer token that was never issued is answered 401."""
    answer = call_as(gong, valid_calls, operation, WRONG_TOKEN)
    answer.require("auth.unknown-token", answer.status == 401, "401, for the token is unknown")


@pytest.mark.clause("auth.unknown-key", "auth.www-authenticate")
@every_operation
def test_unknown_key(gong: Caller, valid_calls: ValidCalls, operation: Operation) -> None:
    """An access key that was never issued is answered 401."""
    answer = call_as(gong, valid_calls, operation, WRONG_PAIR)
    answer.require("auth.unknown-key", answer.status == 401, "401, for the key is unknown")


@pytest.mark.clause("auth.basic-accepted")
@every_operation
def test_good_credentials(gong: Caller, valid_calls: ValidCalls, operation: Operation) -> None:
    """The credentials of the run open every operation."""
    answer = call_as(gong, valid_calls, operation, gong.credentials)
    answer.require("auth.basic-accepted", answer.status != 401, "anything but 401")


@pytest.mark.clause("auth.bearer-accepted")
def test_bearer_token(gong: Caller, valid_calls: ValidCalls, target: Target, legacy_served: bool) -> None:  # noqa: FBT001  (a fixture)
    """A bearer token opens all operations of a scope or none, and those of one scope at least."""
    if target.token is None:
        pytest.skip("no bearer token was given; set GONG_ACCESS_TOKEN")
    by_scope: dict[str, list[Answer]] = defaultdict(list)
    for operation in OPERATIONS:
        if legacy_served or operation.family != "legacy":
            by_scope[operation.scope].append(call_as(gong, valid_calls, operation, target.token))
    for answers in by_scope.values():
        refused = [answer for answer in answers if answer.status == 401]
        if refused and len(refused) < len(answers):
            refused[0].require(
                "auth.bearer-accepted", holds=False, expected="what the token may do elsewhere with this scope"
            )
    last = answers[-1]
    opened = any(answer.status != 401 for answers in by_scope.values() for answer in answers)
    last.require("auth.bearer-accepted", opened, "an operation that the token opens")


@pytest.mark.clause("scope.missing-is-401", "scope.message")
@pytest.mark.parametrize(
    "operation",
    [pytest.param(one, marks=pytest.mark.clause(SCOPE_CLAUSES[one.name]), id=one.id) for one in OPERATIONS],
)
def test_missing_scope(gong: Caller, valid_calls: ValidCalls, target: Target, operation: Operation) -> None:
    """A bearer token without the scope of an operation is answered 401, and the error names the scope."""
    who = target.without(operation.scope)
    if who is None:
        pytest.skip(f"no token without {operation.scope} was given; set GONG_LIMITED_ACCESS_TOKEN")
    answer = call_as(gong, valid_calls, operation, who)
    clause = "scope.missing-is-401" if answer.status == 403 else SCOPE_CLAUSES[operation.name]
    answer.require(clause, answer.status == 401, f"401, for the token lacks {operation.scope}")
    wording = f"You don't have permission to use '{operation.scope}' in your app."
    answer.prefer("scope.message", answer.member("errors") == [wording], wording)


@pytest.mark.clause("auth.bearer-accepted")
@every_operation
def test_other_scopes_do_not_matter(
    gong: Caller, valid_calls: ValidCalls, target: Target, operation: Operation
) -> None:
    """A bearer token with the scope of an operation opens it, whatever other scopes it lacks."""
    holders = [limited for limited in target.limited if operation.scope in limited.scopes]
    if not holders:
        pytest.skip(f"no limited token with {operation.scope} was given")
    answer = call_as(gong, valid_calls, operation, min(holders, key=lambda one: len(one.scopes)).credentials)
    answer.require(
        "auth.bearer-accepted", answer.status != 401, f"anything but 401, for the token has {operation.scope}"
    )


@pytest.mark.clause("auth.no-credentials")
@pytest.mark.parametrize("scheme", ["Digest", "Token", "Basic", "Bearer"])
def test_other_schemes(gong: Caller, scheme: str) -> None:
    """An Authorization header of a scheme that is not offered, or that holds nothing to check, is no credential."""
    answer = gong.list_crm_integrations("current", who=Credentials(authorization=f"{scheme} bm9ib2R5"))
    answer.require("auth.no-credentials", answer.status == 401, "401, for the header holds no credentials")


@pytest.mark.clause("auth.unknown-path-anonymous")
def test_unknown_path_without_credentials(gong: Caller) -> None:
    """Without credentials an unknown path is answered 401 like any other."""
    answer = gong.send("GET", "/v2/crm/no-such-path", who=NOBODY)
    answer.require("auth.unknown-path-anonymous", answer.status == 401, "401, for nobody is calling")


@pytest.mark.clause("auth.unknown-path")
@pytest.mark.parametrize("path", ["/v2/crm/no-such-path", "/v2/deals"])
def test_unknown_path(gong: Caller, path: str) -> None:
    """With valid credentials an unknown path is answered 404."""
    answer = gong.send("GET", path)
    answer.require("auth.unknown-path", answer.status == 404, "404, for there is no such path")


@pytest.mark.clause("delete.refused-deletes-nothing")
def test_nobody_deletes(gong: Caller, integration: Integration, family: Family) -> None:
    """A deletion by a caller without credentials is refused and leaves the integration listed."""
    refused = gong.delete_crm_integration(family, integration.id, client_request_id="nobody", who=NOBODY)
    refused.require("auth.no-credentials", refused.status == 401, "401, for nobody is calling")
    answer = gong.list_crm_integrations(family)
    ids = [entry.get("integrationId") for entry in answer.member("integrations") or []]
    answer.require("delete.refused-deletes-nothing", ids == [integration.id], f"the integration {integration.id}")
