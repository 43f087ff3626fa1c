"""What stands beside the stories is told from them by its form, and is kept for what it is."""

from __future__ import annotations

from datetime import date

import pytest

from broadsheet.steps.reading import Reader
from transforms.model import Fate, Issue, Page, Reading
from transforms.restore.features import Piece
from transforms.restore.lines import lines_of
from transforms.segment.captions import captions_of
from transforms.segment.marks import marks_of
from transforms.segment.standing import Standing, standing
from transforms.segment.style import general_style

FERRY = [
    "新修的渡口今天开航",
    "本报讯（记者 柳望川）3月1日清早六点，江城新渡口开航，第一班渡船载着三十多位乘客驶向对岸，码头上响起一片掌声。",
    "渡口停了四年，岸边的栈桥年久失修，过江的人只好绕道十二公里外的大桥。去年秋天，镇里请来水利部门清淤，又把栈桥加宽了一倍。",
    "船老大说，往后每天有八个班次，票价还是从前的两块钱，学生和老人免费。",
]
MARKET = [
    "城南菜场装上遮雨棚",
    "本报讯（通讯员 何小满）3月1日，城南菜场的遮雨棚全部装好，一百二十个摊位再也不怕刮风下雨，买菜的老街坊连声说好。",
    "菜场负责人介绍，棚顶装了采光板和排水槽，雨天不积水，晴天不闷热，下一步还要给每个摊位装上电子秤和价格牌。",
]


def told(*lines: str, style: str = "zh-Hans") -> Standing:
    text = "\n\n".join(lines)
    return standing([Piece((x,), x.text) for x in lines_of(Page(1, text))], marks_of(general_style(style)))


def read(*lines: str) -> Reading:
    return Reader.load().read(Issue("yunzhou-daily", date(2026, 3, 1), (Page(1, "\n\n".join(lines), "page-01.txt"),)))


def fate_of(reading: Reading, text: str, source: str) -> set[Fate]:
    start = source.index(text)
    return {fate for span, fate in reading.fates if span.start < start + len(text) and start < span.end}


@pytest.mark.parametrize(
    "line",
    [
        "A02 要闻", "2026年3月1日 星期日 第2版 综合", "第3版", "B4 副刊",
        "江城日报 2026年3月1日 星期日",
        "责任编辑：柳望川 校对：何小满", "本版编辑 柳望川 美编 何小满", "国内统一刊号 CN00-0000 邮发代号 00-00",
        "新闻热线：0000-1234567", "投稿邮箱：news@jiangcheng.example",
        "www.jiangcheng.example", "今日8版 江城日报数字报",
        "扫码看视频", "微信扫描二维码关注我们", "渡口开航 百姓点赞 3版", "详见今日2版",
        "本报热线：0000-1234567", "每份零售1.00元 江城日报印务中心印刷 昨日开印1时30分",
        "江城日报印务中心印刷", "江城报业印务有限公司 每份1.50元",
        "2026年3月1日（星期日）", "2026年3月1日（农历正月十三）", "全份12版 零售每份1元",
        "下载“江城发布”客户端 随时随地报料", "下载江城客户端 看更多新闻", "关注“江城日报”公众号",
        "JIANGCHENG RIBAO", "有事您说话 热线 96000", "中共江城市委机关报 江城日报社出版",
        "上一版 下一版 返回目录 下载本版PDF", "放大+ 缩小- 默认○ 朗读", "上一篇4　下一篇3", "分享到：微博 微信 QQ空间",
        "江城晚报官方微信 扫码关注", "↓↓↓", "更多内容请关注“江城观察”微信公众号", "全媒体报道 | 扫码听新闻",
        "“江城发布”客户端 扫一扫 读报更方便", "扫描全能王 创建", "仅供内部查阅 2026-04-11 09:32 第1页 共1页",
        "本版文章仅代表作者个人观点，不构成投资建议", "风险提示：以上内容不构成投资建议，据此操作风险自担。",
    ],
)  # fmt: skip
def test_furniture(line: str) -> None:
    assert told(*FERRY, line, *MARKET).furniture == {len(FERRY)}


