"""A page as an editor mends it: which of its lines make up which article, in which order, in which role.

A draft is a value; each act of the editor's makes another one, so that undoing is going back to the one before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from transforms.errors import BadInput
from transforms.lifecycle.doubt import is_waiting
from transforms.model import Article, GivenArticle, GivenPart, Item, Page, Paragraph, ParagraphKind, Span, Status
from transforms.restore.lines import Line, lines_of

MOST_CUTS = 200
_HEAD = ("headline", "kicker", "label", "subhead", "byline", "dateline")


class Role(StrEnum):
    """What a line is. ``OPENS`` is text that begins a paragraph; ``NOTICE`` and ``FURNITURE`` belong to no article."""

    KICKER = "kicker"
    HEADLINE = "headline"
    SUBHEAD = "subhead"
    BYLINE = "byline"
    CROSSHEAD = "crosshead"
    OPENS = "opens"
    TEXT = "text"
    NOTICE = "notice"
    FURNITURE = "furniture"


OUTSIDE = (Role.NOTICE, Role.FURNITURE)


@dataclass(frozen=True, slots=True)
class Place:
    """A line by its number on the page (from 0, blank ones not counted), and what it is."""

    line: int
    role: Role


@dataclass(frozen=True, slots=True)
class Cut:
    """An article's lines in reading order; ``guid`` is empty for one that the editor has made."""

    guid: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A page's articles in order, and its lines that are part of none."""

    cuts: tuple[Cut, ...]
    outside: tuple[Place, ...] = ()

    def cut_with(self, line: int) -> int:
        """The place of the article that has a line; -1 if none has."""
        return next((n for n, cut in enumerate(self.cuts) if any(p.line == line for p in cut.places)), -1)


@dataclass(frozen=True, slots=True)
class Rest:
    """What an article has on a page that is not being mended; ``before``: its beginning, not its end."""

    page: Page
    places: tuple[Place, ...]
    before: bool = False


_NOTHING: Mapping[str, Sequence[Rest]] = {}


def draft_of(page: Page, items: Sequence[Item]) -> Draft:
    """The page as it was read."""
    lines = lines_of(page)
    taken: set[int] = set()
    cuts = []
    for item in items:
        if item.status is not Status.USABLE and not is_waiting(item):
            continue
        places = tuple(_places(item, page.number, lines, taken))
        if places:
            cuts.append(Cut(item.guid, places))
            taken |= {p.line for p in places}
    return Draft(tuple(cuts), tuple(Place(n, Role.FURNITURE) for n in range(len(lines)) if n not in taken))


def _places(item: Item, number: int, lines: Sequence[Line], taken: Collection[int]) -> Iterator[Place]:
    article, seen = item.article, set(taken)
    # Lines whose words were corrected are known by what was printed.
    known = [article, item.printed] if item.printed else [article]
    texts: dict[int, tuple[ParagraphKind, bool]] = {}  # by where a line begins: is it the first of its paragraph?
    for one in reversed(known):
        texts |= {s.start: (p.kind, not n) for p in one.body for n, s in enumerate(p.spans) if s.page == number}
    for piece in (s for s in article.pieces or article.spans if s.page == number):
        for n, line in enumerate(lines):
            if n not in seen and line.start < piece.end and line.end > piece.start:
                seen.add(n)
                yield Place(n, _role(known, line, *texts.get(line.start, (None, False))))


def _role(known: Sequence[Article], line: Line, kind: ParagraphKind | None, starts: bool) -> Role:
    if kind is ParagraphKind.CROSSHEAD:
        return Role.CROSSHEAD
    if kind is not None:
        return Role.OPENS if starts else Role.TEXT
    said = _solid(line.text)
    heads = ((Role.HEADLINE, "headline"), (Role.KICKER, "kicker"), (Role.KICKER, "label"), (Role.SUBHEAD, "subhead"))
    for article in known:
        for role, name in heads:
            if said and said.strip("—－-【】［］[]〖〗") in _solid(getattr(article, name)):
                return role
    if any(c.name and c.name in said for article in known for c in article.byline):
        return Role.BYLINE
    return Role.OPENS if line.indented else Role.TEXT


