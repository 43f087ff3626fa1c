"""Notices and listings: classified advertising, official notices, forecasts, prices, programmes."""

from __future__ import annotations

import re
from collections.abc import Collection, Set

from transforms.repair import HAN
from transforms.restore.lines import ends_sentence
from transforms.segment.captions import WINDOW
from transforms.segment.headlines import headline_like
from transforms.segment.marks import DATE, Marks

CLASSIFIED = re.compile(
    r"声明作废|特此(?:声明|公告|通知|启事)|遗失|挂失|作废|注销|债权|减资|清算|联系电话|联系人|电话[：:]?\s?\d|拍卖|竞买|招租|承租|面议|有意者|诚[征聘招邀]|，\s?电\s?\d"
    r"|转让|招聘|月薪|薪资|开庭|送达|咨询|地址[：:]|热线[：:]\s?\d|报名|公告之日|标的|起拍|公开招标|投标|资质|中标|来稿请寄|投稿邮箱|截稿"
)
CLOSES_NOTICE = re.compile(r"声明作废|特此(?:声明|公告|通知)|申报债权|联系(?:人|电话)[：:]")
VOID = re.compile(r"(?:遗失|丢失|不慎|被盗).{0,80}作废[。！]?$|(?:声明|特此声明)作废[。！]?$")
OFFICIAL = re.compile(
    rf"^[{HAN}\d〔〕（）()《》“”、·\s]{{0,36}}(?:公示|公告|通告|通知|讣告|更正|启事|声明|决定|倡议书|感谢信|致歉信)$"
)
CORRECTION = re.compile(r"^[■□◆●\s]{0,3}(?:更正|更正启事|更正说明|更正与致歉|更正致歉|致歉|致歉声明|勘误)[：:]?$")
AMENDS = re.compile(r"应为|更正|致歉|有误|误(?:为|写|刊|作)")
CORRECTED = re.compile(  # in one paragraph
    rf"^[■□◆●\s]{{0,3}}(?P<name>更正|勘误|致歉)[：:](?=.{{0,60}}(?:本报|《)).{{0,200}}(?:{AMENDS.pattern})"
)
SIGNED = re.compile(r"^本[报刊](?:编辑部|编委会|总编室|[一-鿿]{2,6}部)?$")
MOST_TORN = 5  # pieces of a correction of one paragraph
LONGEST_NOTICE = 6  # lines of a notice that is signed and dated
LONGEST_OFFER = 150  # characters
ONE_NOTICE = ("公告", "启事", "声明", "通知", "啟事", "聲明")  # how headings of single notices end
LEAST_NOTICE = 20  # characters
ADVERTISING = ("广告", "公益广告")
OFFERS = ("招租", "出租", "转让", "求购", "出售", "招聘", "招工", "启事")  # how the headings of advertisements end
# Closing words of the bereaved and of those who give thanks.
SIGNED_OFF = re.compile(r"(?:同|泣)[叩告]$|叩[谢謝]$|[敬谨謹][启啟告]$")
SIGNERS = tuple("司社院局部会厂店所组人")  # how the names of those end who sign a notice
OFFICE = re.compile(rf"^[{HAN}（）()·、\s]{{2,40}}$")
CONTACT = re.compile(  # 咨询电话：…
    rf"^[{HAN}]{{0,6}}(?:电话|热线|联系人|地址|邮箱|网址|邮编|传真|时间)[：:][^。]{{2,60}}$"
)
CALLS = re.compile(r"(?:电话|热线)[：:][\d-]{5,20}$")  # at the end of a paragraph
NUMBER_LAST = re.compile(r"\d{7,12}$")  # of a telephone or a document
CALLED = re.compile(  # where to buy what is advertised
    r"^(?:地址[：:][^。，]{2,30}[\s\u3000])?[☎★\s]{0,3}(?:售楼|招商|加盟|团购|抢购|订购|预订|订房|订座|品鉴|选购|租赁|租售|招租|招生|咨询|预约|挂号)(?:热线|电话|专线)[：:]"
)
URGES = re.compile(r"^[^。]{4,40}(?:欲[报購购]从速|从速|名额有限|机会难得)[！!。]?$")  # 补贴名额有限，欲报从速！
OFFERED = re.compile(  # headlines of advertisements
    rf"^[{HAN}\dA-Za-z·]{{4,20}}(?:开盘|热销|盛启|发售|[惠优]民月|优惠[月季周]|特惠|钜惠|抢购|加推|认购|登场|大促)[！!]?$"
)
PHONE = re.compile(rf"^[☎★\s]{{0,3}}[{HAN}]{{2,4}}(?:热线|电话|专线)[：:]\s?[\d-]{{7,20}}$")  # 店庆电话：…
LEAST_OFFERED = 2  # lines with it, if what it is for does not tell an advertisement
WHERE = re.compile(
    r"^(?:项目|营销|展示|店面|公司|会所)?(?:地址|中心|开发商|投资商|发展商|承建商|代理商|预售证号?|预售许可证号?)[：:][^。]{2,40}$"
)
SET_OFF = re.compile(r"[\s\u3000·！!㎡]")
MOST_OFFERED = 3  # lines of such an advertisement above that one
RESTRICTED = re.compile(
    r"^(?:[今明][日天])?(?:机动车)?限行尾号[：:\s]{0,2}[\d和与、,及\s\u3000]{1,12}$"
)  # 今日限行尾号：2和7
FORECAST = re.compile(r"(?:天气[：:]|今[天日夜晚]|明[天日晨]|后[天日])[^。]{0,40}(?:℃|°C)[^。]{0,20}$")
LONGEST_CHANNEL = 25  # characters of the name of a channel or market
SORRY = re.compile(r"(?:敬请谅解|请相互转告|特此(?:公告|通告|通知|声明|告知)|请做好(?:储水|准备)[^。]{0,12})$")
LONGEST_SIGNER = 20  # characters
LISTED = re.compile(
    r"℃|°C|\d{1,2}[:：]\d\d|[东南西北]风|风力|\d级|多云|晴|阴(?=[转时有天到，,；\s\u3000]|$)|[大中小阵雷]雨|\d{1,2}\s?[－—~～-]\s?\d{1,2}度|开奖|号码|尾号|指数|空气质量|紫外线|涨|跌|\d{1,9}\.\d+"
)
TORN_PRICE = re.compile(r"[涨跌].{0,28}[。！？]$")  # 涨到了320元。: the end of a sentence, no row
PROGRAMMES = re.compile(  # 某某电视台今日节目
    rf"^[{HAN}]{{2,16}}(?:电视台|电台|频道|广播)(?:今日|今晚|明日|本周)?(?:节目|电视|荧屏)(?:预告|预报|单|表)?$"
)
DRAW = re.compile(rf"^[{HAN}\dA-Z+]{{2,12}}[\s\u3000]{{0,4}}第\d{{5,8}}期(?:开奖(?:号码|结果|公告)?)?[：:]?$")
ISSUED = re.compile(r"^[（(]?.{0,20}?(?:气象|环保|环境|水文)[^，。]{0,20}发布[)）]?$")  # （市气象台3月13日17时发布）
CHANGES = re.compile(  # 节目如有变动，以播出为准: below a listing
    r"^[^。]{0,6}(?:节目|節目|时间|時間|价格|價格|赛程|賽程)[^。]{0,6}(?:变|變|调整|調整|更改)[^。]{0,16}。?$"
)
NUMBERS = re.compile(r"^\d{1,2}(?:[\s\u3000、,+＋]{1,4}\d{1,2}){2,11}$")
MOST_NOTICE = 14  # pieces between the heading of an official notice and its date


