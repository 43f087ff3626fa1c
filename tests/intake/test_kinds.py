"""What has no adapter is refused by name, in whatever encoding and under whatever name it comes."""

from __future__ import annotations

import pytest

from broadsheet.steps.reasons import reason_in
from transforms.intake import SourceFile, read_source
from transforms.intake.language import language_of

STORY = "春耕现场会召开\n\n本报讯（记者 李明）昨日，我县召开春耕生产现场会，部署当前农业工作。\n"
PARAGRAPH = "<p>昨日，我县召开春耕生产现场会，部署当前农业工作。</p>\n"
ENGLISH = "The council met on Tuesday to discuss the plan for a bridge that is to be built over the river. "
TEXTS = {
    "a NewsML-G2 document": '<?xml version="1.0"?>\n<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"><a>春</a>',
    "an NITF document": f"<?xml version='1.0'?><!DOCTYPE nitf>\n<nitf><body>{PARAGRAPH}</body></nitf>",
    "an RSS feed": f"<?xml version='1.0'?><!-- made by hand --><rss><channel>{PARAGRAPH}</channel></rss>",
    "an SVG drawing": '<svg xmlns="http://www.w3.org/2000/svg"><text>春耕</text></svg>',
    "an HTML page": f"<!DOCTYPE html>\n<html><body><nav>首页</nav>{PARAGRAPH}</body></html>",
    "an XML document of an unknown kind (its root is <zeitung>)": "<?xml version='1.0'?><zeitung>春耕</zeitung>",
    "a text with HTML or XML tags in it": "首页\n" + PARAGRAPH.replace("p>", "div>") * 4,
    "an OCR table of Tesseract (TSV)": "level\tpage_num\tblock_num\ttext\n5\t1\t1\t春\n5\t1\t1\t耕\n",
    "a table of tab-separated values (TSV)": "标题\t作者\t正文\n" + "春耕\t李明\t昨日，我县召开现场会。\n" * 4,
    "layout output of MinerU (JSON)": '[{"type": "text", "text": "春耕", "page_idx": 0}]',
    "JSON in a form that is not ours": '[\n {"title": "春耕", "content": "昨日，我县召开现场会。"}\n]',
    "a piece of JSON": 'tle": "春耕",\n "title": "春耕", "body": "现场会",\n "title": "春耕", "body": "现场会"}, {\n',
    "subtitles": "1\n00:00:01,000 --> 00:00:02,000\n春耕\n",
    "an e-mail": "From: desk@paper.example\nSubject: page 1\n\n" + STORY,
}
BYTES = {
    "a Word document": b"PK\x03\x04\x14\0\0\0\0\0" + b"[Content_Types].xml" + b"\0" * 40 + b"word/document.xml",
    "an OFD document": b"PK\x03\x04\x14\0\0\0\0\0OFD.xml",
    "a CEB document": b"Founder CEB\0\0\0\x03\0" + b"\0" * 40,
    "a CEBX document": b"@XDA\0\0\x01\0" + b"\0" * 40,
    "a ZIP archive": b"PK\x03\x04\x14\0\0\0\0\0page-01.txt",
    "a WebP picture": b"RIFF\x10\0\0\0WEBPVP8 ",
    "a tar archive": b"page-01.txt".ljust(257, b"\0") + b"ustar\0",
    "a video or sound recording": b"\0\0\0\x18ftypisom\0\0\0\0",
}
LANGUAGES = {
    "English": ENGLISH * 4,
    "French": "Le conseil s'est réuni mardi pour étudier le projet d'un pont qui sera construit sur la rivière. " * 4,
    "German": "Der Rat hat sich am Dienstag getroffen, um über die Brücke zu beraten, die auf dem Fluss liegt. " * 4,
    "Russian": "Городской совет собрался во вторник, чтобы обсудить план строительства моста через реку. " * 4,
    "Korean": "시의회는 화요일에 모여 강 위에 새로운 다리를 건설하는 계획을 논의했다. " * 4,
    "Japanese": "市議会は火曜日に会合を開き、川に新しい橋を架ける計画について話し合った。" * 4,
    "Vietnamese": "Hội đồng đã họp vào thứ ba để thảo luận về kế hoạch xây dựng một cây cầu mới qua sông. " * 4,
    "Uyghur": "شەھەرلىك كېڭەش سەيشەنبە كۈنى يىغىن ئېچىپ، يېڭى كۆۋرۈك قۇرۇش پىلانىنى مۇزاكىرە قىلدى. " * 4,
    "Tibetan": "གྲོང་ཁྱེར་གྱི་ལྷན་ཚོགས་ཀྱིས་གཟའ་མིག་དམར་ཉིན་ཚོགས་འདུ་འཚོགས། " * 4,
}


