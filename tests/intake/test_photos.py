"""Pictures: taken out of PDF pages and from files beside the pages, checked, and tied to their stories."""

from __future__ import annotations

import io
import random
import struct
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from broadsheet.steps.reasons import reason_in
from transforms.errors import BadInput
from transforms.illustrate import contents_of, illustrated
from transforms.intake import SourceFile, read_source
from transforms.intake.pdf_photos import photos_on
from transforms.intake.photos import photo_of
from transforms.model import (
    Article,
    Box,
    Caption,
    Credit,
    Page,
    Paragraph,
    Photo,
    Publication,
    Reading,
    Rendition,
    Span,
)

sys.path.insert(0, str(Path(__file__).parent))
from pdf_press import pdf, put

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

BRIDGE = "新桥今日通车\n\n昨日，新桥通车。两岸的乡亲走上了新桥，看了又看。\n"
SCHOOL = "校园添了新操场\n\n城东小学的新操场启用，孩子们跑了第一圈。\n"
EPAPER = """{"format": "broadsheet-epaper", "pages": [{"number": 1, "articles": [
 {"headline": "新桥今日通车", "body": ["昨日，新桥通车。"],
  "pictures": [{"file": "img/Bridge.JPG", "caption": "通车的新桥。", "credit": "王强 摄"}]},
 {"headline": "校园添了新操场", "body": ["城东小学的新操场启用。"]}]}]}"""


def scene(wide: int = 800, high: int = 600, seed: int = 1) -> Image.Image:
    """Coloured patches: no two seeds give the same, and none is a plain area."""
    chance = random.Random(seed)  # noqa: S311 - the same patches each time
    small = Image.new("RGB", (wide // 20, high // 20))
    small.putdata(
        [
            (chance.randrange(256), chance.randrange(256), chance.randrange(256))
            for _ in range(small.width * small.height)
        ]
    )
    return small.resize((wide, high), Image.Resampling.BILINEAR)


def encoded(image: Image.Image, form: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def with_caption(data: bytes, *fields: tuple[int, bytes]) -> bytes:
    """A JPEG with IPTC-IIM in an APP13 segment, as picture desks write it; text in UTF-8."""
    records = b"\x1c\x01\x5a" + struct.pack(">H", 3) + b"\x1b%G"
    records += b"".join(b"\x1c\x02" + bytes([n]) + struct.pack(">H", len(text)) + text for n, text in fields)
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(records)) + records + b"\x00" * (len(records) % 2)
    body = b"Photoshop 3.0\x00" + block
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(body) + 2) + body + data[2:]


def read(*files: tuple[str, bytes], publication: Publication | None = None):
    return read_source([SourceFile(name, data) for name, data in files], publication)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("mode", "form"), [("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("RGBA", "PNG"), ("P", "GIF"), ("RGB", "WEBP")]
)
def test_every_kind_of_picture_becomes_jpegs_without_metadata_in_falling_sizes(mode: str, form: str) -> None:
    photo = photo_of(encoded(scene(2400, 1200).convert(mode), form), "a")
    assert [(r.width, r.height) for r in photo.renditions] == [(2048, 1024), (1024, 512), (400, 200)]
    for rendition in photo.renditions:
        image = Image.open(io.BytesIO(rendition.content))
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (rendition.width, rendition.height))
        assert not {"exif", "icc_profile", "comment", "photoshop"} & set(image.info)
        assert rendition.size == len(rendition.content)


def test_a_picture_that_lies_on_its_side_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert photo_of(encoded(scene(600, 300), exif=exif), "a").renditions[0].height == 600


def test_caption_and_credit_are_taken_from_the_file_and_no_name_stays_in_it() -> None:
    data = with_caption(
        encoded(scene()), (120, "新桥昨日通车。".encode()), (80, "王强".encode()), (110, "云州日报".encode())
    )
    photo = photo_of(data, "a")
    assert (photo.caption, photo.credit) == ("新桥昨日通车。", "王强 云州日报")
    assert not any("王强".encode() in r.content for r in photo.renditions)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (encoded(scene(100, 100)), "too few to be printed"),
        (encoded(scene())[:2000], "damaged or incomplete"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 400, "damaged or incomplete"),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
            + struct.pack(">II", 60000, 60000)
            + b"\x08\x02\x00\x00\x00"
            + b"\x00" * 40,
            "pixels|damaged",
        ),
    ],
)
def test_a_picture_that_cannot_be_used_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        photo_of(data, "a")


