"""What all tests share: no property is judged by how busy the machine is, and what starts a server is a slow test."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Python's readline leaves the size of a terminal to the processes that pytest-xdist starts, where there is none.
for size in ("COLUMNS", "LINES"):
    os.environ.pop(size, None)

# Hypothesis counts an example that takes longer than 200 ms as a failure, which any example does on a loaded machine.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

os.environ["BROADSHEET_LANGUAGE"] = "en"  # whatever language the developer's terminal has

SERVERS = {"shop"}  # fixtures that start one
WHOLE_FILE = re.compile(r"^pytestmark = pytest\.mark\.(\w+)", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Files that ``-m "not slow"`` leaves out whole are not imported: that took a fifth of the quick loop's time."""
    marker = None
    if collection_path.name == "system":
        marker = "system"
    elif collection_path.suffix == ".py" and (found := WHOLE_FILE.search(collection_path.read_text("utf-8"))):
        marker = found[1]
    return True if marker and f"not {marker}" in config.option.markexpr else None


@pytest.hookimpl(tryfirst=True)  # before pytest looks at the markers that it was asked for
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if isinstance(item, pytest.Function) and SERVERS & set(item.fixturenames):
            item.add_marker(pytest.mark.slow)
