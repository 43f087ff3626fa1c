"""Questions to editors: which articles wait, what was asked, what was answered, and what became of it.

A question is a record in the store (``review/``), so that showing what waits needs no Airflow. It belongs to one
reading of an article: if the newspaper changes the article, the old question is overtaken and a new one is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Any

from broadsheet.installation import Installation
from broadsheet.steps.contain import records
from broadsheet.steps.revision import complete, find_issue, newest_items, revise
from broadsheet.steps.sources import sources_of
from delivery import issues, keys, runs
from delivery.codec import PRIVATE, decode, json_file
from delivery.keys import IssueKey, VersionKey
from delivery.objects import put_changed, put_new
from delivery.store import Store
from transforms.audience.privacy import private_in
from transforms.audience.selection import takes
from transforms.errors import BadInput, NotFound
from transforms.guid import split_guid
from transforms.intake import read_source
from transforms.lifecycle.change import Change, ChangeKind
from transforms.lifecycle.decision import Answer, Decision, neighbours
from transforms.lifecycle.doubt import Asks, is_waiting
from transforms.model import Article, Doubt, File, Item, Page, Partner, Publication, Section

HOLD = "hold"  # the answer that leaves an article withheld
OPTIONS = (*(a.value for a in Answer), HOLD)


class State(StrEnum):
    """The state of a question. HELD: the article stays withheld, because an editor said so or nobody answered.

    OVERTAKEN: the article was read again, withdrawn, or decided elsewhere before the answer came.
    """

    WAITING = "waiting"
    DECIDED = "decided"
    HELD = "held"
    OVERTAKEN = "overtaken"


@dataclass(frozen=True, slots=True)
class Question:
    """A question about one article. ``version``: of the issue, as ``<publication>/<date>/v<N>``.

    ``run``: the run of ``review_article`` that asks. ``tries``: how many runs did. ``again``: whether the article
    was rejected before. ``fault``: why the last answer could not be carried out.
    """

    guid: str
    version: str
    headline: str
    doubts: tuple[Doubt, ...]
    since: datetime
    until: datetime
    run: str
    again: bool = False
    tries: int = 1
    state: State = State.WAITING
    answer: str = ""
    actor: str = ""
    answered: datetime | None = None
    fault: str = ""

    @property
    def next_run(self) -> str:
        """The id of the run that asks again."""
        issue = VersionKey.parse(self.version).issue
        return runs.of_next_question(issue, self.key, self.tries)

    @property
    def key(self) -> str:
        """Its key in the store."""
        version = VersionKey.parse(self.version)
        return keys.review(version.issue, split_guid(self.guid)[2], version.number)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: one of ``OPTIONS``, with the form's fields. ``actor``: who gave it; empty if nobody answered."""

    answer: str
    actor: str
    at: datetime
    fields: Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision as it is kept, with the article as it was read, for ``training/`` to learn from."""

    guid: str
    version: str
    run: str
    actor: str
    at: datetime
    decision: Decision
    doubts: tuple[Doubt, ...]
    read: Article


def run_id(issue: IssueKey, item: Item) -> str:
    """The id of the run that asks about an item: the same reading is asked about once."""
    number = item.waits.version if item.waits else 0
    return runs.of_question(issue, split_guid(item.guid)[2], number)


def asks_of(partners: Iterable[Partner], publication: Publication) -> Asks:
    """What else holds back articles: private numbers, if one of the partners wants an editor to see them first."""
    careful = any(p.privacy == "desk" and takes(p, publication) for p in partners)

    def asks(article: Article) -> Iterator[Doubt]:
        count = private_in(article) if careful else 0
        if count:
            yield Doubt("private", f"private numbers: {count}")

    return asks


def open_questions(installation: Installation, issue: IssueKey, now: datetime) -> list[Question]:
    """The open questions about the newest version of an issue. New ones are recorded as asked at ``now``.

    Questions about articles that no longer wait are marked as overtaken.
    """
    items = [i for i in newest_items(installation, issue) if is_waiting(i)]
    found = [_noted(installation, issue, item, now) for item in items]
    current = {q.key for q in found}
    for question in _of_issue(installation.store, issue):
        if question.state is State.WAITING and question.key not in current:
            _save(installation.store, replace(question, state=State.OVERTAKEN))
    return [q for q in found if q.state is State.WAITING]


def _noted(installation: Installation, issue: IssueKey, item: Item, now: datetime) -> Question:
    fresh = _question(installation, issue, item, now, run_id(issue, item))
    known = _load(installation.store, fresh.key)
    if known:
        return known
    _save(installation.store, fresh)
    return fresh


def _question(installation: Installation, issue: IssueKey, item: Item, now: datetime, run: str) -> Question:
    number, doubts = (item.waits.version, item.waits.doubts) if item.waits else (0, ())
    until = now + timedelta(hours=installation.publication(issue.publication).review.hours)
    version = str(VersionKey(issue, number))
    again = item.waits is not None and item.waits.rejected
    return Question(item.guid, version, item.article.headline, doubts, now, until, run, again)


def ask(installation: Installation, guid: str, run: str, now: datetime) -> tuple[Question, Item]:
    """The question that a run asks an editor. A run started by hand asks again about what was held or rejected.

    Raises BadInput if the article is not withheld.
    """
    issue = find_issue(installation, guid)
    item = _item(installation, issue, guid)
    if item.waits is None or not item.waits.doubts:
        raise BadInput(f"{guid} is not waiting for an editor: “{item.article.headline}” is {item.status.value}")
    fresh = _question(installation, issue, item, now, run)
    known = _load(installation.store, fresh.key)
    if known and known.run == run and known.state is State.WAITING:
        return known, item
    if known and known.run == run:
        raise BadInput(f"{guid} was decided: {known.answer or known.state.value}. Start a new run to ask again")
    if known:
        fresh = replace(fresh, tries=known.tries + 1)
    if known and known.state is State.WAITING:
        fresh = replace(fresh, since=known.since, until=known.until, fault=known.fault)
    _save(installation.store, fresh)
    return fresh, item


def waiting(installation: Installation, publication: str = "") -> Iterator[Question]:
    """All articles that wait for an editor, oldest issue first; of one newspaper, or of all."""
    for question in _marked(installation.store, publication):
        if question.state is State.WAITING and is_open(installation, question):
            yield question


def _marked(store: Store, publication: str) -> Iterator[Question]:
    """The questions with a mark that says that they are open; the archive's answered ones are not looked through."""
    if store.stat(keys.ALL_ASKED) is None:  # questions from before there were marks
        for question in records(store, Question, keys.reviews()):
            if question.state is State.WAITING:
                put_new(store, _mark(question))
        put_new(store, File(keys.ALL_ASKED, b"", "text/plain", PRIVATE))
    marks = [s.key for s in store.list(keys.asked(publication)) if s.key != keys.ALL_ASKED]
    yield from chain.from_iterable(records(store, Question, keys.asked_question(mark)) for mark in marks)


