"""A column of short news with a byline below its name is one text; without one its items are texts."""

from __future__ import annotations

from datetime import date

import pytest

from transforms.model import Issue, Page
from transforms.reading import read_issue
from transforms.trained import Models, load_models

ITEMS = """双桥镇为困难家庭送煤取暖

本报讯 1月12日，双桥镇把46吨取暖煤送到112户困难家庭门口，每户400公斤。镇里还安排志愿者逐户检查烟囱和炉具。

青石镇开展冬季防溺水巡查

本报讯 连日来，青石镇组织河长、民兵对辖区6座水库和14处河湾开展防溺水巡查，增设警示牌32块。

书画社义写春联

本报讯 1月11日，海棠书画社的15名社员走进水泉街道，为居民义写春联600余副。活动将持续到农历小年。
"""


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def read(text: str, models: Models) -> list:
    return list(read_issue(Issue("x", date(2026, 1, 15), (Page(1, text),)), models).articles)


@pytest.mark.parametrize("name", ["新闻速递", "云州资讯"])
def test_who_signs_a_column_signs_for_all_its_items(name: str, models: Models):
    (column,) = read(f"{name}\n\n□ 本报记者 江南雁\n\n{ITEMS}", models)
    assert column.headline == name
    assert column.byline[0].name == "江南雁"
    text = "".join(p.text for p in column.body)
    assert [line for line in ITEMS.split("\n\n") if line.strip() not in text] == []


def test_an_unsigned_column_is_a_heading_above_texts(models: Models):
    assert [a.headline for a in read(f"新闻速递\n\n{ITEMS}", models)] == ITEMS.split("\n\n")[::2]


def test_a_text_with_its_own_byline_is_no_item(models: Models):
    other = "老渡口的新日子\n\n□ 苏晚晴\n\n渡口的老人说起往年的大水，话就长了。桥修好的那天，他在桥上走了三个来回。\n"
    articles = read(f"新闻速递\n\n□ 本报记者 江南雁\n\n{ITEMS}\n{other}", models)
    assert [a.headline for a in articles] == ["新闻速递", "老渡口的新日子"]
