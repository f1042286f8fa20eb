"""What cannot be a target is said in one sentence before anything is sent."""

import pytest

from contract_tests.suite.wire.targets import TargetUnusable, is_loopback, limited_tokens, live_target

TOKEN = {"GONG_ACCESS_TOKEN": "token"}


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "no credentials"),
        ({"GONG_ACCESS_KEY": "key"}, "belong together"),
        ({"GONG_ACCESS_KEY": "k:ey", "GONG_ACCESS_KEY_SECRET": "secret"}, "holds a colon"),
        (TOKEN | {"GONG_BASE_URL": "api.gong.io"}, "no http or https URL"),
        (TOKEN | {"GONG_BASE_URL": ""}, "is empty; leave it out to judge https://api.gong.io"),
        (TOKEN | {"GONG_BASE_URL": " "}, "is empty"),
        (TOKEN | {"GONG_BASE_URL": "https://a.example/ v2"}, "holds a blank"),
        (TOKEN | {"GONG_BASE_URL": "https://a.example\n"}, "holds a blank"),
        (TOKEN | {"GONG_BASE_URL": "https://a.example:99999"}, "is no URL"),
        *(
            (TOKEN | {"GONG_BASE_URL": f"https://{host}"}, "names no host")
            for host in (".example", "a..example", "[v1.x]:9", f"{'a' * 70}.example", "xn--.example")
        ),
        (TOKEN | {"GONG_BASE_URL": "https://a.example/#part"}, "ends in a query or a fragment"),
        (TOKEN | {"GONG_BASE_URL": "https://a.example/v2"}, "holds /v2"),
        (TOKEN | {"GONG_BASE_URL": "https://a.example/v2/"}, "holds /v2"),
        (TOKEN | {"GONG_BASE_URL": "https://a.example/v2/crm/entities"}, "holds /v2"),
        (TOKEN | {"GONG_BASE_URL": "https://a.example/?x=1"}, "ends in a query"),
        (TOKEN | {"GONG_LIMITED_ACCESS_TOKEN": "other|api:crm:nothing"}, "unknown scope"),
    ],
)
def test_unusable_targets_are_said(environment: dict[str, str], sentence: str) -> None:
    """Missing or half credentials, a wrong URL and an unknown scope are said in one sentence."""
    with pytest.raises(TargetUnusable, match=sentence):
        live_target(None, environment=environment)


def test_a_password_in_the_url_is_refused_and_not_repeated() -> None:
    """Credentials in a URL would travel into every report, so they are refused without being shown."""
    with pytest.raises(TargetUnusable) as caught:
        live_target("https://jane:hunter2@a.example", environment=TOKEN)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("dirt", ["\r", "\n", "\r\n", " ", "\t"])
def test_what_pasting_leaves_around_a_credential_is_stripped(dirt: str) -> None:
    """A line end behind a credential is no part of it."""
    target = live_target(None, environment={"GONG_ACCESS_TOKEN": f"{dirt}token{dirt}"})
    assert "Bearer token" == target.credentials.authorization


@pytest.mark.parametrize("dirt", ["\r", "\n", " ", "\x00", "ä", "\u200b"])
@pytest.mark.parametrize("name", ["GONG_ACCESS_TOKEN", "GONG_ACCESS_KEY", "GONG_ACCESS_KEY_SECRET"])
def test_a_credential_that_no_header_can_carry_is_refused(name: str, dirt: str) -> None:
    """What stands inside a credential and fits no header is refused, and the credential is not repeated."""
    pair = {"GONG_ACCESS_KEY": "key", "GONG_ACCESS_KEY_SECRET": "secret"}
    with pytest.raises(TargetUnusable, match=name) as caught:
        live_target(None, environment=pair | {name: f"planted{dirt}value"})
    assert "planted" not in str(caught.value)


def test_a_path_in_front_of_the_api_is_kept() -> None:
    """A base URL may have a path, with or without a slash at its end."""
    target = live_target("https://a.example/gong/", environment=TOKEN)
    assert ("https://a.example/gong", "/gong") == (target.base_url, target.prefix)


def test_limited_tokens_are_read() -> None:
    """Limited tokens are separated by blanks, and name the scopes that they have."""
    none, some = limited_tokens("first second|api:crm:upload,api:crm:schema")
    assert (frozenset(), frozenset({"api:crm:upload", "api:crm:schema"})) == (none.scopes, some.scopes)


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://[::1]:1", True),
        ("https://api.gong.io", False),
    ],
)
def test_loopback_is_told_apart_from_the_world(url: str, loopback: bool) -> None:  # noqa: FBT001  (a row of the table)
    """Only addresses of this machine may be hurried and fuzzed without a word."""
    assert loopback == is_loopback(url)