def official_notices(texts: list[str], taken: Collection[int], marks: Marks) -> list[tuple[int, ...]]:
    """Official notices from heading to date: 公示, 通告. They are stories, but no text of others stands in them."""
    found, n = [], 0
    while n < len(texts):
        official = n not in taken and OFFICIAL.match(texts[n]) and not marks.is_notice(texts[n])
        end = _signed(texts, n, marks) if official else 0
        end = end or _corrected(texts, n)
        if end:
            found.append(tuple(range(n, end)))
        n = max(end, n + 1)
    return found


def _corrected(texts: list[str], start: int) -> int:
    """Where a correction ends: its heading, a paragraph that corrects, and who signs, or all in one paragraph; 0 if it
    is none.
    """
    if CORRECTED.match(texts[start]):
        return start + 1
    if not CORRECTION.match(texts[start]) or start + 1 >= len(texts) or not AMENDS.search(texts[start + 1][:400]):
        return 0
    end = start + 2
    while not ends_sentence(texts[end - 1]) and end < min(len(texts), start + MOST_TORN):
        end += 1  # where lines were not joined
    signed = end < len(texts) and bool(SIGNED.match(texts[end]))
    return end + signed


def _signed(texts: list[str], start: int, marks: Marks) -> int:
    """Where the notice ends that begins at ``start``: after its date; 0 if it is not there whole and unmixed."""
    for n in range(start + 1, min(len(texts), start + MOST_NOTICE + 2)):
        text = texts[n]
        if DATE.match(text) and n > start + 1:
            return n + 1
        whole = ends_sentence(text) or text.endswith(("：", ":", "；")) or (len(text) <= 40 and OFFICE.match(text))
        whole = whole or CONTACT.match(text) or CALLS.search(text)
        if not whole or marks.parse_lead(text)[0] or marks.is_byline(text):
            return 0
    return 0


