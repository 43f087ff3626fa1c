"""What is different between two versions of a text."""

from transforms.difference import LONGEST, Run, TextRun, paragraphs, runs


def test_runs_hold_both_texts_whole():
    found = list(runs("村里定下三件事", "村里定下四件大事"))
    assert "".join(p.text for p in found if p.run is not Run.ADDED) == "村里定下三件事"
    assert "".join(p.text for p in found if p.run is not Run.REMOVED) == "村里定下四件大事"
    assert TextRun(Run.ADDED, "大") in found


def test_only_paragraphs_that_differ_are_shown():
    found = list(paragraphs(["一", "二二", "三"], ["一", "二二二", "三", "四"]))
    assert found == [(TextRun(Run.SAME, "二二"), TextRun(Run.ADDED, "二")), (TextRun(Run.ADDED, "四"),)]
    assert list(paragraphs(["一"], ["一"])) == []


def test_what_is_too_long_is_not_compared_one_by_one():
    long = "字" * LONGEST
    assert list(runs(long, long + "末")) == [TextRun(Run.REMOVED, long), TextRun(Run.ADDED, long + "末")]
