"""A news sitemap (sitemaps.org 0.9 with Google's news and image extensions): the pages of the newest two days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree

from transforms.chinese import TRADITIONAL, script_of_tag
from transforms.model import File, Item, Status
from transforms.render.common import day_of, published
from transforms.render.dates import iso, local
from transforms.render.faults import doubled
from transforms.render.format import RECALLABLE, Site, SiteFormat, Surroundings
from transforms.render.keys import ARTICLES, NEWS_SITEMAP, article_page_key
from transforms.render.pictures import images
from transforms.render.xml import parse, qname, serialize

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
MOST_IMAGES = 1_000  # of one page, more are ignored by Google
MAX_URLS = 1_000  # in one news sitemap (Google)
DAYS = 2


def sitemap(items: Sequence[Item], site: Site, late: Sequence[Item] = ()) -> Iterator[File]:
    """The sitemap of the pages of usable articles.

    Days are counted back from the newest issue, because there is no clock here.

    Articles in ``late`` are older and listed as pages only, because Google no longer counts them as news.
    """
    root = etree.Element(qname(SITEMAP, "urlset"), nsmap={None: SITEMAP, "news": NEWS, "image": IMAGE})  # type: ignore[dict-item] # stubs forbid None
    usable = [i for i in items if i.status is Status.USABLE]
    newest = max((day_of(i) for i in usable), default=None)
    fresh = [i for i in usable if newest and (newest - day_of(i)).days < DAYS]
    for item in fresh[:MAX_URLS]:
        url = _add_url(root, item, site)
        _add_news(url, item, site)
        _add_images(url, item)
    for item in [i for i in late if i.status is Status.USABLE and i not in fresh][: MAX_URLS - len(root)]:
        _add_images(_add_url(root, item, site), item)
    yield File(NEWS_SITEMAP, serialize(root), "application/xml; charset=utf-8", RECALLABLE)


def news_language(tag: str) -> str:
    """The language code that Google requires: ISO 639, and zh-cn or zh-tw for Chinese. ``tag``: a BCP 47 tag."""
    primary = tag.split("-")[0].lower()
    if primary != "zh":
        return primary
    return "zh-tw" if script_of_tag(tag) == TRADITIONAL else "zh-cn"


def _add_url(root: etree._Element, item: Item, site: Site) -> etree._Element:
    url = etree.SubElement(root, qname(SITEMAP, "url"))
    etree.SubElement(url, qname(SITEMAP, "loc")).text = site.url(article_page_key(item.guid))
    etree.SubElement(url, qname(SITEMAP, "lastmod")).text = iso(local(site.publication, item.version_created))
    return url


def _add_images(url: etree._Element, item: Item) -> None:
    for media in list(images(item.article))[:MOST_IMAGES]:
        etree.SubElement(etree.SubElement(url, qname(IMAGE, "image")), qname(IMAGE, "loc")).text = media.url


def _add_news(url: etree._Element, item: Item, site: Site) -> None:
    news = etree.SubElement(url, qname(NEWS, "news"))
    publication = etree.SubElement(news, qname(NEWS, "publication"))
    etree.SubElement(publication, qname(NEWS, "name")).text = site.publication.name
    etree.SubElement(publication, qname(NEWS, "language")).text = news_language(
        item.article.language or site.publication.language
    )
    etree.SubElement(news, qname(NEWS, "publication_date")).text = iso(local(site.publication, published(item)))
    etree.SubElement(news, qname(NEWS, "title")).text = item.article.headline


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of a news sitemap; all of its pages must be ours. Raises InvalidOutput if it is not XML."""
    root = parse(file.content)
    pages = [u.findtext(f"{{{SITEMAP}}}loc") or "" for u in root]
    if len(pages) > MAX_URLS:
        yield f"{len(pages):,} pages are more than the {MAX_URLS:,} that a news sitemap may list"
    yield from doubled(pages)
    for page in pages:
        if f"{ARTICLES}{page.rpartition('/')[2]}" not in around.keys:
            yield f"{page} is a broken link"
    for news in root.iter(f"{{{NEWS}}}news"):
        for name in ("publication", "publication_date", "title"):
            if news.find(f"{{{NEWS}}}{name}") is None:
                yield f"an entry has no news:{name}"


FORMATS = (
    SiteFormat(
        name="sitemap",
        title="sitemap",
        extension="xml",
        media_type="application/xml",
        needs=("html", "sitemap"),  # it lists pages; a partner without pages has nothing to list
        place=re.escape(NEWS_SITEMAP),
        mark=b"<urlset",
        order=41,
        render=sitemap,
        check=check,
    ),
)