def _solid(text: str) -> str:
    return "".join(text.split())


def with_changes_kept(mended: Article, opened: Article, stands: Article) -> Article:
    """A mended article with what was changed in it otherwise, as by a correction, if the mending did not touch it.

    ``opened`` is what the page's lines say before the mending, ``stands`` the article as it is out.
    """
    kept = {n: getattr(stands, n) for n in _HEAD if getattr(mended, n) == getattr(opened, n)}
    return replace(mended, **kept, body=_body_kept(mended.body, opened.body, stands.body))


def _body_kept(
    mended: Sequence[Paragraph], opened: Sequence[Paragraph], stands: Sequence[Paragraph]
) -> tuple[Paragraph, ...]:
    """The mended paragraphs, each that was changed before and is as it was printed in its changed words."""
    before, after = [p.text for p in opened], [p.text for p in stands]
    if [p.text for p in mended] == before:
        return tuple(stands)
    changed: dict[str, Paragraph] = {}
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "replace" and b - a == d - c:
            changed |= zip(before[a:b], stands[c:d], strict=True)
    return tuple(replace(changed[p.text], spans=p.spans) if p.text in changed else p for p in mended)


def checked(draft: Draft, page: Page, original: Draft) -> Draft:
    """The draft, if it is one of the page: every line once, every article that is different with headline and text.

    What the editor left alone stays as it was read: a sidebar may have its headline inside its text. Raises BadInput.
    """
    count = len(lines_of(page))
    places = [p for cut in draft.cuts for p in cut.places] + list(draft.outside)
    if sorted(p.line for p in places) != list(range(count)):
        raise BadInput("this is not the page as it is stored: open it again")
    different, _ = changed(draft, original)
    for number, cut in enumerate(draft.cuts, 1):
        roles = {p.role for p in cut.places} if cut in different else {Role.HEADLINE, Role.TEXT}
        if Role.HEADLINE not in roles:
            raise BadInput(f"article {number} has no headline: mark one of its lines, or move its lines elsewhere")
        if not roles & {Role.TEXT, Role.OPENS}:
            raise BadInput(f"article {number} has no text: move lines to it, or move its lines elsewhere")
    return draft


def moved(draft: Draft, chosen: Sequence[int], into: int, before: int = -1) -> Draft:
    """The chosen lines, in the order of the page's articles, put into an article before one of its lines or at its end.

    ``into`` counts articles from 0; one past the last makes a new one; -1 puts the lines outside. Raises BadInput.
    """
    if not -1 <= into <= len(draft.cuts) or len(draft.cuts) >= MOST_CUTS:
        raise BadInput("the article is no longer on this page")
    if before in chosen:
        return draft
    going = [p for group in (*(c.places for c in draft.cuts), draft.outside) for p in group if p.line in set(chosen)]
    cuts = [replace(c, places=_without(c.places, chosen)) for c in draft.cuts]
    outside = _without(draft.outside, chosen)
    if into == -1:
        fresh = tuple(Place(p.line, p.role if p.role in OUTSIDE else Role.FURNITURE) for p in going)
        return _tidy(cuts, tuple(sorted((*outside, *fresh), key=lambda p: p.line)))
    if into == len(cuts):
        cuts.append(Cut("", ()))
    inside = [Place(p.line, Role.OPENS if p.role in OUTSIDE else p.role) for p in going]
    old = cuts[into].places
    at = next((n for n, p in enumerate(old) if p.line == before), len(old))
    cuts[into] = replace(cuts[into], places=(*old[:at], *inside, *old[at:]))
    return _tidy(cuts, outside)


def _without(places: Sequence[Place], chosen: Sequence[int]) -> tuple[Place, ...]:
    return tuple(p for p in places if p.line not in set(chosen))


def _tidy(cuts: Sequence[Cut], outside: tuple[Place, ...]) -> Draft:
    return Draft(tuple(c for c in cuts if c.places), outside)


def marked(draft: Draft, chosen: Sequence[int], role: Role) -> Draft:
    """The chosen lines in another role; a notice or furniture leaves its article, anything else needs one."""
    if role in OUTSIDE:
        draft = moved(draft, chosen, -1)
        return replace(draft, outside=_in_role(draft.outside, chosen, role))
    return replace(draft, cuts=tuple(replace(c, places=_in_role(c.places, chosen, role)) for c in draft.cuts))


