"""An emulator of Gong's generic CRM API that knows nothing of the document or of any client."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gong_crm_emulator.errors import ExtraMissingError, StartError

if TYPE_CHECKING:
    from gong_crm_emulator.app import create_app
    from gong_crm_emulator.principals import SCOPES, Principal
    from gong_crm_emulator.server import RunningEmulator, running_emulator
    from gong_crm_emulator.settings import EmulatorSettings

__all__ = [
    "SCOPES",
    "EmulatorSettings",
    "Principal",
    "RunningEmulator",
    "StartError",
    "create_app",
    "running_emulator",
]

# Found when they are asked for: a test run that never uses the emulator loads no server.
_HOMES = {
    "SCOPES": "principals",
    "EmulatorSettings": "settings",
    "Principal": "principals",
    "RunningEmulator": "server",
    "create_app": "app",
    "running_emulator": "server",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (whatever the module holds)
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    except ModuleNotFoundError as missing:
        raise ExtraMissingError(missing) from missing


def __dir__() -> list[str]:
    return sorted(__all__)
