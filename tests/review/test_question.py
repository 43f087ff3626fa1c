"""What the desk reads: the question in Markdown, and its form."""

import re
from dataclasses import replace
from datetime import timedelta

from broadsheet.steps import review, review_form
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from tests.review.conftest import CANAL, SCHOOL, article, bring, canal, item, school
from tests.support.issue import DAY, NAME
from transforms.classify.sections import load_sections
from transforms.model import Doubt, Page, Section, SectionReason, Span


def shown(installation, asked) -> str:
    issue = IssueKey(NAME, DAY)
    waiting = next(i for i in newest_items(installation, issue) if i.guid == asked.guid)
    near = review.neighbours(newest_items(installation, issue), asked.guid)
    return review_form.body(asked, waiting, near, review.pages_of(installation, issue), installation.publications[NAME])


def test_the_desk_sees_the_article_why_it_waits_until_when_and_its_neighbours(installation):
    (asked,) = bring(installation, school, canal)
    text = shown(installation, asked)
    assert CANAL in text
    assert "0.40" in text
    assert "要求 0.60" in text
    assert "到 2026-01-15 11:00（Asia/Shanghai）仍无答复，即按识读结果发布。" in text
    assert f"- 上一篇: **{school.headline}**" in text
    assert asked.guid in text
    paper = installation.publications[NAME]
    assert (
        review_form.subject(item(installation, canal.headline), paper) == "云州日报 第 1 版：《老渠新水润良田》（栏目）"
    )
    elsewhere = replace(paper, language="de")
    assert (
        review_form.subject(item(installation, canal.headline), elsewhere)
        == "云州日报 p. 1: “老渠新水润良田” (Section)"
    )
    installation.publications[NAME] = elsewhere
    text = shown(installation, asked)
    assert "2026-01-15 11:00 (Asia/Shanghai) it is published as read" in text
    assert f"- previous: **{school.headline}**" in text
    assert asked.until - asked.since == timedelta(hours=2)


def test_the_fault_of_the_last_answer_stands_first(installation):
    (asked,) = bring(installation, canal, school)
    assert shown(installation, replace(asked, fault="no such paragraph")).startswith(
        "**上次的答复无法执行：no such paragraph"
    )


def test_the_papers_own_text_is_no_markup(installation):
    trap = article("# 标题 [x](http://e.example) <b>", "一* 二* `三` | ![图](x) ", "| 四", section=0.1)
    (asked,) = bring(installation, trap, school)
    text, _, page = shown(installation, asked).partition("### 第 1 版")
    assert r"## \# 标题 \[x\](http://e.example) \<b\>" in text
    assert r"一\* 二\* \`三\` \| \!\[图\](x)" in text
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in page.splitlines()[2:] if row.startswith("|"))


def test_the_page_shows_in_which_order_its_runs_were_joined_and_what_stands_between():
    page = Page(1, f"第二段。\n{'别' * 200}\n题\n第一段。\n\n余下。")
    at = {
        part: Span(1, page.text.index(part), page.text.index(part) + len(part))
        for part in ("题", "第一段。", "第二段。")
    }
    read = replace(canal, spans=(at["题"], at["第一段。"], at["第二段。"]))
    told = review_form.page_as_printed(page, read, review_form.words_of("en"))
    rows = told.splitlines()[4:]
    assert rows[0] == "| **2** | 第二段。 |"
    assert rows[1].startswith("| | *别")
    assert rows[2:] == ["| **1** | 题 ⏎ 第一段。 |", "| | *余下。* |"]
    assert len(told) < 400
    assert review_form.page_as_printed(Page(2, SCHOOL), read, review_form.words_of("en")) == ""


def test_the_form_is_filled_with_what_was_read():
    form = review_form.fields(canal, review_form.words_of("zh-Hans"))
    assert {n: f["default"] for n, f in form.items()} == {
        "section": "brief",
        "headline": canal.headline,
        "text": CANAL,
        "merge_with": "next",
        "split_at": None,
        "second_headline": None,
        "second_section": "brief",
    }
    assert form["section"]["values_display"]["brief"] == "消息 (brief)"
    assert form["merge_with"]["values_display"]["next"] == "下一篇 (next)"
    assert form["text"]["title"] == "正文"
    assert review_form.fields(canal, review_form.words_of("en"))["text"]["title"] == "Text"


def test_each_answer_names_its_code():
    chinese = review_form.options(review_form.words_of("zh-Hans"))
    assert chinese[0] == "发布 (accept)"
    assert review_form.options(review_form.words_of("en"))[0] == "Publish (accept)"
    for words in (chinese, review_form.options(review_form.words_of("de")), review.OPTIONS):
        assert tuple(map(review_form.code_of, words)) == review.OPTIONS


def test_the_form_is_in_the_newspapers_language():
    for language, other in (("en", r"[\u4e00-\u9fff]"), ("zh-Hans", r"[A-Za-z]{3,}")):
        form = review_form.fields(canal, review_form.words_of(language))
        said = [text for f in form.values() for text in (f["title"], f.get("description", ""))]
        said += [text.partition(" (")[0] for f in form.values() for text in f.get("values_display", {}).values()]
        assert [text for text in said if re.search(other, text)] == []


def test_a_chinese_newspaper_is_asked_in_chinese_only(installation):
    (asked,) = bring(installation, school, canal)
    waits = item(installation, canal.headline)
    kinds = ("order", "section", "private", "rejected", "remade")
    doubts = tuple(Doubt(kind, "private numbers: 2" if kind == "private" else "noted in English") for kind in kinds)
    evidence = tuple(SectionReason(what, 1.0) for what in load_sections().weights)
    marked = replace(waits, article=replace(waits.article, evidence=evidence))
    paper = installation.publications[NAME]
    text = review_form.body(replace(asked, doubts=doubts), marked, {}, [], paper)
    said = text.replace(asked.guid, "").replace(asked.version, "").replace(paper.timezone, "")
    codes = "|".join(map(re.escape, (*(s.value for s in Section), *review.OPTIONS)))  # in brackets behind their words
    said = (
        re.sub(rf"[（(]({codes})[)）]", "", said.replace("\\_", "_"))
        .replace("“Review article”", "")
        .replace("guid", "")
    )
    assert re.findall(r"[A-Za-z]{2,}", said) == []
    assert "私人号码：2" in said
