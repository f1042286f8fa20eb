"""What can go wrong in the emulator, as one tree.

EmulatorError
    ExtraMissingError      what the emulator needs beside the client is not installed
    OptionError            an option cannot be followed
    StartError             the server could not start
    StorageError           the file for the state is of no use
    SeedError              a declared state cannot be planted
    PlanError              a fault plan cannot be carried out
    StateError             a request that the state forbids; what HTTP makes of it is said in refusals.py
        UnknownIntegrationError, UnknownRequestError
        SecondIntegrationError, RepeatedRequestIdError
        SchemaError
        ReplacedError      the state was reset or restored meanwhile
"""

from __future__ import annotations


class EmulatorError(Exception):
    """Anything of the tree above; its text says what happened and what to do."""


class ExtraMissingError(EmulatorError, ImportError):
    """The packages of the extra `emulator` are not installed."""

    def __init__(self, missing: ModuleNotFoundError) -> None:
        super().__init__(
            f"The emulator needs {missing.name}, which is not installed: pip install 'gong-crm[emulator]'."
        )


class OptionError(EmulatorError):
    """An option that cannot be followed."""


class StartError(EmulatorError):
    """The emulator could not start."""


class StorageError(EmulatorError):
    """The file for the state cannot be used."""


class SeedError(EmulatorError):
    """A seed that cannot be planted."""


class PlanError(EmulatorError):
    """A fault plan that cannot be carried out."""


class StateError(EmulatorError):
    """A request that the present state, or a rule about it, forbids.

    Attributes:
        sentences: One for each thing that is wrong.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


class UnknownIntegrationError(StateError):
    """There is no integration of that id."""


class UnknownRequestError(StateError):
    """There is no request of that name."""


class SecondIntegrationError(StateError):
    """An integration is registered already."""


class RepeatedRequestIdError(StateError):
    """The integration has a request of that name already."""


class SchemaError(StateError):
    """The rules of the schema forbid an upload."""


class ReplacedError(StateError):
    """The state was reset or restored while something was under way."""
