"""The section classifier on real texts, and the promises that hold for any article."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.classify import classify, load_sections
from transforms.model import Article, Credit, Paragraph, Section

GOLD = Path(__file__).parents[2] / ".." / "shared" / "gold"
MODEL = load_sections()


def gold_article(record: dict, parents: dict[str, int]) -> Article:
    return Article(
        record["headline"],
        tuple(Paragraph(text) for text in record["body"]),
        subhead=record.get("subhead", ""),
        byline=tuple(Credit(name) for name in record["byline"]),
        dateline=record.get("dateline", ""),
        parent=parents.get(record.get("part_of", ""), -1),
    )


def test_every_article_of_the_real_page_gets_its_section() -> None:
    path = GOLD / "seed" / "gold.json"
    if not path.exists():
        pytest.skip("the real page is not at hand: it lies beside the repository and is not published with it")
    records = json.loads(path.read_text("utf-8"))["articles"]
    parents = {record["headline"]: at for at, record in enumerate(records)}
    said = [classify(gold_article(record, parents), MODEL).section for record in records]
    assert said == [record["section"] for record in records]


def test_a_sidebar_that_is_named_by_its_column_is_commentary() -> None:
    verdict = classify(Article("编后", (Paragraph("善举不分大小，贵在坚持。愿这样的人多起来。"),)), MODEL)
    assert verdict.section is Section.COMMENTARY
    assert "the headline is a comment column's name" in [voice.what for voice in verdict.evidence]


def test_a_meeting_that_mentions_training_is_a_brief() -> None:
    text = (
        "本报讯（记者 李明）3月5日，全县农业工作会议召开。会议要求，抓好春耕备耕，落实各项补贴，"
        "并做好农民培训工作。县领导出席会议并讲话。"
    )
    article = Article("全县农业工作会议召开", (Paragraph(text),), byline=(Credit("李明"),), dateline="本报讯")
    assert classify(article, MODEL).section is Section.BRIEF


def test_a_job_offer_is_other() -> None:
    text = (
        "因工作需要，现面向社会公开招聘工作人员5名。一、招聘条件：大专以上学历。"
        "二、报名时间：即日起。联系电话：0358-0000000"
    )
    assert classify(Article("某县文化馆招聘公告", (Paragraph(text),)), MODEL).section is Section.OTHER


@pytest.mark.slow
@given(st.text(max_size=60), st.lists(st.text(max_size=400), max_size=5))
def test_any_article_gets_a_confidence_and_evidence_that_spoke_for_it(headline: str, texts: list[str]) -> None:
    article = Article(headline, tuple(Paragraph(text) for text in texts))
    verdict = classify(article, MODEL)
    assert 1 / len(Section) <= verdict.confidence <= 1
    weights = [voice.weight for voice in verdict.evidence]
    assert weights == sorted(weights, reverse=True)
    assert all(weight >= 0 for weight in weights)
    assert verdict == classify(article, MODEL)


def test_a_file_whose_rows_do_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sections.json"
    path.write_text(json.dumps({"sections": ["brief"], "bias": [0, 0], "weights": {}, "means": {}, "temperature": 1}))
    with pytest.raises(ValueError, match="1 numbers"):
        load_sections(path)