def notices_of(texts: list[str], taken: Set[int], marks: Marks) -> set[int]:
    """Lines of classified advertising and of listings below their headings, and of notices that have none."""
    found: set[int] = set()
    inside = ""
    for n, text in enumerate(texts):
        if n in taken or n in found:
            inside = ""
        elif marks.is_notice(text) and (end := _whole_notice(texts, n, marks)):
            found.update(range(n, end))
        elif _offered(text, marks):
            found.add(n)
            continue
        elif marks.is_notice(text) or (marks.may_be_notice(text) and _advertised(texts[n + 1 : n + 3], marks)):
            inside = "notice"
        elif _heads_listing(text, texts[n + 1 : n + 3], marks):
            inside = "listing"
        elif (
            inside == "listing"
            and len(text) <= LONGEST_CHANNEL
            and any(_listed(t, marks) for t in texts[n + 1 : n + 2])
        ):
            pass  # the name of a channel or market above its own lines
        elif alone := _without_heading(texts, n, marks):
            found |= alone - taken
            continue
        elif inside:
            if inside == "listing":
                belongs = _listed(text, marks)
            else:
                belongs = _classified(text, texts[n + 1 : n + 2], marks) or _is_set_below(n, texts, marks)
            inside = inside if belongs or _is_told_below(n, texts, marks) else ""
        if inside:
            found.add(n)
    return found


def torn_rests(texts: list[str], notices: Set[int], taken: Set[int], marks: Marks) -> set[int]:
    """The rests of notices that columns tear within a sentence: the next short text that says what only notices say."""
    found: set[int] = set()
    torn = [n for n in sorted(notices) if len(texts[n]) >= LEAST_NOTICE and texts[n][-1].isalnum()]
    for n in torn:
        if _ends_alone(n, texts, notices):
            continue
        rest = (k for k in range(n + 1, len(texts)) if k not in taken and k not in found and _is_rest(texts[k], marks))
        found.update(k for k in [next(rest, None)] if k is not None)
    return found


def _ends_alone(n: int, texts: list[str], notices: Set[int]) -> bool:
    """Whether a line of a notice that ends without a mark is its whole: it has a telephone, or goes on right below."""
    return bool(CALLS.search(texts[n]) or NUMBER_LAST.search(texts[n])) or n + 1 in notices


def _is_rest(text: str, marks: Marks) -> bool:
    """Whether a text says what only notices say, in few words."""
    return len(text) <= LONGEST_OFFER and bool(CLOSES_NOTICE.search(text)) and not any(marks.parse_lead(text))


def _without_heading(texts: list[str], n: int, marks: Marks) -> set[int]:
    """The lines of a notice at line n that its words alone tell: a lost document, a forecast, an office's notice to the
    public, an advertisement that ends with its telephone.
    """
    text = texts[n]
    lost = VOID.search(text[-WINDOW * 2 :]) and len(text) <= 300
    if lost or FORECAST.match(text) or RESTRICTED.match(text):
        return {n}
    if CALLED.match(text) or PHONE.match(text):
        offered = _above_call(texts, n, marks)
        return offered | _below_call(texts, n) if CALLED.match(text) or len(offered) > LEAST_OFFERED else set()
    return set(range(n, n + _told(texts, n, marks)))


def _whole_notice(texts: list[str], start: int, marks: Marks) -> int:
    """Where a short notice below its heading ends, by the office that signs it, dated or not: 停水通知; 0 if not so."""
    end = _signed(texts, start, marks)
    if end and end - start <= LONGEST_NOTICE and is_office(texts[end - 2]):
        return end
    lines = _undersigned(texts, start + 1, marks) if start + 1 < len(texts) else 0
    return start + 2 if lines == 1 else _paragraphs(texts, start, marks)


def _paragraphs(texts: list[str], start: int, marks: Marks) -> int:
    """Where a notice of several short paragraphs ends, below which an office signs; 0 if it is none."""
    if not _is_of_one(texts[start]):
        return 0
    for n in range(start + 1, min(len(texts), start + LONGEST_NOTICE)):
        if n > start + 1 and len(texts[n]) <= LONGEST_SIGNER and is_office(texts[n]):
            return 0 if any(any(marks.parse_lead(t)) for t in texts[n + 1 : n + 2]) else n + 1
        if not texts[n].endswith("。") or len(texts[n]) > LONGEST_OFFER or any(marks.parse_lead(texts[n])):
            return 0
    return 0


def is_office(text: str) -> bool:
    """Whether a line is the name of an office or firm, as it signs a notice."""
    return bool(OFFICE.match(text)) and text.endswith(SIGNERS)


def _told(texts: list[str], n: int, marks: Marks) -> int:
    """How many lines are a notice without a heading, which an office signs: ……一带停电，敬请谅解。某某供电局."""
    said = texts[n].rpartition("。")[0]
    return _undersigned(texts, n, marks) if SORRY.search(said) else 0


