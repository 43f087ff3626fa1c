"""Announcements that the law makes companies print are notices, wherever they stand; news of companies is news."""

from __future__ import annotations

import pytest

from tests.reading.beside import FERRY, MARKET, fate_of, read, told
from transforms.model import Fate

CODE = "证券代码：000000 证券简称：江城渡运 公告编号：2026-001"
MEETING = [
    CODE,
    "江城渡运股份有限公司关于召开2026年第一次临时股东大会的通知",
    "本公司董事会及全体董事保证本公告内容不存在虚假记载、误导性陈述或者重大遗漏。",
    "现场会议召开时间：2026年3月20日9点；召开地点：江城市滨江路1号。",
    "股权登记日：2026年3月12日。",
    "特此公告。",
    "江城渡运股份有限公司董事会",
    "二〇二六年三月一日",
]
FUND = [
    "江城稳健债券型证券投资基金分红公告",
    "公告送出日期：2026年3月1日",
    "基金名称 江城稳健债券型证券投资基金",
    "基金主代码 000000",
    "本次分红方案（单位：元/10份基金份额） 0.1000",
    "投资者可拨打客户服务电话查询。",
    "江城基金管理有限公司",
]
NEWS = [
    "江城渡运股份有限公司发布分红公告",
    "本报讯（记者 何小满）3月1日，江城渡运发布公告，每10股派发现金红利1元，股权登记日为3月12日，渡船新航线四月开通。",
    "公司董事会表示，去年客流增长两成，今年还要再添两艘渡船。",
]


@pytest.mark.parametrize(
    "notice", [MEETING, MEETING[:7], MEETING[1:], FUND, MEETING[:5], [CODE], FUND[:4], [*MEETING, *FUND]]
)
def test_an_announcement_is_a_notice_from_code_or_title_to_signature(notice: list[str]) -> None:
    found = told(*FERRY, *notice, *MARKET)
    assert found.notices == set(range(4, 4 + len(notice)))
    assert not found.stories


def test_one_that_nobody_signs_ends_with_its_last_field() -> None:
    found = told(*FERRY, *FUND[:6], *MARKET)
    assert found.notices == {4, 5, 6, 7}


@pytest.mark.parametrize("notice", [MEETING, FUND])
def test_a_story_goes_on_below_an_announcement_that_cuts_it(notice: list[str]) -> None:
    lines = [*FERRY[:2], FERRY[2][:30], *notice, FERRY[2][30:], FERRY[3], *MARKET]
    reading = read(*lines)
    assert [a.headline for a in reading.articles] == [FERRY[0], MARKET[0]]
    assert [p.text for p in reading.articles[0].body] == FERRY[1:]
    assert fate_of(reading, notice[0], "\n\n".join(lines)) == {Fate.ADVERT}


def test_an_announcement_in_traditional_characters() -> None:
    notice = [
        "證券代號：0000 證券名稱：江城渡運",
        "江城渡運股份有限公司股東常會通知",
        "最後過戶日：3月12日",
        "江城渡運股份有限公司",
    ]
    story = [
        "新修的渡口今天開航",
        "〔記者柳望川／江城報導〕江城新渡口昨天開航，第一班渡船載著三十多位鄉親駛向對岸，碼頭上響起一片掌聲。",
    ]
    assert told(*story, *notice, *story, style="zh-Hant").notices == {2, 3, 4, 5}


@pytest.mark.parametrize(
    "lines",
    [
        NEWS,
        [*NEWS[:2], "股权登记日：3月12日。", NEWS[2]],
        ["江城渡运股份有限公司关于开通夜航的公告", *FERRY[1:]],
        [
            "江城稳健基金昨发分红公告",
            "□ 本报记者 何小满",
            "这是这只基金成立以来的第三次分红，基金名称里的“稳健”二字名副其实。",
        ],
    ],
)
def test_news_of_a_company_is_news(lines: list[str]) -> None:
    assert not told(*FERRY, *lines, *MARKET).notices
