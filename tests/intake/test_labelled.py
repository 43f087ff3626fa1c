"""Archives export articles field by field, each below its name in brackets."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.steps.reading import Reader
from transforms.intake import SourceFile, read_source
from transforms.intake.labelled import is_export
from transforms.model import Issue

EXPORT = """【版次】第02版（要闻）
【引题】停航四年之后
【标题】新修的渡口开航
【副题】——每天八班

【作者】柳望川 何小满

【正文】

3月1日清早六点，江城新渡口开航，第一班渡船载着三十多位乘客驶向对岸。

船老大说，票价还是从前的两块钱。

【版次】第03版（副刊）
【标题】赶早集
【作者】本报记者 江南雁
【正文】石铺镇逢三逢八赶集。天还黑着，挑担的、推车的，就沿着江堤来了。
"""


def test_each_article_of_an_export_is_one():
    pages, refused = read_source([SourceFile("page-02.txt", EXPORT.encode())])
    articles = Reader.load().read(Issue("yunzhou-daily", date(2026, 3, 1), pages, refused)).articles
    assert [(a.kicker, a.headline, a.subhead) for a in articles] == [
        ("停航四年之后", "新修的渡口开航", "每天八班"),
        ("", "赶早集", ""),
    ]
    assert [[c.name for c in a.byline] for a in articles] == [["柳望川", "何小满"], ["江南雁"]]
    assert [len(a.body) for a in articles] == [2, 1]
    assert not any("版" in a.text or "【" in a.text for a in articles)


@pytest.mark.parametrize(
    "text",
    [
        "【标题】渡口开航",
        "【人物】老船工\n【正文】",
        "新修的渡口【标题】开航【正文】",
        "标题：渡口开航\n正文：开航了。",
    ],
)
def test_other_text_is_no_export(text: str):
    assert not is_export(text)


def test_an_article_may_have_no_text():
    pages, _ = read_source([SourceFile("page-01.txt", "【标题】渡口开航\n【标题】赶早集\n【正文】天还黑着。".encode())])
    assert [len(given.parts) for given in pages[0].given or ()] == [1, 2]
