"""Feeds of an issue with markup in its headlines, as validators and readers take them."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta

import fastfeedparser
import feedparser
import pytest

from tests.importers.w3c import messages
from tests.render.sample import BASE, DAY, PARTNER, PUBLICATION, article, invented, item
from transforms.model import File, Paragraph
from transforms.render import render_feeds

MARKED = (
    "大象登上<Nature>封面",
    "新指令<script>alert(1)</script>怎么读",
    "A&B两家公司合并",
    "课本里的&lt;b&gt;与</b>",
    "比较：3<5且7>6 ]]>",
)


def feeds(contracts: tuple[str, ...] = ()) -> list[File]:
    """All feeds of an issue with such headlines, two of them on an earlier day."""
    items = [*invented().items, *(item(f"m{n}", article(head, head)) for n, head in enumerate(MARKED))]
    before = [replace(i, guid=i.guid.replace("20250304", "20250303")) for i in items[:2]]
    items[0] = replace(items[0], article=replace(items[0].article, body=(Paragraph(MARKED[1]),)))
    partner = replace(PARTNER, contracts=contracts)
    files = render_feeds(PUBLICATION, partner, [*items, *before], BASE, [DAY - timedelta(days=1)])
    return [f for f in files if f.key.startswith("feeds/")]


@pytest.mark.parametrize("contracts", [(), ("msn",)])
def test_the_w3c_validator_has_nothing_to_say(contracts: tuple[str, ...]) -> None:
    made = [f for f in feeds(contracts) if not f.key.endswith(".json")]
    assert len(made) > 10
    assert {f.key: messages(f.content) for f in made} == {f.key: [] for f in made}


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_readers_show_each_headline_as_it_was_printed(kind: str) -> None:
    content = next(f.content for f in feeds() if f.key == f"feeds/all.{kind}")
    shown = [e.title for e in feedparser.parse(content).entries]
    assert [h for h in MARKED if h not in [html.unescape(t) for t in shown] and h not in shown] == []
    assert not any("<script" in t for t in shown)  # what it gives to a page is safe there
    assert len(fastfeedparser.parse(content).entries) == len(shown)
