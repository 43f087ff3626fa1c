"""ALTO with and without METS, and hOCR: lines with their places; what an archive cut into articles stays as it is."""

from __future__ import annotations

from datetime import date
from html import escape

import pytest

from broadsheet.steps.reading import Reader
from transforms.intake import SourceFile, read_source
from transforms.model import Box, Issue, Page, ParagraphKind

MESS = [
    ("HEAD1", 600, ["新桥今日通车"]),
    ("BODY1", 300, ["本报讯（记者 李明）昨日，横跨清", "水河的新桥通车，两岸往来不再绕行。"]),
    ("HEAD2", 500, ["老渠修好了"]),
    ("BODY2", 300, ["村里的老渠去年冬天修好，今年春灌", "不用再等。"]),
    ("AD", 300, ["出售二手农机，电话面议。"]),
    ("BODY1B", 300, ["通车后，去县城只要一刻钟。"]),
]
METS = """<?xml version="1.0" encoding="UTF-8"?>
<mets:mets xmlns:mets="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink">
<mets:fileSec><mets:fileGrp USE="ALTO">
<mets:file ID="A1"><mets:FLocat xlink:href="file://./alto/0007.xml"/></mets:file>
<mets:file ID="A2"><mets:FLocat xlink:href="file://./alto/0008.xml"/></mets:file>
</mets:fileGrp></mets:fileSec>
<mets:structMap TYPE="PHYSICAL"><mets:div TYPE="Newspaper">
<mets:div TYPE="PAGE"><mets:fptr FILEID="A1"/></mets:div><mets:div TYPE="PAGE"><mets:fptr FILEID="A2"/></mets:div>
</mets:div></mets:structMap>
<mets:structMap TYPE="LOGICAL"><mets:div TYPE="Newspaper"><mets:div TYPE="ISSUE">%s
</mets:div></mets:div></mets:structMap>
</mets:mets>"""


def pointer(block: str, file: str = "A1") -> str:
    return f'<mets:fptr><mets:area FILEID="{file}" BEGIN="{block}" BETYPE="IDREF"/></mets:fptr>'


def division(kind: str, inner: str) -> str:
    return f'<mets:div TYPE="{kind}">{inner}</mets:div>'


def article(head: str, *bodies: str) -> str:
    title = division("HEADING", division("TITLE", head))
    return division("ARTICLE", title + division("BODY", "".join(division("PARAGRAPH", b) for b in bodies)))


def alto(blocks: list[tuple[str, int, list[str]]], unit: str = "mm10") -> bytes:
    """A page of blocks, set below one another, each character a String of its own as OCR of Chinese writes it."""
    out, top = [], 100
    for name, height, lines in blocks:
        rows = []
        for text in lines:
            words = "".join(f'<String CONTENT="{escape(c)}"/>' if c != " " else "<SP/>" for c in text)
            place = f'HPOS="100" VPOS="{top}" WIDTH="{len(text) * height // 10}" HEIGHT="{height // 10}"'
            rows.append(f"<TextLine {place}>{words}</TextLine>")
            top += height // 8
        out.append(f'<TextBlock ID="{name}">{"".join(rows)}</TextBlock>')
    text = "".join(out)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v3#"><Description>'
        f"<MeasurementUnit>{unit}</MeasurementUnit></Description><Layout><Page ID='P1'><PrintSpace>{text}"
        "</PrintSpace></Page></Layout></alto>"
    ).encode()


def read(*files: tuple[str, bytes]) -> tuple[tuple[Page, ...], dict[str, str]]:
    pages, refused = read_source([SourceFile(name, data) for name, data in files])
    return pages, {r.name: r.reason for r in refused}


def test_alto_lines_come_with_their_places_in_points() -> None:
    (page,), refused = read(("page-03.xml", alto(MESS)))
    assert (page.number, page.encoding, page.given, refused) == (3, "alto", None, {})
    assert page.text.split("\n\n")[1] == "本报讯（记者李明）昨日，横跨清\n水河的新桥通车，两岸往来不再绕行。"
    assert len(page.boxes) == sum(len(lines) for _, _, lines in MESS)
    assert page.boxes[0] == Box(28.35, 28.35, 130.39, 45.35, pytest.approx(17.0, abs=0.05))


def test_a_line_without_place_leaves_the_page_without_any() -> None:
    data = alto(MESS).replace(b'HPOS="100" VPOS="100" WIDTH="360" HEIGHT="60"', b"")
    (page,), _ = read(("page-03.xml", data))
    assert page.boxes == ()


