"""Our own format for recognised pages: lines with their positions (``schemas/layout.schema.json``).

It is for programs whose output no other adapter reads; a short script converts it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from transforms.intake.adapter import Adapter, Contents, Head, SourceFile, SourcePage
from transforms.intake.collect import Collector
from transforms.intake.encoding import decode
from transforms.intake.kinds import is_json
from transforms.intake.naming import pages_in
from transforms.intake.sizes import size_of, with_even_sizes
from transforms.intake.unordered import put_in_order
from transforms.model import Box, Publication

if TYPE_CHECKING:
    from transforms.intake.layout_record import LaidOutPage, PrintedLine

LIMIT = 16 << 20
FORMAT = "broadsheet-layout"
SAYS_SO = re.compile(rf'"format"\s{{0,20}}:\s{{0,20}}"{FORMAT}"')


def _is_layout(head: Head) -> bool:
    return is_json(head) and SAYS_SO.search(head.text) is not None


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    from transforms.intake.layout_record import parse  # here, because pydantic takes a fifth of the start

    record = parse(decode(file.data).text)
    known = zip(pages_in(file.name, len(record.pages)), record.pages, strict=True)
    return Contents(tuple(_sheet(name, page.number or number, page) for (name, number), page in known))


def _sheet(name: str, number: int, page: LaidOutPage) -> SourcePage:
    size = (round((page.width or 0) * page.scale, 2), round((page.height or 0) * page.scale, 2))
    if page.lines is not None:
        told = [line for line in page.lines if line.text.strip()]
        boxes = with_even_sizes([box for line in told if (box := _box(line, page.scale))])
        texts = [" ".join(line.text.split()) for line in told]
        certainties = [line.certainty for line in told]
        text, placed, certainty = put_in_order(texts, boxes, certainties)
        return SourcePage(name, text, "layout", number, placed, certainty=certainty, size=size)
    found = Collector()
    for block in page.blocks or ():
        found.gap()
        for line in block.lines:
            found.add(line.text, _box(line, page.scale), line.certainty)
    boxes = with_even_sizes(found.all_boxes())
    return SourcePage(name, found.text, "layout", number, boxes, certainty=found.all_certainty(), size=size)


def _box(line: PrintedLine, scale: float) -> Box | None:
    if not line.box:
        return None
    left, top, right, bottom = line.box
    wide, high = right - left, bottom - top
    size = line.size or size_of(line.text.strip(), max(wide, high), min(wide, high))
    return Box(*(round(v * scale, 2) for v in (left, top, right, bottom, size)))


ADAPTER = Adapter("layout-json", "a layout file (JSON)", LIMIT, _is_layout, _read)
