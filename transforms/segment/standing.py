"""What is on a page besides stories, by its form: furniture, notices, listings, captions, tables.

It is removed before the pieces are put in order, so none of it can get into a story.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from transforms.chinese import simplified
from transforms.repair import HAN
from transforms.restore.features import Piece
from transforms.restore.lines import ends_sentence
from transforms.segment.captions import TAKEN_BY, begins_caption, is_caption, is_shown
from transforms.segment.charts import sources_of, tables_of
from transforms.segment.disclosures import disclosures_of
from transforms.segment.headlines import LONGEST_HEADLINE, headline_like
from transforms.segment.marks import DATE, DAY, Marks
from transforms.segment.names import PRESS
from transforms.segment.notices import notices_of, official_notices, torn_rests
from transforms.segment.numbered import numbered
from transforms.segment.pull_quotes import pull_quotes
from transforms.segment.screen import screen_lines

LONGEST_FURNITURE = 80
QUOTED = re.compile(r"[“”「」：]")
SHORTEST_SHOWN, LONGEST_SHOWN = 12, 45  # characters of a sentence that says what a picture shows
LONGEST_TITLE = 12  # characters of a picture's
SHORTEST_STORY = 25  # characters of a picture's caption that can be a story of its own
ARROWS = ("▲", "△", "▼")  # which point to a picture
EDGE = 3  # pieces at the bottom of a page among which a bare name of a paper is its own

_PAPER = rf"[{HAN}]{{2,7}}(?:{PRESS})"
LATIN = re.compile(  # a paper's name in Latin letters: QINGHE RIBAO, Harbour Daily
    r"(?:[A-Z][A-Za-z]{0,20} ){0,3}(?=[A-Z])[A-Za-z]{0,12}?(?i:bao|daily|news|post|times|weekly|herald)$"
)
APP = "(?:客户端|APP|公众号|视频号|微信号|小程序)"
CALL = "(?:随时|更多|了解|查看|阅读|参与|[报爆]料|看|获取|收听|收看|第一时间|掌握|领)[^。，！？]{0,20}"
_PAGE = r"(?:[A-Z]\d{1,2}版?|0\d版?|\d{1,2}版|第[\d一二三四五六七八九十]{1,3}版|[一二三四五六七八九十]{1,3}版)"
STRONG = re.compile(
    rf"(?:(?:{DAY})?(?:星期|周)[一二三四五六日天]|{_PAGE}|{_PAPER}|农历.{{2,12}}|20\d\d[-./]\d{{1,2}}[-./]\d{{1,2}}|总第\d{{1,6}}期|第\d{{1,6}}期)$"
)
DATED = re.compile(r"20\d\d年\d{1,2}月\d{1,2}日$")
WEAK = re.compile(rf"(?:[{HAN}]{{1,6}}|{DAY}|[A-Z][A-Za-z]{{1,20}}|\d{{1,3}})$")
STAFF = re.compile(
    r"(?:本期|本版|今日|责任|执行|值班|美术|版面|版式|图片|视觉|首席|主任|助理|见习)?"
    r"(?:编辑|责编|美编|校对|校检|审读|审校|设计|版式|排版|组版|检校|编审|主编|编委|总编辑?|监制|值班主任|終審|編輯)[\s\u3000：:/／|｜]"
)
SURE_STAFF = re.compile(r"责任编辑|责编|美编|美术编辑|校对|本版|版式|审读|组版|检校|值班|版面")
IMPRINT = re.compile(
    r"国内统一|统一刊号|CN\s?\d\d|邮发代号|社\s?址|本报地址|报社地址|零售价[：:]|广告(?:经营)?许可证|邮政编码|邮编[：:]|总第\d+期|(?:今日|今天|本期|全份)(?:报纸|本报)?共?\d{1,3}[版张]|零售每份|每份零售|开印\d{1,2}时|印完\d{1,2}时"
    r"|(?:新闻|广告|刊登|发行|订报|投诉|爆料|报料|服务|值班|读者|本报)热线(?:[：:]|[\s\u3000]{1,3}[（(]?\d|$)|^..热线\d{5}|(?:投稿|电子|本版|本报)?(?:邮箱|信箱|E-?mail)[：:]|网址[：:]|数字报|法律顾问|(?:^|[\s\u3000])内部(?:资料|刊物|发行|交流)(?:[\s\u3000]|$)|准印证|^(?:来信|来稿|稿件|投稿|信件)请[寄投发][：:]|印(?:刷|务)(?:厂|公司|中心|集团|有限)|每份\s?\d{1,2}\.\d{1,2}元|承印"
    r"|^[^，。]{2,6}(?:热线|专线)[：:\s\u3000]{1,3}[\d-]{5,14}$|[\s\u3000]热线[：:\s]{0,2}\d{5,12}$|机关报(?:[\s\u3000]|$)|[日晚晨时商都市青年周导快]报社?(?:编辑)?(?:出版|主办|主管)$|版权所有|(?:未经|不得)[^。]{0,12}转载|^电话[：:]",
    re.IGNORECASE,
)
# Of these words, those that an imprint has in a line with a comma; a story's torn line may have any of the others.
IMPRINT_ALONE = re.compile(r"国内统一|统一刊号|CN\s?\d\d|邮发代号|邮政编码|许可证|版权所有|转载", re.IGNORECASE)
WEB = re.compile(r"(?:https?://|www\.)[\w./?=&%#-]{3,80}|[\w.-]{2,30}@[\w.-]{3,30}", re.ASCII)
CODE = re.compile(
    rf"^[▲▼↑↓←→►◀\s]{{0,3}}(?:请|欢迎|微信|手机|长按|打开)?[{HAN}]{{0,8}}?(?:扫码|扫一扫|扫描|识别)[^。]{{0,24}}"
    r"(?:二维码|视频|观看|关注|阅读|了解|下载|更多|客户端|数字报|详情|报名|公众号|收听|互动|直播)[^。]{0,6}$"
)
# 关注“江城发布”公众号, 下载江城客户端 随时报料: a quoted name or a second call, for a story may say the rest.
HINT = re.compile(
    rf"^(?:请|欢迎)?(?:下载|打开|关注|登录)(?:[“「《][^”」》]{{1,12}}[”」》](?:新闻|官方){{0,2}}{APP}(?:[\s\u3000|｜]{{1,3}}{CALL})?"
    rf"|[{HAN}]{{0,8}}?{APP}[\s\u3000|｜]{{1,3}}{CALL})$",
    re.IGNORECASE,
)
NO_TEXT = re.compile(r"[↓↑→←▼▲△▽◀▶⬇⬆➡\s]{1,12}$")  # arrows to a code or a video
MORE = re.compile(
    rf"^(?:更多|详细|精彩)[{HAN}]{{0,6}}(?:内容|新闻|资讯|报道)?[，,]?请?(?:关注|下载|登录|扫描|见|看)[^。]{{2,30}}$"
)
READ_ON = re.compile(
    rf"^[“「《][^”」》]{{1,12}}[”」》]{APP}[\s\u3000|｜]{{0,3}}(?:扫一扫|扫码)[^。]{{0,16}}$|^[{HAN}]{{2,6}}[\s\u3000]?[|｜][\s\u3000]?(?:扫码|扫一扫)[{HAN}]{{1,8}}$"
)
FOLLOW = re.compile(  # 江城晚报官方微信 扫码关注
    rf"^[{HAN}]{{2,10}}?(?:官方)?(?:微信|微博|抖音号?|{APP})[\s\u3000|｜]{{0,3}}(?:扫码|扫一扫|长按)?(?:关注|下载|加入)[{HAN}]{{0,6}}$",
    re.IGNORECASE,
)
TIPS = re.compile(  # 您身边有新鲜事，请打热线告诉我们，线索一经采用……: what a newspaper asks of its readers
    r"^(?=.{0,60}[您你])(?=.{0,80}(?:热线|[报爆]料|线索))(?=.{0,80}(?:一经采用|奉送|酬谢|告诉(?:我们|本报)|联系(?:我们|本报)))"
)
TO_SCAN = re.compile(  # 扫码关注“江城健康” 名医在线答疑
    r"^(?:请|欢迎)?(?:微信|手机)?(?:扫码|扫一扫|扫描)(?:关注|下载|加入|进入|观看|阅读|收听|登录)[“「《][^”」》]{1,16}[”」》](?:[\s\u3000][^。，]{2,16})?$"
)
BESIDE = (TO_SCAN, CODE, HINT, FOLLOW, NO_TEXT, MORE, READ_ON, TIPS)
OWN = re.compile(rf"^[{HAN}]{{2,8}}报[\s\u3000]{{1,4}}")
INDEX = re.compile(r"^(?:今日|本期|要闻|新闻|内页|本报|精彩)?(?:导读|导览|看点|提要|索引|目录|责任导读)[：:]?$")
NAMES_PAGE = re.compile(r"[\s\u3000…·.>》▶→”）)]\s?[A-Z]{0,2}\d{1,2}$")  # 某某某 A4: in an index box only
POINTS = re.compile(
    r"(?:[\s\u3000…·.>》▶→”）)]|[详参]?见|第)[A-Z]?\d{1,2}(?:[-—、/][A-Z]?\d{1,2}){0,2}\s?版[》>▶→）)]?$"
)
POINTER = re.compile(rf"^(?:{_PAGE}|[A-Z]?\d{{1,2}}(?=[\s\u3000|｜·]))[\s\u3000|｜·：:/▶→]{{0,3}}\S.{{3,40}}$")
ONLY_PAGE = re.compile(r"^[（(→▶]?(?:详见|见|第|→)?\s?[A-Z]?\d{1,2}(?:[-—、/]\d{1,2})?\s?版[）)》>]?$")
SECTION = re.compile(  # at the top of a page
    r"(?:产经|财经|社会|体育|国际|国内|文化|教育|民生|经济|法治|科技|文娱|地方|本地|综合|时政|健康)(?:新闻|要闻|综合)$|(?:理论|学习)(?:与实践|园地|天地|前沿|研究)$"
)
SUPPLEMENT = re.compile(rf"[{HAN}]{{2,5}}$")
PART = re.compile(rf"[{HAN}]{{1,4}}(?:副刊|周刊|专刊|特刊)$")  # of a newspaper, at the top of its page
CLOCK = re.compile(r"\d[:：][0-5]\d(?!\d)")
IN_BRACKETS = re.compile(r"[（(]((?:星期|周)[一二三四五六日天]|农历[^（）()]{2,12})[)）]")  # after a date
OWN_NAME = re.compile(rf"[{HAN}]{{2,8}}报$")  # a paper's, among the lines of its page's head
ADDRESS = re.compile(r"(?:地址|社址)[：:][^。，]{2,40}(?:电话|邮编|电话号码)[：:]")
NUMBERED = re.compile(
    rf"\d{{1,3}}[\s\u3000]{{1,4}}[{HAN}]{{2,6}}$|[{HAN}]{{2,6}}[\s\u3000]{{1,4}}\d{{1,3}}$"
)  # 4 纵深报道
GLUED_PAGE = re.compile(rf"第\d{{1,3}}版[{HAN}]{{2,6}}$")  # 第5版智慧交通: type set wide, its blanks taken out
HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass
class Standing:
    """Piece numbers by kind.

    ``follows``: for each table row, the piece above it. ``stories``: whole articles recognised by form; their first
    piece is the headline. ``charts``: charts beside a story, their title first.
    ``numbers``: for a crosshead or text below a number that stands alone, that number.
    """

    furniture: set[int] = field(default_factory=set)
    notices: set[int] = field(default_factory=set)
    captions: set[int] = field(default_factory=set)
    follows: dict[int, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    charts: list[tuple[int, ...]] = field(default_factory=list)
    stories: list[tuple[int, ...]] = field(default_factory=list)

    @property
    def placed(self) -> set[int]:
        """Pieces that need no ordering: whole blocks, and rows that stay below their line."""
        return (
            self.notices
            | set(self.follows)
            | set(self.numbers.values())
            | {n for whole in (*self.stories, *self.charts) for n in whole}
        )

    @property
    def apart(self) -> set[int]:
        """All pieces outside of other stories."""
        return self.placed | self.furniture | self.captions


def standing(pieces: Sequence[Piece], marks: Marks) -> Standing:
    """Sort out what is on a page besides stories. A piece is a run of joined lines."""
    texts = [p.text.strip().translate(HALF_WIDTH) for p in pieces]
    if marks.is_traditional:  # the patterns below are in simplified characters
        texts, marks = [simplified(t) for t in texts], marks.simplified
    found = Standing()
    found.furniture |= screen_lines(texts)
    found.notices |= disclosures_of(texts, marks)
    found.numbers = numbered(texts, found.apart)
    found.stories += official_notices(texts, found.apart, marks)
    found.notices |= notices_of(texts, found.apart, marks)
    found.notices |= torn_rests(texts, found.notices, found.apart, marks)
    _furniture(texts, marks, found)
    found.furniture |= pull_quotes(texts, found.apart)
    _index(texts, marks, found)
    _labels(texts, marks, found)
    _captions(texts, marks, found)
    found.follows, found.charts = tables_of(texts, found.apart, marks)
    found.furniture |= sources_of(texts, found.charts, marks)
    return found


def _furniture(texts: list[str], marks: Marks, found: Standing) -> None:
    taken = found.apart
    for n, text in enumerate(texts):
        if n in taken or len(text) > LONGEST_FURNITURE:
            continue
        top = all(k in found.furniture for k in range(n))
        drawn = marks.is_source(text) and any(marks.is_drawn(t) for t in texts[max(n - 1, 0) : n + 2])
        edge = top or n >= len(texts) - EDGE - 1 or n - 1 in found.furniture
        headed = _header(text, top, edge)
        headed = headed or (top and (_in_head(n, texts) or bool(PART.match(text) or SECTION.match(text))))
        headed = headed or (n - 1 in found.furniture and _supplement(n, texts, marks))
        if drawn or headed or _masthead(texts, n) or marks.is_desk(text) or _beside(text) or marks.is_disclaimer(text):
            found.furniture.add(n)


def _in_head(n: int, texts: list[str]) -> bool:
    """Whether a line at the top is a section, or the paper's name, next to another line of the page's head."""
    above, below = texts[max(n - 1, 0) : n], texts[n + 1 : n + 2]
    section = NUMBERED.match(texts[n]) or (n and WEAK.match(texts[n]))
    if section and any(_header(t, True, True) for t in below):
        return True
    return bool(OWN_NAME.match(texts[n])) and any(_header(t, True, True) or _imprint(t) for t in (*above, *below))


def _masthead(texts: list[str], n: int) -> bool:
    """Whether a line is nothing but a newspaper's name, or its address below it.

    In a text cut by columns, 记者 or what the paper reported goes on behind its name.
    """
    below = texts[n + 1] if n + 1 < len(texts) else ""
    if OWN_NAME.fullmatch(texts[n]) and (_imprint(below) or ADDRESS.match(below)):
        return True
    if n and OWN_NAME.fullmatch(texts[n - 1]) and ADDRESS.match(texts[n]):
        return True
    return bool(re.fullmatch(_PAPER, texts[n])) and not below.startswith(("记者", "報道", "报道", "消息", "社"))


def _supplement(n: int, texts: list[str], marks: Marks) -> bool:
    """Whether a line is the name of a literary supplement: below its page's head, above a headline with its byline."""
    if "副刊" not in texts[n - 1] or not SUPPLEMENT.match(texts[n]) or n + 2 >= len(texts):
        return False
    return not marks.is_byline(texts[n + 1]) and len(texts[n + 1]) <= LONGEST_HEADLINE and marks.is_byline(texts[n + 2])


