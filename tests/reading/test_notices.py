"""Notices, advertisements and listings are told from stories by their form."""

from __future__ import annotations

import pytest

from tests.reading.beside import FERRY, MARKET, fate_of, read, told
from transforms.model import Fate


def test_classified_advertising_ends_where_news_begins() -> None:
    adverts = [
        "遗失声明",
        "江城丰源商行公章遗失，声明作废。",
        "何大有身份证遗失，声明作废。",
        "注销公告",
        "江城同福合作社拟注销，请债权人申报债权。",
    ]
    found = told(*adverts, *MARKET)
    assert found.notices == set(range(5))
    assert not found.furniture


@pytest.mark.parametrize("headline", ["江城接待两批外地客人", "江城渔业协会办起了年货品鉴会"])
def test_a_headline_below_classified_advertising_signs_none_of_it(headline: str) -> None:
    adverts = ["遗失声明", "江城丰源商行公章遗失，声明作废。", "江城丰源商行"]
    lead = "本报讯（记者 江南雁）昨日上午，渡口边的客栈里坐满了人，船工把刚打上来的鱼一筐筐抬进院子。"
    assert told(*adverts[:2], headline, lead).notices == {0, 1}
    assert told(*adverts[:2], "江城市渡口办事处会", *MARKET).notices == {0, 1, 2}


def test_adverts_have_their_fate_and_stand_in_no_article() -> None:
    lost = "何大有身份证遗失，声明作废。"
    lines = [*FERRY, "遗失声明", lost, *MARKET]
    reading = read(*lines)
    assert [a.headline for a in reading.articles] == [FERRY[0], MARKET[0]]
    assert fate_of(reading, lost, "\n\n".join(lines)) == {Fate.ADVERT}
    assert reading.account()["advert"] == len("遗失声明") + len(lost)


@pytest.mark.parametrize(
    "listing",
    [
        ["天气预报", "今天白天晴，东南风3级，最高气温21℃。", "今天夜间多云，最低气温9℃。"],
        ["电视节目预告", "江城一套", "19:30 新闻联播 20:05 黄金剧场"],
        ["今日菜价", "白菜 1.20 萝卜 0.90", "鸡蛋 4.75"],
        ["彩票开奖", "双色球第26024期开奖号码：03 07 12 18 25 31+09"],
        ["江城彩 第2026024期", "03 07 12 18 25", "以上号码以江城彩票中心公布为准"],
        ["今日天气", "江城 8－11度 阴有小雨", "南湾 9－13度 多云"],
    ],
)
def test_listings_stand_apart(listing: list[str]) -> None:
    reading = read(*FERRY, *listing, *MARKET)
    assert [a.headline for a in reading.articles] == [FERRY[0], MARKET[0]]
    assert reading.account()["advert"] == sum(map(len, listing))


def test_a_tender_is_an_advert_and_a_report_of_one_is_news() -> None:
    heading = "江城市城东公园改造工程招标公告"
    tender = [heading, "现对该项目施工进行公开招标，投标人须具备三级以上资质。", "联系人：何先生 电话：0000-1234567"]
    assert told(*FERRY, *tender, *MARKET).notices == {4, 5, 6}
    assert not told(heading, "本报讯 江城市昨天发布城东公园招标公告，投标人可在网上报名。").notices


def test_a_correction_is_an_article_of_its_own() -> None:
    correction = ["更正", "本报昨天2版《渡口开航》一文中，“三十多位”应为“二十多位”，特此更正。", "本报编辑部"]
    reading = read(*FERRY, *correction, *MARKET)
    assert [a.headline for a in reading.articles] == [FERRY[0], "更正", MARKET[0]]
    assert [p.text for p in reading.articles[1].body] == correction[1:]


def test_a_correction_in_one_paragraph_is_an_article_of_its_own() -> None:
    text = "本报昨天2版《渡口开航》一文中，“三十多位”应为“二十多位”，特此更正。"
    reading = read(*FERRY, f"更正：{text}", *MARKET)
    assert [(a.headline, a.parent) for a in reading.articles] == [(FERRY[0], -1), ("更正", -1), (MARKET[0], -1)]
    assert reading.articles[1].text == text


def test_an_official_notice_is_an_article_of_its_own() -> None:
    notice = [
        "江城市拟任干部公示",
        "根据有关规定，现将下列拟任干部予以公示：",
        "何大有，男，1978年6月生，现任市水务局副局长，拟任市直单位正职。",
        "中共江城市委组织部",
        "2026年3月1日",
    ]
    articles = {a.headline: a for a in read(*FERRY[:3], *notice, FERRY[3], *MARKET).articles}
    assert [p.text for p in articles[notice[0]].body] == notice[1:]
    assert [p.text for p in articles[FERRY[0]].body] == FERRY[1:]


