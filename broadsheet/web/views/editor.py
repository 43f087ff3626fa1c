"""A page as an editor mends it: its text, line by line, and the articles as they stand after the steps so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.installation import Installation
from broadsheet.steps import mending
from broadsheet.steps.mending import Opened
from broadsheet.web.views.deliveries import COLOURS
from broadsheet.web.views.pages import pages_of
from delivery.codec import decode, encode
from delivery.keys import IssueKey
from transforms.errors import BadInput, StoreError
from transforms.intake.page_images import is_pictured
from transforms.mending import Cut, Draft, Place, Rest, Role, changed
from transforms.mending_steps import Act, Step, replay
from transforms.model import Article, Box, Page, Publication
from transforms.restore.lines import lines_of

HEADS = (Role.HEADLINE, Role.KICKER, Role.SUBHEAD, Role.BYLINE)
MARKS = (*HEADS, Role.CROSSHEAD, Role.OPENS, Role.TEXT, Role.NOTICE, Role.FURNITURE)
FOREIGN = "this form does not come from the desk: open the page again"
LONGEST = 100_000  # characters of the steps as a form carries them


@dataclass(frozen=True, slots=True)
class Steps:
    """What was done so far, as the form carries it."""

    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class EditedLine:
    """A line of the page: its number, its text, what it is; ``article`` counts from 1, 0 if it is part of none.

    ``box``: where it stands on the page's picture; None if the page has none.
    """

    number: int
    text: str
    role: Role
    article: int
    chosen: bool = False
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """An article as it is being mended. ``fault``: no_headline, no_text, torn, or empty if it can go out.

    ``shown`` is how it will go out. ``elsewhere`` are the pages that it goes on to.
    """

    number: int
    colour: int
    guid: str
    headline: str
    lines: tuple[EditedLine, ...]
    shown: Article | None
    changed: bool
    fault: str
    embargoed: datetime | None
    elsewhere: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EditorView:
    """A page that is being mended. ``gone`` are the headlines of articles of which nothing is left."""

    key: IssueKey
    publication: Publication
    page: Page
    numbers: tuple[int, ...]
    version: str
    sheet: tuple[EditedLine, ...]
    cards: tuple[Card, ...]
    outside: tuple[EditedLine, ...]
    gone: tuple[str, ...]
    steps: Steps
    draft: Draft

    @property
    def is_pictured(self) -> bool:
        """Whether there is a picture of the page to show."""
        return is_pictured(self.page)

    @property
    def ready(self) -> bool:
        """Whether the page can be saved: something changed, and no article has a fault."""
        return bool(self.gone or any(c.changed for c in self.cards)) and not any(c.fault for c in self.cards)


def read_steps(text: str) -> Steps:
    """The steps of a form. Raises BadInput for anything else."""
    if not text:
        return Steps()
    try:
        if len(text) > LONGEST:
            raise BadInput("too many steps: save, then open the page again")
        return decode(Steps, text.encode(), "the form")
    except StoreError as error:
        raise BadInput(FOREIGN) from error


def written(steps: Steps) -> str:
    """The steps for the form."""
    return encode(steps, Steps).decode().strip()


def done(steps: Steps, step: Step) -> Steps:
    """The steps with one more."""
    return Steps((*steps.steps, step))


def editor_view(
    installation: Installation, key: IssueKey, number: int, steps: Steps = Steps(), chosen: Sequence[int] = ()
) -> EditorView:
    """A page after the steps. Raises NotFound for a page that the issue has not, BadInput for a step that cannot be."""
    publication = installation.publication(key.publication)
    pages = pages_of(installation, key)
    start = mending.opened(installation, key, number, pages)
    draft = replay(start.draft, steps.steps)
    different, gone = changed(draft, start.draft)
    rests = mending.rests_after(draft, start.draft, start.rests)
    lines = lines_of(start.page)
    texts = [line.text for line in lines]
    cards = tuple(
        _card(publication, start, n, cut, different, rests, texts, chosen) for n, cut in enumerate(draft.cuts)
    )
    outside = tuple(_line(texts, p, 0, chosen) for p in draft.outside)
    headlines = {i.guid: i.article.headline for i in start.items}
    every = (*outside, *(line for c in cards for line in c.lines))
    sheet = sorted((replace(one, box=lines[one.number].box) for one in every), key=lambda line: line.number)
    return EditorView(
        key, publication, start.page, tuple(p.number for p in pages), start.version, tuple(sheet), cards, outside,
        tuple(headlines[guid] for guid in gone), steps, draft,
    )  # fmt: skip


def _card(
    publication: Publication,
    start: Opened,
    number: int,
    cut: Cut,
    different: Sequence[Cut],
    rests: Mapping[str, Sequence[Rest]],
    texts: Sequence[str],
    chosen: Sequence[int],
) -> Card:
    item = next((i for i in start.items if i.guid == cut.guid), None)
    is_changed = cut in different or item is None
    shown = mending.preview(publication, start.page, cut, rests) if is_changed else item.article if item else None
    if shown and is_changed:
        shown = mending.with_changes_kept(publication, start, cut.guid, shown)
    printed = " ".join(texts[p.line] for p in cut.places if p.role is Role.HEADLINE)
    headline = printed or (item.article.headline if item and not is_changed else "")
    lines = tuple(_line(texts, p, number + 1, chosen) for p in cut.places)
    far = tuple(rest.page.number for rest in rests.get(cut.guid, ()) if cut.guid)
    return Card(
        number + 1, number % COLOURS, cut.guid, headline, lines, shown, is_changed,
        _fault(cut, shown) if is_changed else "", item.embargoed if item else None, far,
    )  # fmt: skip


def _fault(cut: Cut, shown: Article | None) -> str:
    roles = {p.role for p in cut.places}
    if Role.HEADLINE not in roles:
        return "no_headline"
    if not roles & {Role.TEXT, Role.OPENS}:
        return "no_text"
    return "" if shown else "torn"


def _line(texts: Sequence[str], place: Place, article: int, chosen: Sequence[int]) -> EditedLine:
    return EditedLine(place.line, texts[place.line], place.role, article, place.line in chosen)


def step_of(act: str, lines: Sequence[int], before: int, draft: Draft) -> Step:
    """The step that a form asks for. Raises BadInput for an act that there is none of.

    ``act``: split, before (the line ``before``), mark:<role>, merge:<article>, put:<article>, put:new or put:out;
    articles count from 1.
    """
    name, _, detail = act.partition(":")
    try:
        if name == "mark":
            return Step(Act.MARK, tuple(lines), role=Role(detail))
        if name == "merge":
            return Step(Act.MERGE, into=int(detail) - 1)
        if name == "split":
            return Step(Act.SPLIT, tuple(lines))
        if name == "put":
            into = {"out": -1, "new": len(draft.cuts)}.get(detail)
            return Step(Act.MOVE, tuple(lines), int(detail) - 1 if into is None else into)
        if name == "before":
            return Step(Act.MOVE, tuple(lines), draft.cut_with(before), before)
    except ValueError as error:
        raise BadInput(FOREIGN) from error
    raise BadInput(FOREIGN)