@pytest.mark.parametrize(
    ("below", "furniture"), [("这是渡口的第三班船。", {1}), ("记者在渡口采访时看到了新船。", set())]
)
def test_a_papers_name_alone_is_furniture_unless_a_sentence_goes_on_behind_it(below: str, furniture: set[int]) -> None:
    assert told(FERRY[0], "江城晚报", below, *FERRY[1:], *MARKET).furniture == furniture


@pytest.mark.parametrize(
    "line",
    [
        "村民扫码付款，一次只要两块钱", "他在江城日报当过记者", "2026年的春天来得早",
        "这本账后来成了（下转第3版）", "编辑部的故事", "本周菜价（元/斤）为：",
        "第3版的报道引起反响。", "2026年3月1日", "第3版渡口专题", "盒饭每份10元",
        "下载客户端的老人越来越多", "打开手机客户端", "关注公众号 一位店主的新课",
        "（文中观点仅供参考，不构成投资建议）",
        "他说这不代表本报立场",
        "江城汽车站 6:30 18:00", "渡口开通服务热线12345", "渡口服务热线全天有人接", "老船长 7:00 18:30",
        "他们办的报纸后来成了县委机关报，一直出到今天",
        "审核委员会已委聘独立法律顾问，就渡口审计事宜",
    ],
)  # fmt: skip
def test_lines_of_a_story_are_no_furniture(line: str) -> None:
    assert not told(*FERRY, line, *MARKET).furniture


def test_an_index_box_is_furniture_to_its_end() -> None:
    box = ["今日导读", "城南菜场装上遮雨棚……2版", "03版 老戏台唱响新生活", "渡口开航 百姓点赞", "→4版"]
    assert told(*FERRY, *box, *MARKET).furniture == set(range(4, 9))


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


@pytest.mark.parametrize(
    "head", [["2026年3月1日（星期日）", "第3版江城交通"], ["２０２６年３月１日星期日", "第３版江城交通"]]
)
def test_the_page_and_its_section_head_a_page_though_nothing_parts_them(head: list[str]) -> None:
    assert told(*head, *MARKET).furniture == {0, 1}


def test_a_page_in_an_index_box_may_be_only_a_number() -> None:
    box = ["今日导读", "城南菜场装上遮雨棚 A4", "老戏台唱响新生活 12", "渡口开航 百姓点赞…B3"]
    assert told(*FERRY, *box, *MARKET).furniture == set(range(4, 8))


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
    ("lines", "kind"),
    [
        (["今日導讀", "渡口開航 鄉親叫好 A2", "菜場裝上遮雨棚 B1", "全份報紙24版 零售每份10元"], "furniture"),
        (["2026年3月1日（週日）"], "furniture"),
        (["責任編輯：柳望川　校對：何小滿"], "furniture"),
        (["今日天氣", "江城　8－11度　陰時多雲", "南灣　9－13度　陰短暫雨"], "notices"),
        (["小樂彩　第115004期", "03　07　12　18　25", "以上號碼以發行單位公布為準"], "notices"),
        (["鄉親登上第一班渡船。記者何小滿／攝影"], "captions"),
        (["渡船停靠新棧橋。圖／江城縣政府提供"], "captions"),
        (["圖為新渡口。（何小滿攝）"], "captions"),
    ],
)
def test_pages_in_traditional_characters_are_read_by_the_same_form(lines: list[str], kind: str) -> None:
    story = [
        "新修的渡口今天開航",
        "〔記者柳望川／江城報導〕江城新渡口昨天開航，第一班渡船載著三十多位鄉親駛向對岸，碼頭上響起一片掌聲。",
    ]
    found = told(*story, *lines, *story, style="zh-Hant")
    assert getattr(found, kind) == set(range(2, 2 + len(lines)))
    assert found.apart == getattr(found, kind)


@pytest.mark.parametrize(
    "line",
    ["今日天氣晴，渡口擠滿了人。", "第115004期的獎金無人來領", "他拿起照片／相機", "圖／文 何小滿", "票價陰天也不打折"],
)
def test_lines_of_a_traditional_story_are_its_own(line: str) -> None:
    assert not told("新修的渡口今天開航", line, "渡口停了四年，過江的人只好繞道大橋。", style="zh-Hant").apart


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


def test_the_rows_of_a_table_stay_in_their_story() -> None:
    rows = ["面粉 2.10", "大米 2.85", "鸡蛋 4.75"]
    reading = read(*MARKET[:2], "本周主要品种平均价格（元/斤）为：", *rows, MARKET[2], *FERRY)
    assert [p.text for p in reading.articles[0].body][1:] == ["本周主要品种平均价格（元/斤）为：", *rows, MARKET[2]]