def reason(data: bytes, name: str = "page-01.txt") -> str:
    pages, (refusal,) = read_source([SourceFile(name, data)])
    assert pages == ()
    return refusal.reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize(("kind", "text"), TEXTS.items(), ids=TEXTS)
def test_what_is_no_page_is_named_and_the_way_out_given(kind: str, text: str, encoding: str) -> None:
    said = reason(text.encode(encoding))
    assert said.startswith(f"this is {kind}, which cannot be read as a page: ")
    assert "send" in said or "save" in said


@pytest.mark.parametrize(("kind", "data"), BYTES.items(), ids=BYTES)
def test_binary_files_are_named_whatever_they_are_called(kind: str, data: bytes) -> None:
    assert reason(data, "page-01.pdf").startswith(f"this is {kind}, ")


@pytest.mark.parametrize("kind", ["an OFD document", "a CEB document", "a CEBX document"])
def test_a_fixed_layout_of_the_country_is_refused_with_the_way_to_a_pdf(kind: str) -> None:
    said = reason(BYTES[kind], "page-01.ofd")
    assert "PDF whose text can be copied" in said
    assert "可复制的 PDF" in reason_in(said, "zh-Hans")


@pytest.mark.parametrize(("language", "text"), LANGUAGES.items(), ids=LANGUAGES)
def test_other_languages_are_refused_by_name(language: str, text: str) -> None:
    assert reason(text.encode()).startswith(f"the page is in {language}: only Chinese pages can be read")


def test_a_page_with_foreign_names_and_a_foreign_paragraph_is_read() -> None:
    (page,), refused = read_source([SourceFile("page-01.txt", (STORY * 3 + ENGLISH + "Schneider Electric").encode())])
    assert (page.language, refused) == ("zh-Hans", ())


def test_the_script_of_a_page_is_told() -> None:
    (page,), _ = read_source([SourceFile("page-01.txt", "縣府昨日召開會議，研究農業發展問題。".encode())])
    assert page.language == "zh-Hant"
    assert language_of("12 345 6.7%\n8") == ""


MARKDOWN = """# 春耕现场会召开

**本报讯** 昨日，我县召开[现场会](https://paper.example/1)，部署工作。

![](images/1.jpg)

<!-- image -->

- 北镇 3 月 1 日
| 镇 | 亩 |
|----|----|
| 北镇 | 300 |

## 结束
"""


def test_markdown_is_read_without_its_signs() -> None:
    (page,), _ = read_source([SourceFile("page-01.md", MARKDOWN.encode())])
    lines = [line for line in page.text.splitlines() if line]
    expected = [
        "春耕现场会召开",
        "本报讯 昨日，我县召开现场会，部署工作。",
        "北镇 3 月 1 日",
        "镇   亩",
        "北镇   300",
        "结束",
    ]
    assert lines == expected


def test_signs_that_are_no_markup_stay() -> None:
    text = "当 A < B 时，[1] 见注。\n——副题\n#1 机组投产 * 待续\n两市签约：中国 & 老挝\n"
    (page,), _ = read_source([SourceFile("page-01.txt", text.encode())])
    assert page.text == text


def test_stray_tags_and_entities_are_taken_off() -> None:
    (page,), _ = read_source([SourceFile("page-01.txt", f"春耕&nbsp;开始<br/>今天<b>晴</b>\n{STORY * 20}".encode())])
    assert page.text.startswith("春耕 开始\n今天晴\n")
