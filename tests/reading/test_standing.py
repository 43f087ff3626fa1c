"""What stands beside the stories is told from them by its form: page heads, imprints, index boxes, pull quotes."""

from __future__ import annotations

import pytest

from tests.reading.beside import FERRY, MARKET, read, told

QUOTE = "“一个字写错了，后人可能就跟着错一百年。”"
BEGUN, ENDED = (
    "修复室里的老师傅试了九种皮纸，染了二十多次颜色，又等了整整一个冬天，等纸性慢慢回潮，等梅雨过去，最后才",
    f"找到合适的一种。老师傅说：{QUOTE}他把这句话写在墙上，也写在每个徒弟的本子上。",
)


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
        "内部资料 免费交流", "来信请寄：江城市渡口路6号《江城晚报》读者部", "帮办热线 00000",
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


@pytest.mark.parametrize(
    "head", [["2026年3月1日（星期日）", "第3版江城交通"], ["２０２６年３月１日星期日", "第３版江城交通"]]
)
def test_the_page_and_its_section_head_a_page_though_nothing_parts_them(head: list[str]) -> None:
    assert told(*head, *MARKET).furniture == {0, 1}


def test_a_page_in_an_index_box_may_be_only_a_number() -> None:
    box = ["今日导读", "城南菜场装上遮雨棚 A4", "老戏台唱响新生活 12", "渡口开航 百姓点赞…B3"]
    assert told(*FERRY, *box, *MARKET).furniture == set(range(4, 8))


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


def test_the_list_of_headlines_that_a_site_shows_is_no_story() -> None:
    lines = ["标题导航", "·新修的渡口今天开航", "·城南菜场装上遮雨棚", *FERRY, *MARKET]
    assert told(*lines).furniture == {0, 1, 2}


def test_a_page_may_be_headed_by_its_number_and_its_section_above_the_date() -> None:
    lines = ["4 纵深报道", "2026年3月20日 星期五 江城日报", *FERRY]
    assert told(*lines).furniture == {0, 1}
    assert told("30 年后的重逢", *FERRY[1:]).furniture == set()


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
        "扫码关注“江城渡口” 船长在线答疑",
        "江城县融媒体中心主办 内部资料 免费赠阅",
        "消费维权热线：0773-0000000",
    ],
)
def test_what_a_newspaper_says_of_itself_is_furniture(line: str):
    assert told(*FERRY[:3], line, FERRY[3], *MARKET).furniture == {3}


@pytest.mark.parametrize(
    "line",
    [
        "有市民拨打热线反映，渡口的栈桥年久失修，您看怎么办？",
        "江城渔业报记者 柳望川",
        "内部资料显示渡口的栈桥",
        "来信请寄出的人等一等",
        "扫码登船的乘客多了三成",
        "他把一份内部资料交给船老大",
    ],
)
def test_what_a_story_says_of_such_things_is_not(line: str):
    assert not told(*FERRY[:3], line, FERRY[3], *MARKET).furniture


@pytest.mark.parametrize(
    ("line", "found"),
    [("渡口副刊", {0}), ("产经新闻", {0}), ("本报今日起推出渡口开航特刊", set()), ("渡口的新日子", set())],
)
def test_the_name_of_a_part_of_a_newspaper_stands_at_its_top(line: str, found: set[int]):
    assert told(line, *FERRY).furniture == found


def test_a_short_name_and_a_date_head_a_page_at_its_top() -> None:
    assert told("江城体育 2026年3月1日", *FERRY).furniture == {0}
    assert not told(*FERRY[:3], "江城体育 2026年3月1日", FERRY[3], *MARKET).furniture