def test_latin_words_keep_their_blanks() -> None:
    line = '<TextLine><String CONTENT="New"/><SP/><String CONTENT="York"/><String CONTENT="纽"/><String CONTENT="约"/>'
    data = alto(MESS).replace(b"<PrintSpace>", f"<PrintSpace><TextBlock>{line}</TextLine></TextBlock>".encode())
    (page,), _ = read(("page-03.xml", data))
    assert page.text.startswith("New York纽约\n")


def test_mets_articles_are_taken_as_given_across_pages() -> None:
    second = [
        ("BODY1C", 300, ["桥头的小店也开了门。"]),
        ("HEAD3", 500, ["雪后供暖正常"]),
        ("BODY3", 300, ["供暖已恢复正常。"]),
    ]
    logical = (
        article(pointer("HEAD1"), pointer("BODY1"), pointer("BODY1B"), pointer("BODY1C", "A2"))
        + article(pointer("HEAD2"), pointer("BODY2"))
        + division("ADVERTISEMENT", pointer("AD"))
        + article(pointer("HEAD3", "A2"), pointer("BODY3", "A2"))
    )
    pages, refused = read(("mets.xml", (METS % logical).encode()), ("0007.xml", alto(MESS)), ("0008.xml", alto(second)))
    assert ([p.number for p in pages], refused) == ([1, 2], {})
    reading = Reader.load().read(Issue("archive", date(1998, 1, 15), pages))
    found = [(a.page, a.headline, [p.text for p in a.body]) for a in reading.articles]
    assert found == [
        (
            1,
            "新桥今日通车",
            [
                "本报讯（记者李明）昨日，横跨清水河的新桥通车，两岸往来不再绕行。",
                "通车后，去县城只要一刻钟。",
                "桥头的小店也开了门。",
            ],
        ),
        (1, "老渠修好了", ["村里的老渠去年冬天修好，今年春灌不用再等。"]),
        (2, "雪后供暖正常", ["供暖已恢复正常。"]),
    ]
    assert [c.name for c in reading.articles[0].byline] == ["李明"]
    assert all(a.order_confidence == 1.0 for a in reading.articles)
    assert reading.account()["total"] == sum(len(p.text) for p in pages)
    assert reading.account()["furniture"] > len("出售二手农机，电话面议。")


def test_an_article_is_not_taken_without_a_page_of_it() -> None:
    logical = article(pointer("HEAD1"), pointer("BODY1", "A2")) + article(pointer("HEAD2"), pointer("BODY2"))
    (page,), refused = read(("mets.xml", (METS % logical).encode()), ("0007.xml", alto(MESS)))
    assert page.given is not None
    assert len(page.given) == 1
    assert "not sent or read: 0008.xml" in refused["mets.xml#article-1"]
    assert "was not sent" in refused["mets.xml#0008.xml"]


def test_mets_without_articles_or_pages() -> None:
    data = (METS % "").encode()
    pages, refused = read(("mets.xml", data), ("0007.xml", alto(MESS)), ("0008.xml", alto(MESS[:2])))
    assert [(p.number, p.given) for p in pages] == [(1, None), (2, None)]
    assert refused == {}
    _, refused = read(("mets.xml", data))
    assert "send their ALTO files" in refused["mets.xml"]


def test_an_indent_opens_a_paragraph_inside_a_block() -> None:
    lines = ["一月的风还冷。", "　　桥上的人已经多起来，孩子们在", "桥上跑。"]
    data = alto([("HEAD1", 600, ["桥上"]), ("BODY1", 300, lines)])
    data = data.replace(b'HPOS="100" VPOS="212"', b'HPOS="180" VPOS="212"')
    assert b'HPOS="180"' in data
    pages, _ = read(("mets.xml", (METS % article(pointer("HEAD1"), pointer("BODY1"))).encode()), ("0007.xml", data))
    (only,) = Reader.load().read(Issue("archive", date(1998, 1, 15), pages)).articles
    assert [p.text for p in only.body] == ["一月的风还冷。", "桥上的人已经多起来，孩子们在桥上跑。"]
    assert {p.kind for p in only.body} == {ParagraphKind.TEXT}


HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
 "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta name='ocr-system' content='tesseract'/></head><body>
