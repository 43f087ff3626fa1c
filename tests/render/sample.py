"""Editions to render: an invented one, and those of the shared gold articles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from lxml import etree

from transforms.model import (
    Action,
    Article,
    Credit,
    Edition,
    Item,
    Media,
    Paragraph,
    ParagraphKind,
    Partner,
    Place,
    Publication,
    Rendition,
    Section,
    Span,
    Subject,
)

SHARED = Path(__file__).parents[2] / ".." / "shared"
DAY = date(2025, 3, 4)
OPENED = datetime(2025, 3, 4, 6, tzinfo=timezone(timedelta(hours=8)))
PUBLICATION = Publication(
    "linhe-daily", "临河日报", "linhe.example", copyright_notice="© 临河日报社", usage_terms="仅供签约媒体转载"
)
FORMATS = ("newsml", "rss", "atom", "jsonfeed", "ninjs", "sitemap", "html", "nitf", "newsmessage")
PARTNER = Partner("outlet", "Outlet", formats=FORMATS, hub="https://hub.example/")
BASE = "https://store.example/outlet/linhe-daily"

PICTURE = Media(
    "",
    "image/jpeg",
    301_204,
    "水流进南桥村的田。",
    "高禾 摄",
    "3f" * 32,
    (Rendition(2048, 1365, 301_204), Rendition(1024, 683, 98_311), Rendition(400, 267, 21_407)),
)


def guid(stable: str) -> str:
    return f"urn:newsml:linhe.example:20250304:{stable}"


def article(headline: str, *paragraphs: str, **fields: object) -> Article:
    body = tuple(Paragraph(p) for p in paragraphs)
    return Article(headline=headline, body=body, **fields)  # type: ignore[arg-type] # fields of Article, in tests only


def item(stable: str, story: Article, version: int = 1, **fields: object) -> Item:
    changed = OPENED + timedelta(hours=version - 1)
    return Item(guid(stable), version, story, OPENED, changed, **fields)  # type: ignore[arg-type] # as above


def invented() -> Edition:
    """Four articles on two pages: a feature with a crosshead and a list, its sidebar, a corrected brief, a notice."""
    feature = Article(
        "老渠新水润良田",
        (
            Paragraph("清晨的老渠边，水声不断。"),
            Paragraph("修渠先修心", kind=ParagraphKind.CROSSHEAD),
            Paragraph("村里定下三件事："),
            Paragraph("●清淤不过夜"),
            Paragraph("●用水有账本"),
            Paragraph("“账清了，气就顺了。”老周说。"),
        ),
        kicker="春耕一线见闻",
        subhead="南桥村管水记",
        byline=(Credit("周一鸣", "记者"), Credit("高禾", "通讯员")),
        section=Section.FEATURE,
        section_confidence=0.93,
        subjects=(Subject("medtop:20000210", "农业", 0.71),),
        places=(Place("临河县", "某省", "990001"),),
        people=("老周",),
        organisations=("南桥村合作社",),
        keywords=("农业", "灌溉"),
        media=(PICTURE,),
        spans=(Span(1, 0, 90),),
    )
    note = article("笔者手记", "管水如管家，贵在公道。", section=Section.COMMENTARY, spans=(Span(1, 90, 120),))
    brief = article(
        "城东小学添新操场",
        "本报临河讯 三月三日，城东小学的新操场启用。",
        dateline="本报临河讯",
        section=Section.BRIEF,
        spans=(Span(2, 0, 40),),
    )
    course = article(
        "水管员培训班开班", "报名请到镇水利站。", section=Section.TRAINING_NOTICE, spans=(Span(2, 40, 60),)
    )
    items = (
        item("a1", feature, history=(Action("broadsheet", "restored", OPENED),)),
        item("a2", note, parent_guid=guid("a1")),
        item("a3", brief, 2, signal="correction", ed_note="更正启用日期"),
        item("a4", course),
    )
    return Edition(PUBLICATION, DAY, 2, OPENED + timedelta(hours=1), items)


def gold_edition(path: Path) -> Edition:
    """The edition of a gold file's articles."""
    found = json.loads(path.read_text())["articles"]
    items = tuple(item(f"g{n}", gold_article(a, n)) for n, a in enumerate(found, start=1))
    return Edition(PUBLICATION, DAY, 1, OPENED, items)


def gold_article(gold: dict[str, object], number: int) -> Article:
    texts: list[str] = gold["body"]  # type: ignore[assignment] # gold is JSON of known shape
    names: list[str] = gold["byline"]  # type: ignore[assignment] # as above
    return Article(
        str(gold["headline"]),
        tuple(Paragraph(t) for t in texts),
        kicker=str(gold.get("kicker") or ""),
        subhead=str(gold.get("subhead") or ""),
        dateline=str(gold.get("dateline") or ""),
        byline=tuple(Credit(n) for n in names),
        section=Section(str(gold.get("section") or "other")),
        spans=(Span(number % 4 + 1, 0, 1),),
    )


def texts_of(body: Sequence[etree._Element]) -> tuple[Paragraph, ...]:
    """Paragraphs read back from a body's elements, in order: the reverse of ``append_body``."""
    found: list[Paragraph] = []
    for element in body:
        name = etree.QName(element).localname
        if name == "ul":
            found += [Paragraph(li.text or "") for li in element]
        else:
            kind = ParagraphKind.CROSSHEAD if name == "h2" else ParagraphKind.TEXT
            found.append(Paragraph(element.text or "", kind=kind))
    return tuple(found)
