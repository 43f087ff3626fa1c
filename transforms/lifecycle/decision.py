"""An editor's decision on a waiting article: accept, reject, merge with a neighbour, split.

The result is what readers get. What the newspaper printed is kept next to it, so the next reading of the page finds
the article again and keeps the decision as long as the newspaper prints the same text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from transforms.errors import BadInput
from transforms.guid import split_guid
from transforms.lifecycle.differences import describe_changes
from transforms.lifecycle.doubt import REMADE, is_waiting, settle_sidebars, standing
from transforms.lifecycle.identity import after, correct, new_guid, withdraw
from transforms.model import Action, Article, Item, Paragraph, Section, Span, Status
from transforms.multilingual import note_in

MAX_HEADLINE = 200  # characters; printed ones stay far below


class Answer(StrEnum):
    """The possible answers."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Decision:
    """An editor's decision. ``question`` is ``Waiting.version`` of the question; empty fields change nothing.

    ``text``: the whole body as repaired, one paragraph per line. ``neighbour``: guid of the article to merge with.
    ``paragraph`` (from 2, counted in ``text``): opens the second article of a split, and is its headline unless
    ``second_headline`` is given. ``lapsed``: nobody answered in time. ``again``: the article was rejected before.
    """

    answer: Answer
    question: int
    section: Section | None = None
    headline: str = ""
    text: str = ""
    neighbour: str = ""
    paragraph: int = 0
    second_headline: str = ""
    second_section: Section | None = None
    lapsed: bool = False
    again: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A decision, who took it and when, and the language of the note to partners."""

    decision: Decision
    actor: str
    at: datetime
    language: str


def decide(items: Sequence[Item], guid: str, word: Word) -> tuple[Item, ...]:
    """The items after the editor's decision. Raises BadInput if it cannot be carried out."""
    item = next((i for i in items if i.guid == guid), None)
    if item is None:
        raise BadInput(f"the issue has no article {guid}")
    if item.waits is None or not item.waits.doubts:
        raise BadInput(f"{guid} is not waiting for an editor")
    if item.waits.version != word.decision.question:
        raise BadInput(f"{guid} was read again since this was asked: there is a newer question about it")
    if item.waits.rejected != word.decision.again:
        raise BadInput(f"{guid} was {'rejected' if item.waits.rejected else 'read again'} since this was asked")
    made = _MAKERS[word.decision.answer](items, item, _mended(item.article, word.decision.text), word)
    if word.decision.answer is not Answer.REJECT and any(d.kind == REMADE for d in item.waits.doubts):
        made = [_taken_back(i, item, word) for i in made]
    return settle_sidebars(made, {i.guid: i for i in items}, item.waits.version)


