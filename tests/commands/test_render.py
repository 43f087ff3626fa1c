"""``render`` and ``check``: all files of all formats on disk, held to what partners take."""

import shutil
from pathlib import Path

import feedparser
import pytest

from broadsheet.cli.render import check, render
from transforms.errors import BadInput

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "yunzhou-daily" / "2026-01-15"
BASE = "https://news.example.org/yunzhou-daily"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("rendered")
    assert render(SAMPLE, target, "", None, "sample-outlet", BASE)
    return target


@pytest.mark.slow
def test_a_feed_reader_finds_each_article_that_was_rendered(rendered: Path):
    feed = feedparser.parse((rendered / "feeds" / "all.rss").read_bytes())
    assert not feed.bozo
    assert len(feed.entries) == len(list((rendered / "items").glob("*/v1.xml"))) > 3


@pytest.mark.slow
def test_the_same_issue_gives_the_same_bytes(rendered: Path, tmp_path: Path):
    render(SAMPLE, tmp_path, "", None, "sample-outlet", BASE)
    again = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert again == {p.relative_to(rendered): p.read_bytes() for p in rendered.rglob("*") if p.is_file()}


def test_a_broken_file_is_named(rendered: Path, capsys):
    assert check(rendered)
    feed = rendered / "feeds" / "all.rss"
    whole = feed.read_bytes()
    feed.write_bytes(whole[:-40])
    try:
        assert not check(rendered)
    finally:
        feed.write_bytes(whole)
    assert "feeds/all.rss" in capsys.readouterr().out


def test_unknown_partners_and_places_are_said_in_words(tmp_path: Path):
    with pytest.raises(BadInput, match="sample-outlet"):
        render(SAMPLE, tmp_path, "", None, "nobody", BASE)
    with pytest.raises(BadInput, match="does not exist"):
        check(tmp_path / "nothing")


@pytest.mark.slow
def test_an_embargo_beside_the_pages_is_kept(tmp_path: Path):
    pages = tmp_path / "yunzhou-daily" / "2026-01-15"
    shutil.copytree(SAMPLE, pages)
    (pages / "embargo.toml").write_text('[[embargo]]\nuntil = 2090-01-01T00:00:00Z\nheadline = "三万块表"\n', "utf-8")
    target = tmp_path / "out"
    assert render(pages, target, "", None, "sample-outlet", BASE)
    everything = b"".join(p.read_bytes() for p in target.rglob("*") if p.is_file())
    assert "三万块表".encode() not in everything
    assert len(list((target / "items").glob("*/v1.xml"))) > 1


@pytest.mark.slow
def test_what_waits_for_review_is_named_and_not_rendered(tmp_path: Path, monkeypatch, capsys):
    records = tmp_path / "publications"
    shutil.copytree(ROOT / "publications", records)
    paper = records / "yunzhou-daily.toml"
    paper.write_text(paper.read_text("utf-8").replace("section = 0.5", "section = 1.0"), "utf-8")
    monkeypatch.setenv("BROADSHEET_PUBLICATIONS", str(records))
    render(SAMPLE, tmp_path / "out", "", None, "sample-outlet", BASE)
    waiting = capsys.readouterr().out.count("waiting for review")
    assert waiting > 2
    assert len(list((tmp_path / "out" / "items").glob("*/v1.xml"))) == 8 - waiting
