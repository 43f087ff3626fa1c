"""Where articles stand on a page, as rectangles."""

from transforms.model import Box, Page, Span
from transforms.outlines import MARGIN, outlines

HIGH, APART = 10.0, 12.0


def column(left: float, top: float, lines: int, width: float = 90.0) -> list[Box]:
    return [Box(left, top + n * APART, left + width, top + n * APART + HIGH, HIGH) for n in range(lines)]


def page_of(boxes: list[Box]) -> Page:
    return Page(1, "\n".join("一行文字" for _ in boxes), boxes=tuple(boxes))


def lines(first: int, last: int) -> Span:
    """From line ``first`` up to ``last``, which is left out; a line has four characters and its end."""
    return Span(1, first * 5, last * 5 - 1)


def bounds(found: list[Box]) -> list[tuple[float, ...]]:
    return [(b.left + MARGIN, b.top + MARGIN, b.right - MARGIN, b.bottom - MARGIN) for b in found]


def test_a_column_is_one_block_and_its_headline_is_in_it():
    page = page_of([Box(0, 0, 80, 14, 14.0), *column(0, 16, 5)])
    assert bounds(outlines(page, [lines(0, 6)])) == [(0, 0, 90, 74)]


def test_a_headline_over_two_columns_does_not_cover_the_neighbours():
    head = Box(0, 0, 200, 20, 20.0)
    page = page_of([head, *column(0, 24, 5), *column(110, 24, 5)])
    for own in ([lines(0, 6)], [lines(0, 11)]):  # the second column is another article's, or its own
        found = bounds(outlines(page, own))
        assert found[:2] == [(0, 0, 200, 20), (0, 24, 90, 82)]
        assert found[2:] == ([(110, 24, 200, 82)] if own == [lines(0, 11)] else [])


def test_a_line_that_was_cut_in_two_stays_in_its_block():
    whole = column(0, 0, 4)
    cut = [Box(0, 48, 40, 58, HIGH), Box(45, 48, 90, 58, HIGH)]
    page = page_of([*whole, *cut, *column(0, 60, 2)])
    assert bounds(outlines(page, [lines(0, 8)])) == [(0, 0, 90, 82)]


def test_lines_without_places_have_no_outline():
    assert outlines(Page(1, "一行文字\n一行文字"), [Span(1, 0, 9)]) == []
