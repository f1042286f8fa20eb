"""What holds for every unit test."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a warning be an error here, and not in the runs of those who judge their own server."""
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.filterwarnings("error"), append=False)
