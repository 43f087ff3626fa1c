"""People and organisations that an article names, where the way it names them leaves no doubt.

A person is named after an office or a calling (县委书记李明说), or as the one whom a headline lets speak. No library
does this at the price of reading (jieba's tagger alone takes longer than all of it), and a wrong name in a partner's
index is worse than none: so what is not sure is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from transforms import surnames
from transforms.model import Article, Place

WINDOW = 4000
MOST = 6
_NAME = rf"(?:{'|'.join(surnames.COMPOUND)}|[{surnames.COMMON}])[\u4e00-\u9fff]{{1,2}}?"
_OFFICES = (
    "书记|市长|县长|区长|镇长|乡长|村长|主任|局长|部长|院长|校长|主席|会长|所长|站长|队长|处长|科长|董事长|总经理|经理|"
    "负责人|秘书长|教授|医生|护士长|老师|教师|校友|村民|居民|农民|党员|志愿者|学员|学生|工程师|技术员|法官|检察官|民警|"
    "传承人|带头人|理事长|户主|代表|委员|常委|组长|班主任|厂长|馆长|台长|社长|总编辑|职工|老板"
)
# What may follow a name: a mark, or a word that no given name ends in here.
_AFTER = (
    r"(?=[，。、：；！？“”（）()\s]|说|表示|介绍|告诉|出席|主持|参加|讲话|带领|强调|指出|一行|深入|来到|回忆|坦言|笑着|"
    r"今年|正在|感慨|高兴|激动|作了|作出|宣布|致辞|向|在|对|从|就|为|是|的|和|与|及|等|也|把|给|家|率|$)"
)
_TITLED = re.compile(rf"(?:{_OFFICES})、?({_NAME}){_AFTER}")
_SPEAKER = re.compile(rf"^({_NAME})[：:]")
_NOT_NAMES = re.compile(
    r"^(?:.*[们人员长会县市村]|高度|高兴|安全|文明|方面|方式|金融|向着|向前|和谐|马上|于是|任何|常务|关于|严格)$"
)

_BODIES = (
    "有限责任公司|股份有限公司|有限公司|集团公司|集团|合作社|大学|学院|中学|小学|幼儿园|医院|卫生院|银行|派出所|法院|检察院|"
    "教育局|公安局|财政局|农业农村局|民政局|卫健局|住建局|交通运输局|文旅局|文化和旅游局|水利局|林业局|应急管理局|"
    "市场监督管理局|生态环境局|乡村振兴局|税务局|供电公司|居委会|村委会|研究院|研究所|博物馆|图书馆|文化馆|协会|学会|商会|"
    "消防救援支队|消防救援大队|交警大队|人民政府|大药房"
)
_BODY = re.compile(rf"(?:{_BODIES})(?![长员们])")
_BEFORE_BODY = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,18}$")
# An organisation's name begins after one of these, at a place's name, or at the start of a clause.
_LEADS = re.compile(r"^.*(?:位于|来到|走进|走访|会同|联合|邀请|由于|[由在到和与及对向从据经是了的为让把给赴等至])")
_NEIGHBOUR = re.compile(rf"^.*(?:{_BODIES})[和与及或]")
# What no organisation is called: verbs and counts that stand before one.
_NO_PART = re.compile(
    r"召开|推动|实施|表彰|支持|依托|组织|涵盖|先后|注册|宣读|过程|[的有更并名]|^[0-9该本我各这全一某两所]"
)


def people_in(article: Article) -> tuple[str, ...]:
    """People in the story, most named first. Those who wrote it are its byline's."""
    text = article.text[:WINDOW]
    named = [m[1] for m in _TITLED.finditer(text)]
    named += [m[1] for m in (_SPEAKER.match(article.headline),) if m]
    authors = {credit.name for credit in article.byline}
    sure = (n for n in named if n not in authors and not _NOT_NAMES.match(n))
    return _most(sure, f"{article.headline}\n{text}")


def organisations_in(article: Article, places: Sequence[Place]) -> tuple[str, ...]:
    """Organisations by their full names, most named first."""
    text = article.text[:WINDOW]
    names = (_name_before(text, m, places) for m in _BODY.finditer(text))
    return _most((n for n in names if n), text)


def _name_before(text: str, body: re.Match[str], places: Sequence[Place]) -> str:
    """From the place that the name begins with, or from after the word that leads up to it; empty if it is none."""
    before = _BEFORE_BODY.search(_NEIGHBOUR.sub("", text[max(0, body.start() - 18) : body.start()]))
    if not before:
        return ""
    starts = [at for at in (before[0].rfind(p.name) for p in places) if at >= 0]
    own = before[0][min(starts) :] if starts else _LEADS.sub("", before[0])
    return own + body[0] if len(own) >= 2 and not _NO_PART.search(own) else ""


def _most(names: Iterable[str], text: str) -> tuple[str, ...]:
    distinct = dict.fromkeys(names)
    counts = Counter({name: text.count(name) for name in distinct})
    return tuple(sorted(distinct, key=lambda n: -counts[n])[:MOST])
