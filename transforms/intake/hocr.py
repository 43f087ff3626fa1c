"""hOCR, the HTML that Tesseract, OCRopus and Kraken write: lines and words with positions."""

from __future__ import annotations

import re

from lxml import etree

from transforms.errors import BadInput
from transforms.intake.adapter import Adapter, Contents, Head, SourceFile, SourcePage
from transforms.intake.collect import Collector, joined
from transforms.intake.kinds import TAG
from transforms.intake.markup import elements, release
from transforms.intake.naming import pages_in
from transforms.intake.sizes import size_of, with_even_sizes
from transforms.model import Box, Publication

LIMIT = 64 << 20
DPI = 300  # if a page does not give the resolution of its scan
PAGE_CLASS = re.compile(r"""class\s{0,5}=\s{0,5}["'][^"'<>]{0,200}\bocr_page\b""")
LINES = frozenset({"ocr_line", "ocrx_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"})
BLOCKS = frozenset({"ocr_carea", "ocr_column", "ocrx_block"})
NUMBER = r"(-?\d{1,7}(?:\.\d{1,6})?)"
BBOX = re.compile(rf"\bbbox\s{{1,5}}{NUMBER}\s{{1,5}}{NUMBER}\s{{1,5}}{NUMBER}\s{{1,5}}{NUMBER}")
SIZE = re.compile(rf"\bx_(?:f)?size\s{{1,5}}{NUMBER}")
CONFIDENCE = re.compile(r"\bx_wconf\s{1,5}(\d{1,3}(?:\.\d{1,6})?)")
RESOLUTION = re.compile(r"\bscan_res\s{1,5}([1-9]\d{1,4})\b")


def _is_hocr(head: Head) -> bool:
    return PAGE_CLASS.search(head.text) is not None and TAG.search(head.text) is not None


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    pages: list[Collector] = []
    scale, depth = 72 / DPI, 0  # depth: of nested lines; their words are kept until the outermost ends
    for event, _, element in elements(file.data, html=True):
        kinds = frozenset((element.get("class") or "").split())
        if event == "start":
            depth += bool(kinds & LINES)
            if "ocr_page" in kinds:
                pages.append(Collector())
                found = RESOLUTION.search(element.get("title") or "")
                scale = 72 / int(found[1]) if found else 72 / DPI
            elif kinds & BLOCKS and pages:
                pages[-1].gap()
            continue
        if kinds & LINES:
            depth -= 1
            if not depth and pages:
                text = _text(element)
                pages[-1].add(text, _box(element.get("title") or "", scale, text), _certainty(element))
        if not depth:
            release(element)
    if not pages:
        raise BadInput("this hOCR file has no page: write it again")
    sheets = (
        SourcePage(
            name,
            p.text,
            "hocr",
            number,
            with_even_sizes(p.all_boxes()),
            certainty=p.all_certainty(),
        )
        for (name, number), p in zip(pages_in(file.name, len(pages)), pages, strict=True)
    )
    return Contents(tuple(sheets))


def _text(line: etree._Element) -> str:
    """The line's text: if its words have positions, with the printed spaces; if it has no words, as it is."""
    words = [w for w in line.iter() if "ocrx_word" in (w.get("class") or "").split()]
    whole = "".join(str(part) for part in line.itertext()).split()
    if not words:
        return " ".join(whole)
    texts = ["".join("".join(map(str, w.itertext())).split()) for w in words]
    found = BBOX.search(line.get("title") or "")
    if not found or "".join(texts) != "".join(whole):
        return joined(whole)
    places = [BBOX.search(w.get("title") or "") for w in words]
    edges = [(float(m[1]), float(m[3])) if m else None for m in places]
    return joined(texts, edges, float(found[4]) - float(found[2]))


def _certainty(line: etree._Element) -> float | None:
    """How sure the recogniser is of a line: the mean over its words (x_wconf, in per cent); None if it does not say."""
    found = [CONFIDENCE.search(word.get("title") or "") for word in line.iter()]
    sure = [min(float(m[1]), 100) / 100 for m in found if m]
    return sum(sure) / len(sure) if sure else None


def _box(title: str, scale: float, text: str) -> Box | None:
    found = BBOX.search(title)
    if not found:
        return None
    left, top, right, bottom = (round(float(edge) * scale, 2) for edge in found.groups())
    wide, high = right - left, bottom - top
    if wide <= 0 or high <= 0:
        return None
    size = SIZE.search(title)
    told = float(size[1]) * scale if size else size_of(text, max(wide, high), min(wide, high))
    return Box(left, top, right, bottom, round(told, 2))


ADAPTER = Adapter("hocr", "an hOCR file", LIMIT, _is_hocr, _read)
