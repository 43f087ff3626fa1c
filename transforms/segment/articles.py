"""Turns chains of pieces into articles: heads, bodies, sidebars."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from transforms.chinese import simplified
from transforms.model import Article, Credit, Paragraph, ParagraphKind, Span
from transforms.repair import HAN
from transforms.restore.lines import UNCLOSED, blank_between, ends_sentence
from transforms.segment.bylines import without_office
from transforms.segment.columns import is_signed_column
from transforms.segment.decks import (
    AROUND_LABELS,
    BRACKETED,
    DASHED,
    DECKS,
    HEAD,
    LONGEST_CROSSHEAD,
    Part,
    decks,
    is_label,
    is_slogan,
    text_at,
    with_headline,
)
from transforms.segment.draft import Draft, spans_of
from transforms.segment.headlines import LONGEST_HEADLINE, headline_like
from transforms.segment.marks import Marks
from transforms.segment.names import PLACES, is_likely
from transforms.segment.notices import CORRECTED

# Whose picture a signed story describes: 图为…… 张三摄（视觉中国）
PHOTOGRAPHED = re.compile(r"^[^。，！？（）()]{2,30}[摄攝](?:[（(][^（）()]{2,12}[）)])?$")
# Who signs a note behind its last sentence: （青禾）; nobody is called （待续）.
PEN_NAME = re.compile(
    rf"(?<=[。！？”…])[（(](?P<name>(?!未?完|待续|下转|上接|综合|整理|据|见|略|注|编者|本报)[{HAN}]{{2,3}})[)）]$"
)
CHART = "图表"  # the note of a chart, which prints no such word
BULLETS = "◆◇■★▲△※ \u3000"  # before the headlines of items
# Two decks that extraction left on one line: 渡口最后一班船 ——一位船工的三十年
WITH_SUBHEAD = re.compile(
    r"(?P<headline>[^—。]{4,30}?)[\s\u3000]{1,4}(?:——|—|－－|--)(?P<subhead>[^\s—－。-][^—。]{3,40})$"
)
DASHES = "—－-– "
SURE = 5.0  # log-odds
MOST_BETWEEN = 6  # characters of white space between two lines that stand together
MOST_NAMES = 4  # of a story's writers below it; more are a list
FEWEST_ALIKE = 3  # stories of a page that end with a name in brackets, one of them with a known surname
LONGEST_NAMES = 24  # characters of a line taken for a byline that is not in the form of one
OPENING_NOTES = ("编者按", "编者的话", "编者语", "编前", "开栏", "編者按")
# Where a note above a story speaks of what the paper prints now: there it ends.
ANNOUNCES = re.compile(
    r"敬请(?:关注|期待|垂注)|本[报版刊网](?!讯|记者|通讯员|特派).{0,20}(?:推出|开设|开辟|开栏|刊[发登载]|编发|摘[发编]|专栏)"
)
LONGEST_NOTE = 3  # paragraphs of a note above a story
# Sidebars that do not come from the reporter of their story.
OTHERS = (
    "编",
    "开栏",
    "短评",
    "链接",
    "新闻",
    "相关",
    "延伸",
    "背景",
    "知识",
    "小",
    "温馨",
    "友情",
    "名词",
    "专家",
    "资料",
    "人物",
    CHART,
)


def charts_of(parts: list[Part], confidence: float, marks: Marks) -> list[Draft]:
    """A chart as a sidebar of the story that it stands by."""
    drafts = drafts_of(parts, confidence, marks)
    for draft in drafts:
        draft.note = CHART
    return drafts


def correction_of(parts: list[Part], confidence: float, marks: Marks) -> list[Draft]:
    """A correction whose one paragraph opens with its name, 更正：…, as an article of its own."""
    drafts = drafts_of([replace(part, role="note") for part in parts], confidence, marks)
    for draft in drafts:
        draft.note = ""
    return drafts


def drafts_of(parts: list[Part], confidence: float, marks: Marks) -> list[Draft]:
    """The drafts of one chain: an article, followed by its sidebars. If two stories were chained, they are cut
    apart.
    """
    stories = [decks(with_headline(_names_below(story), marks), marks) for story in _cut(parts, marks)]
    return [draft for story in stories for draft in story_of(story, confidence, marks)]


def _names_below(story: list[Part]) -> list[Part]:
    """The story with the names that stand above its head below it, where others have them."""
    names = next((n for n, p in enumerate(story) if p.role != "byline"), 0)
    end = next((n for n in range(names, len(story)) if story[n].role not in DECKS), names)
    return [*story[names:end], *story[:names], *story[end:]]


def _cut(parts: list[Part], marks: Marks) -> list[list[Part]]:
    """Begin a story at each head that form alone tells: a lead, a rest from another page, a line above either.

    A column that is signed below its name is one text, whatever heads its items have.
    """
    if len(parts) > 1 and is_signed_column(parts[0].piece.text, parts[1].role, marks):
        return [parts]
    cuts = [0]
    for n in range(1, len(parts)):
        if marks.split_continuation(parts[n].piece.text)[1] or _headed(parts[n : n + 3], marks):
            first = next(k for k in range(n, -1, -1) if not k or parts[k - 1].role not in DECKS)
            if any(p.role not in HEAD for p in parts[cuts[-1] : first]):
                cuts.append(first)
    stories = [parts[a:b] for a, b in zip(cuts, [*cuts[1:], len(parts)], strict=True)]
    return [part for story in stories for part in _twice_signed(story, marks)]


def _twice_signed(story: list[Part], marks: Marks) -> list[list[Part]]:
    """Two stories if one is signed above, the other at its end, and one line between them can be a headline."""
    last = story[-1].piece.text
    text = text_at(story)
    if text >= len(story) - 1:
        return [story]
    inner = range(text + 1, len(story) - 1)
    between = [n for n in inner if story[n].role in ("crosshead", *DECKS)]
    if not between and all(is_likely(c.name) for c in marks.split_closing_credit(last)[1]):
        between = [n for n in inner if _may_head(story, n)]
    signed = any(p.role == "byline" for p in story[:text]) or bool(marks.parse_lead(story[text].piece.text)[1])
    noted = any(_note(part, part.piece.text, marks)[0] for part in story[text:])
    if not signed or len(between) != 1 or not marks.closes_signed(last) or noted:
        return [story]
    (n,) = between
    if not headline_like(story[n].piece.text) or not ends_sentence(story[n - 1].piece.text):
        return [story]
    below = story[n:]
    if is_slogan(below[1].piece.text) and below[1] is not story[-1]:
        # What happened, then a slogan: papers print the first small above the second.
        below[:2] = [replace(below[0], role="kicker"), replace(below[1], role="headline")]
    return [story[:n], below]


def _may_head(story: Sequence[Part], n: int) -> bool:
    """Whether a line of a text may be a headline: short, below a whole sentence and above a paragraph."""
    text, below = story[n].piece.text, story[n + 1]
    short = headline_like(text) and len(text) <= LONGEST_CROSSHEAD and not text.endswith(("：", ":"))
    return short and ends_sentence(story[n - 1].piece.text) and below.opens > 0 and len(below.piece.text) > len(text)


def _opens(text: str, marks: Marks) -> bool:
    return bool(marks.split_continuation(text)[1] or any(marks.parse_lead(text)))


def _headed(parts: list[Part], marks: Marks) -> bool:
    """Whether a line and the one right below it are the headline and the byline or lead of a story."""
    if len(parts) < 2 or parts[0].role not in (*DECKS, "crosshead") or not headline_like(parts[0].piece.text):
        return False
    between = parts[1].piece.lines[0].start - parts[0].piece.lines[-1].end
    below = parts[1].piece.text
    signed = len(parts) > 2 and marks.is_marked(below) and marks.is_byline(below)
    return 0 <= between <= MOST_BETWEEN and (signed or _opens(below, marks))


def story_of(parts: list[Part], confidence: float, marks: Marks) -> list[Draft]:
    """The drafts of one story: the story, followed by its sidebars."""
    main = Draft(parts[0].piece.lines[0].page, confidence=confidence)
    drafts = [main]
    columns = sum(bool(BRACKETED.match(p.piece.text)) for p in parts) > 1
    ordered = decks(with_headline(parts, marks), marks)
    for n, part in enumerate(ordered):
        draft, text = drafts[-1], part.piece.text
        spans = spans_of(part.piece)
        if draft.note and not main.body and _note_ends(draft, ordered[n:]):
            draft = main
            drafts.remove(main)
            drafts.append(main)
        if not draft.body and not draft.note:
            if marks.is_desk(text):
                continue  # furniture: who edited a story is neither in its text nor one of its writers
            if _head(draft, part.role, text, marks):
                draft.pieces += spans
                continue
        note, rest = _note(part, text, marks)
        if note and not (columns and BRACKETED.match(text)):
            parent = main if main.body or main.headlines else None
            draft, text = Draft(main.page, headlines=[note], confidence=confidence, parent=parent, note=note), rest
            drafts.append(draft)
        draft.pieces += spans
        if text:
            _add(draft, text, part, spans, marks, fresh=draft.last is None)
        draft.last = part.piece
    drafts.sort(key=lambda d: d is not main)
    for draft in drafts:
        _close(draft, marks)
    return [d for d in drafts if d.body or d.headlines]


def _note_ends(note: Draft, below: Sequence[Part]) -> bool:
    """Whether a note above a story is over: with the paragraph that announces what is printed, or else the first."""
    if not note.body or not ends_sentence(note.body[-1].text):
        return False
    if any(ANNOUNCES.search(p.text) for p in note.body):
        return True
    follow = list(takewhile(lambda p: p.role == "body", below[: LONGEST_NOTE - len(note.body)]))
    return not any(ANNOUNCES.search(p.piece.text) for p in follow)


def _note(part: Part, text: str, marks: Marks) -> tuple[str, str]:
    """(name of the column, rest) if a sidebar opens here: its name alone, or set off from the text."""
    if part.role == "note" and (corrected := CORRECTED.match(text)):
        return corrected["name"], text[corrected.end("name") + 1 :].lstrip()
    alike = part.role in ("sidebar", "note") or len(text) < 12 or _named(text, marks)
    return marks.split_note(text) if alike else ("", "")


def _named(text: str, marks: Marks) -> bool:
    """A column's name set off by a space or colon, as sidebars print it."""
    note, rest = marks.split_note(text)
    return bool(note) and rest != ""


