"""From chains of pieces to articles: heads, bodies, sidebars, jumps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.model import Article, Credit, Paragraph, ParagraphKind, Span
from transforms.restore.features import Piece
from transforms.restore.lines import UNCLOSED, blank_between, ends_sentence
from transforms.segment.marks import Marks

DASHES = "—－-– "
HEAD = ("headline", "kicker", "subhead", "byline", "continuation")
LONGEST_HEADLINE = 45
LONGEST_CROSSHEAD = 20
SURE = 5.0  # log-odds


@dataclass
class Draft:
    """An article while it is put together; ``continues`` is the page that its opening stands on."""

    page: int
    kickers: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    subheads: list[str] = field(default_factory=list)
    byline: list[Credit] = field(default_factory=list)
    body: list[Paragraph] = field(default_factory=list)
    pieces: list[Span] = field(default_factory=list)
    continues: str = ""
    jump_to: str = ""
    dateline: str = ""
    confidence: float = 1.0
    parent: Draft | None = None
    last: Piece | None = None


@dataclass(frozen=True)
class Part:
    """A piece with what the network says of it: role, log odds that it opens a paragraph."""

    piece: Piece
    role: str
    opens: float


def drafts_of(parts: list[Part], confidence: float, marks: Marks) -> list[Draft]:
    """One chain as drafts: an article, and its sidebars after it."""
    drafts = [Draft(parts[0].piece.lines[0].page, confidence=confidence)]
    for part in _with_headline(parts):
        draft = drafts[-1]
        spans = _spans(part.piece)
        text = part.piece.text
        if not draft.body and _head(draft, part.role, text, marks):
            draft.pieces += spans
            continue
        note, rest = (
            marks.split_note(text) if part.role == "sidebar" or len(text) < 12 or _named(text, marks) else ("", "")
        )
        if note and drafts[0].body:
            draft = Draft(draft.page, headlines=[note], confidence=confidence, parent=drafts[0])
            drafts.append(draft)
            text = rest
        draft.pieces += spans
        if text:
            _add(draft, text, part, spans, marks, fresh=bool(note))
        draft.last = part.piece
    for draft in drafts:
        _close(draft, marks)
    return [d for d in drafts if d.body or d.headlines]


def _with_headline(parts: list[Part]) -> list[Part]:
    """See that a text has a headline where its first piece can be one: a line that ends no sentence, before text."""
    if any(p.role == "headline" for p in parts) or len(parts) < 2:
        return parts
    head = next((n for n, p in enumerate(parts) if p.role not in HEAD), len(parts))
    heads = [n for n in range(head) if parts[n].role in ("kicker", "subhead")]
    if heads:
        chosen = heads[0]
    elif (
        head < len(parts)
        and len(parts[head].piece.text) <= LONGEST_HEADLINE
        and not ends_sentence(parts[head].piece.text)
    ):
        chosen = head
    else:
        return parts
    return [replace(p, role="headline") if n == chosen else p for n, p in enumerate(parts)]


def _named(text: str, marks: Marks) -> bool:
    """A column's name set off by a space or colon, as sidebars print it."""
    note, rest = marks.split_note(text)
    return bool(note) and rest != "" and text[len(note)] in "：:　 "


def _spans(piece: Piece) -> list[Span]:
    return [Span(x.page, x.start, x.end) for x in piece.lines]