def draw_photos(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(scene()), 50, 200, 200, 150)
    canvas.saveState()  # a picture of which the layout shows the middle
    path = canvas.beginPath()
    path.rect(300, 300, 100, 100)
    canvas.clipPath(path, stroke=0)
    canvas.drawImage(ImageReader(scene(800, 800, 2)), 250, 250, 200, 200)
    canvas.restoreState()
    canvas.beginForm("inside")
    canvas.drawImage(ImageReader(scene(640, 480, 3)), 0, 0, 120, 90)
    canvas.endForm()
    canvas.saveState()
    canvas.translate(50, 50)
    canvas.doForm("inside")
    canvas.restoreState()
    canvas.drawImage(ImageReader(Image.new("RGB", (400, 400), "#ddd")), 300, 50, 100, 100)
    canvas.drawImage(ImageReader(scene(200, 200, 4)), 10, 10, 20, 20)
    for n in range(3):  # an ornament
        canvas.drawImage(ImageReader(scene(300, 300, 5)), 200 + 60 * n, 100, 55, 55)


@pytest.mark.slow
def test_photographs_are_found_on_a_pdf_page_with_what_the_layout_shows_of_them() -> None:
    (photos,) = photos_on(pdf(draw_photos), [0])
    boxes = [(p.box.left, p.box.top, p.box.right, p.box.bottom) for p in photos if p.box]
    assert boxes[:3] == [(50.0, 150.0, 250.0, 300.0), (300.0, 100.0, 400.0, 200.0), (50.0, 360.0, 170.0, 450.0)]
    assert [(p.renditions[0].width, p.renditions[0].height) for p in photos[:3]] == [(800, 600), (400, 400), (640, 480)]
    shown = Image.open(io.BytesIO(photos[1].renditions[0].content))
    middle = scene(800, 800, 2).crop((200, 200, 600, 600))
    assert (
        max(
            abs(a - b)
            for a, b in zip(shown.resize((1, 1)).getpixel((0, 0)), middle.resize((1, 1)).getpixel((0, 0)), strict=True)
        )
        < 12
    )


def jpeg_file(folder: Path, seed: int, size: int | None = None) -> str:
    """A JPEG, which the PDF holds as it is, without what comes after ``size`` bytes (negative: without so many)."""
    path = folder / f"{seed}.jpg"
    path.write_bytes(encoded(scene(seed=seed))[:size])
    return str(path)


def with_unknown_compression(data: bytes) -> bytes:
    """A PDF whose JPEG pictures claim to be compressed in a way that they are not."""
    assert b"/DCTDecode" in data
    return data.replace(b"/DCTDecode", b"/JPXDecode")


def draw_some_text(canvas: Canvas) -> None:
    put(canvas, 40, 30, 9, "昨日，新桥通车。两岸的乡亲走上了新桥，看了又看。")


def test_pictures_of_a_pdf_that_cannot_be_decoded_are_named_with_their_places(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        draw_some_text(canvas)
        canvas.drawImage(jpeg_file(tmp_path, 1), 50, 200, 200, 150)
        canvas.drawImage(ImageReader(scene(seed=2)), 270, 200, 160, 120)

    ((page,), refused) = read(("page-03.pdf", with_unknown_compression(pdf(draw))))
    assert [photo.box.left for photo in page.photos if photo.box] == [270]
    (lost,) = refused
    assert lost.name == "page-03.pdf#picture-1"
    assert "7.1 by 5.3 cm, 1.8 cm from the left edge and 5.3 cm from the top" in lost.reason
    assert "damaged" in lost.reason
    assert reason_in(lost.reason, "zh-Hans") == (
        "此图片（7.1×5.3 厘米，距版面左边 1.8 厘米、上边 5.3 厘米）未能取出："
        "PDF 中的图片数据已损坏，或采用未知的压缩方式。请重新导出该版，或将图片作为文件随版发送"
    )


def test_a_picture_of_a_pdf_that_breaks_off_is_left_out_and_one_that_lacks_only_its_last_mark_is_not(
    tmp_path: Path,
) -> None:
    def draw(canvas: Canvas) -> None:
        draw_some_text(canvas)
        canvas.drawImage(jpeg_file(tmp_path, 1, -2), 50, 200, 200, 150)
        canvas.drawImage(jpeg_file(tmp_path, 2, 9000), 270, 200, 160, 120)

    ((page,), refused) = read(("page-03.pdf", pdf(draw)))
    assert [photo.box.left for photo in page.photos if photo.box] == [50]
    assert [lost.name for lost in refused] == ["page-03.pdf#picture-1"]


def test_a_photograph_among_hundreds_of_strips_is_found() -> None:
    def draw(canvas: Canvas) -> None:
        draw_some_text(canvas)
        strip = ImageReader(Image.new("RGB", (200, 2), "#ddd"))
        for n in range(500):
            canvas.drawImage(strip, 50, 20 + n / 4, 200, 0.25)
        canvas.drawImage(ImageReader(scene()), 50, 200, 200, 150)

    ((page,), _) = read(("page-03.pdf", pdf(draw)))
    assert len(page.photos) == 1


@pytest.mark.slow
def test_a_picture_of_a_pdf_goes_with_the_story_of_its_caption() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(scene()), 40, 300, 180, 135)
        put(canvas, 40, 214, 8, "通车的新桥。王强 摄")

    ((page,), refused) = read(("page-01.pdf", pdf(draw)))
    assert not refused
    line = Span(1, 0, len(page.text))
    caption = Caption(page.text, (Credit("王强", "摄"),), 1, (line,))
    stories = (
        Article("甲", (Paragraph("乙"),), spans=(Span(1, 0, 0),)),
        Article("新桥", (Paragraph("丙"),), spans=(line,)),
    )
    reading = illustrated([page], Reading(stories, (), captions=(caption,)))
    (media,) = reading.articles[1].media
    assert (media.caption, media.credit, media.renditions[0].width) == (page.text, "王强", 800)
    assert not media.renditions[0].content
    assert set(contents_of([page], reading)) == {media.digest}
    assert (reading.photos[0].article, reading.refused) == (1, ())


