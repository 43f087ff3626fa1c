"""Captions are kept with their credit, as captions of their story or page."""

from __future__ import annotations

import pytest

from tests.reading.beside import FERRY, MARKET, read, told
from transforms.model import Page
from transforms.restore.features import Piece
from transforms.restore.lines import lines_of
from transforms.segment.captions import captions_of
from transforms.segment.marks import marks_of
from transforms.segment.style import general_style


def test_a_caption_between_the_runs_of_a_story_is_kept_with_its_credit() -> None:
    caption = "图为江城新渡口，乘客登上第一班渡船。 本报记者 何小满 摄"
    reading = read(FERRY[0], FERRY[1], FERRY[2][:30], caption, FERRY[2][30:], FERRY[3], *MARKET)
    assert [p.text for p in reading.articles[0].body] == FERRY[1:]
    (kept,) = reading.captions
    assert (kept.text, [c.name for c in kept.credits], kept.article) == (caption, ["何小满"], 0)


@pytest.mark.parametrize(
    ("lines", "captions"),
    [
        (
            "图为乘客在江城新渡口\n登上第一班渡船。本报记者\n何小满 摄",
            ["图为乘客在江城新渡口登上第一班渡船。本报记者何小满 摄"],
        ),
        ("图为第一班渡船。\n（何小满 摄）", ["图为第一班渡船。（何小满 摄）"]),
        ("图为第一班渡船。\n图为新栈桥。", ["图为第一班渡船。", "图为新栈桥。"]),
        ("图为第一班渡船。何小满 摄\n新栈桥上。", ["图为第一班渡船。何小满 摄", "新栈桥上。"]),
        ("图为第一班渡船\n\n停靠新栈桥。", ["图为第一班渡船", "停靠新栈桥。"]),
    ],
)
def test_lines_of_one_caption_are_one_caption_up_to_its_credit(lines: str, captions: list[str]) -> None:
    pieces = [Piece((x,), x.text) for x in lines_of(Page(1, lines))]
    assert [c.text for c in captions_of(pieces, [], marks_of(general_style()))] == captions


@pytest.mark.parametrize(
    ("caption", "who"),
    [
        ("孩子们在新渡口的栈桥上写生。 何小满 柳望川 摄（江城图片社）", ["何小满", "柳望川"]),
        ("孩子们在新渡口的栈桥上写生。 何小满/摄影", ["何小满"]),
    ],
)
def test_a_caption_may_name_the_agency_of_its_picture(caption: str, who: list[str]) -> None:
    reading = read(FERRY[0], FERRY[1], FERRY[2][:30], caption, FERRY[2][30:], FERRY[3], *MARKET)
    assert [p.text for p in reading.articles[0].body] == FERRY[1:]
    assert [[c.name for c in x.credits] for x in reading.captions] == [who]


def test_a_picture_that_fits_no_story_is_its_pages() -> None:
    reading = read(*FERRY, "公园里的梅花开了。 何小满 摄", *MARKET)
    assert [(c.article, [x.name for x in c.credits]) for c in reading.captions] == [(-1, ["何小满"])]


def test_a_picture_story_is_an_article() -> None:
    picture = ["梅花开满山坡", "3月1日，江城西山的两千株梅花竞相开放，不少市民带着孩子登山赏花。本报记者 何小满 摄"]
    articles = {a.headline: a for a in read(*FERRY, "图片新闻", *picture, *MARKET).articles}
    assert articles.keys() == {FERRY[0], picture[0], MARKET[0]}
    assert articles[picture[0]].text.startswith("3月1日")


def test_a_picture_below_the_name_of_its_column_is_a_caption() -> None:
    picture = ["▲3月1日，乘客在江城新渡口登船。", "本报记者 柳望川 通讯员 何小满 摄影报道"]
    found = told(*FERRY, "图片新闻", *picture, *MARKET)
    assert (found.furniture, found.captions, found.stories) == ({4}, {5, 6}, [])


@pytest.mark.parametrize("credit", ["本报通讯员 柳望川 摄影报道", "新华社发（柳望川 摄）"])
def test_a_picture_story_may_say_at_its_end_what_is_shown(credit: str) -> None:
    story = ["渡口茶香", "谷雨过后，渡口两岸的茶园陆续开采。图为3月1日，茶农在采摘鲜叶。", credit]
    assert told(*FERRY, *story, *MARKET).stories == [(len(FERRY), len(FERRY) + 1)]


def test_a_paragraph_that_shows_nothing_is_no_caption() -> None:
    assert not told(*FERRY, "谷雨过后，渡口两岸的茶园陆续开采。以图为证，茶农不再下山。", *MARKET).captions


@pytest.mark.parametrize(
    ("lines", "captions"),
    [
        (["船工在渡口检查新换的缆绳。", "本报记者 柳望川 摄"], {4, 5}),
        (["（图片由市水利局提供）"], {4}),
        (["船工在渡口检查新换的缆绳。（市水利局提供）"], {4}),
        (["船工检查了新换的缆绳，渡口比去年多开了两班船。（数据由市水利局提供）"], set()),
        (["渡口三月多风，船工检查了新换的缆绳。早班船照开。（市水利局提供）"], set()),
        (
            [
                "图片新闻",
                "3月1日，渡口的蜡梅开了。游人来赏花，船老大也歇了半天，泡一壶茶。",
                "本报记者 柳望川 摄影报道",
            ],
            {5, 6},
        ),
    ],
    ids=["one sentence", "provided", "given", "figures", "two sentences", "column of pictures"],
)
def test_captions_whose_credit_stands_on_a_line_of_its_own(lines: list[str], captions: set[int]):
    assert told(*FERRY, *lines, *MARKET).captions == captions


@pytest.mark.parametrize(
    "text", ["船老大说：“票价还是从前的两块钱。”", "渡口停了四年。岸边的栈桥年久失修。", "的老人说。"]
)
def test_the_last_paragraph_of_a_story_is_no_caption(text: str):
    assert 4 not in told(*FERRY, text, "本报记者 柳望川 摄", *MARKET).captions


@pytest.mark.parametrize(
    "line",
    [
        "船工在渡口检查新换的缆绳。 影像中国",
        "船工在渡口检查新换的缆绳。 CFP供图",
        "船工在渡口检查新换的缆绳。 IC photo",
        "本版图片除署名外均由柳望川摄",
        "本版插图为何小满提供",
    ],
)
def test_where_a_picture_came_from_is_a_caption(line: str):
    assert told(*FERRY, line, *MARKET).captions == {4}


def test_a_torn_line_above_a_picture_of_its_story_is_no_headline() -> None:
    torn, picture = (
        "渡口停了四年，岸边的栈桥年久失修，过江的人只好绕道十二",
        "图为3月1日，乘客登上新渡船。 本报记者 柳望川 摄",
    )
    found = told(*FERRY[:2], torn, picture, *MARKET, "公里外的大桥。")
    assert (found.stories, found.captions) == ([], {3})
    assert told(*FERRY, "新渡船开航", picture, *MARKET).stories == [(len(FERRY), len(FERRY) + 1)]
