"""ninjs 2.1, IPTC's JSON for news: one object for each version of an article.

Schema: ninjs-schema_2.1.json at IPTC (https://iptc.org/standards/ninjs/).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from transforms.model import Edition, File, Item, Media, Partner, Publication, Rendition, Status
from transforms.render.body import fragment
from transforms.render.dates import iso, local
from transforms.render.faults import disordered, renamed
from transforms.render.format import ItemFormat, Surroundings
from transforms.render.formats.newsml import byline, genre, located, slugline
from transforms.render.json_text import load_json, to_json
from transforms.render.ownership import holder_of, notice_of, terms_for
from transforms.render.pictures import NAMES, sizes
from transforms.render.profiles import json_reasons
from transforms.render.text import spoken, summary, word_count
from transforms.render.vocabulary import ROLES, resolve, section_name, section_uri

STANDARD = {"name": "ninjs", "version": "2.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_2.1.json"}


def ninjs(item: Item, edition: Edition, partner: Partner) -> dict[str, Any]:
    """One version of one article as a ninjs object. ``item`` must be clean."""
    edition = replace(edition, publication=spoken(edition.publication, item.article))
    found = _identity(item, edition.publication)
    found |= _rights(edition.publication, partner)
    found |= _labels(item, edition)
    found |= _topics(item, edition.publication)
    if item.status is not Status.CANCELED:
        found |= _content(item)
    return found


def _identity(item: Item, publication: Publication) -> dict[str, Any]:
    found: dict[str, Any] = {
        "standard": dict(STANDARD),
        "uri": item.guid,
        "type": "text",
        "representationtype": "full",
        "profile": "broadsheet-text",
        "version": str(item.version),
        "firstcreated": iso(local(publication, item.first_created)),
        "versioncreated": iso(local(publication, item.version_created)),
        "contentcreated": iso(local(publication, item.first_created)),
        "pubstatus": item.status.value,
        "urgency": 4 if item.article.page == 1 else 5,
        "language": publication.language,
    }
    for name, moment in (("embargoed", item.embargoed), ("expires", item.expires)):
        if moment:
            found[name] = iso(local(publication, moment))
    return found | ({"ednote": item.ed_note} if item.ed_note else {})


def _rights(publication: Publication, partner: Partner) -> dict[str, Any]:
    found = {"copyrightholder": holder_of(publication), "copyrightnotice": notice_of(publication)}
    terms = terms_for(partner, publication)
    return found | ({"usageterms": terms} if terms else {})


def _labels(item: Item, edition: Edition) -> dict[str, Any]:
    article, provider = item.article, edition.publication.provider
    labels = ((role, getattr(article, role)) for role in ("headline", "kicker", "subhead"))
    found: dict[str, Any] = {
        "title": article.headline,
        "headlines": [{"role": ROLES.uri(provider) + role, "value": text} for role, text in labels if text],
        "slugline": slugline(item, edition),
        "infosources": [{"name": edition.publication.name}],
    }
    if article.byline:
        found["by"] = byline(article)
    if located(article):
        found["located"] = located(article)
    return found


def _topics(item: Item, publication: Publication) -> dict[str, Any]:
    article = item.article
    subjects = [
        _subject(s.name or s.qcode, resolve(s.qcode, publication), s.confidence, publication) for s in article.subjects
    ]
    section = section_uri(publication, article.section)
    subjects.append(_subject(section_name(article.section), section, article.section_confidence, publication))
    found: dict[str, Any] = {"subjects": subjects}
    if genre(article):
        code = genre(article)
        found["genres"] = [{"name": code.partition(":")[2], "uri": resolve(code, publication)}]
    places = tuple(p.name for p in article.places)
    named = (("people", article.people), ("organisations", article.organisations), ("places", places))
    return found | {key: [{"name": name} for name in names] for key, names in named if names}


def _subject(name: str, uri: str, confidence: float, publication: Publication) -> dict[str, Any]:
    percent = round(100 * min(1.0, max(0.0, confidence)))
    return {"name": name, "uri": uri, "creator": publication.provider, "confidence": percent}


def _content(item: Item) -> dict[str, Any]:
    article = item.article
    counts = {"charcount": len(article.text), "wordcount": word_count(article.text)}
    bodies = (("text/html", fragment(article)), ("text/plain", article.text))
    found: dict[str, Any] = {
        "descriptions": [{"role": "summary", "contenttype": "text/plain", "value": summary(article)}],
        "bodies": [{"contenttype": kind} | counts | {"value": text} for kind, text in bodies],
    }
    associated = [_association(m, n) for n, m in enumerate(article.media, start=1)]
    if item.parent_guid:
        associated.insert(0, {"name": "parent", "uri": item.parent_guid, "type": "text"})
    return found | ({"associations": associated} if associated else {})


def _association(media: Media, number: int) -> dict[str, Any]:
    kind = {"image": "picture", "audio": "audio", "video": "video"}.get(media.media_type.split("/")[0], "component")
    names = NAMES if media.renditions else ("original",)
    renditions = [_rendition(*pair, media, name) for pair, name in zip(sizes(media), names, strict=False)]
    found = {"name": f"media-{number}", "uri": media.url, "type": kind, "renditions": renditions}
    found |= {"by": media.credit} if media.credit else {}
    return found | ({"descriptions": [{"role": "caption", "value": media.caption}]} if media.caption else {})


def _rendition(href: str, size: Rendition, media: Media, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": name, "href": href, "contenttype": media.media_type}
    found |= {"sizeinbytes": size.size} if size.size else {}
    return found | ({"width": size.width, "height": size.height} if size.width else {})


def render(item: Item, edition: Edition, partner: Partner) -> bytes:
    """One version of one article as ninjs 2.1. ``item`` must be clean."""
    return to_json(ninjs(item, edition, partner))


def faults(profile: str, file: File) -> Iterator[str]:
    """Faults of a ninjs object.

    ``profile``: the name of its JSON Schema in ``schemas/``. Raises InvalidOutput if it is not JSON.
    """
    item = load_json(file.content)
    yield from json_reasons(profile, item)
    yield from disordered(
        ("firstcreated", "versioncreated"), (str(item.get("firstcreated")), str(item.get("versioncreated")))
    )
    yield from renamed(file.key, str(item.get("uri")), str(item.get("version")))


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of a ninjs 2.1 object. Raises InvalidOutput if it is not JSON."""
    return faults("ninjs", file)


FORMATS = (
    ItemFormat(
        name="ninjs",
        title="ninjs",
        extension="json",
        media_type="application/json",
        mark=b'"name":"ninjs"',
        order=20,
        render=render,
        check=check,
    ),
)
