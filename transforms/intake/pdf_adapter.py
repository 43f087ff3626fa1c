"""PDF files: pages with a text layer become pages with boxes, pages without one are treated as scans.

So are pages whose text layer is meaningless (fonts without a Unicode map), if the recogniser of scans is installed.
"""

from __future__ import annotations

from typing import Any

from transforms.errors import BadInput
from transforms.intake.adapter import Adapter, Contents, Head, SourceFile, SourcePage
from transforms.intake.apart import read_apart
from transforms.intake.beside import wants_pictures
from transforms.intake.naming import pages_in
from transforms.intake.pdf_pictures import pictures_of
from transforms.intake.scans import can_recognise, recognised_pages, sheet
from transforms.model import Box, Publication, Refusal

LIMIT = 128 << 20  # bytes; a page ready for the press with its photos has up to 100 MB
SECONDS = 18  # of processor time per file; a page takes 0.2 s
MEMORY = 1 << 30  # bytes of address space
INSTEAD = "or run pip install 'broadsheet[ocr]' and have the page read as a scan"
BEFORE = b"\x00\t\n\f\r \xef\xbb\xbf"  # whitespace and a byte order mark that some programs write before the header


def _is_pdf(head: Head) -> bool:
    return head.data.lstrip(BEFORE).startswith(b"%PDF-")


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    pages = read_apart("transforms.intake.pdf_child", file.data, SECONDS, MEMORY, "this PDF")["pages"]
    known = pages_in(file.name, len(pages))
    names, numbers = [name for name, _ in known], [number for _, number in known]
    blank = [n for n, page in enumerate(pages) if not page["text"] and (not page["fault"] or _can_be_seen(page))]
    faults = {n: _fault(page) for n, page in enumerate(pages) if page["fault"]}
    refused = [Refusal(names[n], fault) for n, fault in faults.items() if n not in blank]
    illustrated = {n: names[n] for n, page in enumerate(pages) if page["text"] and page["illustrated"]}
    photos, lost = pictures_of(file, illustrated if wants_pictures(publication) else {})
    sheets = [
        SourcePage(
            names[n],
            page["text"],
            "pdf",
            numbers[n],
            tuple(Box(*sides) for sides in page["boxes"]),
            photos=tuple(photos.get(n, ())),
            size=(page["size"][0], page["size"][1]),
        )
        for n, page in enumerate(pages)
        if page["text"]
    ]
    if blank:
        try:
            read = dict(zip(blank, recognised_pages(file.data, blank), strict=True))
        except BadInput as error:
            refused += [Refusal(names[n], faults.get(n, str(error))) for n in blank]
            read = {}
        refused += [
            Refusal(names[n], faults[n]) for n, page in read.items() if n in faults and not page["text"].strip()
        ]
        sheets += [
            sheet(names[n], numbers[n], page) for n, page in read.items() if n not in faults or page["text"].strip()
        ]
    return Contents(tuple(sheets), (*refused, *lost))


def _can_be_seen(page: dict[str, Any]) -> bool:
    """Whether a page whose text cannot be used is read from its picture."""
    return page["drawn"] and can_recognise()


def _fault(page: dict[str, Any]) -> str:
    return f"{page['fault']}, {INSTEAD}" if page["drawn"] and not can_recognise() else str(page["fault"])


ADAPTER = Adapter("pdf", "a PDF file", LIMIT, _is_pdf, _read)