@pytest.mark.parametrize(
    "offer",
    [
        "商铺招租：渡口街临街门面两间，共六十平方米，电话：0000-1234567",
        "寻物启事：3月1日在渡口遗失蓝色书包一只，拾到者请联系何先生。",
        "求购：旧船木，地址：渡口街八号，有意者面谈。",
        "餐馆招工：诚征熟手船厨一名，供食宿，电555-0177。",
    ],
)
def test_an_advertisement_may_have_its_heading_in_front(offer: str) -> None:
    assert told(*FERRY, offer, *MARKET).notices == {len(FERRY)}


@pytest.mark.parametrize(
    "line",
    [
        "船老大何大有：渡口的招聘我报了名，体检也过了，就等开航那天上船。",
        "转让难在哪里：码头上的老铺面产权不清，问的人多，买的人少。",
        "启事：渡口的老人说起往年的大水，话就长了。",
    ],
)
def test_what_somebody_says_of_an_offer_is_none(line: str) -> None:
    assert not told(*FERRY, line, *MARKET).notices


def test_a_notice_that_is_signed_and_dated_is_one_to_its_date() -> None:
    notice = [
        "停水通知",
        "因管道检修，定于3月2日8时至17时停水，请居民提前储水。",
        "江城市自来水有限责任公司",
        "2026年3月1日",
    ]
    assert told(*FERRY, *notice, *MARKET).notices == set(range(len(FERRY), len(FERRY) + 4))


@pytest.mark.parametrize(
    "notice",
    [
        ["因线路检修，3月2日8时至17时渡口街一带停电，敬请谅解。", "江城供电局"],
        ["今天：多云，12℃～19℃，南风2到3级"],
        ["渡口花园 二期加推", "建面约89—143㎡ 临湖三房", "售楼热线：0000-1234567 地址：渡口街八号"],
        ["渡口商场 3月6日钜惠", "地址：渡口街八号 订购热线：0000-1234567"],
        ["诚聘", "江城航运有限公司招聘船员12名，月薪6000元。", "联系电话：0000-1234567"],
        ["征稿启事", "本报副刊现征集以渡口为题的散文，来稿请寄副刊部，3月底截稿。"],
    ],
)
def test_notices_without_a_date(notice: list[str]) -> None:
    assert told(*FERRY, *notice, *MARKET).notices == set(range(len(FERRY), len(FERRY) + len(notice)))


@pytest.mark.parametrize(
    "line",
    [
        "渡口停航给乡亲添了麻烦，他见人就说，请大家敬请谅解。",
        "今天的江城多云，最高气温19℃，渡口的人比往常多了一倍，卖早点的摊子前排起了长队。",
        "镇里的招商热线：一部电话响了十年",
    ],
)
def test_what_a_story_says_is_no_notice(line: str) -> None:
    assert not told(*FERRY, line, *MARKET).notices


def test_an_advertisement_takes_no_torn_line_above_it() -> None:
    torn, rest = "棚顶装了采光板和排水槽", "雨天不积水，晴天不闷热，下一步还要给每个摊位装上电子秤和价格牌。"
    advert = ["渡口花园·盛大开盘", "售楼热线：0000-1234567"]
    assert told(*MARKET[:2], torn, *advert, rest).notices == {3, 4}


def test_a_notice_takes_no_story_below_it() -> None:
    notice = ["停水通知", "因管道检修，定于3月2日8时至17时停水，请居民提前储水。"]
    assert told(*FERRY, *notice, *MARKET, "2026年3月1日").notices <= {len(FERRY), len(FERRY) + 1}


@pytest.mark.parametrize(
    "notice",
    [
        ["停电公告", "因线路检修，3月20日8时至16时，渡口街一带停电，请用户提前做好准备。江城供电公司"],
        ["停水通知：4月9日9时至17时，渡口街沿线因管道维修停水，请用户提前储水。"],
        ["今日限行", "尾号4和9"],
        ["今日限行尾号：2和7"],
        ["今明天气", "今天夜间到明天 多云转小雨 13℃～21℃ 东北风2～3级", "空气质量 良 紫外线 弱 晨练指数 二级"],
        ["江城人民法院公告", "柳望川：本院受理何小满诉你一案，现依法公告送达起诉状副本。自公告之日起满30日视为送达。"],
        ["广告 ADVERTISEMENT", "金龙酒家 点心全日供应 承办婚宴寿宴"],
        ["今日天气", "晴间多云 7℃～19℃ 偏南风2级", "（市气象台3月13日17时发布）"],
        ["天气：多云间阴天 有分散阵雨 22℃～28℃"],
        ["旺铺招租", "步行街口一楼临街商铺，面积86平方米，水电齐全，租金面议。电话：13000000001"],
        ["寻亲公告", "2026年3月20日在渡口街附近捡拾男婴一名，请其亲生父母持有效证件与江城社会福利院联系。"],
        ["碧水云居 江景现房", "品鉴热线：0571-00001111", "项目地址：渡口街与桃园路交汇处", "开发商：江城碧水置业"],
        ["老凤金店 五一以旧换新", "工费低至每克9元 全城六店同享", "店庆电话：0571-00002222"],
    ],
)
def test_notices_and_listings_of_daily_service(notice: list[str]) -> None:
    found = told(*FERRY, *notice, *MARKET)
    assert found.notices == set(range(len(FERRY), len(FERRY) + len(notice)))