def _head(draft: Draft, role: str, text: str, marks: Marks) -> bool:
    """Take a piece into the head; False if it is the body's first. Nothing that it says is lost."""
    rest, page = marks.split_continuation(text)
    if page:
        draft.continues = page
        if rest.strip() and (role not in DECKS or rest.rstrip().endswith("。")):
            return False
        draft.headlines += [rest.strip()] if rest.strip() else []
        return True
    if role == "byline" or (role in DECKS and marks.is_byline(text)):
        return _credit(draft, text, marks)
    if marks.parse_lead(text)[0]:
        return False
    if role == "label" or (role == "kicker" and is_label(text)):
        draft.labels.append(text.strip(AROUND_LABELS))
    elif role == "kicker":
        draft.kickers.append(text.strip(AROUND_LABELS))
    elif role == "subhead":
        draft.subheads.append(text.lstrip(DASHES))
    elif role == "headline":
        whole = WITH_SUBHEAD.match(text)
        headline = whole["headline"] if whole else text
        if headline in draft.headlines:
            return True  # printed a second time
        if draft.byline:
            return False  # the head is closed
        draft.headlines.append(headline.lstrip(BULLETS) or headline)
        draft.subheads += [whole["subhead"]] if whole else []
    else:
        return False
    return True


def _credit(draft: Draft, text: str, marks: Marks) -> bool:
    """Take a byline; one in no known form is taken whole if it opens with a byline's mark, and else is text."""
    credits = marks.parse_byline(text)
    if not credits and not marks.is_byline(text):
        name = marks.unmarked(text)
        if not name or len(name) > LONGEST_NAMES or any(c in name for c in "。，！？：；“”"):
            return False
        credits = (Credit(name),)
    draft.byline += [c for c in credits if c not in draft.byline]
    return True


