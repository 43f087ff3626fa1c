"""`broadsheet read` as a user calls it."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from broadsheet.cli.pages import from_folders, issue_at, page_files, printed_date
from transforms.errors import BadInput

PROJECT = Path(__file__).resolve().parents[2]
SAMPLE = PROJECT / "samples" / "yunzhou-daily" / "2026-01-15"


def broadsheet(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "broadsheet.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=PROJECT)


@pytest.fixture
def loose_pages(tmp_path: Path) -> Path:
    """The sample's pages in a folder whose name says nothing."""
    for page in SAMPLE.glob("page-*.txt"):
        (tmp_path / page.name).write_bytes(page.read_bytes())
    (tmp_path / "gold.json").write_text("{}")
    return tmp_path


MOST_MODULES = 400  # 330 today; Airflow alone brings 2,000 more


def test_help_says_how_to_begin():
    answer = broadsheet("--help")
    assert answer.returncode == 0
    assert "Start here" in answer.stdout


def test_help_is_there_at_once_because_it_imports_little():
    code = """
import sys
from typer.testing import CliRunner
from broadsheet.cli.main import app
assert CliRunner().invoke(app, ["--help"]).exit_code == 0
print(len(sys.modules), *({m.partition(".")[0] for m in sys.modules} & {"airflow", "boto3", "numpy", "lxml", "httpx"}))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    count, *heavy = answer.stdout.split()
    assert heavy == []
    assert int(count) < MOST_MODULES


@pytest.mark.slow
def test_json_has_the_promised_shape_and_accounts_for_every_character(loose_pages: Path):
    answer = broadsheet("read", loose_pages, "--json")
    assert answer.returncode == 0, answer.stderr
    reading = json.loads(answer.stdout)
    wanted = {"guid", "headline", "kicker", "subhead", "byline", "dateline", "section", "confidence", "body"}
    assert reading["articles"]
    for article in reading["articles"]:
        assert wanted | {"part_of", "jump_to", "spans"} <= article.keys()
    source = sum(len(p.read_text("utf-8")) for p in loose_pages.glob("page-*.txt"))
    fates = {fate: n for fate, n in reading["account"].items() if fate != "total"}
    assert sum(fates.values()) == reading["account"]["total"] == source


@pytest.mark.slow
def test_report_holds_every_character_of_the_source(loose_pages: Path, tmp_path: Path):
    from lxml import html

    target = tmp_path / "reading.html"
    assert broadsheet("read", loose_pages, "--html", target).returncode == 0
    tree = html.fromstring(target.read_text("utf-8"))
    assert not tree.xpath("//script | //link | //img")  # self-contained
    for seam in tree.xpath("//mark/b"):
        seam.drop_tree()
    shown = [node.text_content() for node in tree.xpath("//div[@class='source']")]
    assert shown == [(loose_pages / f"page-0{n}.txt").read_text("utf-8") for n in (1, 2)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder / "absent", "does not exist"),
        (lambda folder: folder, "has no pages"),
    ],
)
def test_nonsense_is_refused_in_a_line(tmp_path: Path, make, reason: str):
    answer = broadsheet("read", make(tmp_path))
    assert answer.returncode == 1
    assert reason in " ".join(answer.stderr.split())
    assert "Traceback" not in answer.stderr


@pytest.mark.slow
def test_a_picture_named_txt_is_refused_with_its_reason(tmp_path: Path):
    (tmp_path / "page-01.txt").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 8)
    answer = broadsheet("read", tmp_path)
    assert answer.returncode == 1
    assert "page-01.txt" in answer.stderr


def test_pages_are_told_from_other_files(loose_pages: Path):
    assert [f.name for f in page_files(loose_pages)] == ["page-01.txt", "page-02.txt"]
    with pytest.raises(BadInput, match="does not exist"):
        page_files(loose_pages / "page-03.txt")


def test_newspaper_and_day_come_from_the_folders():
    assert from_folders(SAMPLE) == ("yunzhou-daily", date(2026, 1, 15))
    assert from_folders(SAMPLE / "page-01.txt") == ("yunzhou-daily", date(2026, 1, 15))
    assert from_folders(PROJECT) == ("", None)


def test_failing_that_the_day_is_the_printed_one(loose_pages: Path):
    assert issue_at(loose_pages).date == date(2026, 1, 15)
    assert printed_date(["1月14日，记者获悉", "2026年2月30日 星期一"]) is None
