"""Scans: pictures of invented pages, set with a real font and read by the real recogniser."""

from __future__ import annotations

import io

import pytest

from tests.support.mixed import SCAN_FONT as FONT
from transforms.certainty import as_certain, certainties
from transforms.intake import SourceFile, read_source, scans
from transforms.model import Article, Page, Paragraph, Span

LEFT = ["\u3000\u3000河口镇的老桥昨天通", "车了，桥长一百二十米，", "两侧各有一条步道。"]
RIGHT = ["\u3000\u3000镇里的陈师傅说，", "从前去对岸要绕行半个", "小时，如今只要三分钟。"]


def scan(kind: str, size: int = 32, turned: float = 0) -> bytes:
    """A page of two columns below a headline, with an upright line at the right; ``turned`` by so many degrees."""
    image = pytest.importorskip("PIL.Image").new("L", (1000, 400), 255)
    from PIL import ImageDraw, ImageFont

    pen = ImageDraw.Draw(image)
    pen.text((200, 30), "老桥昨天通车", 0, ImageFont.truetype(str(FONT), 64))
    body = ImageFont.truetype(str(FONT), size)
    for left, lines in ((40, LEFT), (460, RIGHT)):
        for n, line in enumerate(lines):
            pen.text((left, 150 + n * 56), line, 0, body)
    for n, character in enumerate("灯会开幕"):
        pen.text((900, 60 + n * 62), character, 0, ImageFont.truetype(str(FONT), 54))
    if turned:
        image = image.rotate(turned, resample=3, expand=True, fillcolor=255)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(FONT is None, reason="no Chinese font to set a page with (Debian: fonts-noto-cjk)")
@pytest.mark.skipif(not scans.can_recognise(), reason="the extra ocr is not installed")
def test_scan_is_read_like_a_page_with_text() -> None:
    (page,), refused = read_source([SourceFile("page-02.png", scan("PNG"))])
    assert not refused
    lines = [line for line in page.text.split("\n") if line]
    assert page.number == 2
    assert lines[0] == "老桥昨天通车"
    assert [x for x in lines if x in (*LEFT, *RIGHT)] == [*LEFT, *RIGHT]
    assert "灯会开幕" in lines
    assert len(page.boxes) == len(page.certainty) == len(lines)
    assert all(0.5 <= c <= 1 for c in page.certainty)
    assert page.boxes[0].size > 1.5 * page.boxes[1].size


@pytest.mark.slow
@pytest.mark.skipif(FONT is None, reason="no Chinese font to set a page with (Debian: fonts-noto-cjk)")
@pytest.mark.skipif(not scans.can_recognise(), reason="the extra ocr is not installed")
@pytest.mark.parametrize("turned", [-1.2, 1.2])
def test_a_page_that_did_not_lie_straight_reads_the_same(turned: float) -> None:
    (page,), _ = read_source([SourceFile("page-02.png", scan("PNG", turned=turned))])
    lines = [line for line in page.text.split("\n") if line]
    assert [x for x in lines if x in (*LEFT, *RIGHT)] == [*LEFT, *RIGHT]
    assert len({box.size for line, box in zip(lines, page.boxes, strict=True) if line in (*LEFT, *RIGHT)}) == 1


@pytest.mark.skipif(not scans.can_recognise(), reason="the extra ocr is not installed")
def test_damaged_picture_is_refused() -> None:
    _, (refusal,) = read_source([SourceFile("page-01.jpg", b"\xff\xd8\xff\xe0" + bytes(99))])
    assert "damaged" in refusal.reason


def test_without_the_extra_the_refusal_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "can_recognise", lambda: False)
    _, (refusal,) = read_source([SourceFile("page-01.jpg", b"\xff\xd8\xff\xe0" + bytes(99))])
    assert "pip install 'broadsheet[ocr]'" in refusal.reason


def test_certainty_of_lines_becomes_part_of_the_confidence() -> None:
    page = Page(1, "四个字呀\n\n另外四字", certainty=(0.9, 0.5))
    article = Article("", (Paragraph("四个字呀"),), order_confidence=0.8, spans=(Span(1, 0, 4), Span(1, 6, 10)))
    assert as_certain(article, certainties([page])).order_confidence == pytest.approx(0.8 * 0.7)
    assert as_certain(article, {}) == article
