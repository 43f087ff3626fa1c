"""What articles are about and whom they name: only what stands in the text, and only where it is sure."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.enrich import enrich
from transforms.model import Article, Column, Credit, Paragraph, Place, Section


def story(text: str, headline: str = "一则消息", **more) -> Article:
    return Article(headline, tuple(Paragraph(line) for line in text.split("\n")), **more)


def test_a_farming_story_is_about_farming_and_says_by_which_words() -> None:
    found = enrich(story("春耕时节，村民忙着播种玉米，合作社的农机开进了高标准农田。", "春耕备耕忙"))
    assert found.subjects[0].qcode == "medtop:20000210"
    assert 0.5 < found.subjects[0].confidence < 1
    assert "春耕" in found.keywords


def test_places_carry_code_and_region_and_the_dateline_comes_first() -> None:
    found = enrich(story("岚县与方山县、岚县结对，来自临县的代表说好。", dateline="本报方山县讯"))
    assert found.places[0] == Place("方山县", "山西省吕梁市", "141128")
    assert {p.name for p in found.places} == {"方山县", "岚县", "临县"}


def test_a_name_that_many_cities_share_is_resolved_only_where_the_text_says_which() -> None:
    assert enrich(story("鼓楼区新开三座书屋。")).places == (Place("鼓楼区"),)
    both = enrich(story("南京市鼓楼区新开三座书屋。")).places
    assert Place("鼓楼区", "江苏省南京市", "320106") in both


def test_two_characters_inside_another_word_are_no_place() -> None:
    assert enrich(story("我们面临县域经济的新课题。")).places == ()


def test_people_are_named_by_office_and_authors_are_not_subjects() -> None:
    text = "县委书记李明强调，要抓好春耕。村民王秀兰说，今年收成好。记者周一鸣"
    found = enrich(story(text, byline=(Credit("周一鸣", "记者"),)))
    assert set(found.people) == {"李明", "王秀兰"}
    assert enrich(story("他多年坚持。", "杜军伟：用爱心善举温暖他人")).people == ("杜军伟",)


def test_an_organisation_begins_at_its_place_or_after_what_leads_to_it() -> None:
    found = enrich(story("活动由方山县益诚大药房和吕梁市新闻学院举办，组织800多名小学生参加。"))
    assert set(found.organisations) == {"方山县益诚大药房", "吕梁市新闻学院"}


def test_a_paper_s_own_column_is_told_by_its_mark_and_counts_as_its_base() -> None:
    columns = (Column("river-notes", "江边闲话", Section.COMMENTARY, ("江边闲话",)),)
    found = enrich(story("闲话几句。", "说说排队", kicker="江边闲话", section=Section.BRIEF), columns)
    assert (found.column, found.section) == ("river-notes", Section.COMMENTARY)
    assert "江边闲话" in found.keywords


@given(st.text(max_size=40), st.text(max_size=600))
def test_nothing_is_invented_and_the_text_stays(headline: str, text: str) -> None:
    article = story(text, headline)
    found = enrich(article)
    assert (found.headline, found.body) == (article.headline, article.body)
    whole = f"{headline}\n{text}"
    assert all(name in whole for name in (*found.people, *found.organisations, *(p.name for p in found.places)))
    assert enrich(article) == found
