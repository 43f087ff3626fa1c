"""What an answer does: merged and split articles, answers that cannot be carried out, questions that nobody answers."""

from dataclasses import replace

import pytest

from broadsheet.steps import review
from broadsheet.steps.review import Reply, State
from broadsheet.steps.revision import newest_items, revise
from delivery import issues
from delivery.keys import VersionKey
from tests.review.conftest import (
    ANSWERED,
    CANAL,
    ISSUE,
    NOW,
    SCHOOL,
    answer,
    article,
    bridge,
    bring,
    canal,
    item,
    reviewing,
    school,
)
from tests.support.issue import feed
from tests.support.memory import Fuse
from transforms.errors import BadInput, StoreError
from transforms.guid import safe_guid
from transforms.lifecycle.change import Change, ChangeKind
from transforms.lifecycle.decision import Answer, Decision
from transforms.model import Section, Status


def titles(installation, name: str = "all") -> list[str]:
    return [e.title for e in feed(installation, name).entries]


def out_of(installation, guid: str) -> list[str]:
    """Every object that a partner has of an article, and every one that names it."""
    name = safe_guid(guid)
    return [k for k, f in installation.shelf.files.items() if name in k or guid.encode() in f.content]


def changed(old, text: str):
    return replace(old, body=(replace(old.body[0], text=text),))


def test_a_beginning_is_merged_with_the_next_which_was_out_and_is_withdrawn(installation):
    (question,) = bring(installation, canal, school, bridge)
    answer(installation, question, "merge", merge_with="next")
    assert titles(installation) == [canal.headline, bridge.headline]
    text = feed(installation).entries[0].content[0].value
    assert text.index("三件事") < text.index("第一圈")
    gone = next(i for i in newest_items(installation, ISSUE) if i.status is Status.CANCELED)
    assert canal.headline in gone.ed_note
    again = [canal, school, replace(bridge, headline="南桥今日通车")]
    assert bring(installation, *again) == []
    assert item(installation, canal.headline).article.text == f"{CANAL}\n{SCHOOL}"


def test_an_end_is_merged_with_the_previous_and_known_again(installation):
    rest = article("村里定下的规矩", "第三件事，是管水的人轮着当。", order=0.2)
    sure = replace(canal, section_confidence=0.99)
    (question,) = bring(installation, sure, rest, school)
    assert len(titles(installation)) == 2
    answer(installation, question, "merge", merge_with="previous")
    assert titles(installation) == [canal.headline, school.headline]
    assert "轮着当" in feed(installation).entries[0].content[0].value
    merged = item(installation, canal.headline)
    assert (merged.version, merged.signal) == (2, "sig:correction")
    assert out_of(installation, question.guid) == []
    assert bring(installation, sure, rest, bridge) == []
    assert "轮着当" in item(installation, canal.headline).article.text


def test_when_the_paper_changes_what_was_merged_partners_keep_the_merger_until_the_desk_has_looked(installation):
    rest = article("村里定下的规矩", "第三件事，是管水的人轮着当。", order=0.2)
    sure = replace(canal, section_confidence=0.99)
    (question,) = bring(installation, sure, rest, school)
    answer(installation, question, "merge", merge_with="previous")
    (again,) = bring(installation, changed(sure, CANAL.replace("三件", "四件")), rest, school)
    assert [d.kind for d in again.doubts] == ["remade"]
    assert "轮着当" in feed(installation).entries[0].content[0].value
    near = review.neighbours(newest_items(installation, ISSUE), again.guid)
    assert near["next"].article.headline == rest.headline
    answer(installation, again, "merge", merge_with="next")
    text = feed(installation).entries[0].content[0].value
    assert "四件" in text
    assert "轮着当" in text


def test_an_article_is_split_and_both_halves_are_known_again(installation):
    both = article("老渠新水润良田", CANAL, "城东小学添新操场", SCHOOL, order=0.3)
    (question,) = bring(installation, both, bridge)
    answer(installation, question, "split", split_at=2, second_section="feature", headline="老渠新水")
    assert set(titles(installation)) == {"老渠新水", "城东小学添新操场", bridge.headline}
    assert titles(installation, "feature") == ["城东小学添新操场"]
    assert item(installation, "老渠新水").article.text == CANAL
    assert item(installation, "城东小学添新操场").article.text == SCHOOL
    assert bring(installation, both, replace(bridge, headline="南桥今日通车")) == []
    assert set(titles(installation)) == {"老渠新水", "城东小学添新操场", "南桥今日通车"}


