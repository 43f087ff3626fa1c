"""Intake: every encoding that papers send is read, damage is refused in words, no page is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.intake import SourceFile, read_source
from transforms.intake.common import SIMPLIFIED, TRADITIONAL
from transforms.intake.encoding import decode, misread

SENTENCE = "本报讯（记者 李明）昨日，我县召开春耕生产现场会，部署当前农业工作。\n各乡镇、有关部门负责人参加。\n"
TRADITIONAL_TEXT = "本報訊　縣政府昨日召開會議，研究農業發展問題，各鄉鎮負責人參加。\n"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")

simplified = st.text(
    st.sampled_from(SIMPLIFIED + "，。“”：、（）《》" + "0123456789" + "\n"), min_size=12, max_size=400
).filter(lambda t: sum(c in SIMPLIFIED for c in t) >= 8)
# Characters that Big5 has: those that both lists and the codec know.
BIG5 = "".join(c for c in SIMPLIFIED + TRADITIONAL if c.encode("big5", "ignore"))
traditional = st.text(st.sampled_from(BIG5 + "，。「」：、\n"), min_size=12, max_size=400).filter(
    lambda t: sum(c in BIG5 for c in t) >= 8
)


def refusal(data: bytes, name: str = "page-01.txt") -> str:
    pages, refused = read_source([SourceFile(name, data)])
    assert pages == ()
    (only,) = refused
    assert only.name == name
    return only.reason


@given(text=simplified, encoding=st.sampled_from(ENCODINGS))
def test_what_was_written_is_read_whatever_the_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@given(text=traditional, encoding=st.sampled_from(("big5", "utf-8", "gb18030", "utf-16-le", "utf-16-be")))
def test_traditional_text_is_read_whatever_the_encoding(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", ["本报讯", "春耕忙", "要闻简讯", "第4版 要闻"])
def test_a_headline_alone_is_enough(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("written", "named"),
    [("utf-8-sig", "utf-8"), ("gbk", "gb18030"), ("utf-16", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)
def test_the_page_says_which_encoding_it_was_in(written: str, named: str) -> None:
    (page,), refused = read_source([SourceFile("page-01.txt", SENTENCE.encode(written))])
    assert (page.encoding, page.text, refused) == (named, SENTENCE, ())


def test_big5_is_named() -> None:
    assert decode(TRADITIONAL_TEXT.encode("big5")).encoding == "big5"


def test_rare_characters_and_other_scripts_of_utf8_pass() -> None:
    assert decode("𠮷野家".encode()).text == "𠮷野家"
    for text in ("Ürümqi, сегодня", "Αθήνα, σήμερα το πρωί", "今日、東京で会議がありました。"):
        assert decode(text.encode()).text == text
    assert decode("㐂䶮喆𬭊，镕、翀、堃等".encode("gb18030") + SENTENCE.encode("gb18030")).encoding == "gb18030"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b" \r\n\f\n", "empty"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 9, "picture"),
        (b"%PDF-1.7\n1 0 obj", "PDF is damaged"),
        (b"PK\x03\x04\x14\x00\x06\x00", "ZIP archive"),
        (bytes(range(256)) * 30, "binary"),
        (b"abc\x00def" * 30, "binary"),
        (SENTENCE.encode("utf-8")[:-2], "utf-8 breaks at byte"),
        (SENTENCE.encode("utf-8") + SENTENCE.encode("gbk"), "in two encodings"),
        (b"\xff\xfe" + SENTENCE.encode("utf-16-le")[:-1], "byte order mark says utf-16-le"),
        (SENTENCE.encode("utf-8").decode("gb18030", "replace").encode("utf-8"), "characters were lost"),
        (SENTENCE.encode("utf-8").decode("gb18030", "ignore").encode("utf-8"), "UTF-8 read as GBK"),
        (SENTENCE.encode("utf-8").decode("latin-1").encode("utf-8"), "UTF-8 read as Latin-1"),
        (SENTENCE.encode("gbk").decode("latin-1").encode("utf-8"), "GBK read as Latin-1"),
        (TRADITIONAL_TEXT.encode("big5").decode("gb18030", "ignore").encode("utf-8"), "Big5 read as GBK"),
        (SENTENCE.encode("gbk").decode("utf-8", "replace").encode("utf-8"), "characters were lost"),
        ("会议锟斤拷在县里召开锟斤拷部署工作".encode(), "锟斤拷"),
    ],
)
def test_bad_input_is_refused_in_words(data: bytes, words: str) -> None:
    assert words in refusal(data)


@pytest.mark.parametrize(
    ("text", "encoding", "language"),
    [
        ("시의회는 화요일에 모여 강 위에 새로운 다리를 건설하는 계획을 논의했다. ", "euc-kr", "Korean"),
        ("市議会は火曜日に会合を開き、川に新しい橋を架ける計画について話し合った。", "euc-jp", "Japanese"),
        ("Le conseil s'est réuni mardi pour étudier le projet d'un pont sur la rivière. ", "cp1252", "French"),
        ("Der Rat hat sich am Dienstag für die neue Brücke über den Fluss ausgesprochen. ", "latin-1", "German"),
    ],
)
def test_other_languages_are_named_in_their_own_encodings(text: str, encoding: str, language: str) -> None:
    assert f"the page is in {language}" in refusal((text * 9).encode(encoding))


def test_a_file_beyond_bounds_is_refused() -> None:
    _, (big,) = read_source([SourceFile("page-01.txt", SENTENCE.encode(), 300 << 20)])
    assert "a text file of 314,572,800 bytes, more than the 8,388,608" in big.reason
    _, (long,) = read_source([SourceFile("all.txt", "春耕\f".encode() * 1000)])
    assert "more than the 999 of an issue" in long.reason


def test_a_lost_glyph_in_a_long_page_does_not_condemn_it() -> None:
    assert decode((SENTENCE * 20 + "\ufffd").encode()).text.endswith("\ufffd")


@given(text=simplified)
def test_sound_text_is_never_called_misread(text: str) -> None:
    assert misread(text) == ""


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x85"])
def test_line_ends_become_one(end: str) -> None:
    (page,), _ = read_source([SourceFile("page-01.txt", SENTENCE.replace("\n", end).encode())])
    assert page.text == SENTENCE


def test_pages_take_their_numbers_from_their_names() -> None:
    files = [SourceFile(f"in/page-{n}.txt", f"第{n}版要闻".encode()) for n in ("10", "04", "1")]
    pages, refused = read_source(files)
    assert [(p.number, p.name) for p in pages] == [(1, "in/page-1.txt"), (4, "in/page-04.txt"), (10, "in/page-10.txt")]
    assert refused == ()


def test_other_names_take_the_free_numbers_in_their_order() -> None:
    files = [SourceFile(n, f"{n} 要闻".encode()) for n in ("b10.txt", "b9.txt", "page-02.txt", "a.txt")]
    pages, _ = read_source(files)
    assert [(p.number, p.name) for p in pages] == [(1, "a.txt"), (2, "page-02.txt"), (3, "b9.txt"), (4, "b10.txt")]


def test_form_feeds_split_and_blank_pages_keep_their_number() -> None:
    pages, refused = read_source([SourceFile("issue.txt", "头版\f \n\f三版\f".encode())])
    assert [(p.number, p.text) for p in pages] == [(1, "头版"), (3, "三版")]
    assert [r.name for r in refused] == ["issue.txt#2"]


def test_two_files_of_one_number_are_not_both_believed() -> None:
    pages, (double,) = read_source(
        [SourceFile("page-1.txt", "头版".encode()), SourceFile("page-01.txt", "头条".encode())]
    )
    assert len(pages) == 1
    assert "page 1 has come twice" in double.reason


page_texts = st.sampled_from(["春耕生产现场会", " \n", "县里召开会议", "要闻"])
file_names = st.sampled_from(["page-01.txt", "page-2.txt", "page-03.txt", "a.txt", "b/c.txt", "图.jpg"])
bad = st.sampled_from([b"", b"8BPS\x00\x01", b"\x00\x01\x02"])
good = st.lists(page_texts, min_size=1, max_size=4).map(lambda ts: "\f".join(ts).encode())


@given(st.lists(st.builds(SourceFile, file_names, good | bad), max_size=6))
def test_each_page_of_each_file_ends_in_pages_or_refusals(files: list[SourceFile]) -> None:
    pages, refused = read_source(files)
    ends = [p.name for p in pages] + [r.name for r in refused]
    expected = []
    for file in files:
        texts = file.data.split(b"\f")
        whole = len(texts) == 1 or not file.data.strip()
        expected.append(1 if whole else len(texts) - (not texts[-1].strip()))
    assert len(ends) == sum(expected)
    assert {e.split("#")[0] for e in ends} == {f.name for f in files}
    assert len({p.number for p in pages}) == len(pages)
