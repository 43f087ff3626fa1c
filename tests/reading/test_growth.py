"""What a page costs grows with the pairs of its pieces, and no faster; a page too full to be read is refused."""

from __future__ import annotations

import time
import tracemalloc
from datetime import date

import pytest

from benchmarks.growth import page_of
from broadsheet.steps.reading import Reader
from transforms.model import Issue
from transforms.reading import MOST_PIECES

FEW, MANY = 250, 500
TIMES_THE_WORK = 7.0  # of twice the pieces: 4 is the square, 8 the cube; processor time, so other programs count little
TIMES_THE_MEMORY = 4.5


def issue(pieces: int) -> Issue:
    return Issue("growth", date(2026, 1, 15), (page_of(pieces),))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.load()


def work(reader: Reader, pieces: int) -> float:
    """Processor seconds for a page of so many pieces; the less of two readings."""
    page, spent = issue(pieces), []
    for _ in range(2):
        start = time.process_time()
        reader.read(page)
        spent.append(time.process_time() - start)
    return min(spent)


def memory(reader: Reader, pieces: int) -> int:
    """Bytes at the peak of reading a page of so many pieces, the models aside."""
    page = issue(pieces)
    tracemalloc.start()
    try:
        reader.read(page)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_twice_the_pieces_take_four_times_the_work(reader: Reader) -> None:
    assert work(reader, MANY) / work(reader, FEW) < TIMES_THE_WORK


@pytest.mark.slow
def test_twice_the_pieces_take_four_times_the_memory(reader: Reader) -> None:
    assert memory(reader, MANY) / memory(reader, FEW) < TIMES_THE_MEMORY


@pytest.mark.slow
def test_a_page_too_full_is_refused_in_words(reader: Reader) -> None:
    reading = reader.read(issue(MOST_PIECES + 1))
    assert [f"more than the {MOST_PIECES:,} that can be put in order" in r.reason for r in reading.refused] == [True]