def _beside(text: str) -> bool:
    """Whether a line is furniture wherever it stands on the page."""
    return _staff(text) or _imprint(text) or any(p.match(text) for p in BESIDE)


def _header(text: str, top: bool, edge: bool) -> bool:
    """Date, page, section and the paper's name in any order; the name alone only at the page's edge, a date at its top.

    A date below a text is when a letter or notice was signed.
    """
    if (top and GLUED_PAGE.match(text)) or (edge and LATIN.match(text)):
        return True
    parts = [p for p in re.split(r"[\s\u3000|｜·:：/]+", IN_BRACKETS.sub(r" \1 ", text)) if p]
    strong = [p for p in parts if STRONG.match(p) or (top and len(parts) > 1 and DATED.match(p))]
    if CLOCK.search(text) or not parts or not all(STRONG.match(p) or WEAK.match(p) for p in parts):
        return False
    if all(DATE.match(p) for p in parts):
        return top
    if len(parts) == 1 and re.fullmatch(_PAPER, text):
        return edge
    return bool(strong) or (edge and bool(re.fullmatch(r"\d{1,3}", text)))


def _staff(text: str) -> bool:
    text = OWN.sub("", text)
    if not STAFF.match(text) or ends_sentence(text):
        return False
    return bool(SURE_STAFF.search(text)) or len(STAFF.findall(text)) > 1


