"""No secret passes into a recording unseen."""

from pathlib import Path

import pytest

from contract_tests.suite.evidence.cassettes import CASSETTES, files_in
from contract_tests.suite.evidence.secrets import planted, shown_in
from tests.contract_tests.suite import servers

SECRET = "p4ss/w+rd=Xy12<Zq>&9"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("authorization:\n- Basic a2V5OnNlY3JldA==", "credentials in a header"),
        ("authorization:\n- Bearer abcdef", "credentials in a header"),
        ("authorization:\n- Digest x", "an Authorization value"),
        ('"Authorization": "abc"', "an Authorization value"),
        ("string: eyJhbGciOiJIUzI1NiJ9.e30.x", "a JSON web token"),
        ("set-cookie:\n- AWSALB=x", "a cookie"),
        ("string: key-admin is wrong", "a key of the emulator"),
        ("uri: https://us-55616.api.gong.io/v2", "the host of a company"),
        ("uri: http://127.0.0.1:8080/v2", "an address on this machine"),
        ("ownerEmail: jane@acme.com", "the e-mail address of somebody"),
        ("string: UQ4SK2XYZ7ABCDEFGHIJKLMNOPQRST12", "a string in the shape of a key"),
        ("string: aB3dE5fG7hI9jK1lM3nO5pQ7", "a string in the shape of a key"),
        ("string: 0123456789abcdef0123456789abcdef", "a string in the shape of a key"),
    ],
)
def test_the_shape_of_a_secret_is_found(text: str, expected: str) -> None:
    """Whatever looks like a credential, a private host or a person is reported, with its line."""
    assert any(one.startswith(expected) for one in shown_in(text))


def test_a_planted_value_is_found_and_never_repeated() -> None:
    """A known secret of any shape is reported by its length and line alone."""
    shown = shown_in("a: 1\nb: hunter2", secrets=["hunter2"])
    assert ["a planted value of 7 characters (number 1), in line 2"] == shown


@pytest.mark.parametrize("form", servers.forms_of(SECRET))
def test_a_planted_value_is_found_in_every_form(form: str) -> None:
    """What an answer has escaped or encoded keeps a recording from being kept, as the value itself does."""
    shown = shown_in(f"string: {form}", secrets=[SECRET])
    assert [f"a planted value of {len(SECRET)} characters (number 1), in line 1"] == shown[:1]


@pytest.mark.parametrize(
    "text",
    [
        "authorization:\n- Basic scrubbed",
        'www-authenticate:\n- Basic realm="Gong.io API"',
        "integrationId: 7527148379388644270",
        'requestId":"4jqnz03u5y2oz0ec7lp"',
        "ownerEmail: contract.suite@example.com",
        "client_request_id: recorded-ca-BUSINESS_USER_1",
        "  openapi_sha256: b27024a2c3e341c9d7c075b7bf9a9f896e16e406510b34a4b5bded7a7356b55e",
    ],
)
def test_what_a_recording_needs_is_no_secret(text: str) -> None:
    """Ids, invented addresses and hidden credentials are left in peace."""
    assert [] == shown_in(text)


def test_secrets_come_from_the_environment() -> None:
    """Keys, secrets and tokens of this machine are looked for; scopes are no secrets."""
    environment = {"GONG_ACCESS_KEY": "k", "GONG_LIMITED_ACCESS_TOKEN": "one|api:crm:upload two", "HOME": "/root"}
    assert {"k", "one", "two"} == planted(environment)


@pytest.mark.parametrize("path", files_in(CASSETTES)[:1], ids=lambda path: path.stem)
def test_a_secret_in_a_real_cassette_is_found(path: Path) -> None:
    """One answer that echoes a credential is enough."""
    text = path.read_text(encoding="utf-8")
    assert [] == shown_in(text)
    assert 1 == len(
        shown_in(text.replace("Basic scrubbed", "Basic a2V5OnNlY3JldA==", 1), secrets=["a2V5OnNlY3JldA=="])[:1]
    )