def _in_role(places: Sequence[Place], chosen: Sequence[int], role: Role) -> tuple[Place, ...]:
    return tuple(replace(p, role=role) if p.line in set(chosen) else p for p in places)


def split(draft: Draft, chosen: Sequence[int]) -> Draft:
    """A new article of the chosen lines; of one line alone, from it to the end of its article. Its first is a headline.

    Raises BadInput if nothing is chosen.
    """
    if not chosen:
        raise BadInput("choose the line that opens the new article, or all of its lines")
    lines = list(chosen)
    if len(lines) == 1 and (number := draft.cut_with(lines[0])) >= 0:
        order = [p.line for p in draft.cuts[number].places]
        lines = order[order.index(lines[0]) :]
    made = moved(draft, lines, len(draft.cuts))
    new = made.cuts[-1]
    if not any(p.role is Role.HEADLINE for p in new.places):
        first = replace(new.places[0], role=Role.HEADLINE)
        made = replace(made, cuts=(*made.cuts[:-1], replace(new, places=(first, *new.places[1:]))))
    return made


def merged(draft: Draft, number: int) -> Draft:
    """An article as the end of the one before it; its head becomes text. Raises BadInput for the first."""
    if not 0 < number < len(draft.cuts):
        raise BadInput("there is no article before this one")
    heads = (Role.HEADLINE, Role.KICKER, Role.SUBHEAD)
    tail = tuple(replace(p, role=Role.OPENS) if p.role in heads else p for p in draft.cuts[number].places)
    first = draft.cuts[number - 1]
    joined = replace(first, places=(*first.places, *tail))
    return replace(draft, cuts=(*draft.cuts[: number - 1], joined, *draft.cuts[number + 1 :]))


def changed(draft: Draft, original: Draft) -> tuple[tuple[Cut, ...], tuple[str, ...]]:
    """The articles that are new or different, and the guids of those of which nothing is left."""
    before = {c.guid: c.places for c in original.cuts}
    different = tuple(c for c in draft.cuts if not c.guid or before.get(c.guid) != c.places)
    kept = {c.guid for c in draft.cuts}
    return different, tuple(guid for guid in before if guid not in kept)


def as_given(cuts: Sequence[Cut], page: Page, rests: Mapping[str, Sequence[Rest]] = _NOTHING) -> tuple[Page, ...]:
    """The pages as if their source had cut out these articles, which is how the reader takes an editor's word.

    ``rests`` has, by guid, what an article has on other pages; these come with the page, and open no other article.
    """
    given = []
    others: dict[int, Page] = {}
    for cut in cuts:
        far = rests.get(cut.guid, ())
        others |= {rest.page.number: replace(rest.page, given=()) for rest in far}
        before = [part for rest in far if rest.before for part in _parts(rest.places, rest.page)]
        after = [part for rest in far if not rest.before for part in _parts(rest.places, rest.page)]
        given.append(GivenArticle((*before, *_parts(cut.places, page), *after)))
    return (replace(page, given=tuple(given)), *others.values())


def rest_of(article: Article, page: Page, other: Page, places: Sequence[Place]) -> Rest:
    """What an article has on a page other than the one that is mended; it stays before or after it as it was."""
    order = list(dict.fromkeys(s.page for s in article.pieces or article.spans))
    before = other.number in order and page.number in order and order.index(other.number) < order.index(page.number)
    return Rest(other, tuple(places), before)


def _parts(places: Sequence[Place], page: Page) -> Iterator[GivenPart]:
    lines = lines_of(page)
    run: list[Span] = []
    role, opens = "", True
    for place in places:
        span = Span(page.number, lines[place.line].start, lines[place.line].end)
        kind = "text" if place.role in (Role.TEXT, Role.OPENS) else place.role.value
        if run and (kind != role or place.role is Role.OPENS):
            yield GivenPart(role, tuple(run), opens)
            run = []
        if not run:
            opens = place.role is not Role.TEXT
        role = kind
        run.append(span)
    if run:
        yield GivenPart(role, tuple(run), opens)
