"""``held`` names what does not go out, and why; ``schema`` fetches what ``check`` misses."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broadsheet import schema_store
from broadsheet.cli import held as command
from broadsheet.cli.main import app
from broadsheet.steps import review
from delivery.keys import IssueKey
from tests.support.issue import DAY, NAME, NOW, PAGES, make_installation, submit
from transforms.intake import SourceFile
from transforms.model import Review


@pytest.fixture
def installation(monkeypatch):
    made = make_installation()
    monkeypatch.setattr(command, "opened", lambda: made)
    return made


def test_the_schema_is_fetched_and_its_setting_is_printed(tmp_path, monkeypatch):
    shared = Path(__file__).parents[2] / ".." / "shared" / "iptc"
    if not (shared / schema_store.POWER).exists():
        pytest.skip("the IPTC schema is not on this machine")
    monkeypatch.setattr(schema_store.fetch, "__defaults__", (lambda url: (shared / Path(url).name).read_bytes(),))
    answer = CliRunner().invoke(app, ["schema", str(tmp_path / "iptc")])
    assert answer.exit_code == 0, answer.output
    assert f"BROADSHEET_SCHEMAS={tmp_path / 'iptc' / schema_store.POWER}" in answer.output
    assert schema_store.stored(tmp_path / "iptc")


@pytest.mark.slow
def test_a_refused_page_is_listed_with_its_version_and_reason(installation, capsys):
    submit(installation, [*PAGES, SourceFile("page-03.txt", b"")])
    command.held(NAME, None)
    said = capsys.readouterr().out
    assert f"{NAME}/{DAY}/v1  page-03.txt: The file could not be read as a page. " in said
    assert "1 held." in said
    command.held("", DAY + timedelta(days=1))
    assert "Nothing is held." in capsys.readouterr().out


def test_an_article_that_waits_is_listed_with_its_doubts_and_deadline(installation, capsys):
    installation.publications[NAME] = replace(installation.publications[NAME], review=Review(section=1.0))
    submit(installation, PAGES)
    review.open_questions(installation, IssueKey(NAME, DAY), NOW)
    command.held("", DAY)
    said = capsys.readouterr().out
    assert said.count("is waiting for an editor until 2026-01-15") == 2
    assert "“老渠新水润良田” (urn:newsml:yunzhou.example:20260115:" in said
    assert "section: " in said
