"""What single importers demand beyond a format's own rules. A partner's file names its importers (``contracts``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from transforms.gate.model import Finding, Severity
from transforms.model import File
from transforms.render.keys import is_feed
from transforms.render.xml import parse

# https://support.microsoft.com/topic/0114c19c-36bb-4fef-8322-4a1ed6888329 (feed item metadata requirements)
MSN_SHORTEST_TITLE, MSN_LONGEST_TITLE = 21, 150  # characters
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
VALID = "{http://purl.org/dc/terms/}valid"


def importer_findings(files: Sequence[File], contracts: Sequence[str]) -> tuple[Finding, ...]:
    """What the partner's importers would leave out of its feeds, as warnings, because other readers accept all of
    it.
    """
    if "msn" not in contracts:
        return ()
    feeds = [f for f in files if is_feed(f.key) and f.key.endswith(".rss")]
    return tuple(Finding(f.key, Severity.WARNING, reason) for f in feeds for reason in _msn(parse(f.content)))


def _msn(root: etree._Element) -> Iterator[str]:
    for item in root.iter("item"):
        if item.findtext(VALID):
            continue  # withdrawn: MSN only reads when it expired
        name, title = item.findtext("guid") or "an item", item.findtext("title") or ""
        if not MSN_SHORTEST_TITLE <= len(title) <= MSN_LONGEST_TITLE:
            yield (
                f"MSN leaves out {name}: its title has {len(title)} characters, and MSN takes"
                f" {MSN_SHORTEST_TITLE} to {MSN_LONGEST_TITLE}"
            )
        if not item.findtext(CONTENT):
            yield f"MSN leaves out {name}: the feed has no full text of it. Set full_text = true in the partner's file."
    if any(not (link.text or "").startswith("https://") for link in root.iterfind(".//item/link")):
        yield "MSN reads https addresses only. Set base_url in the partner's file."
