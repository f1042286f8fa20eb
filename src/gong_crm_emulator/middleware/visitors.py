"""Who may call from where: pages of other sites and foreign host names stay out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

from gong_crm_emulator.hosts import address_of, is_loopback, name_in, normal

if TYPE_CHECKING:
    from starlette.types import Scope

    from gong_crm_emulator.settings import EmulatorSettings

OTHER_SITE: Final = "The emulator does not answer calls from pages of other sites."


def api_refused_because(scope: Scope, settings: EmulatorSettings, *, by_link: bool = False) -> str | None:
    """Say why a call of the API or of OAuth is refused, or return None for a welcome one.

    A page of another site that points its own name at this machine (DNS rebinding) could read what was uploaded.
    """
    headers = Headers(scope=scope)
    name = name_in(_host(headers))
    known = not name or address_of(name) is not None or is_loopback(name) or name in _allowed(settings)
    if not known:
        return f"The emulator does not answer under the host name {name!r}: allow it with --allow-host."
    return _other_site(scope, headers, by_link=by_link)


def control_refused_because(scope: Scope, settings: EmulatorSettings, *, by_link: bool = False) -> str | None:
    """Say why a control call is refused, or return None for a welcome one."""
    headers = Headers(scope=scope)
    name = name_in(_host(headers))
    client, server = scope.get("client"), scope.get("server")
    if name not in settings.control_hosts:
        # Who calls from the address at which he is answered is this machine, whatever that address is.
        own = normal(server[0]) if client and server and client[0] == server[0] else None
        if client is not None and own is None and not is_loopback(client[0]):
            return "The control API answers this machine only: allow a host name with --control-host."
        if not is_loopback(name) and name != own:
            return f"The control API does not answer under the host name {name!r}: allow it with --control-host."
    return _other_site(scope, headers, by_link=by_link)


def _host(headers: Headers) -> str:
    """Take the host that a call names; of two hosts neither is believed."""
    return ", ".join(headers.getlist("host"))


def _allowed(settings: EmulatorSettings) -> frozenset[str]:
    return settings.allow_hosts | settings.control_hosts


def _other_site(scope: Scope, headers: Headers, *, by_link: bool) -> str | None:
    """Refuse what a browser says comes from another site, but for a link that is followed where links are welcome."""
    followed = by_link and scope["method"] in {"GET", "HEAD"} and headers.get("sec-fetch-mode") == "navigate"
    origin = ", ".join(headers.getlist("origin"))
    if "origin" in headers and origin.partition("://")[2].lower() != _host(headers).lower():
        return OTHER_SITE
    if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"} and not followed:
        return OTHER_SITE
    return None