def _add(draft: Draft, text: str, part: Part, spans: list[Span], marks: Marks, *, fresh: bool) -> None:
    """Begin a paragraph or continue the one that stands open."""
    rest, page = marks.split_continuation(text)
    if page and not draft.body:
        draft.continues, text = page, rest
    crosshead = part.role == "crosshead"
    kind = ParagraphKind.CROSSHEAD if crosshead else ParagraphKind.TEXT
    last = draft.body[-1] if draft.body else None
    ended = last is not None and ends_sentence(last.text)
    # A long paragraph that breaks off mid-sentence goes on, unless the next piece is all but sure to open one.
    broken = last is not None and not ended and len(last.text) >= LONGEST_HEADLINE
    opens = part.opens > (SURE if broken else 0) or (part.opens > -3 and ended)
    opens = opens and not (last and UNCLOSED.search(last.text))
    if last is None or fresh or crosshead or last.kind is ParagraphKind.CROSSHEAD or opens:
        draft.body.append(Paragraph(text, tuple(spans), kind))
        return
    blank = blank_between(last.text, draft.last.lines[-1], part.piece.lines[0]) if draft.last else ""
    draft.body[-1] = Paragraph(last.text + blank + text, (*last.spans, *spans), last.kind)


def _close(draft: Draft, marks: Marks) -> None:
    """Take closing credits, jumps and the lead's names out of the ends of the body."""
    while draft.body:
        text, page = marks.split_jump(draft.body[-1].text)
        draft.jump_to = page or draft.jump_to
        text = without_office(text)
        text, closing = (text, ()) if draft.byline else marks.split_closing_credit(text)
        if draft.note and not closing and not draft.byline and (pen := PEN_NAME.search(text)):
            text, closing = text[: pen.start()], (Credit(pen["name"]),)
        pictured = bool(draft.byline) and PHOTOGRAPHED.search(text)
        alone = marks.parse_byline(text) if not closing and len(draft.body) > 1 and not pictured else ()
        if alone and (marks.is_byline(text) or text.startswith(DASHED) or _sign(alone, draft, marks)):
            text, closing = "", alone
        draft.byline += [c for c in closing if c not in draft.byline]
        if text:
            draft.body[-1] = replace(draft.body[-1], text=text)
            break
        draft.body.pop()
    if len(draft.body) > 1 and draft.note and marks.is_byline(draft.body[0].text):
        draft.byline += marks.parse_byline(draft.body.pop(0).text)
    if not draft.body:
        return
    draft.dateline, named = marks.parse_lead(draft.body[0].text)
    draft.byline = draft.byline or list(named)


