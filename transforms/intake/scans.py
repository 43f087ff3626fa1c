"""Scans: images of pages, and PDF pages without a text layer. Needs the extra ``ocr``."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from transforms.errors import BadInput
from transforms.intake.adapter import Adapter, Contents, Head, SourceFile, SourcePage
from transforms.intake.apart import read_apart
from transforms.intake.naming import pages_in
from transforms.model import Box, Publication

LIMIT = 128 << 20  # bytes
SECONDS = 120  # of processor time per page; one at 300 dpi takes 15 to 40 s
MEMORY = 6 << 30  # bytes of address space; the recogniser uses at most a quarter
MAGICS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
MISSING = (
    "a picture of a page, and reading pictures is an extra that is not installed:"
    " run pip install 'broadsheet[ocr]', or send the page as text or as PDF with text"
)


def can_recognise() -> bool:
    """Whether the extra ``ocr`` is installed."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def recognised_pages(data: bytes, numbers: list[int]) -> list[dict[str, Any]]:
    """Text, boxes and certainty of these pages of a PDF; without numbers, of each image in the file.

    ``numbers`` count from 0. Raises BadInput if the extra is not installed, or the file is damaged or takes too
    long.
    """
    if not can_recognise():
        raise BadInput(f"this is {MISSING}")
    seconds = SECONDS * max(1, len(numbers))
    arguments = [str(n) for n in numbers]
    pages: list[dict[str, Any]] = read_apart(
        "transforms.intake.ocr_child", data, seconds, MEMORY, "this scan", arguments
    )["pages"]
    return pages


def sheet(name: str, number: int, page: dict[str, Any]) -> SourcePage:
    """A page made of what ``recognised_pages`` returned for it. ``number``: the page number, 0 if unknown."""
    boxes = tuple(Box(*sides) for sides in page["boxes"])
    size = (page["size"][0], page["size"][1])
    return SourcePage(name, page["text"], "ocr", number, boxes, certainty=tuple(page["certainty"]), size=size)


def _is_picture(head: Head) -> bool:
    return head.data.startswith(MAGICS)


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    pages = recognised_pages(file.data, [])
    return Contents(tuple(sheet(*one, page) for one, page in zip(pages_in(file.name, len(pages)), pages, strict=True)))


ADAPTER = Adapter("scan", "a picture", LIMIT, _is_picture, _read)
