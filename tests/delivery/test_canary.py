"""Private numbers planted in every field of articles, looked for in every byte that any operation puts out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.cli.trial import trial
from broadsheet.steps import changes, ingest, reprocess, review, rights
from broadsheet.steps.audit import audit
from broadsheet.steps.changes import By
from broadsheet.steps.reprocess import Difference
from delivery import issues
from delivery.codec import json_file
from tests.review.conftest import answer
from tests.support.issue import DAY, NAME, NOW, PAGES, make_installation, submit
from tests.support.withdrawals import ISSUE, syndicate
from transforms.lifecycle.differences import describe_changes
from transforms.model import (
    Article,
    Credit,
    Item,
    Media,
    Paragraph,
    ParagraphKind,
    Place,
    Reading,
    Section,
    Span,
    Subject,
)

# One number a field, so that a leak says where it comes from.
NUMBERS = [f"1560000{n:04}" for n in range(100, 140)]
FORMATS = ("newsml", "nitf", "newsmessage", "rss", "atom", "jsonfeed", "ninjs", "html", "sitemap")
AT = datetime(2026, 1, 15, 9, tzinfo=UTC)


def planted(headline: str, at: int, parent: int = -1, top: int = 0) -> Article:
    """An article with a number of its own in each field, counted from ``at``."""
    number = iter(NUMBERS[at:])
    body = (
        Paragraph(f"联系人{next(number)}，清晨的老渠边，水声不断，村里定下三件事。"),
        Paragraph(f"小题{next(number)}", kind=ParagraphKind.CROSSHEAD),
        Paragraph(f"●电话{next(number)[:3]}-0000-{NUMBERS[at + 2][7:]}，件件有着落。"),
    )
    return Article(
        f"{headline}{next(number)}",
        body,
        kicker=f"引题{next(number)}",
        subhead=f"副题{next(number)}",
        byline=(Credit(f"周一鸣{next(number)}", "记者"),),
        dateline=f"本报讯（{next(number)}）",
        section=Section.BRIEF,
        section_confidence=0.9,
        parent=parent,
        subjects=(Subject("medtop:20000210", f"农业{next(number)}", 0.9),),
        media=(Media("https://img.example/1.jpg", "image/jpeg", 10, f"图说{next(number)}"),),
        places=(Place(f"南桥村{next(number)}", "某省"),),
        people=(f"老周{next(number)}",),
        organisations=(f"合作社{next(number)}",),
        keywords=(f"灌溉{next(number)}",),
        spans=(Span(1, top, top + 50),),
    )


def leaks(installation) -> set[str]:
    """What any partner, or anybody, can read of the numbers: keys, bytes and metadata."""
    found = set()
    for key, file in installation.shelf.files.items():
        told = file.content.decode() + repr(file.metadata) + key
        for form in (lambda n: n, lambda n: f"{n[:3]}-{n[3:7]}-{n[7:]}"):
            found |= {f"{number} in {key}" for number in NUMBERS if form(number) in told}
    return found


@pytest.fixture
def installation():
    made = make_installation()
    everything = replace(made.partners["sample-outlet"], formats=FORMATS, contracts=("msn",), privacy="mask")
    made.partners["sample-outlet"] = everything
    made.partners["brief-wire"] = replace(made.partners["brief-wire"], privacy="mask")
    return made


def bring(installation, *articles: Article, day=DAY):
    """An issue of these articles, as if they had been read from its pages."""
    ingest.put_in_inbox(installation.store, NAME, day, PAGES)
    version = ingest.receive_issue(installation, NAME, day, datetime.now(UTC))
    installation.store.put(json_file(version.reading, Reading(tuple(articles), ()), Reading))
    ingest.store_articles(installation, version)
    return version


def test_no_operation_in_an_articles_life_lets_a_number_out(installation):
    version = bring(installation, planted("老渠新水", 0), planted("手记", 14, parent=0, top=60))
    syndicate(installation)
    assert installation.shelf.files
    assert leaks(installation) == set()

    story, aside = issues.items_of(installation.store, version)
    by = By("correct/1", f"editor {NUMBERS[30]}", AT)
    fields = {"headline": f"改后的标题很长很长，长到会被截断，请拨打电话找到老周本人，他的号码是{NUMBERS[31]}"}
    changes.correct_article(installation, story.guid, fields, NUMBERS[32], by, f"请致电{NUMBERS[33]}")
    syndicate(installation)
    changes.correct_article(installation, story.guid, {"headline": "再改"}, "", replace(by, run="correct/2"))
    syndicate(installation)
    assert leaks(installation) == set()

    changes.send_issue_again(installation, "sample-outlet", ISSUE)
    syndicate(installation)
    lost = next(k for k in installation.shelf.files if "/items/" in k)
    del installation.shelf.files[lost]
    audit(installation, DAY, deep=True)
    syndicate(installation)
    assert leaks(installation) == set()

    for item, run in ((story, "withdraw/1"), (aside, "withdraw/2")):
        message = f"撤稿，详询{NUMBERS[34]}"
        changes.withdraw_article(installation, item.guid, NUMBERS[35], message, replace(by, run=run))
        syndicate(installation)
        assert leaks(installation) == set()
    del installation.partners["sample-outlet"]
    changes.send_issue_again(installation, "sample-outlet", ISSUE)
    syndicate(installation)
    assert leaks(installation) == set()


def test_an_embargoed_article_that_is_released_and_whose_rights_end_is_masked_too(installation):
    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], expires_days=2)
    version = bring(installation, planted("老渠新水", 0))
    (item,) = issues.items_of(installation.store, version)
    held = (replace(item, embargoed=NOW + timedelta(hours=1)),)
    installation.store.put(json_file(version.articles, held, tuple[Item, ...]))
    syndicate(installation)
    assert not any("items/" in key for key in installation.shelf.files)
    changes.release_embargo(installation, item.guid, By("release/1", NUMBERS[30], AT))
    syndicate(installation, NOW + timedelta(hours=2))
    assert any("items/" in key for key in installation.shelf.files)
    assert leaks(installation) == set()
    rights.end_rights(installation, NOW + timedelta(days=9))
    assert leaks(installation) == set()


def test_what_the_desk_has_not_seen_of_a_second_version_does_not_go_out(installation):
    careful = replace(installation.partners["sample-outlet"], privacy="desk")
    installation.partners["sample-outlet"] = careful
    plain = replace(planted("老渠新水", 0), body=(Paragraph("清晨的老渠边，水声不断，村里定下三件事。"),))
    blank = replace(
        plain,
        headline="老渠新水",
        kicker="",
        subhead="",
        dateline="",
        byline=(),
        media=(),
        subjects=(),
        places=(),
        people=(),
        organisations=(),
        keywords=(),
    )
    bring(installation, blank)
    syndicate(installation)
    (item,) = issues.items_of(installation.store, issues.latest_stored(installation.store, ISSUE))
    changes.correct_article(installation, item.guid, {"kicker": "核实"}, "", By("correct/1", "editor", AT))
    syndicate(installation)
    text = f"清晨的老渠边，水声不断，村里定下三件事，有事打{NUMBERS[1]}。"
    ingest.put_in_inbox(installation.store, NAME, DAY, [*PAGES, replace(PAGES[0], name="page-03.txt")])
    again = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))
    second = Reading((replace(blank, body=(Paragraph(text),)),), ())
    installation.store.put(json_file(again.reading, second, Reading))
    ingest.store_articles(installation, again)
    questions = review.open_questions(installation, ISSUE, NOW)
    syndicate(installation)
    assert leaks(installation) == set()
    for question in questions:
        answer(installation, question, "accept")
        syndicate(installation)
    assert bool(questions) == bool(leaks(installation))  # once a person has said yes, this partner has it as it is


def test_notes_and_comparisons_quote_no_number_not_even_half_of_one():
    old, new = planted("旧题", 0), planted("很长的标题" * 7, 14)
    note = describe_changes(old, new, "zh-Hans")
    assert [n for n in NUMBERS if n[:9] in note] == []
    said = str(Difference(ISSUE, "changed", old.headline, note))
    assert [n for n in NUMBERS if n[:9] in said] == []


@pytest.mark.slow
def test_neither_a_trial_nor_a_second_reading_lets_a_number_out(installation, tmp_path):
    pages = [replace(p, data=p.data + f"有事请打{NUMBERS[0]}找老周。\n".encode()) for p in PAGES]
    folder = tmp_path / NAME / DAY.isoformat()
    folder.mkdir(parents=True)
    for page in pages:
        (folder / page.name).write_bytes(page.data)
    outlet = installation.partners["sample-outlet"]
    made = trial(folder, installation.publication(NAME), outlet, (outlet,), None, "https://x.example", NOW)
    assert made.files
    assert [f.key for f in made.files if NUMBERS[0] in f.content.decode()] == []

    submit(installation, pages)
    told = [str(d) for d in reprocess.compare(installation, ISSUE, AT)]
    reprocess.publish(installation, ISSUE, AT)
    syndicate(installation)
    assert any("items/" in key for key in installation.shelf.files)
    assert leaks(installation) | {line for line in told if NUMBERS[0] in line} == set()
