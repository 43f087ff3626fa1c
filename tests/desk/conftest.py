"""The desk served to a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import opened
from tests.support.morning import morning
from tests.support.served import Served, serve


@pytest.fixture(scope="session")
def desk(tmp_path_factory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("desk")) as served:
        yield served


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with opened() as browser:
        yield browser


@pytest.fixture
def page(desk: Served, chromium: Browser) -> Iterator[Page]:
    """A page of the desk on a morning on which all sorts of things wait."""
    desk.installation = morning()
    desk.started.clear()
    desk.later.clear()
    desk.state = "success"
    context = chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 860})
    yield context.new_page()
    context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, so that `make unit` leaves it out."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
