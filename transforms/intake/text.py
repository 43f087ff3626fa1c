"""Plain text and Markdown, in any encoding that Chinese newspapers use. Form feeds separate pages."""

from __future__ import annotations

import re

from transforms.errors import BadInput
from transforms.intake.adapter import HEAD, Adapter, Contents, Head, SourceFile, SourcePage
from transforms.intake.encoding import Decoded, decode
from transforms.intake.kinds import textual_kind
from transforms.intake.labelled import export_sheet, is_export
from transforms.intake.markdown import plain
from transforms.intake.naming import pages_in
from transforms.model import Publication

LIMIT = 8 << 20  # bytes per file; a page of a broadsheet has some 20 KB, a whole issue under 1 MB
MOST_PAGES = 999  # per issue
LINE_END = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")


def _is_text(head: Head) -> bool:
    """Every file that is of no other kind is read as text."""
    return True


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    decoded = decode(file.data)
    reason = textual_kind(Head(file.data[:HEAD], decoded=decoded.text[:HEAD]))
    if reason:
        raise BadInput(reason)
    texts = _split(decoded)
    if len(texts) > MOST_PAGES:
        raise BadInput(f"the file has {len(texts):,} pages, more than the {MOST_PAGES} of an issue: split it by issue")
    known = pages_in(file.name, len(texts))
    sheets = (
        (export_sheet if is_export(text) else _sheet)(name, decoded.encoding, number, text)
        for (name, number), text in zip(known, texts, strict=True)
    )
    return Contents(tuple(sheets))


def _sheet(name: str, encoding: str, number: int, text: str) -> SourcePage:
    return SourcePage(name, text, encoding, number)


def _split(decoded: Decoded) -> list[str]:
    """The texts between form feeds. Extractors also end the last page with one, after which no page follows."""
    texts = [plain(LINE_END.sub("\n", t)) for t in decoded.text.split("\f")]
    if len(texts) > 1 and not texts[-1].strip():
        texts.pop()
    return texts


ADAPTER = Adapter("text", "a text file", LIMIT, _is_text, _read)
