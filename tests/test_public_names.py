"""`__all__` of each package is what one may import from it: nothing forgotten, nothing by accident."""

from importlib import import_module
from types import ModuleType

import pytest

PACKAGES = ["gong_crm", "gong_crm_client", "gong_crm_client.models", "gong_crm_emulator", "gong_crm_schemas"]


def is_borrowed(value: object, package: str) -> bool:
    """Whether a value is a module, or was defined outside the package and only imported by it."""
    home = getattr(value, "__module__", None) or package
    return isinstance(value, ModuleType) or home.partition(".")[0] != package.partition(".")[0]


@pytest.mark.parametrize("name", PACKAGES)
def test_public_names_are_exported(name: str) -> None:
    """Every public name of the package is in `__all__`, and `__version__` where there is one."""
    package = import_module(name)
    exported = set(package.__all__)
    found = {key for key in dir(package) if not key.startswith("_") or key == "__version__"} - {"TYPE_CHECKING"}
    assert set() == {key for key in found - exported if not is_borrowed(getattr(package, key), name)}


@pytest.mark.parametrize("name", PACKAGES)
def test_exported_names_are_there(name: str) -> None:
    """Every name in `__all__` can be imported, is listed once."""
    package = import_module(name)
    assert [] == [key for key in package.__all__ if not hasattr(package, key)]
    assert sorted(set(package.__all__)) == sorted(package.__all__)