def _head(draft: Draft, role: str, text: str, marks: Marks) -> bool:
    """Take a piece into the head; False where it is the body's first."""
    rest, page = marks.split_continuation(text)
    if page:
        draft.continues = page
        if rest.strip() and role != "headline":
            return False
        draft.headlines += [rest.strip()] if rest.strip() else []
        return True
    credits = marks.parse_byline(text) if role in ("byline", "subhead", "kicker") else ()
    if role == "byline" or any(c.role for c in credits):
        draft.byline += credits
        return True
    if role == "kicker":
        draft.kickers.append(text)
    elif role == "subhead" or (role == "headline" and draft.headlines and text.startswith(("—", "－－"))):
        draft.subheads.append(text.lstrip(DASHES))
    elif role == "headline":
        if draft.byline or text in draft.headlines:
            return False  # the head is closed: the text repeats its headline
        draft.headlines.append(text)
    else:
        return False
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
        text, draft.jump_to = marks.split_jump(draft.body[-1].text)
        text, closing = marks.split_closing_credit(text)
        alone = marks.parse_byline(text) if not closing and len(draft.body) > 1 and len(text) < 24 else ()
        if alone and any(c.role for c in alone):
            text, closing = "", alone
        draft.byline += [c for c in closing if c not in draft.byline]
        if text:
            draft.body[-1] = replace(draft.body[-1], text=text)
            break
        draft.body.pop()
    if not draft.body:
        return
    draft.dateline, named = marks.parse_lead(draft.body[0].text)
    draft.byline = draft.byline or list(named)


def join_jumps(drafts: list[Draft]) -> list[Draft]:
    """Append to each story that jumps the rest that stands on the page it names."""
    rests = [d for d in drafts if d.continues]
    for rest in rests:
        openings = [d for d in drafts if d.jump_to and d is not rest and d.page != rest.page]
        fitting = [d for d in openings if d.jump_to == str(rest.page) and rest.continues == str(d.page)]
        named = [d for d in fitting or openings if rest.headlines and _alike(d.headlines, rest.headlines)]
        chosen = named or (fitting if not rest.headlines or len(fitting) == 1 else [])
        if not chosen:
            continue
        _append(chosen[0], rest)
        drafts = [d for d in drafts if d is not rest]
    return drafts


def _alike(one: list[str], other: list[str]) -> bool:
    a, b = "".join(one), "".join(other)
    return a == b or (len(b) >= 4 and (b in a or a in b))


def _append(opening: Draft, rest: Draft) -> None:
    """Nothing is left to jump to once the rest is found."""
    body = list(rest.body)
    if opening.body and body and not ends_sentence(opening.body[-1].text):
        last, first = opening.body[-1], body.pop(0)
        opening.body[-1] = Paragraph(last.text + first.text, (*last.spans, *first.spans), last.kind)
    opening.body += body
    opening.pieces += rest.pieces
    opening.byline += [c for c in rest.byline if c not in opening.byline]
    opening.jump_to = rest.jump_to
    opening.confidence *= rest.confidence


def finish(drafts: list[Draft]) -> list[Article]:
    """Articles in the order of the drafts; a sidebar without names has its parent's."""
    places = {id(d): n for n, d in enumerate(drafts)}
    return [_article(d, places) for d in drafts]


def _with_crossheads(body: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """A short line that ends no sentence, alone between long paragraphs that end theirs, is a crosshead."""

    def is_crosshead(n: int) -> bool:
        before, line, after = body[n - 1 : n + 2]
        return (
            line.kind is ParagraphKind.TEXT
            and 2 < len(line.text) <= LONGEST_CROSSHEAD
            and not ends_sentence(line.text)
            and line.text[-1] not in "：，、；"
            and min(len(before.text), len(after.text)) > LONGEST_HEADLINE
            and ends_sentence(before.text)
        )

    found = {n for n in range(1, len(body) - 1) if is_crosshead(n)}
    return tuple(replace(p, kind=ParagraphKind.CROSSHEAD) if n in found else p for n, p in enumerate(body))


def _article(draft: Draft, places: dict[int, int]) -> Article:
    parent = draft.parent
    own = draft.byline or (parent.byline if parent else [])
    return Article(
        headline=" ".join(draft.headlines),
        body=_with_crossheads(draft.body),
        kicker=" ".join(draft.kickers),
        subhead=" ".join(draft.subheads),
        byline=tuple(dict.fromkeys(own)),
        dateline=draft.dateline,
        order_confidence=round(draft.confidence, 4),
        parent=places.get(id(parent), -1) if parent else -1,
        jump_to=draft.jump_to,
        pieces=tuple(draft.pieces),
        spans=tuple(draft.pieces),
    )