def _mark(question: Question) -> File:
    return File(keys.asked_mark(question.key), b"", "text/plain", PRIVATE)


def is_open(installation: Installation, question: Question) -> bool:
    """Whether the article is still withheld for this question: it may have been withdrawn or read again since."""
    version = VersionKey.parse(question.version)
    item = next((i for i in newest_items(installation, version.issue) if i.guid == question.guid), None)
    if item is None or item.waits is None:
        return False
    return (item.waits.version, item.waits.rejected) == (version.number, question.again)


def _change(installation: Installation, question: Question, reply: Reply) -> Change:
    """The change that a reply asks for. Raises BadInput."""
    version = VersionKey.parse(question.version)
    decision = replace(_decision(reply, version.number), again=question.again)
    if decision.answer is Answer.MERGE:
        decision = replace(decision, neighbour=_neighbour(installation, version.issue, question.guid, reply))
    actor = reply.actor or "broadsheet"
    return Change(question.run, ChangeKind.DECIDE, question.guid, actor, reply.at, decision=decision)


def _decision(reply: Reply, question: int) -> Decision:
    if not reply.actor:
        return Decision(Answer(reply.answer), question, lapsed=True)
    fields = reply.fields
    return Decision(
        Answer(reply.answer),
        question,
        section=_section(fields.get("section")),
        headline=str(fields.get("headline") or ""),
        text=str(fields.get("text") or ""),
        paragraph=int(fields.get("split_at") or 0),
        second_headline=str(fields.get("second_headline") or ""),
        second_section=_section(fields.get("second_section")),
    )


def _section(value: str | int | None) -> Section | None:
    try:
        return Section(str(value)) if value else None
    except ValueError:
        raise BadInput(f"“{value}” is not a section; there are {', '.join(Section)}") from None


def _neighbour(installation: Installation, issue: IssueKey, guid: str, reply: Reply) -> str:
    found = neighbours(newest_items(installation, issue), guid)
    wanted = str(reply.fields.get("merge_with") or "next")
    if wanted not in found:
        raise BadInput(f"there is no {wanted} article to merge with, only: {', '.join(found) or 'none'}")
    return found[wanted].guid


