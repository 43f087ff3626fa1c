"""The same page under two names."""

from pathlib import Path

from transforms.intake import SourceFile, read_source

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15"
ONE, TWO = ((SAMPLE / f"page-0{n}.txt").read_bytes() for n in (1, 2))


def names(*files: SourceFile) -> tuple[list[str], dict[str, str]]:
    pages, refused = read_source(files)
    return [p.name for p in pages], {r.name: r.reason for r in refused}


def test_the_same_page_under_two_names_is_taken_once():
    pages, refused = names(SourceFile("page-01.txt", ONE), SourceFile("page-02.txt", TWO), SourceFile("a1.txt", ONE))
    assert pages == ["page-01.txt", "page-02.txt"]
    assert "same page as page-01.txt" in refused["a1.txt"]


def test_another_extraction_of_the_same_page_is_the_same_page():
    again = ONE.decode().replace("\n\n", "\n").replace("。", "。 ").encode("gb18030")
    pages, refused = names(SourceFile("page-01.txt", ONE), SourceFile("page-02.txt", again))
    assert pages == ["page-01.txt"]
    assert refused.keys() == {"page-02.txt"}


def test_pages_that_share_a_notice_or_are_nearly_empty_are_different_pages():
    notice = "通告：本周六上午城北停水四小时，请各户提前储水，给您带来不便敬请谅解。\n" * 3
    first, second = ONE + notice.encode(), TWO + notice.encode()
    assert names(SourceFile("page-01.txt", first), SourceFile("page-02.txt", second))[1] == {}
    advert = "云州百货新春特卖\n".encode()
    assert names(SourceFile("page-03.txt", advert), SourceFile("page-04.txt", advert))[1] == {}