<div class='ocr_page' id='page_1' title='image "p.png"; bbox 0 0 2480 3508; ppageno 0; scan_res 150 150'>
<div class='ocr_carea'><p class='ocr_par'>
<span class='ocr_header' title="bbox 150 300 450 350; x_size 50"><span class='ocrx_word'>新</span>
<span class='ocrx_word'><strong>桥</strong></span> <span class='ocrx_word'>通车</span></span></p></div>
<div class='ocr_carea'><p class='ocr_par'>
<span class='ocr_line' title="bbox 150 400 750 430; baseline 0 0"><span class='ocrx_word'>昨日，</span>
<span class='ocrx_word'>新桥</span> <span class='ocrx_word'>New</span> <span class='ocrx_word'>Bridge</span></span>
<span class='ocr_line' title="bbox 150 440 750 470"><span class='ocrx_word'>通车。</span></span></p></div></div>
</body></html>"""


def test_hocr_lines_come_with_their_places_in_points() -> None:
    (page,), refused = read(("page-02.hocr", HOCR.encode()))
    assert (page.number, page.encoding, refused) == (2, "hocr", {})
    assert page.text.strip() == "新桥通车\n\n昨日，新桥New Bridge\n通车。"
    assert page.boxes[0] == Box(72, 144, 216, 168, 24)
    assert page.boxes[2].size == pytest.approx(14.4)


SIGNED = (("记者", 100, 158), ("何琳", 190, 248), ("邵", 282, 310), ("国，", 312, 352), ("摄", 372, 400))


def test_blanks_that_are_printed_between_names_stay_and_those_of_ocr_do_not() -> None:
    words = "\n".join(
        f"<span class='ocrx_word' title='bbox {left} 10 {right} 40'>{text}</span>" for text, left, right in SIGNED
    )
    line = f"<span class='ocr_line' title='bbox 100 10 400 40'>{words}</span>"
    strings = "".join(f'<String CONTENT="{t}" HPOS="{a}" VPOS="10" WIDTH="{b - a}" HEIGHT="30"/>' for t, a, b in SIGNED)
    block = f'<TextBlock><TextLine HPOS="100" VPOS="10" WIDTH="300" HEIGHT="30">{strings}</TextLine></TextBlock>'
    hocr = f"<html><body><div class='ocr_page' title='bbox 0 0 900 900'>{line}</div></body></html>"
    files = {"a-01.hocr": hocr, "a-02.xml": f"<alto><Layout><Page>{block}</Page></Layout></alto>"}
    pages, refused = read(*((name, text.encode()) for name, text in files.items()))
    assert [p.text.strip() for p in pages] == ["记者 何琳 邵国，摄"] * 2
    assert not refused


def test_a_line_of_hocr_without_words_is_taken_as_it_is() -> None:
    line = "<span class='ocr_line' title='bbox 100 10 400 40'>记者 何琳 邵国</span>"
    (page,), _ = read(("a-01.hocr", f"<html><body><div class='ocr_page'>{line}</div></body></html>".encode()))
    assert page.text.strip() == "记者 何琳 邵国"


@pytest.mark.slow
def test_a_page_of_ten_megabytes_is_streamed() -> None:
    block = ("B", 300, ["一二三四五六七八九十" * 3] * 40)
    place = b'" HPOS="1200" VPOS="1200" WIDTH="40" HEIGHT="40" WC="0.98" CC="9" ID="P1_ST%05d"/>' % 7
    data = alto([block] * 100).replace(b'"/>', place)
    assert len(data) > 10 << 20
    (page,), refused = read(("page-01.xml", data))
    assert (len(page.boxes), refused) == (4000, {})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (alto(MESS)[:-200], "not well-formed"),
        (b"<?xml version='1.0'?><alto></alto>", "has no <Page>"),
        (b"<?xml version='1.0'?><!DOCTYPE alto [<!ENTITY a 'b'>]><alto>&a;</alto>", "declares entities"),
        (b"<alto>" + b"<a>" * 5000, "not well-formed (Excessive depth"),
        (b"<alto>" + b"<a/>" * 610_000 + b"</alto>", "more than 600,000 elements"),
        (b"<mets/>", "names no pages"),
        (b"<div class='ocr_page'></div>", "the page has no text"),
    ],
)
def test_broken_files_are_refused_in_words(data: bytes, words: str) -> None:
    pages, refused = read(("page-01.xml", data))
    assert pages == ()
    assert words in refused["page-01.xml"]
