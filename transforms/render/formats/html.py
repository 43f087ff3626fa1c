"""Web pages: one per article at a permanent address, and one that lists feeds and articles.

The pages are HTML and well-formed XML, need no script, and describe themselves in JSON-LD (schema.org NewsArticle).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from lxml import etree

from transforms.errors import InvalidOutput
from transforms.model import File, Item, Media, Section, Status
from transforms.render import keys
from transforms.render.body import escape, fragment
from transforms.render.common import alternates, day_of, published
from transforms.render.dates import iso, local
from transforms.render.faults import dead_links
from transforms.render.format import RECALLABLE, Site, SiteFormat, Surroundings
from transforms.render.formats.newsml import byline
from transforms.render.json_text import load_json
from transforms.render.keys import INDEX, article_page_key
from transforms.render.pictures import images, named, sizes
from transforms.render.text import spoken, summary
from transforms.render.vocabulary import SECTION_TERMS, section_name
from transforms.render.xml import XHTML, parse

DOCTYPE = "<!DOCTYPE html>\n"
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http:"
_H = f"{{{XHTML}}}"
_STYLE = (
    "body{max-width:42rem;margin:0 auto;padding:1rem;font:1.05rem/1.8 'Songti SC','Noto Serif CJK SC',serif;"
    "color:#222;background:#fffdf8}h1{line-height:1.3;margin:.2em 0}h2{font-size:1.15rem}a{color:#7a1f1f}"
    ".k,.s,.m,footer,figcaption{color:#666;font-size:.9rem}ul{padding-left:1.2em}img{max-width:100%;height:auto}"
    "figure{margin:1rem 0}@media(prefers-color-scheme:dark){body{color:#ddd;background:#171512}a{color:#e6a08f}"
    ".k,.s,.m,footer,figcaption{color:#aaa}}"
)
_HOW = (
    "<p>把地址填入阅读器或导入程序即可；更正与撤稿也经同一地址送达。</p>"
    '<p lang="en">Give these addresses to a reader or importer; corrections and withdrawals come the same way.</p>'
)
# What the extension of our JSON feeds means: its "about" leads here.
_EXTENSION = (
    '<h2 id="broadsheet">JSON Feed</h2><p>扩展 <code>_broadsheet</code>：<code>withdrawn</code> 列出已撤回的稿件'
    "（id 与时间），<code>version</code> 是稿件的版本，<code>alternates</code> 是它的 NewsML-G2 与 ninjs 文件。</p>"
    '<p lang="en">The extension <code>_broadsheet</code>: <code>withdrawn</code> lists articles that were taken back '
    "(id and time), <code>version</code> is the version of an article, <code>alternates</code> its NewsML-G2 and ninjs "
    "files.</p>"
)


def pages(items: Sequence[Item], site: Site, late: Sequence[Item] = ()) -> Iterator[File]:
    """The index, and a page for each item: the article, or a notice if it is withdrawn. Withheld items have none.

    Pages of ``late`` exist already, so it is ignored here.
    """
    yield _file(INDEX, _index(items, site))
    for item in items:
        if item.status is not Status.WITHHELD:
            page = _article(item, site) if item.status is Status.USABLE else _withdrawn(item, site)
            yield _file(article_page_key(item.guid), page, {"guid": item.guid})


def linked_data(item: Item, site: Site) -> dict[str, Any]:
    """The article as JSON-LD: a ``NewsArticle`` of schema.org."""
    article, publication = item.article, site.publication
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": item.guid,
        "headline": article.headline,
        "datePublished": iso(local(publication, published(item))),
        "dateModified": iso(local(publication, item.version_created)),
        "inLanguage": publication.language,
        "articleSection": section_name(article.section),
        "publisher": {"@type": "NewsMediaOrganization", "name": publication.name, "url": site.home},
        "mainEntityOfPage": site.url(article_page_key(item.guid)),
    }
    if article.byline:
        found["author"] = [{"@type": "Person", "name": credit.name} for credit in article.byline]
    if publication.copyright_notice:
        found["copyrightNotice"] = publication.copyright_notice
    pictures = [_linked_picture(m) for m in images(article)]
    return found | ({"image": pictures} if pictures else {})


def _linked_picture(media: Media) -> dict[str, Any] | str:
    """A picture as an ImageObject, if more is known of it than its address."""
    size = media.renditions[0] if media.renditions else None
    if size is None:
        return media.url
    found: dict[str, Any] = {"@type": "ImageObject", "url": media.url, "width": size.width, "height": size.height}
    found |= {"caption": media.caption} if media.caption else {}
    return found | ({"creditText": media.credit} if media.credit else {})


def _figure(media: Media) -> str:
    """A picture with its caption, in the sizes that a browser may choose from."""
    chosen = sizes(media)
    largest = chosen[0][1]
    given = f' width="{largest.width}" height="{largest.height}"' if largest.width else ""
    if len(chosen) > 1:
        several = ", ".join(f"{href} {size.width}w" for href, size in reversed(chosen))
        given += f' srcset="{escape(several)}" sizes="(max-width: 42rem) 100vw, 42rem"'
    image = f'<img src="{escape(media.url)}" alt="{escape(media.caption)}"{given} />'
    words = f"<figcaption>{escape(named(media))}</figcaption>" if named(media) else ""
    return f"<figure>{image}{words}</figure>"


def _article(item: Item, site: Site) -> str:
    article = item.article
    site = replace(site, publication=spoken(site.publication, article))
    lines = [f'<p class="k">{escape(article.kicker)}</p>'] if article.kicker else []
    lines.append(f"<h1>{escape(article.headline)}</h1>")
    if article.subhead:
        lines.append(f'<p class="s">{escape(article.subhead)}</p>')
    lines.append(f'<p class="m">{escape(_credit(item, site))}</p>')
    lines += [_figure(m) for m in images(article)]
    if item.version > 1 and item.ed_note:
        lines.append(f'<p class="m">{escape(item.ed_note)}</p>')
    lines.append(fragment(article) if site.partner.full_text else f"<p>{escape(summary(article))}</p>")
    return _page(article.headline, "<article>" + "\n".join(lines) + "</article>", site, _head(item, site))


def _withdrawn(item: Item, site: Site) -> str:
    when = local(site.publication, item.version_created)
    message = f"<p>{escape(item.ed_note)}</p>" if item.ed_note else ""
    note = (
        f"<h1>此稿已撤回 Withdrawn</h1>{message}<p>本报已于 {iso(when)} 撤回此稿，请勿再刊用。</p>"
        f'<p lang="en">This article was withdrawn on {iso(when)}. Do not use it.</p>'
    )
    head = f'{_canonical(article_page_key(item.guid), site)}\n<meta name="robots" content="noindex" />'
    return _page("此稿已撤回", note, site, head)


def _index(items: Sequence[Item], site: Site) -> str:
    title = f"{site.publication.name} · {site.partner.name}"
    usable = [i for i in items if i.status is Status.USABLE]
    newest = max((day_of(i) for i in usable), default=None)
    rows = "".join(
        f'<li><a href="{escape(site.url(article_page_key(i.guid)))}">{escape(i.article.headline)}</a> '
        f'<span class="m">{section_name(i.article.section)}</span></li>'
        for i in usable
        if day_of(i) == newest
    )
    today = f"<h2>{newest.isoformat()}</h2><ul>{rows}</ul>" if newest else "<p>尚无稿件。 No articles yet.</p>"
    body = f"<h1>{escape(title)}</h1><h2>订阅 Feeds</h2>{_HOW}<ul>{''.join(_feed_rows(site))}</ul>{today}{_EXTENSION}"
    return _page(title, body, site, _canonical(INDEX, site))


def _feed_rows(site: Site) -> Iterator[str]:
    names = [
        ("all", "全部 All"),
        *((s.value, f"{section_name(s)} {SECTION_TERMS[s].english}") for s in Section if s in site.partner.sections),
    ]
    for stem, name in names:
        links = [
            f'<a href="{escape(site.url(form.key(keys.feed_stem(stem))))}" type="{form.media_type}">{form.title}</a>'
            for form in site.feeds
        ]
        if links:
            yield f"<li>{name}：{' · '.join(links)}</li>"


def _credit(item: Item, site: Site) -> str:
    when = f"{local(site.publication, item.first_created):%Y-%m-%d}"
    page = f"第{item.article.page}版" if item.article.page else ""
    parts = (site.publication.name, when, page, section_name(item.article.section), byline(item.article))
    return " · ".join(p for p in parts if p)


def _head(item: Item, site: Site) -> str:
    article = item.article
    metas = [("description", summary(article)), ("author", byline(article)), ("keywords", _keywords(item))]
    lines = [f'<meta name="{name}" content="{escape(text)}" />' for name, text in metas if text]
    properties = (
        ("og:type", "article"),
        ("og:title", article.headline),
        ("og:url", site.url(article_page_key(item.guid))),
        ("og:site_name", site.publication.name),
        ("article:published_time", iso(local(site.publication, published(item)))),
        ("article:modified_time", iso(local(site.publication, item.version_created))),
        ("article:section", section_name(article.section)),
        *((name, text) for m in images(article) for name, text in _shared_picture(m)),
    )
    lines += [f'<meta property="{name}" content="{escape(text)}" />' for name, text in properties]
    data = json.dumps(linked_data(item, site), ensure_ascii=False)
    # Neither </script> nor an entity may arise inside of the script element.
    for character in "&<>":
        data = data.replace(character, f"\\u{ord(character):04x}")
    lines.append(f'<script type="application/ld+json">{data}</script>')
    files = [f'<link rel="alternate" type="{kind}" href="{escape(href)}" />' for kind, href in alternates(item, site)]
    return "\n".join([_canonical(article_page_key(item.guid), site), *files, *lines])


def _shared_picture(media: Media) -> Iterator[tuple[str, str]]:
    """Open Graph of a picture; of several, each one's properties follow its address."""
    yield "og:image", media.url
    yield "og:image:type", media.media_type
    for size in media.renditions[:1]:
        yield "og:image:width", str(size.width)
        yield "og:image:height", str(size.height)
    if media.caption:
        yield "og:image:alt", media.caption


