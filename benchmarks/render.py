"""What do rendering and checking cost, beside lxml doing the least? ``--ratio-only`` prints one figure.

Items: render_items and the whole gate, beside what no checked output can do without: lxml parses the same bytes,
validates them against the IPTC's schema and serialises the trees. Without the schema on this machine neither side
validates. Feeds: our RSS, Atom and JSON Feed of 10,000 entries beside lxml building and serialising the same titles,
guids, dates and texts. Both sides of a pair run in turn in one process; the figure is the median of the ratios.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from lxml import etree

from broadsheet.schema_store import stored
from transforms.gate import Schemas, check_files, load_schemas
from transforms.model import Article, Credit, Edition, File, Item, Paragraph, Partner, Publication, Section, Span
from transforms.render import render_items
from transforms.render.common import entry
from transforms.render.dates import rfc822
from transforms.render.format import FeedDocument, Site
from transforms.render.registry import feed_formats
from transforms.render.xml import parse, serialize

SHARED = Path(__file__).parents[1] / ".." / "shared" / "iptc"
PAPER = Publication("benchmark-daily", "基准日报", "benchmark.example")
PARTNER = Partner("outlet", "Outlet", formats=("newsml",))
WHOLE = "items, rendered and checked"
OPENED = datetime(2025, 3, 3, 22, tzinfo=UTC)
SENTENCE = "清晨的老渠边，水声不断，村民们已经开始清淤。"


def item(number: int, paragraphs: int) -> Item:
    body = tuple(Paragraph(f"第{n}段。{SENTENCE * 4}") for n in range(paragraphs))
    story = Article(
        f"第{number}条新闻",
        body,
        byline=(Credit("周一鸣", "记者"),),
        section=Section.BRIEF,
        spans=(Span(1, number, 1),),
    )
    return Item(f"urn:newsml:benchmark.example:20250304:n{number}", 1, story, OPENED, OPENED)


def paired(ours: Callable[[], object], plain: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Median seconds of processor time of both, which other work on the machine disturbs least, and of their ratios."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        ours()
        middle = time.process_time()
        plain()
        times.append((middle - start, time.process_time() - middle))
    ratios = [a / b for a, b in times]
    return statistics.median(a for a, _ in times), statistics.median(b for _, b in times), statistics.median(ratios)


def fifty() -> tuple[Edition, list[bytes], list[etree._Element]]:
    """Fifty items of twelve paragraphs; their files with their package's, as bytes and as trees."""
    edition = Edition(PAPER, date(2025, 3, 4), 1, OPENED, tuple(item(n, 12) for n in range(50)))
    contents = [f.content for f in render_items(edition, PARTNER, "https://store.example/outlet")]
    return edition, contents, [parse(c) for c in contents]


def item_ratios(schemas: Schemas, rounds: int) -> dict[str, tuple[float, float, float]]:
    """Those items rendered and checked as the gate does; alone, rendered only beside lxml serialising."""
    edition, contents, trees = fifty()

    def rendered() -> tuple[File, ...]:
        return render_items(edition, PARTNER, "https://store.example/outlet")

    def least() -> list[bytes]:
        read = [parse(content) for content in contents]
        if (schema := schemas.g2) is not None:
            assert all(schema.validate(tree) for tree in read)
        return [serialize(tree) for tree in read]

    return {
        WHOLE: paired(lambda: check_files(rendered(), schemas), least, rounds),
        "items, rendered": paired(rendered, lambda: [serialize(t) for t in trees], rounds),
    }


def feed_ratios(entries: int, rounds: int) -> dict[str, tuple[float, float, float]]:
    """A feed of so many entries in each format against the barest RSS that lxml can write of them."""
    site = Site(PAPER, PARTNER, "https://benchmark.example/outlet")
    feed = FeedDocument("feeds/all", PAPER.name, tuple(entry(item(n, 2), site) for n in range(entries)))
    return {
        form.name: paired(lambda form=form: form.render(feed, site), lambda: plain_rss(feed), rounds)
        for form in feed_formats(("rss", "atom", "jsonfeed"))
    }


def plain_rss(feed: FeedDocument) -> bytes:
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    for one in feed.entries:
        added = etree.SubElement(channel, "item")
        texts = (one.title, one.link, one.item.guid, one.summary, rfc822(one.item.first_created), one.html)
        for name, text in zip(("title", "link", "guid", "description", "pubDate", "encoded"), texts, strict=True):
            etree.SubElement(added, name).text = text
    return serialize(root)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ratio-only", action="store_true", help="only the ratio of items rendered and checked")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--entries", type=int, default=10_000)
    arguments = parser.parse_args()
    schemas = load_schemas(stored(SHARED))
    rows = item_ratios(schemas, arguments.rounds)
    if arguments.ratio_only:
        print(f"{rows[WHOLE][2]:.2f}")
        return
    print(f"IPTC schema: {'checked against' if schemas.g2 else 'NOT on this machine, not checked against'}")
    rows |= {f"{k}, {arguments.entries:,} entries": v for k, v in feed_ratios(arguments.entries, 3).items()}
    for name, (ours, plain, ratio) in rows.items():
        print(f"{name:32} {ours * 1000:9.1f} ms   plain lxml {plain * 1000:8.1f} ms   ratio {ratio:6.2f}")


if __name__ == "__main__":
    main()
