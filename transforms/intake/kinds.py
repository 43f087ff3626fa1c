"""Files without an adapter: what each is, recognised from its bytes, and what to send instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from transforms.intake.adapter import Head
from transforms.intake.markdown import is_markdown

AS_TEXT = "save the page's text as UTF-8 and send that"
AS_TEXT_OR_PDF = "save it as text or PDF and send that"
UNPACK = "unpack it and send the pages in it"
FROM_READER = (
    "export the page from the layout system as PDF, or open this file in a reader for its format and save it there as"
    " PDF whose text can be copied"
)
AS_PICTURE = "save the page as PDF, JPEG, PNG or TIFF and send that"
WIRE = "it holds finished news items, not pages: send the newspaper's pages"
OCR = "export ALTO, PAGE-XML, hOCR or plain text from the same program and send that"
LINES = "send its lines in the form of schemas/layout.schema.json, or the page's text"

TAG = re.compile(r"</?(?:[a-zA-Z][\w:.-]{0,40})(?:\s[^<>]{0,400})?/?>")
ROOT = re.compile(r"<(?:[\w.-]{1,40}:)?([A-Za-z_][\w.-]{0,60})[\s/>]")
# What may come before a document's root: declaration, comments, processing instructions, a document type.
PROLOGUE = re.compile(
    r"\A(?:\s+|<\?[^>]{0,2000}\?>|<!--.{0,20000}?-->|<!DOCTYPE[^<>\[]{0,2000}(?:\[[^\]]{0,20000}\]\s*)?>)+", re.S
)
JSON_OPENS = re.compile(r"""\{\s*["}]|\[\s*(?:[\[{\]]|"[^"\n]{0,2000}"\s*[,\]]|-?\d[\d.]{0,30}\s*,)""")
JSON_KEY = re.compile(r'"[\w$@./:-]{1,60}"\s*:')
TAG_NAME = re.compile(r"</?([a-zA-Z][\w:.-]{0,40})(?=[\s/>])")
PARAGRAPHS = frozenset(("p", "br"))
FRAGMENT = PARAGRAPHS | {f"h{n}" for n in range(1, 7)}
FRAGMENT |= {"img", "b", "i", "u", "strong", "em", "span", "sup", "sub", "font", "hr", "blockquote", "center", "div"}
TAG_EVERY = 250  # characters; text with a tag more often than that is markup
MIN_TAGS = 3


@dataclass(frozen=True, slots=True)
class UnreadKind:
    """A kind of file that is not read.

    ``what`` it is (“a Word document”), how it is recognised, and what to send instead.
    """

    what: str
    sniff: Callable[[Head], bool]
    instead: str = AS_TEXT


def _begins(*magics: bytes) -> Callable[[Head], bool]:
    return lambda head: head.data.startswith(magics)


def _at(offset: int, *magics: bytes) -> Callable[[Head], bool]:
    return lambda head: head.data[offset:].startswith(magics)


def _zipped(*names: bytes) -> Callable[[Head], bool]:
    """A ZIP archive with an entry of one of these names; entries are named at its beginning and at its end."""
    return lambda head: head.data.startswith(b"PK") and any(n in head.data or n in head.tail for n in names)


def _riff(form: bytes) -> Callable[[Head], bool]:
    return lambda head: head.data.startswith(b"RIFF") and head.data[8:].startswith(form)


def _brand(*brands: bytes) -> Callable[[Head], bool]:
    """An ISO media file of one of these brands."""
    return lambda head: head.data[4:8] == b"ftyp" and head.data[8:12].startswith(brands)


def _text(pattern: str) -> Callable[[Head], bool]:
    compiled = re.compile(pattern)
    return lambda head: compiled.match(head.text) is not None


def _root(*names: str) -> Callable[[Head], bool]:
    """An XML document whose root has one of these names, in any namespace."""
    wanted = frozenset(n.lower() for n in names)
    return lambda head: root_name(head).lower() in wanted


def root_name(head: Head) -> str:
    """The name of a document's root element, without prefix; empty if the file is not XML or HTML."""
    text = head.text
    if not text.startswith("<"):
        return ""
    found = PROLOGUE.match(text)
    root = ROOT.match(text, found.end() if found else 0)
    return root[1] if root else ""


def is_json(head: Head) -> bool:
    """Whether the file begins like JSON: a bracket, then what may follow it there."""
    return JSON_OPENS.match(head.text) is not None


def is_fragment(head: Head) -> bool:
    """Whether all tags are those of a web editor's text: paragraphs, headings, pictures. No menu is made of them."""
    tags = {name.lower() for name in TAG_NAME.findall(head.text)}
    return bool(tags & PARAGRAPHS) and tags <= FRAGMENT


def is_markup(head: Head) -> bool:
    """Whether there are so many tags that the file is markup, wherever it begins; a web editor's text is none."""
    if is_fragment(head):
        return False
    tags = 0 if is_markdown(head.text) else len(TAG.findall(head.text))
    return tags >= MIN_TAGS and tags * TAG_EVERY > len(head.text)


def _json_fragment(head: Head) -> bool:
    keys = len(JSON_KEY.findall(head.text))
    return keys >= MIN_TAGS and keys * TAG_EVERY > len(head.text)


def _table(separator: str) -> Callable[[Head], bool]:
    """Rows that all have the same number of fields, three at least."""

    def sniff(head: Head) -> bool:
        rows = [r for r in head.text[:20_000].splitlines() if r.strip()][:200]
        if len(rows) > 2 and len(head.text) > 20_000:
            rows.pop()
        counts = [r.count(separator) for r in rows]
        most = max(set(counts), key=counts.count, default=0)
        return len(rows) > 2 and most > 1 and counts.count(most) * 10 >= 9 * len(rows)

    return sniff


def _tesseract_tsv(head: Head) -> bool:
    return head.text.startswith("level\tpage_num\tblock_num")


def _json_with(*keys: str) -> Callable[[Head], bool]:
    quoted = tuple(f'"{k}"' for k in keys)
    return lambda head: is_json(head) and all(q in head.text for q in quoted)


def _is_xml(head: Head) -> bool:
    root = "" if is_fragment(head) else root_name(head)
    opens = head.text[:9].lower().startswith(("<?xml", "<!doctype"))
    return opens or bool(root and ("xmlns" in head.text[:2000] or f"</{root}>" in head.text))


# The first that fits wins, so special kinds come before general ones.
BINARY = (
    UnreadKind("a GIF picture", _begins(b"GIF87a", b"GIF89a"), AS_PICTURE),
    UnreadKind("a WebP picture", _riff(b"WEBP"), AS_PICTURE),
    UnreadKind("a HEIC picture", _brand(b"heic", b"heix", b"mif1", b"hevc"), AS_PICTURE),
    UnreadKind("an AVIF picture", _brand(b"avif"), AS_PICTURE),
    UnreadKind("a JPEG 2000 picture", _begins(b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51"), AS_PICTURE),
    UnreadKind("a BMP picture", lambda h: h.data[:2] == b"BM" and h.data[6:10] == b"\0\0\0\0", AS_PICTURE),
    UnreadKind("a Photoshop picture", _begins(b"8BPS"), AS_PICTURE),
    UnreadKind("an icon", _begins(b"\0\0\1\0"), AS_PICTURE),
    UnreadKind("a DjVu document", _begins(b"AT&TFORM"), AS_TEXT_OR_PDF),
    UnreadKind("a PostScript file", _begins(b"%!PS", b"\xc5\xd0\xd3\xc6"), AS_TEXT_OR_PDF),
    UnreadKind("an InDesign document", _begins(b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5"), "export it as PDF and send that"),
    UnreadKind("an InDesign IDML document", _zipped(b"vnd.adobe.indesign-idml", b"designmap.xml"), AS_TEXT_OR_PDF),
    UnreadKind("a CAJ document", _begins(b"CAJ", b"HN\x00", b"KDH"), FROM_READER),
    UnreadKind("a CEB document", _begins(b"Founder CEB"), FROM_READER),
    UnreadKind("a CEBX document", _begins(b"@XDA"), FROM_READER),
    UnreadKind("a Word document", _zipped(b"word/"), AS_TEXT_OR_PDF),
    UnreadKind("an Excel workbook", _zipped(b"xl/"), AS_TEXT_OR_PDF),
    UnreadKind("a PowerPoint presentation", _zipped(b"ppt/"), AS_TEXT_OR_PDF),
    UnreadKind("an OFD document", _zipped(b"OFD.xml"), FROM_READER),
    UnreadKind("an EPUB book", _zipped(b"mimetypeapplication/epub+zip"), AS_TEXT_OR_PDF),
    UnreadKind("an OpenDocument file", _zipped(b"mimetypeapplication/vnd.oasis.opendocument"), AS_TEXT_OR_PDF),
    UnreadKind("a ZIP archive", _begins(b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"), UNPACK),
    UnreadKind("an old Word, Excel or PowerPoint file", _begins(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), AS_TEXT_OR_PDF),
    UnreadKind("an RTF document", _begins(b"{\\rtf"), AS_TEXT_OR_PDF),
    UnreadKind("a gzip archive", _begins(b"\x1f\x8b"), UNPACK),
    UnreadKind("a bzip2 archive", _begins(b"BZh"), UNPACK),
    UnreadKind("an xz archive", _begins(b"\xfd7zXZ\0"), UNPACK),
    UnreadKind("a Zstandard archive", _begins(b"\x28\xb5\x2f\xfd"), UNPACK),
    UnreadKind("a 7z archive", _begins(b"7z\xbc\xaf"), UNPACK),
    UnreadKind("a RAR archive", _begins(b"Rar!"), UNPACK),
    UnreadKind("a tar archive", _at(257, b"ustar"), UNPACK),
    UnreadKind("a sound recording", _begins(b"ID3", b"OggS", b"fLaC", b"\xff\xfb", b"\xff\xf3"), AS_TEXT),
    UnreadKind("a sound recording", _riff(b"WAVE"), AS_TEXT),
    UnreadKind("a video", _riff(b"AVI "), AS_TEXT),
    UnreadKind("a video", _begins(b"\x1aE\xdf\xa3", b"FLV\x01"), AS_TEXT),
    UnreadKind("a video or sound recording", lambda h: h.data[4:8] == b"ftyp", AS_TEXT),
    UnreadKind("a font", _begins(b"OTTO", b"\0\1\0\0\0", b"wOFF", b"wOF2", b"ttcf"), AS_TEXT),
    UnreadKind("a SQLite database", _begins(b"SQLite format 3\0"), AS_TEXT),
    UnreadKind("a Parquet table", _begins(b"PAR1"), AS_TEXT),
    UnreadKind(
        "a program", _begins(b"\x7fELF", b"MZ\x90", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\0asm"), AS_TEXT
    ),
    UnreadKind("a property list or web archive", _begins(b"bplist00"), AS_TEXT_OR_PDF),
)
TEXTUAL = (
    UnreadKind(
        "a NewsML-G2 document", _root("newsItem", "newsMessage", "packageItem", "conceptItem", "knowledgeItem"), WIRE
    ),
    UnreadKind("a NewsML 1 document", _root("NewsML"), WIRE),
    UnreadKind("an NITF document", _root("nitf"), WIRE),
    UnreadKind("an RSS feed", _root("rss", "RDF"), WIRE),
    UnreadKind("an Atom feed", _root("feed"), WIRE),
    UnreadKind("a sitemap", _root("urlset", "sitemapindex"), WIRE),
    UnreadKind(
        "an ABBYY FineReader XML file", lambda h: root_name(h) == "document" and "abbyy" in h.text[:2000].lower(), OCR
    ),
    UnreadKind("an SVG drawing", _root("svg"), AS_PICTURE),
    UnreadKind("a TEI document", _root("TEI", "teiCorpus"), AS_TEXT),
    UnreadKind("a DocBook document", _root("book", "docbook"), AS_TEXT),
    UnreadKind("a Word document saved as XML", _root("wordDocument"), AS_TEXT_OR_PDF),
    UnreadKind(
        "a web page saved with its parts (MHTML)",
        _text(r"(?s)(?:[\w-]+:[^\n]*\n){0,20}Content-Type: multipart/related"),
        AS_TEXT,
    ),
    UnreadKind(
        "an e-mail",
        _text(
            r"(?i)(?:Return-Path|Received|Delivered-To|MIME-Version|From|Date|Subject|Message-ID):"
            r" [^\n]{0,2000}\r?\n(?:[\w-]+:|[ \t])"
        ),
        "send the page itself, not the e-mail",
    ),
    UnreadKind("a wire message (IPTC 7901 or ANPA)", _begins(b"\x01", b"ZCZC", b"\x16\x16\x01"), WIRE),
    UnreadKind("an OCR table of Tesseract (TSV)", _tesseract_tsv, OCR),
    UnreadKind("layout output of Docling (JSON)", _json_with("schema_name", "body"), LINES),
    UnreadKind("layout output of MinerU (JSON)", _json_with("type", "page_idx"), LINES),
    UnreadKind("layout output of PaddleOCR (JSON)", _json_with("rec_texts"), LINES),
    UnreadKind("an IIIF manifest (JSON)", lambda h: is_json(h) and "iiif.io/api" in h.text, AS_TEXT),
    UnreadKind(
        "an ninjs document",
        lambda h: is_json(h) and ("ninjs" in h.text[:2000] or "body_text" in h.text or "body_html" in h.text),
        WIRE,
    ),
    UnreadKind("a JSON feed", lambda h: is_json(h) and "jsonfeed.org/version" in h.text[:2000], WIRE),
    UnreadKind(
        "JSON in a form that is not ours",
        is_json,
        "send articles in the form of schemas/epaper.schema.json, lines in that of schemas/layout.schema.json, or text",
    ),
    UnreadKind("subtitles", _text(r"(?:WEBVTT|\d+\s*\r?\n\d\d:\d\d:\d\d[,.]\d{3} --> )"), AS_TEXT),
    UnreadKind("a calendar or address card", _text(r"BEGIN:V(?:CARD|CALENDAR)"), AS_TEXT),
    UnreadKind(
        "a key or certificate", _text(r"-----BEGIN [A-Z ]{3,40}-----"), "send the page, and keep keys to yourself"
    ),
    UnreadKind("a LaTeX document", _text(r"(?s)(?:%[^\n]*\n|\s)*\\documentclass"), AS_TEXT_OR_PDF),
    UnreadKind("a script", _text(r"#!\s*/"), AS_TEXT),
    UnreadKind("a table of tab-separated values (TSV)", _table("\t"), AS_TEXT),
    UnreadKind("a table of comma-separated values (CSV)", _table(","), AS_TEXT),
    UnreadKind(
        "an HTML page",
        lambda h: root_name(h).lower() == "html" or "<html" in h.text[:2000].lower(),
        "name the places of headline and text in [epaper] of the newspaper's file, or save the page's text as UTF-8",
    ),
    UnreadKind("an XML document of an unknown kind", _is_xml, AS_TEXT),
    UnreadKind("a text with HTML or XML tags in it", is_markup, AS_TEXT),
    UnreadKind("a piece of JSON", _json_fragment, AS_TEXT),
)


def binary_kind(head: Head) -> str:
    """Why a file is refused because of its first bytes, naming what it is; empty if it may be text."""
    return _refusal(BINARY, head)


def textual_kind(head: Head) -> str:
    """Why a text is refused, naming what it is; empty if it may be a page."""
    return _refusal(TEXTUAL, head)


def _refusal(kinds: tuple[UnreadKind, ...], head: Head) -> str:
    kind = next((k for k in kinds if k.sniff(head)), None)
    if kind is None:
        return ""
    root = root_name(head) if kind.sniff is _is_xml else ""
    what = f"{kind.what} (its root is <{root}>)" if root else kind.what
    return f"this is {what}, which cannot be read as a page: {kind.instead}"