def test_a_forecast_ends_with_who_issued_it():
    lines = ["今日天气", "市区 多云转晴 -2℃～7℃ 偏北风3级", "江城市气象台3月1日17时发布"]
    assert told(*FERRY, *lines, *MARKET).notices == {4, 5, 6}


def test_the_end_of_a_sentence_about_prices_is_none_of_a_listing():
    lines = ["天气预报", "市区：多云转晴，6℃～14℃", "江城市气象台3月1日17时发布", "涨到了320元。"]
    assert told(*FERRY, *lines, *MARKET).notices == {4, 5, 6}


@pytest.mark.parametrize("name", ["江城电视台今日节目", "江城电视台新闻综合频道今日节目"])
def test_the_programmes_of_a_channel_are_listed_below_its_name(name: str):
    lines = [name, "07:00 江城新闻（重播）", "19:35 剧场：渡口的女儿（15、16）"]
    assert told(*FERRY, *lines, *MARKET).notices == {4, 5, 6}


def test_a_notice_may_have_several_paragraphs_above_who_signs_it():
    notice = ["停电通知", "因检修线路，3月2日8时至18时停电。", "请相关用户提前做好准备，遇雨顺延。", "江城市供电公司"]
    assert told(*FERRY, *notice, *MARKET).notices == {4, 5, 6, 7}


def test_an_official_notice_may_say_whom_to_call():
    notice = ["江城市渡口招生公告", "现将有关事项公告如下：", "咨询电话：0000-2233445", "江城市水利局", "2026年3月1日"]
    assert told(*FERRY, *notice, *MARKET).stories == [(4, 5, 6, 7, 8)]


def test_a_listing_ends_with_what_may_change():
    listing = ["荧屏导视", "综合频道", "08:05 剧场：渡口（3、4）", "18:45 江城新闻联播", "节目如有变动，以播出为准"]
    assert told(*FERRY, *listing, *MARKET).notices == set(range(len(FERRY), len(FERRY) + len(listing)))


@pytest.mark.parametrize("signed", ["长子 何大有 率家人同叩", "江城何氏家族 敬启"])
def test_a_notice_of_thanks_ends_with_who_signs_it(signed: str):
    notice = ["鸣谢启事", "先父何公之丧，承蒙各界亲友惠赐花圈，谨此致谢。", signed]
    assert told(*FERRY, *notice, *MARKET).notices == set(range(len(FERRY), len(FERRY) + len(notice)))


def test_a_correction_goes_on_where_its_lines_were_not_joined():
    lines = ["更正启事", "本报3月2日第二版《渡口开航》一文中，“十二公里”应为“二十公里”，谨此", "更正，并向读者致歉。"]
    assert told(*FERRY, *lines).stories == [tuple(range(len(FERRY), len(FERRY) + len(lines)))]


def test_an_official_notice_may_end_a_paragraph_with_its_telephone():
    notice = ["江城市自来水公司计划停水公告", "因更换阀门，定于3月8日对下列区域停止供水：", "渡口路以北的居民小区。"]
    notice += ["请提前储水，放水片刻即可。客服电话：0000-4444444", "江城市自来水公司", "2026年3月3日"]
    assert told(*FERRY, *notice, *MARKET).stories == [tuple(range(len(FERRY), len(FERRY) + len(notice)))]


@pytest.mark.parametrize("headline", ["渡口新城二期盛大开盘", "江城明目眼科金秋惠民月"])
def test_an_advertisement_begins_with_its_headline(headline: str):
    advert = [headline, "建筑面积89至143平方米 精装交付 首付18万元起", "售楼热线：0000-1111111 地址：江城市渡口大道1号"]
    assert told(*FERRY, *advert, *MARKET).notices == set(range(len(FERRY), len(FERRY) + len(advert)))


def test_a_report_of_a_sale_above_an_advertisement_stays_news():
    advert = ["建筑面积89至143平方米 精装交付 首付18万元起", "售楼热线：0000-1111111 地址：江城市渡口大道1号"]
    assert told(*MARKET, *advert).notices == {len(MARKET), len(MARKET) + 1}


TORN = "江城渔业合作社拟向登记机关申请注销，请债权人自公告之日起四十五日内"


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("向本社申报债权。联系人：鲁女士", {4, 5, 9}),
        ("公里外的大桥。", {4, 5}),
        ("本报讯（记者 何小满）合作社的债权人大会今天召开，联系人：鲁女士。", {4, 5}),
    ],
    ids=["its rest", "a story's", "a report"],
)
def test_a_notice_goes_on_where_a_column_tore_it(rest: str, found: set[int]):
    assert told(*FERRY, "注销公告", TORN, *MARKET, rest).notices == found


def test_a_notice_that_goes_on_right_below_has_no_other_rest():
    lines = [*FERRY, "注销公告", TORN, "向本社申报债权。联系人：鲁女士", *MARKET]
    assert told(*lines).notices == {4, 5, 6}
