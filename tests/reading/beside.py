"""Pages of two stories with something between them, for the tests of what stands beside stories."""

from __future__ import annotations

from datetime import date

from broadsheet.steps.reading import Reader
from transforms.model import Fate, Issue, Page, Reading
from transforms.restore.features import Piece
from transforms.restore.lines import lines_of
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
