"""PDF pages that a browser sets: Type 3 fonts, balanced columns, upright text with figures on their side, boxes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import opened
from transforms.intake import SourceFile, read_source, scans
from transforms.model import Page

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

STYLE = """<meta charset=utf-8><style>@page { size: 500pt 600pt; margin: 20pt } * { margin: 0 }
body { font: 10pt/1.5 'Noto Serif CJK SC', serif } p { text-indent: 2em } h1 { font-size: 24pt; text-align: center }
.columns { columns: 3; column-gap: 12pt } .box { border: 1pt solid; padding: 6pt; margin: 12pt 0 }
.upright { writing-mode: vertical-rl; height: 130pt; float: right } .upright p { margin-left: 20pt; text-indent: 0 }
.turned { position: absolute; left: 60pt; top: 300pt; transform: rotate(90deg); transform-origin: 0 0;
white-space: nowrap }
</style>"""
BRIDGE = ["河口镇的老桥昨天通车了，桥长一百二十米，宽八米，两侧各有一条步道供行人走。"] * 2
BRIDGE += ["镇里的陈师傅说——“从前去对岸要绕行半个小时”……如今走路只要三分钟，占地3.5万平方米的广场也修好了。"]
NOTICE = "末班车改到晚上八点发出，请乘客留意。"
UPRIGHT = ["灯会今晚开幕，（2026年）共有三十余盏灯。", "巡游从东门出发，沿河走到西门，全程两公里。"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened() as browser:
        yield browser


def printed(browser: Browser, body: str) -> bytes:
    page = browser.new_page()
    page.set_content(STYLE + body)
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    page.close()
    return bytes(data)


def read(data: bytes) -> tuple[tuple[Page, ...], list[str]]:
    pages, refused = read_source([SourceFile("page-01.pdf", data)])
    return pages, [r.reason for r in refused]


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def test_columns_and_boxes_read_one_after_another(browser: Browser) -> None:
    page = f"<h1>老桥通车</h1><div class=columns>{paragraphs(*BRIDGE)}</div><div class=box>{NOTICE}</div>"
    data = printed(browser, page)
    assert b"/Type3" in data
    (read_page,), refused = read(data)
    assert refused == []
    assert "".join(read_page.text.split()) == "".join(["老桥通车", *BRIDGE, NOTICE])
    assert read_page.boxes[0].size == pytest.approx(24, rel=0.1)


def test_upright_paragraphs_go_from_right_to_left(browser: Browser) -> None:
    text = f"<div class=upright>{paragraphs(*UPRIGHT)}</div><div class=turned>图片由镇政府提供</div><p>{BRIDGE[0]}</p>"
    (page,), _ = read(printed(browser, text))
    solid = "".join(page.text.split())
    assert "".join(UPRIGHT) in solid
    assert "图片由镇政府提供" in page.text.split()


@pytest.mark.slow
def test_fonts_without_unicode_maps_are_read_as_a_scan(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    body = f"<h1>老桥通车</h1><div class=columns>{paragraphs(*BRIDGE)}</div>"
    data = printed(browser, body).replace(b"/ToUnicode", b"/ToUnicorn")
    if scans.can_recognise():
        (page,), refused = read(data)
        assert (page.encoding, refused) == ("ocr", [])
        assert page.text.startswith("老桥通车")
        assert len(page.certainty) == len(page.boxes) > 5
    monkeypatch.setattr(scans, "find_spec", lambda name: None)
    pages, (reason,) = read(data)
    assert pages == ()
    assert "have no known meaning" in reason
    assert "pip install 'broadsheet[ocr]'" in reason


@pytest.mark.slow
def test_the_narrow_spaces_that_browsers_leave_out_are_found(browser: Browser) -> None:
    byline, name = "本报记者 李明 王小芳 摄影报道", "传承红色记忆 建设新城"
    (page,), _ = read(
        printed(browser, f"<div>{byline}</div><p>{BRIDGE[0]}</p><h1 style='letter-spacing:.2em'>{name}</h1>")
    )
    lines = [line.strip() for line in page.text.splitlines() if line.strip()]
    assert lines[0] == byline
    assert name in lines
    assert "".join(lines[1:-1]) == BRIDGE[0]
