"""A real S3 server for the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.support.shop import Shop, opened


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> Iterator[Shop]:
    with opened(tmp_path_factory.mktemp("shop")) as one:
        yield one