def placed(box: Box, stories: list[list[Box]]) -> Reading:
    """A page of stories, a line for each box, with a picture in its place."""
    boxes = [b for story in stories for b in story]
    text = "\n".join("字" * 8 for _ in boxes)
    photo = Photo("p", "ab" * 32, (Rendition(800, 600, 9, b"x"),), box)
    articles, at = [], 0
    for story in stories:
        spans = tuple(Span(1, 9 * (at + n), 9 * (at + n) + 8) for n in range(len(story)))
        articles.append(Article("题", (Paragraph("文"),), spans=spans))
        at += len(story)
    return illustrated([Page(1, text, boxes=tuple(boxes), photos=(photo,))], Reading(tuple(articles), ()))


def lines(left: float, top: float, count: int) -> list[Box]:
    return [Box(left, top + 14 * n, left + 90, top + 14 * n + 9, 9) for n in range(count)]


def test_a_picture_without_caption_goes_with_the_text_that_is_set_around_it_or_with_none() -> None:
    around = lines(10, 0, 12)
    beside = lines(10, 120, 6)
    picture = Box(110, 20, 250, 110, 0)
    assert placed(picture, [around, lines(300, 300, 6)]).photos[0].article == 0
    assert placed(picture, [around[:6], lines(260, 0, 6)]).photos[0].article == -1
    assert placed(Box(110, 500, 250, 600, 0), [around, beside]).photos[0].article == -1


def test_files_beside_the_pages_go_with_the_articles_that_name_them() -> None:
    pages, refused = read(("issue.json", EPAPER.encode()), ("img__bridge.jpg", encoded(scene())))
    assert not refused
    text = pages[0].text
    stories = tuple(
        Article(h, (Paragraph(h),), spans=(Span(1, text.index(h), text.index(h) + len(h)),))
        for h in ("新桥今日通车", "校园添了新操场")
    )
    reading = illustrated(pages, Reading(stories, ()))
    assert [(m.caption, m.credit) for m in reading.articles[0].media] == [("通车的新桥。", "王强 摄")]
    assert reading.articles[1].media == ()


def test_a_list_says_which_story_a_picture_goes_with() -> None:
    listed = (
        '# 当日图片\n[[picture]]\nfile = "a.jpg"\nheadline = "校园添了新操场"\ncaption = "新操场。"\n'
        '[[picture]]\nfile = "lost.jpg"\n'
    )
    pages, refused = read(
        ("page-01.txt", BRIDGE.encode()),
        ("page-02.txt", SCHOOL.encode()),
        ("a.jpg", encoded(scene())),
        ("pictures.toml", listed.encode()),
    )
    assert [len(p.photos) for p in pages] == [0, 1]
    assert [(p.caption, p.headline) for p in pages[1].photos] == [("新操场。", "校园添了新操场")]
    assert [(r.name, "was not sent" in r.reason) for r in refused] == [("lost.jpg", True)]


def test_the_page_in_a_pictures_name_is_its_page() -> None:
    pages, refused = read(
        ("page-01.txt", BRIDGE.encode()),
        ("page-02.txt", SCHOOL.encode()),
        ("page-02-field.jpg", encoded(scene())),
        ("page-09-field.jpg", encoded(scene())),
        ("other.jpg", encoded(scene())),
    )
    assert [len(p.photos) for p in pages] == [0, 1]
    assert [r.name for r in refused] == ["other.jpg", "page-09-field.jpg"]
    assert all("belongs to no page" in r.reason for r in refused)


def test_pictures_of_a_newspaper_without_the_rights_are_not_even_opened() -> None:
    paper = replace(Publication("p", "报", "p.example"), pictures=False)
    files = (("page-01.txt", BRIDGE.encode()), ("a.jpg", b"\xff\xd8\xff damaged"))
    pages, refused = read(*files, publication=paper)
    assert (len(pages), pages[0].photos, refused) == (1, (), ())
    assert [r.name for r in read(*files)[1]] == ["a.jpg"]
