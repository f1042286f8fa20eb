"""An emulator for Gong's generic CRM API that knows nothing of the document or of any client."""

from gong_crm_emulator.app import create_app
from gong_crm_emulator.errors import StartError
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
