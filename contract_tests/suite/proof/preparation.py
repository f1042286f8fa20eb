"""What a run against each changed server would do anew, done once before the processes part."""

import importlib
import pkgutil
from collections.abc import Iterable

import httpx
import pytest

from contract_tests.suite.drive.records import OBJECT_TYPES
from contract_tests.suite.generate.fuzzing import Fuzz, GeneratedCase
from contract_tests.suite.generate.strategies import generated_file
from contract_tests.suite.ledger.operations import FAMILIES
from contract_tests.suite.wire.network import Network
from contract_tests.suite.wire.redaction import Redactor
from contract_tests.suite.wire.targets import emulator_target
from gong_crm_client import api


class Generated:
    """Stands where a test sends its generated calls, and keeps them: they are the same ones in every run."""

    def __init__(self) -> None:
        self._cases: list[GeneratedCase] = []

    def run(self, case: GeneratedCase) -> None:
        """Keep a call."""
        self._cases.append(case)

    def replay(self, fuzz: Fuzz) -> None:
        """Send the calls."""
        for case in self._cases:
            fuzz.run(case)


def prepare(items: Iterable[pytest.Item]) -> None:
    """Import what is imported late, fill what is cached, and generate what is the same in every run.

    Args:
        items: The collected tests; those that generate their calls send the ones that were generated here.
    """
    operations = (module.name for module in pkgutil.walk_packages(api.__path__, f"{api.__name__}."))
    for module in ("pyrate_limiter", *operations):  # schemathesis and the client driver import them when they call
        importlib.import_module(module)
    with emulator_target() as target:
        Redactor(target.secrets)
        network = Network(target.base_url)
        network.send(httpx.Request("GET", target.base_url))
        network.close()
    for family in FAMILIES:
        for object_type in OBJECT_TYPES:
            generated_file(family, object_type, count=18)
    for item in items:
        if isinstance(item, pytest.Function) and hasattr(item.obj, "hypothesis"):
            generated = Generated()
            item.obj(fuzz=generated)
            item.obj = generated.replay