def sign_alike(drafts: Sequence[Draft]) -> None:
    """Sign what ends with a short word in brackets, where other stories of the page end with their writers' names.

    Columns of briefs sign each of their items so, and a surname may be in no list.
    """
    signed = sum(bool(d.byline) and not any(c.role for c in d.byline) for d in drafts)
    unsigned = [(d, PEN_NAME.search(d.body[-1].text)) for d in drafts if d.body and not d.byline]
    alike = [(d, pen) for d, pen in unsigned if pen and not pen["name"].endswith(PLACES)]
    if not signed or signed + len(alike) < FEWEST_ALIKE:
        return
    for draft, pen in alike:
        draft.body[-1] = replace(draft.body[-1], text=draft.body[-1].text[: pen.start()])
        draft.byline = [Credit(pen["name"])]


def _sign(names: Sequence[Credit], draft: Draft, marks: Marks) -> bool:
    """Whether several names alone, below the last sentence of a story without a writer, are its writers'."""
    unsigned = not draft.byline and not marks.parse_lead(draft.body[0].text)[1]
    few = 1 < len(names) <= MOST_NAMES and all(is_likely(c.name) for c in names)
    above = draft.body[-2].text
    return unsigned and few and (ends_sentence(above) or bool(marks.split_closing_credit(above)[1]))


def _is_place(name: str, body: Sequence[Paragraph]) -> bool:
    """Whether a name is where the story was filed: 本报记者 张三 丰竹报道, and 丰竹县 in its text."""
    return len(name) == 2 and any(f"{name}{unit}" in p.text for p in body for unit in "县市区州镇乡")


def finish(drafts: list[Draft]) -> list[Article]:
    """Articles in the order of the drafts. A reporter's sidebar without names gets the names of its main story."""
    _adopt(drafts)
    places = {id(d): n for n, d in enumerate(drafts)}
    return [_article(d, places) for d in drafts]


def _adopt(drafts: list[Draft]) -> None:
    """Give each note that was chained to nothing the story beside it: an editor's note opens one, others close one."""
    for n, draft in enumerate(drafts):
        if not draft.note or draft.parent:
            continue
        after = next((d for d in drafts[n + 1 :] if not d.note and d.page == draft.page), None)
        before = next((d for d in reversed(drafts[:n]) if not d.note and d.page == draft.page), None)
        draft.parent = (after or before) if draft.note.startswith(OPENING_NOTES) else (before or after)


def _with_crossheads(body: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """A short line that ends no sentence is a crosshead, below a long paragraph that does and above another."""

    def is_crosshead(n: int) -> bool:
        before, line, after = body[n - 1 : n + 2]
        return (
            line.kind is ParagraphKind.TEXT
            and 2 < len(line.text) <= LONGEST_CROSSHEAD
            and not ends_sentence(line.text)
            and line.text[-1] not in "：，、；"
            and len(before.text) > LONGEST_HEADLINE
            and ends_sentence(before.text)
            and (len(after.text) > LONGEST_HEADLINE or ends_sentence(after.text))
        )

    found = {n for n in range(1, len(body) - 1) if is_crosshead(n)}
    return tuple(replace(p, kind=ParagraphKind.CROSSHEAD) if n in found else p for n, p in enumerate(body))


def _article(draft: Draft, places: dict[int, int]) -> Article:
    parent = draft.parent
    own = draft.byline or (parent.byline if parent and not simplified(draft.note).startswith(OTHERS) else [])
    return Article(
        headline=" ".join(draft.headlines),
        body=_with_crossheads(draft.body),
        kicker=" ".join(draft.kickers),
        label=" ".join(draft.labels),
        subhead=" ".join(draft.subheads),
        byline=tuple(c for c in dict.fromkeys(own) if not _is_place(c.name, draft.body)),
        dateline=draft.dateline,
        order_confidence=round(draft.confidence, 4),
        parent=places.get(id(parent), -1) if parent else -1,
        jump_to=draft.jump_to,
        pieces=tuple(draft.pieces),
        spans=tuple(draft.pieces),
    )
