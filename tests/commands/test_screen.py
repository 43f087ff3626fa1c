"""Other people's text on the terminal: it stands there, whatever it holds, and no command ends in a traceback."""

import io
import json
import sys
from pathlib import Path

import pytest
from rich.table import Table

from broadsheet.cli.main import main
from broadsheet.cli.screen import Screen, plain, step, write_json
from tests.commands.test_read import SAMPLE, broadsheet

HOSTILE = [
    "[/红]",
    "[bold]x[/b]",
    "[link=https://evil.example]news[/link]",
    "\\[x]",
    ":smile:",
    "\x1b[31mred",
    "\x1b]0;title\x07",
    "\x9b31m",
    "a\rb",
    "\x00",
    "\u202eevil",
    "\ud800",
]


def shown(printed: object, **style: object) -> str:
    screen = Screen()
    screen.file = io.StringIO()
    screen.print(printed, **style)
    return screen.file.getvalue()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_string_is_shown_as_it_is_and_does_nothing_to_the_terminal(text: str):
    table = Table("headline", title=text)
    table.add_row(text)
    for answer in (shown(text, soft_wrap=True), shown(table), shown(f"x {text}", style="red")):
        assert not set(answer) & set("\x1b\x9b\x07\r\x00\u202e\ud800")
    dropped = str.maketrans("", "", "\x07\r")  # by rich itself
    assert shown(text, soft_wrap=True).rstrip("\n") == plain(text.translate(dropped))


def test_a_terminal_still_gets_colours_of_ours(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = Screen()
    screen.file = io.StringIO()
    screen.print("held \x1b[2J", style="yellow")
    assert "\x1b[33m" in screen.file.getvalue()
    assert "\x1b[2J" not in screen.file.getvalue()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_step_tells_anything(text: str, capsys):
    with step(text) as say:
        say(text)
    assert not set(capsys.readouterr().out) & set("\x1b\x9b\x07\x00\u202e\ud800")


@pytest.mark.parametrize("text", HOSTILE[:-1])
def test_json_means_what_it_did_and_holds_no_control_character(text: str, capsys):
    write_json({"headline": text, "body": [text]}, indent=1)
    answer = capsys.readouterr().out
    assert json.loads(answer) == {"headline": text, "body": [text]}
    assert not set(answer) & set("\x1b\x9b\x07\r\x00\u202e")


PAGE = "[/红]新桥通车\n\n一月十六日，南桥正式通车，[/b]两岸的乡亲走上了新桥，:smile:看了又看，说了又说。\n"


@pytest.mark.parametrize("arguments", [[], ["--json"]])
def test_a_page_with_markup_in_it_is_read(tmp_path: Path, arguments: list[str], monkeypatch, capsys):
    page = tmp_path / "[red]page-01.txt"
    page.write_text(PAGE, "utf-8")
    monkeypatch.setattr(sys, "argv", ["broadsheet", "read", str(page), "--date", "2026-01-16", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert "[/红]新桥通车" in capsys.readouterr().out


@pytest.mark.slow
def test_every_command_says_in_a_line_what_a_user_can_mend(tmp_path: Path, monkeypatch, capsys):
    there = tmp_path / "file"
    there.write_bytes(b"\xff\xfe\xff")
    partners = tmp_path / "partners"
    partners.mkdir()
    commands = [
        ["read", str(SAMPLE), "--html", str(tmp_path / "no" / "such.html")],
        ["read", str(SAMPLE), "--html", str(tmp_path)],
        ["render", str(SAMPLE), "--out", str(there)],
        ["render", str(SAMPLE), "--out", "/proc/nothing"],
        ["archive", "nope"],
        ["partner", "add", "new", "--name", "a\x01b"],
        ["partner", "add", "new", "--name", "a\x7fb"],
        ["partner", "add", "new", "--name", "[/b]\x1b[2J"],
        ["correct", "urn:newsml:x.example:20260115:a", "--text", str(there)],
        ["correct", "urn:newsml:x.example:20260115:a", "--text", "nowhere.txt"],
        ["read", "[/b]\x1b[2J"],
    ]
    monkeypatch.setenv("BROADSHEET_PARTNERS", str(partners))
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path / "home"))
    for command in commands:
        monkeypatch.setattr(sys, "argv", ["broadsheet", *command])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert ended.value.code == 1, command
        assert said.err.startswith("broadsheet: "), (command, said.err)
        assert "\x1b" not in said.err + said.out
    assert list(partners.iterdir()) == []


@pytest.mark.slow
def test_a_partners_name_may_look_like_markup(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("BROADSHEET_PARTNERS", str(tmp_path))
    assert broadsheet("partner", "add", "new", "--name", "[/b]").returncode == 0
    listed = broadsheet("partner", "list")
    assert listed.returncode == 0
    assert "[/b]" in listed.stdout