def _undersigned(texts: list[str], n: int, marks: Marks) -> int:
    """How many lines are a short paragraph and the office that signs it, behind its last sentence or below."""
    said, _, signer = texts[n].rpartition("。")
    lines = 1
    if not signer:
        signer, lines = (texts[n + 1], 2) if n + 1 < len(texts) else ("", 0)
    if not said or len(texts[n]) > LONGEST_OFFER or any(marks.parse_lead(said)):
        return 0
    return lines if len(signer) <= LONGEST_SIGNER and is_office(signer) else 0


def _above_call(texts: list[str], n: int, marks: Marks) -> set[int]:
    """The lines of an advertisement, from the one that gives its telephone up: none of them is a sentence."""
    start = n
    while start and n - start < MOST_OFFERED:
        if not _is_set_off(texts[start - 1], marks) and not URGES.search(texts[start - 1]):
            break
        start -= 1
    if start and n - start < MOST_OFFERED and OFFERED.search(texts[start - 1]):
        start -= 1
    return set(range(start, n + 1))


def _is_told_below(n: int, texts: list[str], marks: Marks) -> bool:
    """Whether a whole paragraph stands right below the heading of one notice: 寻亲公告, 招领启事."""
    if not _is_of_one(_heading(n, texts, marks)):
        return False
    whole = texts[n].endswith("。") and LEAST_NOTICE <= len(texts[n]) <= LONGEST_OFFER
    return whole and not any(marks.parse_lead(texts[n]))


def _is_set_below(n: int, texts: list[str], marks: Marks) -> bool:
    """Whether a line of an advertisement, set off with blanks, stands right below the word for one."""
    return _heading(n, texts, marks).startswith(ADVERTISING) and _is_set_off(texts[n], marks)


def _is_of_one(heading: str) -> bool:
    """Whether a heading is that of a single notice: 停电通知, 招领启事."""
    return heading.rstrip("：:").endswith(ONE_NOTICE)


def _heading(n: int, texts: list[str], marks: Marks) -> str:
    """The heading of a notice right above a line; "" if there is none."""
    return texts[n - 1] if n and marks.is_notice(texts[n - 1]) else ""


def _below_call(texts: list[str], n: int) -> set[int]:
    """The lines below an advertisement's telephone that say where it is and whose."""
    end = n + 1
    while end < len(texts) and WHERE.match(texts[end]):
        end += 1
    return set(range(n, end))


def _is_set_off(text: str, marks: Marks) -> bool:
    """Whether a line is one of an advertisement, which has blanks or marks and no comma: no torn line of a text has."""
    return headline_like(text) and bool(SET_OFF.search(text)) and "，" not in text and not marks.is_byline(text)


def _offered(text: str, marks: Marks) -> bool:
    """Whether a line is a classified advertisement with its heading in front: 寻物启事：…, 商铺招租：…, 电话：…"""
    head, _, rest = text.partition("：")
    if not rest or len(text) > LONGEST_OFFER or len(head) > 8:
        return False
    return marks.is_notice(head) or (head.endswith(OFFERS) and bool(CLASSIFIED.search(rest)))


def _advertised(texts: list[str], marks: Marks) -> bool:
    """Whether what stands below a heading says that it is an advertisement, and no report of one."""
    advertised = any(_classified(t, texts[n + 1 : n + 2], marks) for n, t in enumerate(texts))
    return advertised and not any(any(marks.parse_lead(t)) or marks.is_byline(t) for t in texts)


def _classified(text: str, below: list[str], marks: Marks) -> bool:
    """Whether a line belongs to a classified notice: by its words, as its date, or as who signs it.

    Above the text of a story, what looks like a name (…招待会, …客人) is the headline of a story.
    """
    if CLASSIFIED.search(text) or (len(text) <= 30 and (DATE.match(text) or SIGNED_OFF.search(text))):
        return True
    story = [t for t in below if not CLASSIFIED.search(t) and (len(t) > 40 or any(marks.parse_lead(t)))]
    return len(text) <= 30 and not story and is_office(text)


def _heads_listing(text: str, below: list[str], marks: Marks) -> bool:
    """Whether a line is the heading of a listing: one that a style names, or a draw of a lottery above its numbers."""
    if marks.is_listing(text) or PROGRAMMES.match(text):
        return any(_listed(t, marks) for t in below)
    return bool(DRAW.match(text)) and any(NUMBERS.match(t) for t in below[:1])


def _listed(text: str, marks: Marks) -> bool:
    if NUMBERS.match(text):
        return True
    if ISSUED.match(text) or CHANGES.match(text):
        return True
    figures = len(LISTED.findall(text[:400]))
    if figures == 1 and TORN_PRICE.search(text):
        return False
    return not marks.parse_lead(text)[0] and (figures >= 2 or (figures == 1 and len(text) <= 30))
