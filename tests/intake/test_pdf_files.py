"""PDF files as they are sent: broken, locked, made to do harm, or with fonts that do not say what they show."""

from __future__ import annotations

import io
import random
import re
import sys
import zlib
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from transforms.intake import SourceFile, read_source, scans
from transforms.intake.pdf_text import mended
from transforms.model import Page

sys.path.insert(0, str(Path(__file__).parent))
from pdf_press import pdf, put

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

LINE = "河口镇的老桥昨天通车了，往来方便"
GOOD = pdf(lambda canvas: [put(canvas, 30, 60 + n * 13, 9, LINE) for n in range(20)])


def read(data: bytes, name: str = "page-03.pdf") -> tuple[tuple[Page, ...], list[str]]:
    pages, refused = read_source([SourceFile(name, data)])
    return pages, [r.reason for r in refused]


def refusal(data: bytes) -> str:
    pages, reasons = read(data)
    assert not pages
    (reason,) = reasons
    return reason


def test_page_keeps_number_text_and_boxes() -> None:
    (page,), refused = read(GOOD)
    assert not refused
    assert (page.number, page.text, page.encoding) == (3, f"{LINE}\n" * 20, "pdf")
    assert [round(b.left) for b in page.boxes] == [30] * 20


def test_further_pages_of_a_file_follow_its_first() -> None:
    def draw(canvas: Canvas) -> None:
        for _ in range(3):
            put(canvas, 30, 60, 9, LINE)
            canvas.showPage()

    pages, _ = read(pdf(draw))
    assert [(p.number, p.name) for p in pages] == [(n, f"page-03.pdf#{n - 2}") for n in (3, 4, 5)]


@pytest.mark.parametrize("cut", [10, 100, 1000])
def test_truncated(cut: int) -> None:
    assert "damaged" in refusal(GOOD[:cut])


def test_locked() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("key"))
    canvas.drawString(9, 9, "x")
    canvas.save()
    assert "password" in refusal(out.getvalue())


def test_too_many_pages() -> None:
    assert "1,000 pages" in refusal(pdf(lambda canvas: [canvas.showPage() for _ in range(1000)]))


@pytest.mark.slow
def test_page_without_text() -> None:
    assert "no text" in refusal(pdf(lambda canvas: canvas.rect(9, 9, 99, 99)))


@pytest.mark.slow
def test_bomb() -> None:
    """A few hundred kilobytes that unpack to more than the child may use."""
    content = zlib.compress(b"BT /F 9 Tf (a) Tj ET " + b" " * (1 << 29), 9)
    assert "within" in refusal(_pdf_of(b"/Filter/FlateDecode", content))


@pytest.mark.slow
def test_text_in_scattered_pieces() -> None:
    rng = random.Random(1)  # noqa: S311
    drawn = b"".join(b"1 0 0 1 %d %d Tm (a) Tj " % (rng.randrange(600), rng.randrange(800)) for _ in range(20_000))
    assert "scattered pieces" in refusal(_pdf_of(b"", b"BT /F 4 Tf " + drawn + b"ET"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_damaged_bytes_end_in_a_page_or_a_refusal(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    data = bytearray(GOOD)
    for _ in range(40):
        data[rng.randrange(8, len(data))] = rng.randrange(256)
    pages, reasons = read(bytes(data))
    assert len(pages) + len(reasons) == 1


def test_font_without_a_unicode_map_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "find_spec", lambda name: None)
    reason = refusal(_with_map(dict.fromkeys("thequickbrown", 57635)))
    assert "BitstreamVeraSans" in reason
    assert "pip install 'broadsheet[ocr]'" in reason


def test_font_with_a_wrong_map_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "find_spec", lambda name: None)
    rare = {c: 0x9F50 + n for n, c in enumerate("thequickbrownfxjmpsvlazydg")}
    reason = refusal(_with_map(rare))
    assert "BitstreamVeraSans" in reason
    assert "wrong" in reason


def test_radicals_become_characters() -> None:
    spelled = "自己的车马走门见风飞鸟"
    radicals = "⾃⼰的⻋⻢⾛⻔⻅⻛⻜⻦"
    assert "".join(mended(ord(c), "") for c in radicals) == spelled
    assert mended(0xF06E, "ABCDEF+Wingdings-Regular") == "■"
    assert mended(0xF06E, "FZXBSJW") == "\ufffd"


def _pdf_of(filter_: bytes, content: bytes) -> bytes:
    """A page with this content stream; its cross-reference table is left to the reader to rebuild."""
    return (
        b"%%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>\n"
        b"endobj\n4 0 obj\n<<%s/Length %d>>stream\n%s\nendstream\nendobj\n"
        b"5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\ntrailer\n<</Root 1 0 R>>\n%%%%EOF"
    ) % (filter_, len(content), content)


def _with_map(characters: dict[str, int]) -> bytes:
    """A page in an embedded font whose Unicode map has these code points instead of the letters'."""
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 300), pageCompression=0, invariant=True)
    canvas.setFont("Vera", 12)
    for n in range(6):
        canvas.drawString(20, 280 - n * 18, "the quick brown fox jumps over the lazy dog")
    canvas.save()

    def changed(match: re.Match[bytes]) -> bytes:
        return b"<%04X>" % characters.get(chr(int(match[1], 16)), int(match[1], 16))

    before, start, rest = out.getvalue().partition(b"beginbfchar")
    if not start:
        before, start, rest = out.getvalue().partition(b"beginbfrange")
    table, end, after = rest.partition(b"endbf")
    return before + start + re.sub(rb"<([0-9A-F]{4})>", changed, table) + end + after