def _imprint(text: str) -> bool:
    if text.endswith(("：", ":")) or (ends_sentence(text) and len(text) > 30):
        return False
    if "，" in text:
        return bool(IMPRINT_ALONE.search(text))
    return bool(IMPRINT.search(text)) or (bool(WEB.search(text)) and not ends_sentence(text))


def _index(texts: list[str], marks: Marks, found: Standing) -> None:
    """The box that says what is on the pages inside, with its heading or without."""
    inside = False
    taken = found.apart
    for n, text in enumerate(texts):
        if n in taken and not (inside and n in found.furniture):
            inside = False
            continue
        short = len(text) <= LONGEST_HEADLINE
        jumps = marks.split_jump(text)[1] or marks.split_continuation(text)[1]
        points = short and "。" not in text and bool(POINTS.search(text)) and not jumps
        below = inside and short and (POINTER.match(text) or ONLY_PAGE.match(text) or NAMES_PAGE.search(text))
        above = inside and headline_like(text) and n + 1 < len(texts) and bool(ONLY_PAGE.match(texts[n + 1]))
        inside = bool(INDEX.match(text)) or (inside and n in found.furniture) or bool(points or below or above)
        if inside:
            found.furniture.add(n)


def _labels(texts: list[str], marks: Marks, found: Standing) -> None:
    """The name of a column of short news, if each has its own headline: it belongs to none of them."""
    for n, text in enumerate(texts):
        if n in found.apart or not marks.label(text):
            continue
        after = [t for k, t in enumerate(texts[n + 1 : n + 4], n + 1) if k not in found.apart]
        if len(after) > 1 and headline_like(after[0]) and not marks.is_byline(after[0]):
            found.furniture.add(n)