def _keywords(item: Item) -> str:
    return ",".join(dict.fromkeys([s.name for s in item.article.subjects if s.name] + list(item.article.keywords)))


def _canonical(key: str, site: Site) -> str:
    return f'<link rel="canonical" href="{escape(site.url(key))}" />'


def _page(title: str, body: str, site: Site, head: str) -> str:
    feeds = "\n".join(
        f'<link rel="alternate" type="{form.media_type}" title="{form.title}" '
        f'href="{escape(site.url(form.key(keys.ALL)))}" />'
        for form in site.feeds
    )
    return (
        f'{DOCTYPE}<html xmlns="http://www.w3.org/1999/xhtml" lang="{escape(site.publication.language)}">\n<head>\n'
        f'<meta charset="utf-8" />\n<meta http-equiv="Content-Security-Policy" content="{_POLICY}" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{escape(title)}</title>\n{head}\n{feeds}\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n<footer>{escape(site.rights)}</footer>\n</body>\n</html>\n"
    )


def _file(key: str, page: str, metadata: dict[str, str] | None = None) -> File:
    return File(key, page.encode(), "text/html; charset=utf-8", RECALLABLE, metadata or {})


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of a page.

    It must be well-formed XML, give its address, language and title, and have no script and no broken link.
    """
    if not file.content.startswith(DOCTYPE.encode()):
        yield "the page does not begin with <!DOCTYPE html>"
        return
    try:
        root = parse(file.content[len(DOCTYPE) :])
    except InvalidOutput as error:
        yield str(error)
        return
    if not root.get("lang") or not root.findtext(f".//{_H}title"):
        yield "the page names no language or has no title"
    yield from _scripts(root)
    links = root.findall(f".//{_H}link")
    own = next((x.get("href", "") for x in links if x.get("rel") == "canonical"), "")
    targets = [x.get("href", "") for x in (*links, *root.iter(f"{_H}a"))]
    yield from dead_links(own, targets, file.key, around.keys)


def _scripts(root: etree._Element) -> Iterator[str]:
    for script in root.iter(f"{_H}script"):
        if script.get("type") != "application/ld+json":
            yield "the page runs a script"
            continue
        try:
            load_json((script.text or "").encode())
        except InvalidOutput as error:
            yield f"its JSON-LD: {error}"


FORMATS = (
    SiteFormat(
        name="html",
        title="HTML",
        extension="html",
        media_type="text/html",
        place=r"index\.html|articles/[^/]+\.html",
        mark=DOCTYPE.strip().encode(),
        order=40,
        render=pages,
        marks=(INDEX,),
        check=check,
    ),
)