def carry_out(installation: Installation, question: Question, reply: Reply) -> Question:
    """Make the change and record the decision; returns the question with what became of it.

    It is still WAITING, with the fault, if the answer cannot be carried out. Every step may be run again.
    """
    issue = VersionKey.parse(question.version).issue
    version = issues.find_change(installation.store, issue, question.run)
    if version is None and reply.answer == HOLD:
        return _close(installation.store, question, State.HELD, reply.answer, reply.actor, reply.at)
    try:
        if version is None:
            version = revise(installation, issue, _change(installation, question, reply))
        complete(installation, version)
        ruling = _keep(installation, version, question)
    except BadInput as error:
        state = State.WAITING if is_open(installation, question) else State.OVERTAKEN
        failed = replace(question, state=state, fault=str(error))
        _save(installation.store, failed)
        return failed
    return _close(installation.store, question, State.DECIDED, ruling.decision.answer.value, ruling.actor, ruling.at)


def _close(store: Store, question: Question, state: State, answer: str, actor: str, at: datetime) -> Question:
    closed = replace(question, state=state, answer=answer, actor=actor, answered=at, fault="")
    _save(store, closed)
    return closed


def _keep(installation: Installation, version: VersionKey, question: Question) -> Ruling:
    """Keep the decision beside the article as it was read. Raises BadInput if another change has made it void."""
    claim, base = (
        issues.claim_of(installation.store, version),
        issues.latest_stored(installation.store, version.issue, version.number),
    )
    if claim is None or claim.change is None or claim.change.decision is None or base is None:
        raise BadInput(f"{version} holds no decision")
    was, now = (_find(issues.items_of(installation.store, v), question.guid) for v in (base, version))
    if was.waits and was.waits == now.waits:
        raise BadInput(f"{question.guid} was changed by somebody else meanwhile; the answer was not carried out")
    change, decision = claim.change, claim.change.decision
    doubts = was.waits.doubts if was.waits else ()
    read = was.printed or was.article
    ruling = Ruling(question.guid, str(version), question.run, change.actor, change.at, decision, doubts, read)
    stable = split_guid(question.guid)[2]
    put_new(installation.store, json_file(keys.decision(version, stable), ruling, Ruling))
    return ruling


def rulings(store: Store, publication: str = "") -> Iterator[Ruling]:
    """All decisions ever made, oldest issue first: on one newspaper, or on all."""
    for stat in store.list(keys.decisions(publication)):
        yield decode(Ruling, store.get(stat.key).content, stat.key)


def lesson(ruling: Ruling) -> dict[str, Any] | None:
    """What a person's decision teaches, in the fields of the labelled texts that ``training/train_sections.py``
    reads.

    ``order``: whether the text was complete as read; if not, ``text`` is what the editor made of it. None if nobody
    looked at it, and if the text was not exactly one article.
    """
    decision, read = ruling.decision, ruling.read
    if decision.lapsed or decision.answer is not Answer.ACCEPT:
        return None
    text = decision.text or read.text
    return {
        "guid": ruling.guid,
        "headline": decision.headline or read.headline,
        "byline": [c.name for c in read.byline],
        "dateline": read.dateline,
        "text": text,
        "section": (decision.section or read.section).value,
        "read_as": read.section.value,
        "order": "right" if text.split() == read.text.split() else "wrong",
        "by": ruling.actor,
        "at": ruling.at.isoformat(),
    }


def pages_of(installation: Installation, issue: IssueKey) -> tuple[Page, ...]:
    """The pages from which the newest stored articles were read."""
    for version, claim in issues.claims(installation.store, issue):
        if claim.change is None and installation.store.stat(version.manifest):
            # Their pictures are published already: nobody asks for them here.
            publication = replace(installation.publication(issue.publication), pictures=False)
            return read_source(sources_of(installation.store, version, claim), publication)[0]
    return ()


def load(store: Store, key: str) -> Question:
    """The question with that key. Raises NotFound."""
    return decode(Question, store.get(key).content, key)


def _load(store: Store, key: str) -> Question | None:
    try:
        return load(store, key)
    except NotFound:
        return None


def _save(store: Store, question: Question) -> None:
    """Keep a question. An open one never lacks its mark: that is there first, and goes last."""
    if question.state is State.WAITING:
        put_new(store, _mark(question))
    put_changed(store, json_file(question.key, question, Question))
    if question.state is not State.WAITING:
        store.delete([keys.asked_mark(question.key)])


def _of_issue(store: Store, issue: IssueKey) -> Iterator[Question]:
    yield from (load(store, stat.key) for stat in store.list(issue.reviews))


def _item(installation: Installation, issue: IssueKey, guid: str) -> Item:
    return _find(newest_items(installation, issue), guid)


def _find(items: Sequence[Item], guid: str) -> Item:
    found = next((i for i in items if i.guid == guid), None)
    if found is None:
        raise BadInput(f"no issue here has an article {guid}")
    return found
