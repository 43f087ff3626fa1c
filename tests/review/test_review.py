"""Doubtful articles and the desk's word, through all stages in memory, to what a partner reads."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from broadsheet.steps import review
from broadsheet.steps.reading import Reader
from broadsheet.steps.review import Reply, State
from broadsheet.steps.revision import newest_items, revise
from delivery import keys
from delivery.publication_record import ReviewTable
from delivery.records import load_publications
from tests.review.conftest import (
    ANSWERED,
    BRIDGE,
    CANAL,
    ISSUE,
    NOW,
    answer,
    article,
    bridge,
    bring,
    canal,
    item,
    reviewing,
    school,
)
from tests.support.issue import DAY, NAME, ROOT, feed, make_installation, shelf
from training.train_sections import SECTIONS, read_texts
from transforms.audience.selection import let_out
from transforms.errors import BadInput
from transforms.guid import safe_guid
from transforms.intake import SourceFile, read_source
from transforms.lifecycle.change import Change, ChangeKind
from transforms.lifecycle.decision import Answer
from transforms.lifecycle.doubt import doubts_of, withhold
from transforms.model import File, Issue, Item, Review, Section, Status

G2 = "{http://iptc.org/std/nar/2006-10-01/}"


def titles(installation, name: str = "all") -> list[str]:
    return [e.title for e in feed(installation, name).entries]


def newsml(installation, guid: str, version: int) -> etree._Element:
    key = f"sample-outlet/{NAME}/items/{safe_guid(guid)}/v{version}.xml"
    return etree.fromstring(installation.shelf.files[key].content)


def out_of(installation, guid: str) -> list[str]:
    """Every object that a partner has of an article, and every one that names it."""
    name = safe_guid(guid)
    return [k for k, f in installation.shelf.files.items() if name in k or guid.encode() in f.content]


def changed(old, text: str):
    return replace(old, body=(replace(old.body[0], text=text),))


def test_without_thresholds_nothing_waits():
    installation = make_installation()
    assert bring(installation, replace(canal, order_confidence=0.01), school) == []
    assert len(titles(installation)) == 2


def test_the_sample_newspaper_asks_by_the_defaults_about_some_articles_and_not_about_all():
    paper = load_publications(ROOT / "publications")[NAME]
    folder = ROOT / "samples" / NAME / DAY.isoformat()
    pages, _ = read_source([SourceFile(p.name, p.read_bytes()) for p in sorted(folder.glob("page-*.txt"))])
    read = Reader.load(paper).read(Issue(NAME, DAY, pages))
    assert paper.review == ReviewTable().value()
    asked = [bool(doubts_of(a, paper.review)) for a in read.articles]
    assert 0 < sum(asked) < len(asked)


def test_the_sure_articles_are_out_while_the_doubtful_one_leaves_no_trace(installation):
    (question,) = bring(installation, canal, school)
    assert (question.headline, [d.kind for d in question.doubts]) == (canal.headline, ["section"])
    assert titles(installation) == [school.headline]
    assert out_of(installation, question.guid) == []
    assert [q.guid for q in review.waiting(installation)] == [question.guid]
    assert question.run.startswith("yunzhou-daily__2026-01-15__")


def test_an_issue_of_which_all_waits_is_an_empty_one_until_the_desk_has_spoken(installation):
    (question,) = bring(installation, canal)
    assert titles(installation) == []
    assert not list(installation.store.list("pending/"))
    answer(installation, question, "accept")
    assert titles(installation) == [canal.headline]


def test_an_accepted_article_appears_with_the_desks_section_and_says_who_looked_at_it_when(installation):
    (question,) = bring(installation, canal, school)
    answer(installation, question, "accept", section="feature", headline="老渠新水")
    assert titles(installation) == ["老渠新水", school.headline]
    assert titles(installation, "feature") == ["老渠新水"]
    tree = newsml(installation, question.guid, 1)
    hop = tree.find(f".//{G2}hop")
    assert hop.get("timestamp") == "2026-01-15T02:00:00+00:00"
    assert hop.findtext(f"{G2}party/{G2}name") == "编辑甲"
    assert hop.find(f"{G2}action").get("qcode") == "bsact:reviewed"
    assert tree.findtext(f".//{G2}versionCreated") >= "2026-01-15T10:00:00+08:00"
    (ruling,) = review.rulings(installation.store)
    assert (ruling.actor, ruling.at, ruling.version) == ("编辑甲", ANSWERED, f"{ISSUE}/v2")
    assert list(review.waiting(installation)) == []


def test_a_decision_is_a_labelled_text_to_learn_from(installation, tmp_path):
    (question,) = bring(installation, canal, school)
    answer(installation, question, "accept", section="feature")
    (ruling,) = review.rulings(installation.store)
    told = review.lesson(ruling)
    assert (told["text"], told["section"], told["read_as"], told["order"]) == (CANAL, "feature", "brief", "right")
    line = tmp_path / "decisions.jsonl"
    line.write_text(json.dumps(told), "utf-8")
    assert [SECTIONS[label] for label in read_texts(line).labels] == [Section.FEATURE]
    for decision in ({"lapsed": True}, {"answer": Answer.REJECT}, {"answer": Answer.SPLIT}):
        assert review.lesson(replace(ruling, decision=replace(ruling.decision, **decision))) is None


def test_the_desk_mends_a_torn_paragraph_and_the_next_reading_of_the_same_page_does_not_tear_it_again(installation):
    torn = article("老渠新水润良田", CANAL[:9], CANAL[9:], BRIDGE, order=0.2)
    (question,) = bring(installation, torn, school)
    answer(installation, question, "accept", text=f"{CANAL}\n\n{BRIDGE}\n")
    mended = item(installation, canal.headline)
    assert [p.text for p in mended.article.body] == [CANAL, BRIDGE]
    assert mended.article.body[1] == torn.body[2]
    assert bring(installation, torn, school, bridge) == []
    assert item(installation, canal.headline).version == 1
    (ruling,) = review.rulings(installation.store)
    assert review.lesson(ruling)["order"] == "wrong"


def test_a_rejected_article_never_appears_and_stays_rejected_while_the_paper_prints_the_same(installation):
    (question,) = bring(installation, canal, school)
    answer(installation, question, "reject")
    assert bring(installation, canal, bridge) == []
    assert out_of(installation, question.guid) == []
    (again,) = bring(installation, changed(replace(canal, section_confidence=0.99), CANAL + "年年如此。"), bridge)
    assert (again.guid, again.run != question.run) == (question.guid, True)
    assert [d.kind for d in again.doubts] == ["rejected"]
    assert out_of(installation, question.guid) == []


def test_a_rejection_can_be_taken_back_by_a_run_by_hand(installation):
    (question,) = bring(installation, canal, school)
    answer(installation, question, "reject")
    with pytest.raises(BadInput, match="Start a new run"):
        review.ask(installation, question.guid, question.run, NOW)
    answer(installation, replace(question, run="manual__1"), "accept")
    assert titles(installation) == [canal.headline, school.headline]
    assert len(list(review.rulings(installation.store))) == 2


def test_a_partner_keeps_the_earlier_version_until_the_desk_has_seen_the_new_one(installation):
    sure = replace(canal, section_confidence=0.99)
    assert bring(installation, sure, school) == []
    before = shelf(installation)
    (question,) = bring(installation, changed(canal, CANAL.replace("三件", "四件")), school)
    assert titles(installation) == [canal.headline, school.headline]
    assert all(shelf(installation)[k] == v for k, v in before.items() if "/articles/" in k or "/items/" in k)
    assert "四件" not in str(shelf(installation).values())
    answer(installation, question, "accept")
    assert "四件" in feed(installation).entries[0].content[0].value
    tree = newsml(installation, question.guid, 2)
    assert tree.find(f".//{G2}link[@rel='irel:previousVersion']").get("version") == "1"
    assert "正文" in tree.findtext(f".//{G2}edNote")


def test_a_rejected_new_version_gives_the_earlier_one_back_for_good(installation):
    bring(installation, replace(canal, section_confidence=0.99), school)
    new = changed(canal, CANAL.replace("三件", "四件"))
    (question,) = bring(installation, new, school)
    answer(installation, question, "reject")
    kept = item(installation, canal.headline)
    assert (kept.status, kept.version, kept.article.text) == (Status.USABLE, 1, CANAL)
    assert bring(installation, new, bridge) == []
    assert item(installation, canal.headline).article.text == CANAL
    (again,) = bring(installation, changed(canal, CANAL.replace("三件", "五件")), bridge)
    assert again.run != question.run
    answer(installation, again, "accept")
    assert item(installation, canal.headline).version == 2


def test_while_it_waits_the_same_pages_ask_nothing_new_and_changed_ones_overtake_the_question(installation):
    (question,) = bring(installation, canal, school)
    assert bring(installation, canal, school, bridge) == [question]
    (newer,) = bring(installation, changed(canal, CANAL + "年年如此。"), school)
    assert (newer.guid, newer.run != question.run) == (question.guid, True)
    late = review.carry_out(installation, question, Reply("accept", "编辑甲", ANSWERED, {}))
    assert late.state is State.OVERTAKEN
    assert "newer question" in late.fault
    assert review.load(installation.store, question.key) == late
    answer(installation, newer, "accept")
    waited = item(installation, canal.headline)
    assert (waited.version, waited.article.text) == (1, CANAL + "年年如此。")


def test_an_article_that_the_paper_takes_out_while_it_waits_is_never_seen(installation):
    (question,) = bring(installation, canal, school)
    assert bring(installation, school) == []
    assert out_of(installation, question.guid) == []
    assert list(review.waiting(installation)) == []


def test_a_new_version_that_waits_and_is_withdrawn_is_withdrawn_from_the_earlier_one(installation):
    bring(installation, replace(canal, section_confidence=0.99), school)
    (question,) = bring(installation, changed(canal, CANAL + "年年如此。"), school)
    revise(
        installation, ISSUE, Change("w", ChangeKind.WITHDRAW, question.guid, "editor", ANSWERED, message="本稿撤回。")
    )
    assert [(i.version, i.status) for i in newest_items(installation, ISSUE) if i.guid == question.guid] == [
        (2, Status.CANCELED)
    ]
    assert list(review.waiting(installation)) == []


def test_what_the_desk_has_seen_in_a_section_is_not_asked_for_its_section_again(installation):
    (question,) = bring(installation, canal, school)
    answer(installation, question, "accept", section="brief")
    assert bring(installation, changed(canal, CANAL + "年年如此。"), school) == []
    (order,) = bring(installation, replace(changed(canal, CANAL + "月月如此。"), order_confidence=0.1), school)
    assert [d.kind for d in order.doubts] == ["order"]


STORY = article("顾师傅和他的表", "顾师傅修了四十年的表。", section=0.3, kind=Section.FEATURE)

NOTE = article("记者手记", "采访那天下着雨，铺子里只有钟表的声音。", kind=Section.COMMENTARY, parent=0)


def test_a_sidebar_waits_with_its_story_and_comes_with_it(installation):
    (question,) = bring(installation, STORY, NOTE, replace(school, parent=-1))
    note = item(installation, NOTE.headline)
    assert titles(installation) == [school.headline]
    assert out_of(installation, note.guid) == out_of(installation, question.guid) == []
    answer(installation, question, "accept")
    assert set(titles(installation)) == {STORY.headline, NOTE.headline, school.headline}
    assert (
        newsml(installation, note.guid, 1).find(f".//{G2}link[@rel='bsrel:sidebarOf']").get("residref") == question.guid
    )


def test_a_sidebar_of_a_rejected_story_goes_on_alone_and_stays_so(installation):
    (question,) = bring(installation, STORY, NOTE, school)
    note = item(installation, NOTE.headline)
    answer(installation, question, "reject")
    assert set(titles(installation)) == {NOTE.headline, school.headline}
    assert newsml(installation, note.guid, 1).find(f".//{G2}link[@rel='bsrel:sidebarOf']") is None
    bring(installation, STORY, NOTE, bridge)
    assert item(installation, NOTE.headline).version == 1
    assert out_of(installation, question.guid) == []


@given(st.data())
def test_what_is_out_never_names_what_is_not(data):
    """Random families of stories and sidebars, some doubtful, some known already."""
    count = data.draw(st.integers(1, 7))
    created, rules = ANSWERED, Review(section=0.5)

    def draw(version: int) -> list[Item]:
        found = []
        for n in range(count):
            parent = data.draw(st.integers(-1, n - 1))
            read = article(f"题{n}", f"文{n}第{version}", section=data.draw(st.sampled_from((0.1, 0.9))))
            name = f"urn:newsml:yunzhou.example:20260115:{parent}" if parent >= 0 else ""
            guid = f"urn:newsml:yunzhou.example:20260115:{n}"
            found.append(Item(guid, version, read, created, created, parent_guid=name))
        return found

    first = withhold(draw(1), (), rules, 1)
    second = withhold(draw(2), first, rules, 2)
    for items in (first, second):
        out = {i.guid: i for i in let_out(items)}
        assert all(not i.parent_guid or i.parent_guid in out for i in out.values())
        assert all(i.article.section_confidence > 0.5 for i in out.values())
    assert {i.guid for i in let_out(first)} <= {i.guid for i in let_out(second)}


def test_private_numbers_wait_where_a_partner_has_the_desk_see_them(installation):
    call = article("寻人", "知情者请拨打15600002211找她。")
    assert bring(installation, call, school) == []
    installation = reviewing()
    installation.partners["brief-wire"] = replace(installation.partners["brief-wire"], privacy="desk")
    (question,) = bring(installation, call, school)
    assert [d.kind for d in question.doubts] == ["private"]
    assert titles(installation) == [school.headline]
    answer(installation, question, "accept")
    name = safe_guid(question.guid)
    assert f"brief-wire/{NAME}/items/{name}/v1.xml" in installation.shelf.files
    assert b"15600002211" not in installation.shelf.files[f"sample-outlet/{NAME}/items/{name}/v1.xml"].content


def test_private_numbers_that_nobody_looked_at_in_time_reach_only_partners_who_do_not_mind(installation):
    installation.partners["brief-wire"] = replace(installation.partners["brief-wire"], privacy="desk")
    (question,) = bring(installation, article("寻人", "知情者请拨打15600002211找她。"), school)
    answer(installation, question, "accept", actor="")
    assert {k.split("/")[0] for k in out_of(installation, question.guid)} == {"sample-outlet"}


def test_open_questions_have_marks_so_that_the_answered_ones_are_not_looked_through():
    installation = reviewing()
    (question,) = bring(installation, canal, school)
    mark = keys.asked_mark(question.key)
    assert [q.key for q in review.waiting(installation)] == [question.key]
    for key in (mark, keys.ALL_ASKED):  # as a version without marks left the store
        del installation.store.files[key]
    assert [q.key for q in review.waiting(installation)] == [question.key]
    assert mark in installation.store.files
    answer(installation, question, "accept")
    assert mark not in installation.store.files
    assert list(review.waiting(installation)) == []
    del installation.store.files[question.key]  # a mark without a question does no harm
    installation.store.put(File(mark, b"", "text/plain", ""))
    assert list(review.waiting(installation)) == []
