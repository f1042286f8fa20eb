"""Gong's refusals: one exception, made by one function for each reason.

Refusal
    no credentials, no scope                     401
    no such path, wrong method, wrong media type 404, 405, 415
    bad parameters or body                       400
    second integration, repeated request id      409
    too slow, over the limit                     408, 429
"""

from __future__ import annotations

from typing import Final

from gong_crm_emulator.errors import (
    RepeatedRequestIdError,
    SecondIntegrationError,
    StateError,
    UnknownIntegrationError,
    UnknownRequestError,
)

NO_CREDENTIALS: Final = "Validate credentials failed. Please check your credentials and try again."
SECOND_INTEGRATION: Final = (
    "Your organization already has an active GENERIC CRM integration. Only 1 active integration is supported. "
    "Please disconnect the existing GENERIC CRM integration before creating a new Generic CRM integration"
)
NO_FILE: Final = "dataFile part is missing"
BAD_REQUEST: Final = "Bad request"
CLOSE: Final = {"Connection": "close"}
SERVER_FAULT: Final = "Internal server error occurred"


class Refusal(Exception):  # noqa: N818  (a refused request is Gong's answer, not a fault of the emulator)
    """A request that is answered with an error."""

    def __init__(self, status: int, *errors: str, headers: dict[str, str] | None = None, pretty: bool = False) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.errors = errors
        self.headers = headers or {}
        self.pretty = pretty


def bad_request(*errors: str) -> Refusal:
    """Refuse parameters or a body with 400."""
    return Refusal(400, *errors)


def of_state(error: StateError, *, unknown_id_status: int) -> Refusal:
    """Say in HTTP what the state forbids."""
    if isinstance(error, UnknownIntegrationError | UnknownRequestError):
        return Refusal(unknown_id_status, *error.sentences)
    if isinstance(error, SecondIntegrationError):
        return Refusal(409, SECOND_INTEGRATION)
    if isinstance(error, RepeatedRequestIdError):
        return Refusal(409, *error.sentences)
    return bad_request(*error.sentences)


def no_credentials() -> Refusal:
    """Refuse a caller who is not known, with the text seen live on 2026-09-07."""
    return Refusal(401, NO_CREDENTIALS, headers={"WWW-Authenticate": 'Basic realm="Gong.io API"'}, pretty=True)


def no_scope(scope: str) -> Refusal:
    """Refuse a caller who lacks a scope: 401 and not 403, with the text seen live on 2026-06-12."""
    return Refusal(401, f"You don't have permission to use '{scope}' in your app.")


def no_path() -> Refusal:
    """Refuse a path that does not exist."""
    return Refusal(404, "Not Found")


def wrong_method(allowed: list[str]) -> Refusal:
    """Refuse a method that a path does not have."""
    return Refusal(405, "Method Not Allowed", headers={"Allow": ", ".join(allowed)})


def wrong_media_type() -> Refusal:
    """Refuse a body of a media type that the operation does not read."""
    return Refusal(415, "Unsupported Media Type")


def too_slow(seconds: float) -> Refusal:
    """Refuse a caller who stops in the middle of a body."""
    return Refusal(408, f"The rest of the request did not come within {seconds:g} seconds", headers=CLOSE)


def over_limit(seconds: int) -> Refusal:
    """Refuse a call above the company's rate."""
    return Refusal(429, "API request limit exceeded", headers={"Retry-After": str(seconds)})
