"""What the desk shows, from a store in memory."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from broadsheet.steps import changes, ingest, inspection
from broadsheet.steps.changes import By
from broadsheet.steps.revision import newest_items
from broadsheet.web.language import preferred, words_of
from broadsheet.web.views.article import article_view
from broadsheet.web.views.days import latest_month, month_of
from broadsheet.web.views.issue import issue_view
from broadsheet.web.views.partners import partner_views
from broadsheet.web.views.search import search
from delivery.connections import Connection
from delivery.errors import NoConnection
from delivery.keys import IssueKey
from tests.support.issue import CHANGED, DAY, NAME, NOW, PAGES, ingest_day, make_installation, submit, syndicate
from transforms.errors import BadInput, NotFound
from transforms.intake import SourceFile
from transforms.model import Review, Section, Watch
from transforms.render.vocabulary import section_name

ISSUE = IssueKey(NAME, DAY)


def days_of(installation, month=DAY):
    found = month_of(installation, installation.publications[NAME], month)
    return {d.date: d for week in found.weeks for d in week if d}


@pytest.mark.slow
def test_the_calendar_says_what_became_of_each_day():
    installation = make_installation()
    submit(installation, [*PAGES, SourceFile("page-03.txt", b"")])
    ingest.put_in_inbox(installation.store, NAME, date(2026, 1, 16), PAGES)
    ingest.put_in_inbox(installation.store, NAME, date(2026, 1, 17), PAGES)
    ingest_day(installation, date(2026, 1, 17))
    installation.publications[NAME] = replace(installation.publications[NAME], watch=Watch(expected_by="06:00"))
    inspection.watch(installation, datetime(2026, 1, 18, 4, tzinfo=UTC))
    days = days_of(installation)
    assert len(days) == 31
    states = {d.day: (day.state, day.articles, day.held) for d, day in days.items() if day.state}
    assert states == {15: ("out", 2, 1), 16: ("landed", 0, 0), 17: ("stored", 2, 0), 18: ("missing", 0, 0)}
    assert days_of(installation, date(2025, 12, 3))[date(2025, 12, 31)].state == ""
    assert latest_month(installation, installation.publications[NAME]) == date(2026, 1, 17)


def test_what_waits_for_the_desk_is_counted_on_its_day():
    from broadsheet.steps import review

    installation = make_installation()
    installation.publications[NAME] = replace(installation.publications[NAME], review=Review(order=1.0, section=1.0))
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    version = ingest_day(installation)
    asked = review.open_questions(installation, version.issue, NOW)
    assert days_of(installation)[DAY].waiting == len(asked) > 0


@pytest.mark.slow
def test_an_issue_shows_every_character_of_its_pages_and_where_each_article_went():
    installation = make_installation()
    submit(installation, PAGES)
    view = issue_view(installation, ISSUE)
    texts = ["".join(p.text for p in sheet.pieces) for sheet in view.sheets]
    assert texts == [page.data.decode() for page in PAGES]
    assert [r.item.article.headline for r in view.rows] == ["老渠新水润良田", "城东小学添新操场"]
    for sheet, row in zip(view.sheets, view.rows, strict=True):
        assert {p.row.number for p in sheet.pieces if p.row} == {row.number}
    outlet = next(d for d in view.rows[0].deliveries if d.partner.id == "sample-outlet")
    assert (outlet.state, outlet.version) == ("delivered", 1)
    assert outlet.at is not None
    assert view.characters["total"] == sum(map(len, texts))


@pytest.mark.slow
def test_an_article_lists_its_files_newest_first_and_its_history():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, CHANGED)
    guid = newest_items(installation, ISSUE)[0].guid
    view = article_view(installation, guid)
    outputs = {p.id: o for p, o, _ in view.outputs}["sample-outlet"]
    assert [o.version for o in outputs if o.format == "NewsML-G2"] == [2, 1]
    assert {o.format for o in outputs} == {"NewsML-G2", "ninjs", "HTML"}
    changes.withdraw_article(installation, guid, "侵权", "", By("run", "editor", NOW + timedelta(days=1)))
    syndicate(installation)
    assert article_view(installation, guid).row.item.history[-1].actor == "editor"


def test_a_partner_of_summaries_is_seen_to_get_a_summary_whatever_its_place_among_partners():
    installation = make_installation()
    text = "早市搬进新棚\n\n" + "\n\n".join(f"本报讯（记者 周岚）第{n}天，早市照常开张。" for n in "一二三")
    submit(installation, [SourceFile("page-01.txt", text.encode())])
    [item] = newest_items(installation, ISSUE)
    for order in (1, -1):
        partners = dict(list(installation.partners.items())[::order])
        view = article_view(replace(installation, partners=partners), item.guid)
        shown = {s.partner.full_text: s for s in view.seen}
        assert (len(shown[True].text), shown[True].whole_in) == (3, ())
        assert (len(shown[False].text), shown[False].whole_in) == (1, ("NewsML-G2",))


def test_an_issue_that_is_wholly_under_embargo_is_out_nowhere():
    installation = make_installation()
    held = f"[[embargo]]\nuntil = {(NOW + timedelta(days=9)).isoformat()}\n"
    submit(installation, [PAGES[0], SourceFile("embargo.toml", held.encode())])
    assert days_of(installation)[DAY].state == issue_view(installation, ISSUE).state == "waiting"
    for view in partner_views(installation, NOW):
        assert [paper.last for paper in view.papers] in ([], [None])


@pytest.mark.slow
def test_partners_show_what_they_lack_until_they_have_it():
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, PAGES)
    ingest_day(installation)
    before = {v.partner.id: v.behind for v in partner_views(installation, NOW)}
    assert before["sample-outlet"] == (f"{NAME}/{DAY}/v1",)
    syndicate(installation)
    after = {v.partner.id: v for v in partner_views(installation, NOW)}
    assert after["sample-outlet"].behind == ()
    [paper] = after["sample-outlet"].papers
    assert (paper.publication.id, paper.issues, paper.key, paper.last.state) == (NAME, 1, ISSUE, "delivered")
    assert paper.last.lag is not None
    [share] = after["sample-outlet"].shares
    assert (share.key, share.articles, share.of, share.embargoed) == (ISSUE, 2, 2, 0)


def test_a_partner_whose_connection_is_missing_is_not_well():
    def unknown(name: str) -> Connection:
        raise NoConnection(f"Airflow has no connection “{name}”")

    installation = make_installation()
    far = replace(installation.partners["sample-outlet"], id="far", connection="far_store")
    partners = {"far": far, "sample-outlet": installation.partners["sample-outlet"]}
    views = partner_views(replace(installation, partners=partners, connections=unknown), NOW)
    assert [(view.partner.id, view.is_bad) for view in views] == [("far", True), ("sample-outlet", False)]
    [lacking] = views[0].unconnected
    assert "airflow connections add far_store --conn-type aws" in lacking.detail


def test_what_is_not_here_is_said_in_words():
    installation = make_installation()
    with pytest.raises(NotFound, match="nothing of"):
        issue_view(installation, ISSUE)
    with pytest.raises(BadInput, match="no issue here"):
        article_view(installation, "urn:newsml:yunzhou.example:20260115:nothing")


def test_the_desk_speaks_the_readers_language():
    assert words_of("zh")("piece_n", 3, 2) == "第 2 篇第 3 段"
    assert words_of("xx").language == "en"
    assert preferred("", "", "zh-CN,zh;q=0.9") == "zh"
    assert preferred("en", "zh", "zh") == "en"
    assert preferred("", "zh", "en") == "zh"
    assert preferred("", "", "fr") == "en"


@pytest.mark.parametrize("month", [date(1, 1, 1), date(1604, 12, 1), date(9999, 12, 31)])
def test_a_month_outside_the_calendar_is_said_in_words(month: date):
    with pytest.raises(BadInput, match="outside the calendar"):
        days_of(make_installation(), month)


@pytest.mark.parametrize("month", [date(1605, 1, 1), date(9999, 11, 1)])
def test_the_calendar_reaches_from_its_first_month_to_its_last(month: date):
    assert len(days_of(make_installation(), month)) in (30, 31)


@pytest.mark.parametrize("guid", ["nothing", "urn:newsml:x.example:20269999:a", "../../x", "urn:newsml:a:1:b", ""])
def test_a_malformed_guid_is_bad_input(guid: str):
    with pytest.raises(BadInput, match=r"not a guid|a day that does not exist"):
        article_view(make_installation(), guid)


@pytest.mark.slow
def test_articles_are_found_by_headline_text_and_guid_for_ninety_days():
    installation = make_installation()
    submit(installation, PAGES)
    guid = newest_items(installation, ISSUE)[0].guid

    def found(words: str, today: date = DAY) -> list[tuple[str, str]]:
        return [(f.item.article.headline, f.hit) for f in search(installation, words, today)]

    assert found("操场") == [("城东小学添新操场", "操场")]
    assert found("老渠新水") == [("老渠新水润良田", "")]
    assert found("  一月十四日 ") == [("城东小学添新操场", "一月十四日")]
    assert found(guid.upper()) == [("老渠新水润良田", "")]
    assert found("水") == found("没有的") == []
    assert found("操场", DAY + timedelta(days=90)) == [("城东小学添新操场", "操场")]
    assert found("操场", DAY + timedelta(days=91)) == []


def test_the_desk_calls_sections_what_partners_files_call_them():
    for section in Section:
        assert words_of("zh")(section.value) == section_name(section)
