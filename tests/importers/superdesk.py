"""What Superdesk makes of NewsML-G2, after its parser ``superdesk/io/feed_parsers/newsml_2_0.py`` (superdesk-core).

A reading of its behaviour in our own words, with its assumptions: where that parser would raise, this one does too.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

G2 = "{http://iptc.org/std/nar/2006-10-01/}"
H = "{http://www.w3.org/1999/xhtml}"
NITF = "{http://iptc.org/std/NITF/2006-10-18/}"


def parse(content: bytes) -> list[dict[str, Any]]:
    """The items of a newsMessage, or the one item of another document. One that cannot be read fails them all."""
    root = etree.fromstring(content)
    items = [_item(tree) for item_set in root.findall(f"{G2}itemSet") for tree in item_set]
    if etree.QName(root).localname in ("newsItem", "packageItem"):
        items.append(_item(root))
    return items


def _item(tree: Any) -> dict[str, Any]:
    meta, content = tree.find(f"{G2}itemMeta"), tree.find(f"{G2}contentMeta")
    found = {
        "guid": f"{tree.attrib['guid']}:{tree.attrib['version']}",
        "uri": tree.attrib["guid"],
        "type": meta.find(f"{G2}itemClass").attrib["qcode"].split(":")[1].lower(),
        "pubstatus": meta.find(f"{G2}pubStatus").attrib["qcode"].split(":")[1].lower(),
        "versioncreated": meta.find(f"{G2}versionCreated").text,
        # Each of these is the first of its kind, whatever its role.
        "headline": content.findtext(f"{G2}headline") or "",
        "slugline": content.findtext(f"{G2}slugline") or "",
        "byline": content.findtext(f"{G2}by") or "",
        "authors": [c.find(f"{G2}name").text for c in content.findall(f"{G2}creator")],
        "usageterms": tree.findtext(f"{G2}rightsInfo/{G2}usageTerms"),
    }
    if found["type"] == "composite":
        groups = tree.find(f"{G2}groupSet")
        return found | {"groups": [{"id": g.attrib["id"], "role": g.attrib["role"], "refs": _refs(g)} for g in groups]}
    # A loop over what find() gave: an item without contentSet raises.
    for part in tree.find(f"{G2}contentSet"):
        if part.tag == f"{G2}inlineXML":
            found["body_html"] = _body(part)  # the last one stays
    return found


def _refs(group: Any) -> list[dict[str, str]]:
    """Every child is a reference; what has no residref raises."""
    refs = []
    for child in group:
        if "idref" in child.attrib:
            refs.append({"idRef": child.attrib["idref"]})
            continue
        resid = child.attrib["residref"]
        resid += f":{child.attrib['version']}" if "version" in child.attrib else ""
        kind = child.find(f"{G2}itemClass").attrib["qcode"]
        refs.append({"residRef": resid, "contentType": child.attrib["contenttype"], "itemClass": kind})
    return refs


def _body(inline: Any) -> str:
    if inline.get("contenttype") == "application/nitf+xml":
        blocks = inline.findall(f".//{NITF}body.content/{NITF}block/*")
        return "\n".join(etree.tostring(e, encoding="unicode", method="html") for e in blocks)
    body = inline.find(f"{H}html").find(f"{H}body")
    # What is nested in an element is not looked at.
    return "\n".join(f"<{etree.QName(e).localname}>{e.text}</{etree.QName(e).localname}>" for e in body if e.text)
