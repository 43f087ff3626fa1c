"""PDF files: each page with a text layer becomes a page with boxes; the rest is refused page by page."""

from __future__ import annotations

from transforms.intake.adapter import Adapter, Contents, Head, Sheet, SourceFile
from transforms.intake.apart import read_apart
from transforms.intake.naming import number_in
from transforms.model import Box, Publication, Refusal

LIMIT = 128 << 20  # bytes; a page ready for the press with its photos has up to 100 MB
SECONDS = 18  # of processor time a file; a page takes 0.2 s
MEMORY = 1 << 30  # bytes of address space
BEFORE = b"\x00\t\n\f\r \xef\xbb\xbf"  # blanks and a byte order mark that some programs write before the header


def _is_pdf(head: Head) -> bool:
    return head.data.lstrip(BEFORE).startswith(b"%PDF-")


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    pages = read_apart("transforms.intake.pdf_child", file.data, SECONDS, MEMORY, "this PDF")["pages"]
    first = number_in(file.name)
    sheets, refused = [], []
    for n, page in enumerate(pages):
        name = f"{file.name}#{n + 1}" if len(pages) > 1 else file.name
        if page["fault"]:
            refused.append(Refusal(name, page["fault"]))
            continue
        boxes = tuple(Box(*sides) for sides in page["boxes"])
        sheets.append(Sheet(name, page["text"], "pdf", first and first + n, boxes))
    return Contents(tuple(sheets), tuple(refused))


ADAPTER = Adapter("pdf", "a PDF file", LIMIT, _is_pdf, _read)
