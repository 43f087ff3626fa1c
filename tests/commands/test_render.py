"""``render`` and ``check``: all files of all formats on disk, held to what partners take."""

from pathlib import Path

import feedparser
import pytest

from broadsheet.cli.render import check, render
from transforms.errors import BadInput

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15"
BASE = "https://news.example.org/yunzhou-daily"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("rendered")
    assert render(SAMPLE, target, "", None, "sample-outlet", BASE)
    return target


def test_a_feed_reader_finds_each_article_that_was_rendered(rendered: Path):
    feed = feedparser.parse((rendered / "feeds" / "all.rss").read_bytes())
    assert not feed.bozo
    assert len(feed.entries) == len(list((rendered / "items").glob("*/v1.xml"))) > 3


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
    with pytest.raises(BadInput, match="no file or folder"):
        check(tmp_path / "nothing")
