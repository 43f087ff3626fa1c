"""An issue as newspapers send it: a PDF page with a photograph, an e-paper's page with a picture, text, a scan."""

from __future__ import annotations

import io
import json
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from transforms.intake import SourceFile
from transforms.intake.scans import can_recognise

FONT = "STSong-Light"
FONTS = [Path("/usr/share/fonts/opentype/noto") / f"NotoSansCJK-Regular{s}" for s in (".ttc", ".otf")]
SCAN_FONT = next((f for f in FONTS if f.exists()), None)  # Debian: fonts-noto-cjk
WIDE, HIGH = 540, 760  # points
BRIDGE = [
    "\u3000\u3000本报讯（记者 李明）昨日上午十时，横跨清水河的新桥正式通车，两岸乡亲步行过桥，看了又看。",
    "\u3000\u3000新桥全长三百二十米，双向四车道，两侧各设两米宽的人行道。县交通局负责人说，大桥比计划提前二十天完工。",
    "\u3000\u3000家住河西的陈老伯说，从前去对岸赶集要绕行十二公里，如今走路只要三分钟。",
    "\u3000\u3000据介绍，桥下还修了亲水步道，明年春天对市民开放。桥上装了节能路灯一百二十盏，夜里亮如白昼。",
    "\u3000\u3000通车当天，公交八路车也改走新桥，首班车早上六点发出。",
]
SCHOOL = [
    "\u3000\u3000本报讯（记者 王芳）昨天下午，城东小学的新操场启用，孩子们在上面跑了第一圈。",
    "\u3000\u3000操场铺了红色跑道，中间是一块草坪。校长说，体育课再也不用到街对面的广场去上了。",
    "\u3000\u3000新操场周末也对附近居民开放，开放时间是早上七点到晚上八点。",
]
BRIDGE_HEADLINE, SCHOOL_HEADLINE = "新桥今日通车", "城东小学添新操场"
CAPTION = "通车的新桥上，乡亲们步行过河。本报记者 王强 摄"
LIBRARY = {
    "headline": "图书馆夜间开门",
    "authors": ["本报记者 高禾"],
    "body": [
        "本报讯（记者 高禾）1月14日晚，县图书馆第一次开到九点半，馆里添了两排台灯，每张桌子都坐了人。",
        "馆长说，开门第一晚就来了一百多位读者。夜间开放从本周起每天都有，周末延到十点。",
    ],
    "pictures": [{"file": "library.jpg", "caption": "灯下的读者。", "credit": "高禾 摄"}],
}
TEXT_HEADLINE = "老渠新水润良田"
TEXT = (
    f"{TEXT_HEADLINE}\n\n本报讯（记者 周岚）1月14日，清溪村的老渠修好通水，两百亩田又用上了渠水。\n\n"
    "村里定下三件事，件件有着落，户户有账本：渠边不倒垃圾，轮流看水，水费一月一公布。\n"
)

FERRY_HEADLINE = "老渡口立起新路灯"
FERRY = [
    "\u3000\u3000本报讯（记者 何舟）1月14日晚，河口镇老渡口",
    "的十二盏新路灯第一次亮起来，等船的人不用再打手电",
    "筒。镇里说，路灯夜里十一点以后自动调暗，一年可以",
    "省电三百多度。",
]


def scene(sky: str, wide: int = 1200, high: int = 800) -> Image.Image:
    """A bridge before hills."""
    image = Image.new("RGB", (wide, high), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, high * 0.6, wide, high), fill="#6f9a4f")
    draw.polygon([(0, high * 0.6), (wide * 0.3, high * 0.25), (wide * 0.55, high * 0.6)], fill="#5d7a8c")
    draw.polygon([(wide * 0.4, high * 0.6), (wide * 0.75, high * 0.3), (wide, high * 0.6)], fill="#4c6a7c")
    draw.rectangle((wide * 0.1, high * 0.62, wide * 0.95, high * 0.66), fill="#b9a27a")
    for n in range(60):  # reeds, so that it has the many colours of a photograph
        at = n / 60
        draw.line((wide * at, high, wide * at + 9, high * 0.75), fill=(60 + 3 * n, 120 + n, 40 + 2 * n), width=5)
    return image


def jpeg(sky: str) -> bytes:
    out = io.BytesIO()
    scene(sky).save(out, "JPEG", quality=90)
    return out.getvalue()


def pdf_page() -> bytes:
    """A page with two stories, rules, a photograph and its caption; the headlines stand above text of one column."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE, HIGH), invariant=True)

    def put(x: float, y: float, size: float, text: str) -> None:
        canvas.setFont(FONT, size)
        canvas.drawString(x, HIGH - y, text)

    put(40, 40, 9, "云州日报\u30002026年1月15日\u3000星期四\u3000第一版")
    canvas.line(40, HIGH - 48, 500, HIGH - 48)
    put(40, 72, 12, "两岸往来不再绕行")
    put(40, 104, 28, BRIDGE_HEADLINE)
    canvas.drawImage(ImageReader(scene("#9cc3e6")), 280, HIGH - 290, 220, 147)
    put(280, 304, 8, CAPTION)
    for n, line in enumerate(_wrapped(BRIDGE, 24)):
        put(40, 130 + 14 * n, 9, line)
    canvas.line(40, HIGH - 450, 500, HIGH - 450)
    put(40, 480, 22, SCHOOL_HEADLINE)
    lines = _wrapped(SCHOOL, 24)
    half = (len(lines) + 1) // 2
    for n, line in enumerate(lines):
        put(40 if n < half else 280, 506 + 14 * (n % half), 9, line)
    canvas.save()
    return out.getvalue()


def scanned() -> list[SourceFile]:
    """A fourth page, scanned at 300 dpi; none on a machine that has no Chinese font or cannot recognise scans."""
    if SCAN_FONT is None or not can_recognise():
        return []
    image = Image.new("L", (1300, 620), 255)
    pen = ImageDraw.Draw(image)
    pen.text((90, 60), FERRY_HEADLINE, 0, ImageFont.truetype(str(SCAN_FONT), 92))
    body = ImageFont.truetype(str(SCAN_FONT), 44)
    for n, line in enumerate(FERRY):
        pen.text((90, 240 + n * 70), line, 0, body)
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(300, 300))
    return [SourceFile("page-04.png", out.getvalue())]


def mixed() -> list[SourceFile]:
    """The three pages, and the picture of the second."""
    epaper = {"format": "broadsheet-epaper", "pages": [{"number": 2, "articles": [LIBRARY]}]}
    return [
        SourceFile("page-01.pdf", pdf_page()),
        SourceFile("page-02.json", json.dumps(epaper, ensure_ascii=False).encode()),
        SourceFile("page-03.txt", TEXT.encode()),
        SourceFile("library.jpg", jpeg("#2b2f55")),
    ]


def _wrapped(paragraphs: list[str], width: int) -> list[str]:
    return [p[at : at + width] for p in paragraphs for at in range(0, len(p), width)]
