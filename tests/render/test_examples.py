"""docs/examples: a file of each format, made from the sample issue. ``BROADSHEET_REGENERATE=1`` writes them anew."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from delivery.records import load_partners, load_publications
from tests.render.sample import gold_article
from tests.render.test_goldens import REGENERATE
from transforms.gate import Schemas, Severity, check_files
from transforms.lifecycle.identity import name_items, opening_time
from transforms.model import Edition, Section, Span
from transforms.render import render_feeds, render_items

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
DAY = date(2026, 1, 15)
BASE = "https://partners.example/sample-outlet/yunzhou-daily"
CHOSEN = (Section.TRAINING_NOTICE, Section.BRIEF)


def examples() -> dict[str, bytes]:
    """By the name in docs/examples; two short articles, so that a person can read the files."""
    publication = load_publications(ROOT / "publications")["yunzhou-daily"]
    partner = load_partners(ROOT / "partners")["sample-outlet"]
    gold = json.loads((ROOT / "samples" / "yunzhou-daily" / DAY.isoformat() / "gold.json").read_text("utf-8"))
    stories = [gold_article(a, n) for n, a in enumerate(gold["articles"])]
    short = [min((s for s in stories if s.section is section), key=lambda s: len(s.text)) for section in CHOSEN]
    placed = [replace(s, section_confidence=0.9, spans=(Span(2, n, n + 1),)) for n, s in enumerate(short)]
    items = name_items(placed, publication, DAY, opening_time(publication, DAY), ())
    edition = Edition(publication, DAY, 1, items[0].first_created, items)
    files = (*render_items(edition, partner, BASE), *render_feeds(publication, partner, items, BASE))
    assert [f for f in check_files(files, Schemas()) if f.severity is Severity.ERROR] == []
    by_key = {f.key: f.content for f in files}
    first = next(key for key in by_key if key.startswith("items/") and key.endswith(".xml"))
    stem = first.removesuffix(".xml")
    return {
        "item.newsml.xml": by_key[first],
        "item.ninjs.json": by_key[f"{stem}.json"],
        "package.newsml.xml": by_key[f"packages/{DAY}/v1.xml"],
        "message.newsml.xml": by_key[f"messages/{DAY}/v1.xml"],
        "feed.rss": by_key["feeds/all.rss"],
        "feed.atom": by_key["feeds/all.atom"],
        "feed.json": by_key["feeds/all.json"],
        "sitemap.xml": by_key["sitemap.xml"],
        "article.html": by_key[f"articles/{stem.split('/')[1]}.html"],
        "index.html": by_key["index.html"],
    }


def test_the_examples_are_current_and_each_is_explained() -> None:
    found = examples()
    if REGENERATE:
        EXAMPLES.mkdir(exist_ok=True)
        for name, content in found.items():
            (EXAMPLES / name).write_bytes(content)
    kept = {p.name: p.read_bytes() for p in EXAMPLES.iterdir() if p.name != "README.md"}
    assert sorted(found) == sorted(kept)
    assert [name for name in found if found[name] != kept[name]] == []
    explained = (EXAMPLES / "README.md").read_text("utf-8")
    assert [name for name in found if f"`{name}`" not in explained] == []
