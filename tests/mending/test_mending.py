"""A page mended by hand: every act on a draft, and what it makes of the issue."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from broadsheet.steps import changes, ingest, mending
from broadsheet.steps.changes import By
from broadsheet.steps.reading import Reader
from broadsheet.steps.revision import newest_items
from delivery.codec import json_file
from delivery.keys import IssueKey
from tests.support.issue import NAME, feed, make_installation, syndicate
from transforms import mending as core
from transforms.errors import BadInput
from transforms.intake import SourceFile
from transforms.mending import Cut, Draft, Place, Rest, Role
from transforms.mending_steps import Act, Step, replay
from transforms.model import Article, Credit, Issue, Item, Page, Paragraph, Reading, Span, Status

DAY = date(2026, 1, 15)
ISSUE = IssueKey(NAME, DAY)
BY = By("mend_page/run-1", "editor", datetime(2026, 1, 15, 9, tzinfo=UTC))
CANAL = ["老渠新水润良田", "清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本，人人看得见。"]
SCHOOL = ["城东小学添新操场", "一月十四日，城东小学的新操场启用，孩子们在上面跑了第一圈，笑声传出很远。"]
BRIDGE = ["南桥昨日通车", "经过两年施工，南桥昨天正式通车，两岸的乡亲走上新桥看了又看，都说方便多了。"]
TEXT = "\n\n".join("\n".join(a) for a in (CANAL, SCHOOL, BRIDGE)) + "\n"


def bring(installation, text: str, heads=(0, 2, 4), embargo: str = "") -> None:
    """An upload that is read as articles which open at the lines of ``heads``, whatever the models make of it."""
    files = [SourceFile("page-01.txt", text.encode())]
    files += [SourceFile("embargo.toml", embargo.encode())] if embargo else []
    ingest.put_in_inbox(installation.store, NAME, DAY, files)
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))
    ends = [*heads[1:], 6]
    cuts = [
        Cut("", tuple(Place(n, Role.HEADLINE if n == head else Role.OPENS) for n in range(head, end)))
        for head, end in zip(heads, ends, strict=True)
    ]
    page = core.as_given(cuts, Page(1, text, "page-01.txt"))[0]
    reading = Reader.load().read(Issue(NAME, DAY, (page,)))
    installation.store.put(json_file(version.reading, reading, Reading))
    ingest.store_articles(installation, version)


@pytest.fixture
def installation():
    """An issue that is out, of one page with three articles."""
    installation = make_installation()
    bring(installation, TEXT)
    syndicate(installation)
    return installation


def live(installation) -> dict[str, str]:
    """Headline and text of what is out."""
    return {i.article.headline: i.article.text for i in newest_items(installation, ISSUE) if i.status is Status.USABLE}


def save(installation, draft: Draft):
    return mending.mend_page(installation, ISSUE, 1, mending.from_text(mending.to_text(draft)), BY)


def lines(draft: Draft) -> list[list[int]]:
    return [[p.line for p in c.places] for c in draft.cuts]


def test_what_was_corrected_stays_corrected_when_its_page_is_mended(installation):
    canal, school, _ = newest_items(installation, ISSUE)
    fields = {"headline": "老渠新水润千亩良田", "body": CANAL[1].replace("三件事", "四件事")}
    changes.correct_article(installation, canal.guid, fields, "", replace(BY, run="correct_article/run-1"))
    start = mending.opened(installation, ISSUE, 1)
    assert start.draft.cuts[0].places == (Place(0, Role.HEADLINE), Place(1, Role.OPENS))
    # The school's text goes to the end of the canal's article, whose other text is left alone.
    draft = replay(start.draft, [Step(Act.MERGE, into=1)])
    cut = draft.cuts[0]
    cut = replace(cut, places=tuple(replace(p, role=Role.OPENS) if p.line in (2, 3) else p for p in cut.places))
    save(installation, replace(draft, cuts=(cut, *draft.cuts[1:])))
    mended = live(installation)["老渠新水润千亩良田"]
    assert mended.splitlines() == [CANAL[1].replace("三件事", "四件事"), *SCHOOL]
    # What an earlier mending did can be undone by a later one.
    start = mending.opened(installation, ISSUE, 1)
    cuts = (replace(start.draft.cuts[0], places=start.draft.cuts[0].places[:2]), *start.draft.cuts[1:])
    again = Draft(cuts, (Place(2, Role.FURNITURE), Place(3, Role.FURNITURE), *start.draft.outside))
    mending.mend_page(installation, ISSUE, 1, again, replace(BY, run="mend_page/run-2"))
    assert live(installation)["老渠新水润千亩良田"] == CANAL[1].replace("三件事", "四件事")
    assert school.article.headline not in live(installation)


def test_a_page_opens_as_it_was_read(installation):
    start = mending.opened(installation, ISSUE, 1)
    page, draft = start.page, start.draft
    assert lines(draft) == [[0, 1], [2, 3], [4, 5]]
    assert [c.places[0].role for c in draft.cuts] == [Role.HEADLINE] * 3
    for cut, (headline, text) in zip(draft.cuts, (CANAL, SCHOOL, BRIDGE), strict=True):
        shown = mending.preview(installation.publications[NAME], page, cut)
        assert (shown.headline, shown.text) == (headline, text)
    with pytest.raises(BadInput, match="nothing on page 1"):
        save(installation, draft)


def test_lines_go_to_their_place_and_partners_get_a_correction(installation):
    before = {i.article.headline: i for i in newest_items(installation, ISSUE)}
    draft = mending.opened(installation, ISSUE, 1).draft
    version = save(installation, core.moved(core.moved(draft, [3], 0), [1], 1))  # the two bodies were swapped
    syndicate(installation)
    assert live(installation) == {CANAL[0]: SCHOOL[1], SCHOOL[0]: CANAL[1], BRIDGE[0]: BRIDGE[1]}
    after = {i.article.headline: i for i in newest_items(installation, ISSUE)}
    assert [after[h].guid == before[h].guid for h in before] == [True] * 3
    assert [after[h[0]].version for h in (CANAL, SCHOOL, BRIDGE)] == [2, 2, 1]
    assert (after[CANAL[0]].history[-1].actor, after[CANAL[0]].history[-1].what) == ("editor", "mended")
    assert version.number == 2
    assert {e.title for e in feed(installation).entries} == {CANAL[0], SCHOOL[0], BRIDGE[0]}


def test_the_same_run_makes_one_version_and_keeps_the_page_for_training(installation):
    draft = mending.opened(installation, ISSUE, 1).draft
    mended = core.moved(draft, [3], 0)
    mended = core.merged(mended, 1)
    assert save(installation, mended) == save(installation, mended)
    [kept] = [k for k in installation.store.files if k.startswith("mends/")]
    assert kept == f"mends/{ISSUE}/p1-v2.json"


def test_two_articles_become_one_and_the_other_is_withdrawn(installation):
    draft = mending.opened(installation, ISSUE, 1).draft
    save(installation, core.merged(draft, 1))
    assert list(live(installation)) == [CANAL[0], BRIDGE[0]]
    assert live(installation)[CANAL[0]].splitlines()[:3] == [CANAL[1], SCHOOL[0], SCHOOL[1]]
    [gone] = [i for i in newest_items(installation, ISSUE) if i.status is Status.CANCELED]
    assert gone.article.headline == SCHOOL[0]


def test_an_article_is_cut_in_two_and_stays_so_when_the_page_comes_again():
    installation = make_installation()
    bring(installation, TEXT, (0, 4))  # read wrongly: the first holds the second
    draft = mending.opened(installation, ISSUE, 1).draft
    cut = core.split(draft, [2])  # from that line to the end of its article
    assert cut.cuts[-1].places == (Place(2, Role.HEADLINE), Place(3, Role.OPENS))
    save(installation, cut)
    assert live(installation) == {CANAL[0]: CANAL[1], SCHOOL[0]: SCHOOL[1], BRIDGE[0]: BRIDGE[1]}
    before = newest_items(installation, ISSUE)
    bring(installation, TEXT + "\n", (0, 4))
    assert {(i.guid, i.status, i.article.text) for i in newest_items(installation, ISSUE)} == {
        (i.guid, i.status, i.article.text) for i in before
    }


def test_no_line_of_an_embargoed_article_goes_out_with_another():
    installation = make_installation()
    held = f"[[embargo]]\nuntil = 2099-01-01T00:00:00Z\nheadline = '{SCHOOL[0]}'\n"
    bring(installation, TEXT, embargo=held)
    draft = mending.opened(installation, ISSUE, 1).draft
    with pytest.raises(BadInput, match="under embargo"):
        save(installation, core.moved(draft, [2, 3], 0))
    save(installation, core.moved(core.moved(draft, [5], 0), [4], -1))


def test_a_line_that_is_furniture_leaves_its_article(installation):
    draft = mending.opened(installation, ISSUE, 1).draft
    mended = core.marked(draft, [4, 5], Role.NOTICE)
    assert mended.outside == (Place(4, Role.NOTICE), Place(5, Role.NOTICE))
    save(installation, mended)
    assert list(live(installation)) == [CANAL[0], SCHOOL[0]]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda d: core.marked(d, [0], Role.TEXT),
        lambda d: core.marked(d, [1], Role.HEADLINE),
        lambda d: Draft(d.cuts[1:]),
        lambda d: Draft((d.cuts[0], *d.cuts)),
        lambda d: core.moved(d, [0], 99),
        lambda d: core.merged(d, 0),
        lambda d: core.split(d, []),
    ],
)
def test_what_would_lose_a_line_or_leave_an_article_without_head_or_text_is_refused(installation, spoil):
    draft = mending.opened(installation, ISSUE, 1).draft
    files = dict(installation.store.files)
    with pytest.raises(BadInput):
        save(installation, spoil(draft))
    assert installation.store.files == files


def test_what_is_no_draft_is_refused():
    for text in ("", "{", '{"cuts": 1}', '{"cuts": [{"guid": "", "places": [{"line": 0, "role": "king"}]}]}'):
        with pytest.raises(BadInput):
            mending.from_text(text)


def test_an_article_that_goes_on_elsewhere_keeps_its_rest():
    installation = make_installation()
    near = "\n".join([*CANAL, *SCHOOL]) + "\n"
    far = "到了冬天，渠里的水\n照样流进每一块田里。\n" + "\n".join(BRIDGE) + "\n"
    files = [SourceFile("page-01.txt", near.encode()), SourceFile("page-03.txt", far.encode())]
    ingest.put_in_inbox(installation.store, NAME, DAY, files)
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))
    first, third = Page(1, near, "page-01.txt"), Page(3, far, "page-03.txt")
    rest = Rest(third, (Place(0, Role.OPENS), Place(1, Role.TEXT)))
    head = (Place(0, Role.HEADLINE), Place(1, Role.OPENS))
    canal, school = Cut("a", head), Cut("b", (Place(2, Role.HEADLINE), Place(3, Role.OPENS)))
    bridge = Cut("c", (Place(2, Role.HEADLINE), Place(3, Role.OPENS)))
    one, _ = core.as_given((canal, school), first, {"a": [rest]})
    [three] = core.as_given((bridge,), third)
    reading = Reader.load().read(Issue(NAME, DAY, (one, three)))
    installation.store.put(json_file(version.reading, reading, Reading))
    ingest.store_articles(installation, version)
    whole = f"{CANAL[1]}\n到了冬天，渠里的水照样流进每一块田里。"
    assert live(installation) == {CANAL[0]: whole, SCHOOL[0]: SCHOOL[1], BRIDGE[0]: BRIDGE[1]}
    draft = mending.opened(installation, ISSUE, 1).draft
    save(installation, core.moved(core.moved(draft, [3], 0), [1], 1))  # its beginning and another text change places
    assert live(installation)[CANAL[0]] == f"{SCHOOL[1]}\n到了冬天，渠里的水照样流进每一块田里。"
    draft = mending.opened(installation, ISSUE, 1).draft
    mending.mend_page(installation, ISSUE, 1, core.merged(draft, 1), replace(BY, run="mend_page/run-2"))
    draft = mending.opened(installation, ISSUE, 1).draft
    assert live(installation)[CANAL[0]].endswith("渠里的水照样流进每一块田里。")
    assert set(live(installation)) == {CANAL[0], BRIDGE[0]}


def test_an_article_that_is_taken_up_brings_its_rest():
    far = Page(3, "照样流进田里。\n")
    rest = Rest(far, (Place(0, Role.TEXT),))
    before = Draft((Cut("a", (Place(0, Role.HEADLINE), Place(1, Role.OPENS))), Cut("b", (Place(2, Role.HEADLINE),))))
    assert mending.rests_after(before, before, {"b": [rest]}) == {"b": [rest]}
    assert mending.rests_after(core.merged(before, 1), before, {"b": [rest]}) == {"a": [rest]}


def test_steps_make_the_page_and_leaving_one_out_undoes_it(installation):
    draft = mending.opened(installation, ISSUE, 1).draft
    steps = [
        Step(Act.MOVE, (3,), 0),
        Step(Act.MERGE, into=1),
        Step(Act.SPLIT, (4,)),
        Step(Act.MARK, (5,), role=Role.NOTICE),
    ]
    made = replay(draft, steps)
    assert lines(made) == [[0, 1, 3, 2], [4]]
    assert made.outside == (Place(5, Role.NOTICE),)
    assert replay(draft, steps[:1]) == core.moved(draft, [3], 0)
    assert replay(draft, []) == draft
    with pytest.raises(BadInput, match="choose"):
        replay(draft, [Step(Act.MARK)])
    with pytest.raises(BadInput, match="500 steps"):
        replay(draft, steps[:1] * 501)


def test_what_is_left_alone_needs_no_headline_of_its_own():
    page = Page(1, "编者按：老渠修好了。\n" + "\n".join(SCHOOL) + "\n")
    note = Cut("a", (Place(0, Role.OPENS),))
    before = Draft((note, Cut("b", (Place(1, Role.HEADLINE), Place(2, Role.OPENS)))))
    after = core.marked(before, [2], Role.TEXT)
    assert core.checked(after, page, before) == after
    with pytest.raises(BadInput, match="article 1 has no headline"):
        core.checked(core.marked(after, [0], Role.TEXT), page, before)


def test_the_name_of_a_column_stands_among_the_lines_as_a_kicker():
    text = "\n\n".join(["【云州时评】", CANAL[0], "□ 苏晚晴", CANAL[1]])
    page = Page(1, text)
    starts = [text.index(line) for line in text.split("\n\n")]
    spans = tuple(Span(1, at, at + len(line)) for at, line in zip(starts, text.split("\n\n"), strict=True))
    body = (Paragraph(CANAL[1], (spans[3],)),)
    article = Article(CANAL[0], body, label="云州时评", byline=(Credit("苏晚晴"),), pieces=spans, spans=spans)
    at = datetime(2026, 1, 15, tzinfo=UTC)
    draft = core.draft_of(page, [Item("urn:1", 1, article, at, at)])
    assert [p.role for p in draft.cuts[0].places] == [Role.KICKER, Role.HEADLINE, Role.BYLINE, Role.OPENS]
