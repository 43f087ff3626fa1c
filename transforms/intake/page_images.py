"""Images of pages of a PDF or scan, for people who check what was read."""

from __future__ import annotations

import base64

from transforms.errors import BadInput
from transforms.intake.adapter import Head, SourceFile
from transforms.intake.apart import read_apart
from transforms.intake.registry import adapter_for
from transforms.model import Page

ENCODINGS = ("pdf", "ocr")  # of pages that have a picture
SECONDS = 30  # of processor time
MEMORY = 3 << 30  # bytes of address space


def is_pictured(page: Page) -> bool:
    """Whether an image of the page can be made."""
    return page.encoding in ENCODINGS and page.size[0] > 0


def page_image(file: SourceFile, name: str) -> bytes:
    """A page of a file as JPEG. ``name``: the name of the page, which ends in ``#3`` for the third of several.

    Raises BadInput if the page came as text, or the file is damaged or takes too long to draw.
    """
    kind = adapter_for(Head.of(file)).name
    if kind not in ("pdf", "scan"):
        raise BadInput(f"{name} has no picture: it came as text")
    tail = name.removeprefix(file.name).removeprefix("#")
    place = int(tail) - 1 if tail.isdecimal() else 0
    answer = read_apart(
        "transforms.intake.page_image_child", file.data, SECONDS, MEMORY, "this page", [kind, str(place)]
    )
    return base64.b64decode(answer["image"])
