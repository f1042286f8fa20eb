"""The two OAuth endpoints: consent without a page, and the exchange of codes and refresh tokens."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import request_response

from gong_crm_emulator.auth.credentials import ACCESS_SECONDS, Access, InvalidGrant
from gong_crm_emulator.hosts import is_loopback
from gong_crm_emulator.middleware.visitors import api_refused_because
from gong_crm_emulator.principals import SCOPES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp

    from gong_crm_emulator.auth.credentials import TokenPair
    from gong_crm_emulator.settings import EmulatorSettings
    from gong_crm_emulator.store.tables.grants import Kind

Endpoint: TypeAlias = "Callable[[Request], Awaitable[Response]]"

_GRANTS: Final[dict[str, tuple[Kind, str]]] = {
    "authorization_code": ("code", "code"),
    "refresh_token": ("refresh", "refresh_token"),
}
_LOG: Final = logging.getLogger("gong_crm_emulator")
_LONGEST_FORM: Final = 64_000
_LONGEST_REDIRECT: Final = 2_000
_DIGITS: Final = 10


def endpoints(access: Access, settings: EmulatorSettings) -> list[tuple[str, str, ASGIApp]]:
    """List method, path and application of both endpoints, at the paths that Gong's app host has."""
    oauth = _OAuth(access, settings)
    return [
        ("GET", "/oauth2/authorize", request_response(_whatever_fails(oauth.authorize))),
        ("POST", "/oauth2/generate-customer-token", request_response(_whatever_fails(oauth.generate_customer_token))),
    ]


def _whatever_fails(endpoint: Endpoint) -> Endpoint:
    """Answer in OAuth's own shape, whatever fails in the emulator."""

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (sqlite3.Error, OSError) as problem:
            sentence = f"The state cannot be read or written: {problem}. Free space on the disk, then try again"
            return _refused("temporarily_unavailable", sentence, status=503)
        except Exception as problem:  # noqa: BLE001  (whatever fails, the caller gets JSON)
            _LOG.exception("OAuth failed on %s %s", request.method, request.url.path)
            return _refused("server_error", f"The emulator failed: {problem!r}", status=500)

    return answered


class _OAuth:
    def __init__(self, access: Access, settings: EmulatorSettings) -> None:
        self._access = access
        self._settings = settings

    async def authorize(self, request: Request) -> Response:
        """Consent at once and send the browser back with a code."""
        reason = api_refused_because(request.scope, self._settings, by_link=True)
        if reason is not None:
            return _refused("access_denied", reason, status=403)
        query = request.query_params
        target = query.get("redirect_uri", "")
        if query.get("client_id") != self._settings.oauth_client_id:
            return _refused("invalid_request", "client_id must be that of the registered app")
        if not self._is_welcome(target):
            return _refused(
                "invalid_request",
                "redirect_uri must be a loopback address or one that was registered: start with --oauth-redirect URI",
            )
        code = self._access.make_code(query.get("scope", " ".join(SCOPES)).split(), redirect=target)
        answer = {"code": code, **({"state": query["state"]} if "state" in query else {})}
        return RedirectResponse(f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}", status_code=302)

    def _is_welcome(self, target: str) -> bool:
        """Say whether a code may be sent to an address, since whoever gets it can act in the user's name."""
        if target in self._settings.oauth_redirects:
            return True
        if len(target) > _LONGEST_REDIRECT or "#" in target:  # RFC 6749, 3.1.2: without a fragment
            return False
        try:
            parts = urlsplit(target)
        except ValueError:
            return False
        return parts.scheme == "http" and parts.username is None and is_loopback(parts.hostname or "")

    async def generate_customer_token(self, request: Request) -> Response:
        """Exchange a code or a refresh token."""
        reason = api_refused_because(request.scope, self._settings)
        if reason is not None:
            return _refused("access_denied", reason, status=403)
        if not self._access.is_client(request.headers.get("authorization", "")):
            return _refused("invalid_client", "Send client id and secret by Basic authentication", status=401)
        sent = await _parameters(request)
        grant = _GRANTS.get(sent.get("grant_type", ""))
        if grant is None:
            return _refused("unsupported_grant_type", f"grant_type must be one of {', '.join(_GRANTS)}")
        kind, name = grant
        seconds = sent.get("validity_duration", str(ACCESS_SECONDS))
        if not (seconds.isdecimal() and len(seconds) < _DIGITS and 0 < int(seconds) <= ACCESS_SECONDS * 365):
            return _refused("invalid_request", "validity_duration must be a number of seconds up to a year")
        try:
            pair = self._access.exchange(
                kind, sent.get(name, ""), redirect=sent.get("redirect_uri", ""), seconds=int(seconds)
            )
        except InvalidGrant:
            return _refused("invalid_grant", f"{name} is unknown, used before, or expired")
        address = self._settings.public_url or str(request.base_url).rstrip("/")
        return JSONResponse(_reported(pair, address=address))


def _reported(pair: TokenPair, *, address: str) -> dict[str, Any]:
    return {
        "access_token": pair.access_token,
        "refresh_token": pair.refresh_token,
        "expires_in": pair.expires_in,
        "scope": " ".join(pair.scopes),
        "token_type": "bearer",
        "api_base_url_for_customer": address,
    }


async def _parameters(request: Request) -> Mapping[str, str]:
    """Read parameters from the query and from a form body; Gong's guide shows both."""
    body = bytearray()
    with contextlib.suppress(ClientDisconnect):  # what came is judged, and the answer goes nowhere
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LONGEST_FORM:
                break
    return {**request.query_params, **dict(parse_qsl(body.decode("latin-1")[:_LONGEST_FORM]))}


def _refused(error: str, description: str, *, status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": description}, status_code=status)