def test_a_timetable_below_a_paragraph_stays_in_its_story() -> None:
    rows = ["站名 首班 末班", "老渡口 6:30 18:00", "新码头 6:45 18:15", "船厂 7:00 18:30"]
    reading = read(*MARKET[:2], *rows, MARKET[2], *FERRY)
    assert [p.text for p in reading.articles[0].body][1:] == [*rows, MARKET[2]]


def test_the_name_of_a_paper_below_the_head_of_a_page_belongs_to_it() -> None:
    lines = [*FERRY[:3], "03版 民生", "2026年3月1日 星期日", "江城晚报", FERRY[3], *MARKET]
    assert told(*lines).furniture == {3, 4, 5}


def test_the_section_between_page_and_date_heads_a_page() -> None:
    assert told("03", "县域新闻", "2026年3月1日 星期日", *FERRY).furniture == {0, 1, 2}
    assert told("03", "县域新闻", *FERRY).furniture == {0}


def test_the_name_of_a_supplement_stands_above_its_pieces() -> None:
    essay = ["渡口旧事", "□ 柳望川", FERRY[2]]
    assert told("06版 副刊", "芦花白", *essay).furniture == {0, 1}
    assert told("06版 要闻", "芦花白", *essay).furniture == {0}


def test_a_column_of_short_news_gives_its_name_to_none() -> None:
    reading = read("要闻简报", MARKET[0], MARKET[1], "新修的渡口今天开航", "本报讯 3月1日，江城新渡口开航。（柳望川）")
    assert [a.headline for a in reading.articles] == [MARKET[0], FERRY[0]]
    assert [c.name for c in reading.articles[1].byline] == ["柳望川"]


