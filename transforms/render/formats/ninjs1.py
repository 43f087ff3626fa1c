"""ninjs 1.3, for readers that do not support 2.x: the same article with the property names of 1.x.

Schema: ninjs-schema_1.3.json at IPTC. It has no ``expires``, no date of the content and no confidence of subjects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transforms.model import Edition, File, Item, Partner
from transforms.render.format import ItemFormat, Surroundings
from transforms.render.formats.ninjs import faults, ninjs
from transforms.render.json_text import to_json

STANDARD = {"name": "ninjs", "version": "1.3", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_1.3.json"}
# What both generations call alike.
_SAME = (
    *("type", "profile", "version", "firstcreated", "versioncreated", "embargoed", "pubstatus", "urgency"),
    *("copyrightholder", "copyrightnotice", "usageterms", "ednote", "language", "title", "slugline", "located"),
)


def ninjs1(item: Item, edition: Edition, partner: Partner) -> dict[str, Any]:
    """One version of one article as a ninjs 1.3 object. ``item`` must be clean."""
    new = ninjs(item, edition, partner)
    found: dict[str, Any] = {"$standard": dict(STANDARD), "uri": new["uri"], "representationtype": "complete"}
    found |= {name: new[name] for name in _SAME if name in new}
    found["headline"] = item.article.headline
    extra = (("headline_kicker", item.article.kicker), ("headline_subhead", item.article.subhead))
    found |= {name: text for name, text in extra if text}
    found["infosource"] = new["infosources"]
    found |= {"byline": new["by"]} if "by" in new else {}
    found |= _topics(new)
    return found | _content(new)


def _topics(new: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"subject": [_coded(s) for s in new["subjects"]]}
    if "genres" in new:
        found["genre"] = [_coded(g) for g in new["genres"]]
    named = (("person", "people"), ("organisation", "organisations"), ("place", "places"))
    return found | {old: new[name] for old, name in named if name in new}


def _coded(concept: dict[str, Any]) -> dict[str, str]:
    """A concept by scheme and code, which 2.x has in one address."""
    scheme, _, code = concept["uri"].rpartition("/")
    return {"name": concept["name"], "scheme": f"{scheme}/", "code": code}


def _content(new: dict[str, Any]) -> dict[str, Any]:
    if "bodies" not in new:
        return {}
    html, plain = new["bodies"]
    found: dict[str, Any] = {
        "charcount": plain["charcount"],
        "wordcount": plain["wordcount"],
        "description_text": new["descriptions"][0]["value"],
        "body_html": html["value"],
        "body_text": plain["value"],
    }
    associated = {a["name"]: _associated(a) for a in new.get("associations", ())}
    return found | ({"associations": associated} if associated else {})


def _associated(one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"uri": one["uri"], "type": one["type"]}
    if "descriptions" in one:
        found["description_caption"] = one["descriptions"][0]["value"]
    if "renditions" in one:
        found["renditions"] = {r["name"]: _rendition(r) for r in one["renditions"]}
    return found


def _rendition(one: dict[str, Any]) -> dict[str, Any]:
    found = {name: one[name] for name in ("href", "sizeinbytes", "width", "height") if name in one}
    return found | {"mimetype": one["contenttype"]}


def render(item: Item, edition: Edition, partner: Partner) -> bytes:
    """One version of one article as ninjs 1.3. ``item`` must be clean."""
    return to_json(ninjs1(item, edition, partner))


def check(file: File, around: Surroundings) -> Iterator[str]:
    """Faults of a ninjs 1.3 object. Raises InvalidOutput if it is not JSON."""
    return faults("ninjs1", file)


FORMATS = (
    ItemFormat(
        name="ninjs1",
        title="ninjs 1.3",
        extension="ninjs1.json",
        media_type="application/json",
        mark=b'"version":"1.3"',
        order=21,
        render=render,
        check=check,
    ),
)