def _captions(texts: list[str], marks: Marks, found: Standing) -> None:
    taken = found.apart
    rest = [n for n in range(len(texts)) if n not in taken]
    captions = {n for n in rest if is_caption(texts[n], marks) or is_shown(texts[n])}
    captions |= {
        n for n in rest if texts[n].startswith(ARROWS) and n + 1 < len(texts) and TAKEN_BY.search(texts[n + 1])
    }
    pictured = {n for n in rest if _is_pictured(n, texts, marks)}
    captions |= pictured
    shown = pictured | {n for n in captions if is_shown(texts[n]) or texts[n].startswith(ARROWS)}
    captions |= {n for n in rest if n - 1 in shown and TAKEN_BY.search(texts[n])}
    for at, n in enumerate(rest):
        if n not in captions:
            continue
        before, after = rest[at - 1 : at] if at else [], rest[at + 1 : at + 2]
        if before and marks.label(texts[before[0]]):
            found.furniture.add(before[0])
            found.captions.add(n)
        elif before and _picture_story(texts, rest, at, captions, marks) and before[0] not in found.apart:
            found.stories.append((before[0], n))
        elif len(texts[n]) > 6 or after:
            found.captions.add(n)


def _is_pictured(n: int, texts: list[str], marks: Marks) -> bool:
    """Whether a paragraph stands right above who took the picture, and below 图片新闻, or says what a picture shows.

    That is one short sentence. A longer paragraph may be the last of a story whose picture has no caption.
    """
    text, above, below = texts[n], texts[n - 1 : n], texts[n + 1 : n + 2]
    if not above or not below or not ends_sentence(text) or not TAKEN_BY.search(below[0]):
        return False
    short = SHORTEST_SHOWN <= len(text) <= LONGEST_SHOWN and text.count("。") == 1 and not QUOTED.search(text)
    return bool(marks.label(above[0])) or (short and ends_sentence(above[0]) and not any(marks.parse_lead(text)))


def _picture_story(texts: list[str], rest: list[int], at: int, captions: set[int], marks: Marks) -> bool:
    """A headline, a picture's caption, and then another story: the caption is all the text that there is."""
    head, caption = texts[rest[at - 1]], texts[rest[at]]
    above = texts[rest[at - 2]] if at > 1 else "。"
    after = [n for n in rest[at + 1 :] if not (n in captions and TAKEN_BY.search(texts[n]))]
    below = texts[after[0]] if after else ""
    torn = above[-1].isalnum() and "。" in above  # no crosshead stands below it
    if rest[at - 1] in captions or len(caption) < SHORTEST_STORY or not (ends_sentence(above) or torn):
        return False
    if torn and len(head) <= LONGEST_TITLE and not any(c in head for c in "，。、"):
        return True
    if not headline_like(head) or len(head) > 30 or marks.is_byline(head):
        return False
    if "，" in head and begins_caption(caption):
        return False  # a torn run above the picture of its own story
    return not below or (headline_like(below) and not marks.is_byline(below) and not below.startswith("—"))