def test_when_the_paper_changes_what_was_split_the_halves_stay_until_the_desk_has_looked(installation):
    both = article("老渠新水润良田", CANAL, "城东小学添新操场", SCHOOL, order=0.3)
    (question,) = bring(installation, both, bridge)
    answer(installation, question, "split", split_at=2)
    longer = article("老渠新水润良田", CANAL + "年年如此。", "城东小学添新操场", SCHOOL, order=0.99)
    (again,) = bring(installation, longer, bridge)
    assert "remade" in [d.kind for d in again.doubts]
    assert len(titles(installation)) == 3
    answer(installation, again, "split", split_at=2)
    assert set(titles(installation)) == {"老渠新水润良田", "城东小学添新操场", bridge.headline}
    assert "年年如此" in item(installation, "老渠新水润良田").article.text


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("split", {"split_at": 7}, "from 2 to 1"),
        ("merge", {"merge_with": "previous"}, "no previous article"),
        ("accept", {"section": "sport"}, "not a section"),
        ("accept", {"headline": "长" * 201}, "200 characters"),
    ],
)
def test_an_answer_that_cannot_be_carried_out_is_refused_in_words_and_asked_again(installation, what, fields, words):
    (question,) = bring(installation, canal, school)
    end = answer(installation, question, what, **fields)
    assert (end.state, words in end.fault) == (State.WAITING, True)
    assert issues.versions(installation.store, ISSUE) == [1]
    again, _ = review.ask(installation, question.guid, end.next_run, ANSWERED)
    assert (again.fault, again.until) == (end.fault, question.until)
    assert again.next_run not in (question.run, end.next_run)
    assert [q.guid for q in review.waiting(installation)] == [question.guid]
    assert answer(installation, again, "accept").fault == ""
    assert len(titles(installation)) == 2


def test_nobody_answers_and_the_setting_is_to_publish(installation):
    (question,) = bring(installation, canal, school)
    answer(installation, question, "accept", actor="", section="feature")
    assert titles(installation) == [canal.headline, school.headline]
    lapsed = item(installation, canal.headline)
    assert (lapsed.article.section, lapsed.article.section_confidence) == (Section.BRIEF, 0.4)
    assert [(a.actor, a.what) for a in lapsed.history] == [("broadsheet", "lapsed")]


def test_nobody_answers_and_the_setting_is_to_hold_until_a_run_by_hand_asks_again(installation):
    (question,) = bring(installation, canal, school)
    assert answer(installation, question, "hold", actor="").state is State.HELD
    assert titles(installation) == [school.headline]
    assert list(review.waiting(installation)) == []
    assert bring(installation, canal, school) == []
    answer(installation, replace(question, run="manual__1"), "accept")
    assert len(titles(installation)) == 2


@pytest.mark.slow
def test_an_answer_is_carried_out_once_wherever_the_machine_died():
    whole = reviewing()
    (question,) = bring(whole, canal, school)
    start, reply = len(whole.store.fuse.written), Reply("accept", "编辑甲", ANSWERED, {"section": "feature"})
    review.carry_out(whole, question, reply)
    end = len(whole.store.fuse.written)
    assert end > start + 5
    for writes in range(start, end):
        installation = reviewing(Fuse(writes))
        (asked,) = bring(installation, canal, school)
        with pytest.raises(StoreError, match="killed"):
            review.carry_out(installation, asked, reply)
        installation.store.fuse.left = 10**9
        review.carry_out(installation, asked, reply)
        assert newest_items(installation, ISSUE) == newest_items(whole, ISSUE), f"killed at write {writes}"
        assert [r.decision for r in review.rulings(installation.store)] == [
            r.decision for r in review.rulings(whole.store)
        ]
        assert review.load(installation.store, asked.key) == review.load(whole.store, question.key)
        assert list(review.waiting(installation)) == []


def test_the_first_of_two_answers_counts(installation):
    (question,) = bring(installation, canal, school)
    byhand, _ = review.ask(installation, question.guid, "manual__1", NOW)
    answer(installation, question, "reject")
    late = review.carry_out(installation, byhand, Reply("accept", "编辑乙", ANSWERED, {}))
    assert late.state is State.OVERTAKEN
    assert out_of(installation, question.guid) == []


def test_a_decision_that_another_change_overtook_is_void_and_blocks_nothing(installation):
    (question,) = bring(installation, canal, school)
    decision = Decision(Answer.ACCEPT, 1)
    late = Change("other", ChangeKind.DECIDE, question.guid, "编辑乙", ANSWERED, decision=decision)
    answer(installation, question, "reject")
    issues.claim(installation.store, ISSUE, issues.Received("x", ANSWERED, (), late))
    assert bring(installation, canal, bridge) == []
    assert out_of(installation, question.guid) == []
    assert issues.manifest_of(installation.store, VersionKey(ISSUE, 3)) is not None


def test_a_waiting_article_is_not_corrected_past_the_desk(installation):
    (question,) = bring(installation, canal, school)
    change = Change("c", ChangeKind.CORRECT, question.guid, "editor", ANSWERED, article=replace(canal, headline="新题"))
    with pytest.raises(BadInput, match="is waiting for an editor"):
        revise(installation, ISSUE, change)