@pytest.mark.parametrize(
    "offer",
    [
        "商铺招租：渡口街临街门面两间，共六十平方米，电话：0000-1234567",
        "寻物启事：3月1日在渡口遗失蓝色书包一只，拾到者请联系何先生。",
        "求购：旧船木，地址：渡口街八号，有意者面谈。",
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


def test_a_picture_below_the_name_of_its_column_is_a_caption() -> None:
    picture = ["▲3月1日，乘客在江城新渡口登船。", "本报记者 柳望川 通讯员 何小满 摄影报道"]
    found = told(*FERRY, "图片新闻", *picture, *MARKET)
    assert (found.furniture, found.captions, found.stories) == ({4}, {5, 6}, [])


def test_a_notice_takes_no_story_below_it() -> None:
    notice = ["停水通知", "因管道检修，定于3月2日8时至17时停水，请居民提前储水。"]
    assert told(*FERRY, *notice, *MARKET, "2026年3月1日").notices <= {len(FERRY), len(FERRY) + 1}


@pytest.mark.parametrize("credit", ["本报通讯员 柳望川 摄影报道", "新华社发（柳望川 摄）"])
def test_a_picture_story_may_say_at_its_end_what_is_shown(credit: str) -> None:
    story = ["渡口茶香", "谷雨过后，渡口两岸的茶园陆续开采。图为3月1日，茶农在采摘鲜叶。", credit]
    assert told(*FERRY, *story, *MARKET).stories == [(len(FERRY), len(FERRY) + 1)]


def test_a_paragraph_that_shows_nothing_is_no_caption() -> None:
    assert not told(*FERRY, "谷雨过后，渡口两岸的茶园陆续开采。以图为证，茶农不再下山。", *MARKET).captions


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


def test_the_list_of_headlines_that_a_site_shows_is_no_story() -> None:
    lines = ["标题导航", "·新修的渡口今天开航", "·城南菜场装上遮雨棚", *FERRY, *MARKET]
    assert told(*lines).furniture == {0, 1, 2}


def test_a_page_may_be_headed_by_its_number_and_its_section_above_the_date() -> None:
    lines = ["4 纵深报道", "2026年3月20日 星期五 江城日报", *FERRY]
    assert told(*lines).furniture == {0, 1}
    assert told("30 年后的重逢", *FERRY[1:]).furniture == set()


QUOTE = "“一个字写错了，后人可能就跟着错一百年。”"
BEGUN, ENDED = (
    "修复室里的老师傅试了九种皮纸，染了二十多次颜色，又等了整整一个冬天，等纸性慢慢回潮，等梅雨过去，最后才",
    f"找到合适的一种。老师傅说：{QUOTE}他把这句话写在墙上，也写在每个徒弟的本子上。",
)


def test_a_sentence_set_a_second_time_where_another_is_cut_is_a_pull_quote() -> None:
    assert told("古籍修复师的一天", BEGUN, QUOTE, ENDED).furniture == {2}


@pytest.mark.parametrize(
    "above", ["古籍修复师的一天", "修复室里的老师傅试了九种皮纸，染了二十多次颜色，又等了一个冬天的回潮。"]
)
def test_a_sentence_below_a_headline_or_a_paragraph_may_be_its_summary(above: str) -> None:
    assert told("修书", above, QUOTE, ENDED).furniture == set()


def test_a_quotation_above_who_said_it_is_a_pull_quote_if_the_story_has_it_too() -> None:
    quote, speaker, said = (
        "“树不会喊疼，人得替它喊。”",
        "——护林员 田茂森",
        "“树不会喊疼，人得替它喊。”他说，一说就是二十六年。",
    )
    assert told(*FERRY, quote, speaker, said).furniture == {4, 5}
    assert told(*FERRY, quote, speaker, "他一说就是二十六年，后来的人都记得这句话。").furniture == set()


def test_the_name_of_the_paper_stands_in_the_head_of_its_page() -> None:
    assert told("江城电力报", "国内统一连续出版物号 CN 00-0127", "2026年3月1日 星期日", *FERRY).furniture == {0, 1, 2}
    assert told("03 案例", "2026年3月1日 星期日", "江城法治报", *FERRY).furniture == {0, 1, 2}
    assert told("孩子们办了一张报", *FERRY[1:]).furniture == set()


def test_pages_of_literature_have_names_alone_below_their_titles() -> None:
    poem = "你从冻土里流出来\n像一个孩子试着念出第一个字\n\n父亲蹲在渡口\n他说：再有两场雨\n就能听见水声"
    lines = [
        "07 副刊·芦花荡",
        "2026年4月10日 星期五",
        "外婆的渡口",
        "林疏影",
        FERRY[2],
        "三月，给一条河",
        "石桥生",
        poem,
    ]
    found = [(a.headline, [c.name for c in a.byline]) for a in read(*lines).articles]
    assert found == [("外婆的渡口", ["林疏影"]), ("三月，给一条河", ["石桥生"])]


@pytest.mark.parametrize(
    "line",
    [
        "您身边有烦心事、新鲜事，请打热线告诉我们，线索一经采用奉送话费。",
        "江城渔业报 责编：柳望川 美编：何小满",
        "上一篇 下一篇 分享到：微信 微博 打印本文",
    ],
)
def test_what_a_newspaper_says_of_itself_is_furniture(line: str):
    assert told(*FERRY[:3], line, FERRY[3], *MARKET).furniture == {3}


@pytest.mark.parametrize("line", ["有市民拨打热线反映，渡口的栈桥年久失修，您看怎么办？", "江城渔业报记者 柳望川"])
def test_what_a_story_says_of_such_things_is_not(line: str):
    assert not told(*FERRY[:3], line, FERRY[3], *MARKET).furniture


@pytest.mark.parametrize(
    ("line", "found"), [("渡口副刊", {0}), ("本报今日起推出渡口开航特刊", set()), ("渡口的新日子", set())]
)
def test_the_name_of_a_part_of_a_newspaper_stands_at_its_top(line: str, found: set[int]):
    assert told(line, *FERRY).furniture == found


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


def test_a_notice_may_have_several_paragraphs_above_who_signs_it():
    notice = ["停电通知", "因检修线路，3月2日8时至18时停电。", "请相关用户提前做好准备，遇雨顺延。", "江城市供电公司"]
    assert told(*FERRY, *notice, *MARKET).notices == {4, 5, 6, 7}


def test_an_official_notice_may_say_whom_to_call():
    notice = ["江城市渡口招生公告", "现将有关事项公告如下：", "咨询电话：0000-2233445", "江城市水利局", "2026年3月1日"]
    assert told(*FERRY, *notice, *MARKET).stories == [(4, 5, 6, 7, 8)]