def _mended(article: Article, text: str) -> Article:
    """The article with the body that the editor wrote; a paragraph left alone keeps its kind and its place."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or lines == [p.text.strip() for p in article.body]:
        return article
    known = {p.text.strip(): p for p in article.body}
    return replace(article, body=tuple(known.get(line) or Paragraph(line) for line in lines))


def neighbours(items: Sequence[Item], guid: str) -> dict[str, Item]:
    """The articles that an article could be merged with: ``previous`` and ``next``, if they exist."""
    live = [i for i in items if i.guid == guid or _can_join(i, guid)]
    at = next((n for n, i in enumerate(live) if i.guid == guid), -1)
    if at < 0:
        return {}
    found = {"previous": live[at - 1]} if at else {}
    return found | ({"next": live[at + 1]} if at + 1 < len(live) else {})


def _can_join(item: Item, guid: str) -> bool:
    """Whether an item can be merged with the article of that guid; what it absorbed once, it can absorb again."""
    return item.status is Status.USABLE or is_waiting(item) or item.origin == guid


def _taken_back(item: Item, source: Item, word: Word) -> Item:
    """What an editor once split off from an article, which has its text again in another form."""
    if item.origin != source.guid or item.status is not Status.USABLE or item.history[-1].at == word.at:
        return item
    return _absorbed(item, source, word)


def _accept(items: Sequence[Item], item: Item, article: Article, word: Word) -> list[Item]:
    done = "lapsed" if word.decision.lapsed else "reviewed"
    return _with(items, _released(item, _as_told(article, word.decision), word, done))


def _as_told(article: Article, decision: Decision) -> Article:
    """The article under the section and headline that the desk gave; what a person has seen is sure."""
    if decision.lapsed:
        return article
    section = decision.section or article.section
    told = replace(
        article,
        section=section,
        column=article.column if section is article.section else "",
        headline=decision.headline.strip() or article.headline,
        order_confidence=1.0,
        section_confidence=1.0,
    )
    if not told.headline.strip():
        raise BadInput("the article needs a headline")
    if len(told.headline) > MAX_HEADLINE:
        raise BadInput(f"a headline has {MAX_HEADLINE} characters at most, this one has {len(told.headline)}")
    return told


def _released(item: Item, article: Article, word: Word, done: str) -> Item:
    """The item that waited, out with ``article``; where that is what is out already, the version that is."""
    earlier = standing(item)
    changes = describe_changes(earlier.article, article, word.language) if earlier else ""
    printed = item.printed or item.article
    if earlier and not changes and earlier.parent_guid == item.parent_guid:
        return replace(earlier, printed=printed)
    at = after(item, word.at)
    return replace(
        item,
        article=article,
        version_created=at,
        status=Status.USABLE,
        ed_note=changes or item.ed_note,
        history=(*item.history, Action(word.actor, done, at)),
        printed=printed,
        waits=None,
        origin="",
    )


def _reject(items: Sequence[Item], item: Item, article: Article, word: Word) -> list[Item]:
    return _with(items, _refused(item, word, "rejected"))


def _refused(item: Item, word: Word, done: str, origin: str = "") -> Item:
    """The item kept from all readers; of one that was out before, what is out stays."""
    earlier = standing(item)
    if earlier:
        return replace(earlier, printed=item.printed or item.article)
    history = (*item.history, Action(word.actor, done, word.at))
    waits = replace(item.waits, rejected=True) if item.waits else None
    return replace(item, history=history, waits=waits, origin=origin)


def _merge(items: Sequence[Item], item: Item, article: Article, word: Word) -> list[Item]:
    other = next((i for i in items if i.guid == word.decision.neighbour), None)
    if other is None or other.guid == item.guid or not _can_join(other, item.guid):
        raise BadInput(f"there is no such neighbour to merge {item.guid} with: it may have been taken away meanwhile")
    places = {i.guid: n for n, i in enumerate(items)}
    first, second = sorted((item, other), key=lambda i: places[i.guid])
    if first is not item and first.status is Status.WITHHELD:
        raise BadInput(
            f"“{first.article.headline}” is itself waiting for an editor: answer there, and merge with the next"
        )
    theirs = (other.origin and other.printed) or other.article
    joined = _joined(article, theirs) if first is item else _joined(theirs, article)
    if first is item:
        kept = _released(item, _as_told(joined, word.decision), word, "merged")
    else:
        kept = _lengthened(first, joined, word)
    made = _with(_with(items, kept), _absorbed(second, kept, word))
    return [_relinked(i, second.guid, kept.guid, word) for i in made]


def _joined(first: Article, second: Article) -> Article:
    return replace(
        first,
        body=first.body + second.body,
        byline=tuple(dict.fromkeys(first.byline + second.byline)),
        pieces=first.pieces + second.pieces,
        spans=first.spans + second.spans,
        jump_to=second.jump_to,
    )


def _lengthened(item: Item, article: Article, word: Word) -> Item:
    """An article that is out, with the one that waited as its end: a correction."""
    longer = correct(item, article, word.at, word.actor, word.language)
    history = (*item.history, Action(word.actor, "merged", longer.version_created))
    return replace(longer, printed=item.printed or item.article, history=history)


def _absorbed(item: Item, into: Item, word: Word) -> Item:
    """What became of the second article: never seen where it was not out, withdrawn where it was."""
    out = standing(item)
    if out is None:
        return _refused(item, word, "merged", into.guid)
    gone = withdraw(out, word.at, note_in(word.language, "merged", into.article.headline), word.actor)
    return replace(gone, printed=item.printed or item.article, origin=into.guid)


def _relinked(item: Item, old: str, new: str, word: Word) -> Item:
    """A sidebar of an article that was absorbed belongs to the one that absorbed it."""
    if item.parent_guid != old or item.status is Status.CANCELED:
        return item
    if item.status is Status.WITHHELD:
        return replace(item, parent_guid=new)
    return replace(item, parent_guid=new, version=item.version + 1, version_created=after(item, word.at))


def _split(items: Sequence[Item], item: Item, article: Article, word: Word) -> list[Item]:
    one, two = _halves(article, word.decision)
    first = _released(item, _as_told(one, word.decision), word, "split")
    provider, day, _ = split_guid(item.guid)
    guid = new_guid(two, provider, day, {i.guid for i in items}, item.guid)
    at = first.version_created
    history = (Action(word.actor, "split", at),)
    second = Item(guid, 1, two, item.first_created, at, history=history, origin=item.guid)
    made = _with(items, first)
    at_place = next(n for n, i in enumerate(made) if i.guid == item.guid) + 1
    return [*made[:at_place], second, *made[at_place:]]


def _halves(article: Article, decision: Decision) -> tuple[Article, Article]:
    """The two articles of a split. Raises BadInput if one of them would be left without headline or text."""
    count = len(article.body)
    if not 2 <= decision.paragraph <= count:
        raise BadInput(f"the second article must open at a paragraph from 2 to {count}, not at {decision.paragraph}")
    before, rest = article.body[: decision.paragraph - 1], article.body[decision.paragraph - 1 :]
    headline, body = decision.second_headline.strip(), rest
    if not headline:
        headline, body = rest[0].text.strip(), rest[1:]
    if not body or len(headline) > MAX_HEADLINE:
        raise BadInput(f"paragraph {decision.paragraph} is not a headline with text below it: give the second headline")
    theirs = _spans(rest)
    second = Article(
        headline,
        body,
        byline=article.byline,
        section=decision.second_section or article.section,
        section_confidence=1.0,
        pieces=theirs,
        spans=theirs,
        jump_to=article.jump_to,
    )
    mine = tuple(s for s in article.spans if s not in set(theirs))
    pieces = tuple(s for s in article.pieces if s not in set(theirs))
    return replace(article, body=before, spans=mine, pieces=pieces, jump_to=""), second


def _spans(paragraphs: Sequence[Paragraph]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(s for p in paragraphs for s in p.spans))


def _with(items: Sequence[Item], new: Item) -> list[Item]:
    return [new if i.guid == new.guid else i for i in items]


_MAKERS: dict[Answer, Callable[[Sequence[Item], Item, Article, Word], list[Item]]] = {
    Answer.ACCEPT: _accept,
    Answer.REJECT: _reject,
    Answer.MERGE: _merge,
    Answer.SPLIT: _split,
}
