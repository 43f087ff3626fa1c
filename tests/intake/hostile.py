"""Files that nobody should send: broken, mislabelled, in other tongues, or made to hurt. All made here, by rule.

Run as a program it reads each of them within bounds and prints what became of it, one JSON object a line.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import resource
import signal
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

from broadsheet.steps.reading import Reader
from tests.intake.hostile_samples import MAGICS, STORY, STRESS, TONGUES, TRADITIONAL
from transforms.intake import SourceFile, read_source
from transforms.model import Issue, Reading

SECONDS = 20  # of processor time a file, where this many short pages take this many seconds
REFERENCE_PAGES, REFERENCE_SECONDS = 20, 0.9
MEMORY = 1536 << 20
SECRET = "root:x:0:0"  # what a file on this machine says that an external entity could fetch


def files() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file; the same ones each time."""
    for kind in (of_texts, of_magics, of_xml, of_json, of_html, of_ocr, of_pdf, of_archives, of_names):
        yield from ((f"{kind.__name__[3:]}/{name}", data) for name, data in kind())


def of_texts() -> Iterator[tuple[str, bytes]]:
    rng = Random(19)  # noqa: S311 - not a secret
    for tongue, (sentence, *encodings) in TONGUES.items():
        for encoding in encodings:
            yield f"{tongue}-{encoding}.txt", (sentence * 12).encode(encoding, "ignore")
    for encoding in ("utf-8", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        data = (TRADITIONAL if encoding == "big5" else STORY).encode(encoding, "ignore")
        yield f"good-{encoding}.txt", data
        yield f"cut-{encoding}.txt", data[:-1]
        yield f"twice-{encoding}.txt", data + STORY.encode("utf-8" if encoding != "utf-8" else "gbk")
        yield f"flipped-{encoding}.txt", bytes(b ^ 0x20 if rng.random() < 0.05 else b for b in data)
        yield f"tail-{encoding}.txt", data + bytes(rng.randrange(256) for _ in range(500))
    for n, piece in enumerate(STRESS):
        yield f"stress-{n}.txt", (piece * (60_000 // len(piece))).encode("utf-8", "replace")
        yield f"lines-{n}.txt", (STORY + f"{piece}\n" * 60).encode("utf-8", "replace")
    yield "empty.txt", b""
    yield "blank.txt", b" \r\n\f\n\t"
    yield "one-line.txt", (STORY.replace("\n", "") * 9000).encode()
    yield "empty-lines.txt", b"\n" * 1_000_000
    yield "many-lines.txt", ("春耕\n" * 20_000).encode()
    yield "many-pieces.txt", "\n\n".join(f"第{n}条消息，县里" for n in range(3000)).encode()
    yield "most-pieces.txt", "\n\n".join(f"第{n}条消息，县里" for n in range(590)).encode()
    yield "many-pages.txt", ("春耕\f" * 2000).encode()
    yield "numbers.txt", b"12 34.5 67%\n" * 200
    yield "random.txt", bytes(rng.randrange(256) for _ in range(100_000))
    yield "base64.txt", b"aGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=\n" * 500
    yield "surrogates.txt", STORY.encode() + b"\xed\xa0\x80\xed\xb0\x80"


def of_magics() -> Iterator[tuple[str, bytes]]:
    rng = Random(20)  # noqa: S311 - not a secret
    for name, magic in MAGICS.items():
        yield f"{name}.txt", magic
        yield f"{name}-body.{name}", magic + bytes(rng.randrange(256) for _ in range(4000))
        yield f"{name}-text.pdf", magic + STORY.encode()


def of_xml() -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    many = " ".join(f"a{n}='1'" for n in range(50_000))
    for root in ("alto", "mets", "html", "newsItem", "PcGts", "x"):
        close = f"</{root}>"
        yield f"laughs-{root}.xml", f'<!DOCTYPE {root} [<!ENTITY l0 "ha">{laughs}]><{root}>&l11;{close}'.encode()
        yield (
            f"blowup-{root}.xml",
            f'<!DOCTYPE {root} [<!ENTITY a "{"a" * 50000}">]><{root}>{"&a;" * 5000}{close}'.encode(),
        )
        outside = f'<!DOCTYPE {root} [<!ENTITY f SYSTEM "file:///etc/passwd">]><{root}>&f;{STORY}{close}'
        yield f"outside-{root}.xml", outside.encode()
        yield f"outside16-{root}.xml", outside.encode("utf-16")
        network = f'<!DOCTYPE {root} SYSTEM "http://192.0.2.1/x.dtd"><{root}>{STORY}{close}'
        yield f"network-{root}.xml", network.encode()
        yield f"deep-{root}.xml", f"<{root}>".encode() + b"<a>" * 200_000
        yield f"wide-{root}.xml", f"<{root}>".encode() + b"<a/>" * 700_000 + close.encode()
        yield f"attributes-{root}.xml", f"<{root} {many}/>".encode()
        yield f"unclosed-{root}.xml", f"<?xml version='1.0'?><{root}><p>{STORY}".encode()
        yield f"encoding-{root}.xml", f"<?xml version='1.0' encoding='no-such'?><{root}>{STORY}{close}".encode()
        yield f"gbk-{root}.xml", f"<?xml version='1.0' encoding='gbk'?><{root}>{STORY}{close}".encode("gbk")
        yield f"comment-{root}.xml", b"<!--" + b"-" * 500_000 + f"--><{root}>{STORY}{close}".encode()
        include = f'<{root} xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/hosts"/>'
        yield f"include-{root}.xml", f"{include}{close}".encode()


def of_json() -> Iterator[tuple[str, bytes]]:
    ours = '{"format": "broadsheet-epaper", "pages": '
    story = '{"headline": "春耕", "body": ["现场会召开。"]}'
    laid_out = '{"format": "broadsheet-layout", "pages": '
    row = '{"text": "春耕现场会召开", "box": [10, 10, 300, 40]}'
    bodies = {
        "deep-list": "[" * 100_000,
        "deep-object": '{"a":' * 100_000,
        "ours-deep": ours + "[" * 100_000,
        "ours-body-deep": ours + '[{"number": 1, "articles": [{"headline": "春", "body": ' + "[" * 50_000,
        "ours-many": ours + '[{"number": 1, "articles": [' + ",".join([story] * 5000) + "]}]}",
        "ours-many-pages": ours
        + "["
        + ",".join(f'{{"number": {n}, "articles": [{story}]}}' for n in range(1, 1500))
        + "]}",
        "ours-same-page": ours + "[" + ",".join([f'{{"number": 1, "articles": [{story}]}}'] * 50) + "]}",
        "ours-number": ours + '[{"number": 1e999, "articles": []}]}',
        "ours-huge-int": ours + '[{"number": ' + "9" * 50_000 + ', "articles": []}]}',
        "ours-nan": ours + '[{"number": 1, "articles": [{"headline": "春", "body": ["耕"], "area": {"left": NaN}}]}]}',
        "ours-surrogate": ours + '[{"number": 1, "articles": [{"headline": "\\ud800", "body": ["\\udfff春耕"]}]}]}',
        "ours-controls": ours
        + '[{"number": 1, "articles": [{"headline": "\\u0000\\u001b[2J", "body": ["\\u0007"]}]}]}',
        "ours-markup": ours
        + '[{"number": 1, "articles": [{"headline": "<b>春耕</b>", "body": ["<script>1</script>会"]}]}]}',
        "ours-path": ours
        + '[{"number": 1, "articles": [{"headline": "春", "body": ["耕。"], "pictures": [{"file": "../../x"}]}]}]}',
        "ours-blank": ours + '[{"number": 1, "articles": [{"headline": " ", "body": [" "]}]}]}',
        "ours-empty": ours + "[]}",
        "ours-cut": ours + '[{"number": 1, "articles": [{"headli',
        "list-of-numbers": "[" + "1," * 200_000 + "1]",
        "lines": '{"title": "春耕", "text": "现场会"}\n' * 50,
        "string": '"春耕现场会召开"',
        "geojson": '{"type": "FeatureCollection", "features": []}',
        "layout-deep": laid_out + "[" * 100_000,
        "layout-many": laid_out + '[{"lines": [' + ",".join([row] * 20_000) + "]}]}",
        "layout-one-place": laid_out + '[{"lines": [' + ",".join([row] * 3000) + "]}]}",
        "layout-many-pages": laid_out + "[" + ",".join([f'{{"lines": [{row}]}}'] * 1500) + "]}",
        "layout-nan": laid_out + '[{"lines": [{"text": "春耕", "box": [NaN, 0, Infinity, 9]}]}]}',
        "layout-huge-int": laid_out + '[{"lines": [{"text": "春耕", "box": [0, 0, ' + "9" * 50_000 + ", 9]}]}]}",
        "layout-inside-out": laid_out + '[{"lines": [{"text": "春耕", "box": [9, 9, 0, 0]}]}]}',
        "layout-surrogate": laid_out + '[{"blocks": [{"lines": [{"text": "\\ud800春耕"}]}]}]}',
        "layout-empty": laid_out + "[]}",
        "layout-cut": laid_out + '[{"lines": [{"te',
        "docling": '{"schema_name": "DoclingDocument", "body": {"children": []}, "texts": []}',
        "mineru": '[{"type": "text", "text": "春耕", "page_idx": 0}]',
        "paddle": '{"rec_texts": ["春耕"], "rec_boxes": [[0, 0, 1, 1]]}',
    }
    for name, text in bodies.items():
        yield f"{name}.json", text.encode("utf-8", "surrogatepass")


def of_html() -> Iterator[tuple[str, bytes]]:
    head = "<html><body><founder-title>春耕现场会</founder-title>"
    bodies = {
        "deep": head + "<div>" * 50_000 + STORY,
        "wide": head + "<founder-content>" + "<p>春</p>" * 150_000,
        "no-text": head + "<founder-content></founder-content>",
        "no-head": f"<html><body><founder-content><p>{STORY}</p></founder-content>",
        "unclosed": f"{head}<founder-content><p>{STORY}<b><i><p>{STORY}",
        "script": f"{head}<founder-content><script>{'x' * 100_000}</script><p>{STORY}</p></founder-content>",
        "property": f"<html><!--enpproperty <title>春耕</title>{'<a>' * 50_000}/enpproperty--><body>{STORY}",
        "property-open": "<html><body>" + "<!--enpproperty " * 5000,
        "data-picture": f'{head}<founder-content><img src="data:image/png;base64,{"A" * 200_000}"><p>{STORY}</p>',
        "frames": "<html><frameset><frame src='http://192.0.2.1/'></frameset></html>",
        "nul": f"{head}<founder-content><p>\0{STORY}\0</p></founder-content>",
        "select": "<html><body>" + "<h1>" * 3000 + STORY,
        "tables": "<html><body>" + "<table><tr><td>" * 5000 + STORY,
        "fragment": f"<p>{STORY}</p>" * 20,
        "middle": f"首页</a></li>\n<p>{STORY}</p>" * 20,
        "mhtml": "From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\n--x\n",
        "svg": f"<svg><text>{STORY}</text></svg>",
        "vue": "<!DOCTYPE html><html><body><div id=app></div><script src=/app.js></script></body></html>",
    }
    for name, text in bodies.items():
        yield f"{name}.html", text.encode()
        yield f"{name}-gbk.html", text.encode("gbk", "ignore")


def of_ocr() -> Iterator[tuple[str, bytes]]:
    line = '<TextLine HPOS="{0}" VPOS="{0}" WIDTH="{0}" HEIGHT="{0}"><String CONTENT="春耕现场会召开"/></TextLine>'
    for value in ("NaN", "inf", "-1", "1e308", "0", "x", "", "9" * 400):
        text = f"<alto><Layout><Page><TextBlock ID='a'>{line.format(value) * 5}</TextBlock></Page></Layout></alto>"
        yield f"alto-{value[:8] or 'none'}.xml", text.encode()
    many = f"<alto><Page><TextBlock>{line.format(10) * 20_000}</TextBlock></Page></alto>"
    yield "alto-many-lines.xml", many.encode()
    yield (
        "alto-many-pages.xml",
        f"<alto>{f'<Page><TextBlock>{line.format(10)}</TextBlock></Page>' * 3000}</alto>".encode(),
    )
    yield "alto-no-page.xml", f"<alto><TextBlock>{line.format(10)}</TextBlock></alto>".encode()
    yield (
        "alto-long-string.xml",
        f'<alto><Page><TextLine><String CONTENT="{"春" * 600_000}"/></TextLine></Page></alto>'.encode(),
    )
    yield "mets-alone.xml", b"<mets><fileSec><file ID='a'><FLocat href='x.xml'/></file></fileSec></mets>"
    div = "<div TYPE='ARTICLE'>" * 200
    yield "mets-deep.xml", f"<mets><structMap TYPE='LOGICAL'>{div}".encode()
    word = "<span class='ocrx_word'>春耕</span>"
    box = "bbox 0 0 99999999999999999999 1"
    yield "hocr-boxes.html", f"<div class='ocr_page'><span class='ocr_line' title='{box}'>{word}</span></div>".encode()
    yield "hocr-nested.html", ("<div class='ocr_page'>" + "<span class='ocr_line'>" * 3000 + word).encode()
    yield "hocr-many.html", ("<div class='ocr_page'>" + f"<span class='ocr_line'>{word}</span>" * 30_000).encode()
    yield (
        "hocr-resolution.html",
        f"<div class='ocr_page' title='scan_res 00000 0'><span class='ocr_line'>{word}</span>".encode(),
    )
    yield "tesseract.tsv", b"level\tpage_num\tblock_num\n" + b"1\t1\t0\n" * 100
    yield from of_page_xml()


def of_page_xml() -> Iterator[tuple[str, bytes]]:
    equiv = "<TextEquiv><Unicode>春耕现场会召开</Unicode></TextEquiv>"

    def page(body: str, wide: str = "3000") -> bytes:
        return f"<PcGts><Page imageWidth='{wide}' imageHeight='{wide}'>{body}</Page></PcGts>".encode()

    def lines(points: str, count: int = 3) -> str:
        return f"<TextRegion><TextLine><Coords points='{points}'/>{equiv}</TextLine></TextRegion>" * count

    outlines = {
        "none": "",
        "nan": "NaN,NaN 1,1 2,2",
        "huge": "0,0 1e308,0 1e308,1e308",
        "long-number": f"{'9' * 400},0 1,1",
        "negative": "-9,-9 -5,-5 -1,-1",
        "point": "5,5 5,5 5,5",
        "odd": "1 2 3 4 5",
        "knot": "0,0 900,900 900,0 0,900",
        "many": " ".join(f"{n},{n % 40}" for n in range(100_000)),
    }
    for name, points in outlines.items():
        yield f"page-{name}.xml", page(lines(points))
    yield "page-unread.xml", f"<PcGts><Page><TextLine><Unicode>{STORY}</Unicode></TextLine></Page></PcGts>".encode()
    yield "page-stray-line.xml", page(f"<TextLine>{equiv}</TextLine>" * 2)
    yield "page-size.xml", page(lines("1,1 900,40"), "1e999")
    yield "page-many-lines.xml", page(lines("1,1 900,40", 20_000))
    yield "page-many-pages.xml", b"<PcGts>" + page(lines("1,1 900,40", 1))[7:-8] * 1200 + b"</PcGts>"
    yield "page-in-region.xml", page("<TextRegion>" * 200 + lines("1,1 900,40") + "</TextRegion>" * 200)
    yield (
        "page-word-in-word.xml",
        page("<TextRegion><TextLine>" + "<Word>" * 200 + equiv + "</Word>" * 200 + "</TextLine></TextRegion>"),
    )
    groups = "<OrderedGroupIndexed index='0' regionRef='a'>" * 200 + "</OrderedGroupIndexed>" * 200
    yield "page-order-deep.xml", page(f"<ReadingOrder>{groups}</ReadingOrder>{lines('1,1 900,40')}")
    order = "<RegionRefIndexed index='x' regionRef='a'/>" * 50_000
    yield (
        "page-order-many.xml",
        page(f"<ReadingOrder><OrderedGroup>{order}</OrderedGroup></ReadingOrder>{lines('1,1 900,40')}"),
    )
    yield "page-readings.xml", page(f"<TextRegion><TextLine>{equiv * 50_000}</TextLine></TextRegion>")
    yield (
        "page-open-equiv.xml",
        page("<TextEquiv><Unicode>春</Unicode><TextEquiv><TextRegion/></TextEquiv></TextEquiv>"),
    )


def of_pdf() -> Iterator[tuple[str, bytes]]:
    rng = Random(21)  # noqa: S311 - not a secret

    def pdf(pages: int, content: bytes, extra: bytes = b"", kids: str = "") -> bytes:
        listed = kids or " ".join(f"{n + 4} 0 R" for n in range(pages))
        parts = [b"<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Kids[{listed}]/Count {pages}>>".encode()]
        parts.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content))
        parts += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>"] * pages
        body = b"".join(b"%d 0 obj%s endobj\n" % (n, part) for n, part in enumerate(parts, 1))
        return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R" + extra + b">>\n%%EOF"

    small = zlib.compress(b"BT ET")
    yield "blank.pdf", pdf(1, small)
    yield "pages.pdf", pdf(10_000, small)
    yield "bomb.pdf", pdf(1, zlib.compress(b"q Q " * 20_000_000, 9))
    yield "circle.pdf", pdf(1, small, kids="2 0 R")
    yield "encrypted.pdf", pdf(1, small, b"/Encrypt<</Filter/Standard/V 4/R 4/O(x)/U(x)/P -1>>")
    yield "header.pdf", b"%PDF-1.7"
    good = pdf(3, small)
    for n in range(12):
        yield f"cut-{n}.pdf", good[: len(good) * n // 12]
        yield f"flipped-{n}.pdf", bytes(b ^ (1 << rng.randrange(8)) if rng.random() < 0.03 else b for b in good)


def of_archives() -> Iterator[tuple[str, bytes]]:
    members = {
        "docx": "word/document.xml",
        "xlsx": "xl/workbook.xml",
        "pptx": "ppt/presentation.xml",
        "ofd": "OFD.xml",
        "pages": "page-01.txt",
        "escape": "../../../page-01.txt",
        "idml": "designmap.xml",
    }
    for name, member in members.items():
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(zipfile.ZipInfo(member), STORY * 1000)
        yield f"{name}.zip", out.getvalue()
    yield "bomb.gz", gzip.compress(b"0" * 50_000_000, mtime=0)


def of_names() -> Iterator[tuple[str, bytes]]:
    for name in (
        "../../etc/passwd",
        "",
        "a" * 300,
        "页-1.txt",
        "page-0.txt",
        "page-1000.txt",
        "page-01",
        "con",
        "\n",
        "\x1b[2J",
    ):
        yield name, STORY.encode()
    yield "page-01.pdf", STORY.encode()
    yield "page-02.jpg", STORY.encode()
    yield "page-03.docx", STORY.encode()
    yield "\udce4.txt", STORY.encode()


def read(reader: Reader, name: str, data: bytes) -> tuple[int, Reading]:
    """How many pages one file that arrives alone has, and what the pipeline makes of them."""
    pages, refused = read_source([SourceFile(name, data)])
    return len(pages), reader.enriched(reader.read(Issue("hostile", date(2026, 1, 15), pages, refused)))


def peak() -> int:
    """KiB at the peak of this program. On Linux ``ru_maxrss`` holds that of the process that started it, too
    (getrusage(2)), and a worker that has run many tests is larger than this.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text("ascii"))[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Read every file within bounds; print its name, how many articles were read, and why parts of it were refused."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    reader = Reader.load()
    read(reader, "first.txt", STORY.encode())  # what is loaded at the first use
    started = time.process_time()
    read(reader, "reference.txt", "\f".join([STORY] * REFERENCE_PAGES).encode())
    seconds = SECONDS * max(1.0, (time.process_time() - started) / REFERENCE_SECONDS)
    for name, data in files():
        signal.setitimer(signal.ITIMER_PROF, seconds)  # kills this process: what never ends is seen by its absence
        pages, reading = read(reader, name, data)
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(
            json.dumps(
                {
                    "name": name,
                    "pages": pages,
                    "articles": len(reading.articles),
                    "refused": [r.reason for r in reading.refused],
                    "text": "".join(a.headline + a.text for a in reading.articles)[:2000],
                    "memory": peak(),
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
