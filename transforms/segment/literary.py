"""Pages of literature, on which a title, a writer's name and a text follow each other."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.segment.headlines import SHORT_TITLE, headline_like
from transforms.segment.marks import Marks
from transforms.segment.names import is_likely
from transforms.segment.standing import Standing

LITERARY = ("副刊", "文艺", "文学", "散文", "诗歌", "文苑", "笔会", "文藝", "文學", "詩")  # in the name of a page
TOP = 2  # lines
LONGEST_PEN_NAME = 3  # characters of a line that can be nothing but one name
LONGEST_TITLE, LEAST_TITLED = 16, 2
BYLINE_MARKS = "▲△▼▽◆◇●○■□★☆"


def pen_names(
    texts: Sequence[str], numbers: Sequence[int], bylines: Sequence[bool], found: Standing, marks: Marks
) -> set[int]:
    """The lines of a literary page that hold a writer's name alone, each between a title and a text.

    One such line may be anything; where two or more are set so, with a mark or without, it is how the page is made.
    ``numbers``: the places of the lines on the page. ``bylines``: which of them are certainly bylines.
    """
    heads = [t for t, n in zip(texts, numbers, strict=True) if n in found.furniture or n < TOP]
    if not any(word in head for head in heads for word in LITERARY):
        return set()
    count, bare = 0, set()
    for n in range(1, len(texts) - 1):
        title, name = texts[n - 1], texts[n]
        titled = len(title) <= LONGEST_TITLE and (headline_like(title) or SHORT_TITLE.match(title))
        if numbers[n + 1] - numbers[n - 1] != 2 or not titled:
            continue
        alone = 1 < len(name) <= LONGEST_PEN_NAME and is_likely(name) and bool(marks.parse_byline(name))
        count += alone or (bylines[n] and name[0] in BYLINE_MARKS)
        bare |= {n} if alone else set()
    return bare if count >= LEAST_TITLED else set()
