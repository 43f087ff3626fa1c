"""The command line in Chinese: every sentence that it can print, every option's help, every field of a record."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
import typer
from pydantic import BaseModel
from typer import rich_utils

from broadsheet.cli import help as cli_help
from broadsheet.cli import partner_check, record_file, report, speech
from broadsheet.cli.main import app
from broadsheet.steps import proof
from delivery.partner_record import PartnerRecord
from delivery.publication_record import ColumnTable, PublicationRecord
from transforms.gate.model import Severity
from transforms.model import Section

pytestmark = pytest.mark.slow  # seconds: servers, browsers or other interpreters are started

ROOT = Path(__file__).parents[2]
BROADSHEET = Path(sys.executable).with_name("broadsheet")
TABLES = tomllib.loads((speech.CLI / "zh.toml").read_text("utf-8"))
FILES = [*(ROOT / "broadsheet" / "cli").rglob("*.py"), *(ROOT / "broadsheet" / "local").rglob("*.py")]
FILES += [ROOT / "broadsheet" / "steps" / "proof.py"]
SPEAKING = {"tr", "show", "step", "say"}  # functions whose first argument is a sentence
HAN = re.compile(r"[\u4e00-\u9fff]")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # with its punctuation
ENGLISH = re.compile(r"(?<![\w$/.<>-])[A-Za-z']{2,}(?: [A-Za-z']{2,}){3}")  # four English words in a row


def texts(node: ast.expr) -> Iterator[str]:
    """The sentences that an argument may be."""
    if isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def printed() -> set[str]:
    """Every sentence in the source of the command line, and the words that it looks up by name."""
    found = {section.value for section in Section} | {one.value for one in Severity} | {"keep", "delete", "abandon"}
    found |= set(speech.CHARACTERS.values()) | set(proof.NAMES.values()) | set(partner_check.ADVICE)
    found |= {report.LEGEND, "order", "section", "version {}, delivered", "version {}, not delivered yet"}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                for argument in node.args if name == "table" else node.args[:1] if name in SPEAKING else ():
                    found |= set(texts(argument))
    return {text for text in found if re.search("[A-Za-z]", text)}


def helped() -> set[str]:
    """Every paragraph of help, and what Typer says for itself."""
    found = {cli_help.USAGE, "Show this message and exit."}
    found |= {str(getattr(rich_utils, name)) for name in cli_help.TITLES}
    for command in cli_help.all_commands(typer.main.get_command(app)):
        found |= set(_paragraphs(command.help or ""))
        found |= {parameter.help for parameter in command.params if getattr(parameter, "help", None)}
    return found


def _paragraphs(text: str) -> list[str]:
    found: list[str] = []
    cli_help.paragraphs_in(text, lambda paragraph: found.append(paragraph) or paragraph)
    return found


def explained() -> set[str]:
    """The description of every field that ``partner add`` and ``publication add`` write."""
    found = {said for said, _, _ in record_file.LISTS.values()} | {d for d in _fields(ColumnTable) if d}
    for record in (PartnerRecord, PublicationRecord):
        found |= set(_fields(record)) - {PublicationRecord.model_fields["sections"].description}
    return found


def _fields(record: type[BaseModel]) -> Iterator[str]:
    for field in record.model_fields.values():
        if isinstance(field.default, BaseModel):
            kind = type(field.default)
            yield (kind.__doc__ or "").strip()
            yield from _fields(kind)
        elif field.description:
            yield field.description


SAME = {"Airflow", "SQLite", "{} backfill -p {} --from {} --to {}"}  # names and commands


@pytest.mark.parametrize(("table", "said"), [("say", printed), ("help", helped), ("record", explained)])
def test_every_text_of_the_command_line_is_translated_and_none_is_left_over(table: str, said):
    wanted = {text for text in said() if text.strip() not in SAME}
    known = {text for text in TABLES[table] if re.search("[A-Za-z]", text)}
    assert len(wanted) > 50
    assert sorted(wanted - known) == [], f"add these to [{table}] in broadsheet/language/cli/zh.toml"
    assert sorted(known - wanted) == [], f"nothing prints these texts of [{table}]"


def test_the_help_that_lists_sections_names_each():
    (listed,) = [text for text in helped() if "training_notice" in text]
    assert all(section.value in listed for section in Section)


def test_a_translation_is_chinese_and_has_the_same_values():
    for table in TABLES.values():
        for english, chinese in table.items():
            assert CHINESE.search(chinese) or HAN.search(english) or not re.search("[A-Za-z]{3}", chinese), english
            counts = [
                len([1 for _, name, _, _ in Formatter().parse(t) if name is not None]) for t in (english, chinese)
            ]
            assert counts[0] == counts[1], english


@pytest.fixture(scope="module")
def chinese_help() -> str:
    """The help of all commands, as a Chinese user reads it."""
    script = (
        "import sys\nfrom broadsheet.cli.help import in_language, all_commands\nfrom broadsheet.cli.main import app\n"
        "root = in_language(app)\n"
        "for names in [[]] + [[n] for n in root.commands] + [[g, n] for g in ('partner', 'publication')"
        " for n in root.commands[g].commands]:\n"
        "    try:\n        root([*names, '--help'])\n    except SystemExit:\n        pass\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"BROADSHEET_LANGUAGE": "zh", "COLUMNS": "400"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_help_in_chinese_has_no_english_sentence(chinese_help: str):
    lines = [line.strip(" │") for line in chinese_help.splitlines()]
    prose = [line for line in lines if not cli_help.is_example(line) and not line.startswith(("用法", "English:"))]
    assert len(prose) > 300
    assert [line for line in prose if ENGLISH.search(line)] == []


def test_help_in_chinese_has_every_title_of_typer(chinese_help: str):
    assert "Usage" not in chinese_help
    for title in ("用法：", "参数", "选项", "命令", "[必填]", "[默认："):
        assert title in chinese_help


@pytest.mark.parametrize(
    ("environment", "spoken"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "BROADSHEET_LANGUAGE": "zh"}, "zh"),
        ({"LANG": "zh_TW.UTF-8", "BROADSHEET_LANGUAGE": "en"}, "en"),
        ({"BROADSHEET_LANGUAGE": "zh-Hant"}, "zh"),
        ({"BROADSHEET_LANGUAGE": "fr"}, "en"),
    ],
)
def test_the_language_is_the_environments(environment: dict[str, str], spoken: str, monkeypatch):
    for name in speech.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert speech.language() == spoken


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["read"], "缺少参数 path"),
        (["nowhere"], "没有命令“nowhere”"),
        (["read", "--colour", "x"], "没有选项 --colour"),
        (["submit", "x", "--date", "today"], "“today”不符合格式"),
        (["read", "/no/such/page.txt"], "/no/such/page.txt 不存在"),
        (["partner", "preview", "nobody"], "没有“nobody”（现有：brief-wire, sample-outlet）"),
        (["withdraw", "urn:newsml:x.example:20260115:a"], "缺少选项 --reason"),
    ],
)
def test_a_mistake_is_explained_in_chinese(arguments: list[str], said: str, tmp_path: Path):
    done = subprocess.run(
        [BROADSHEET, *arguments],
        env=os.environ | {"BROADSHEET_LANGUAGE": "zh", "BROADSHEET_HOME": str(tmp_path), "COLUMNS": "200"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (1, 2)
    assert said in done.stderr
    assert not ENGLISH.search(done.stderr)


def test_a_value_that_is_an_error_is_translated_and_other_peoples_text_is_not(monkeypatch):
    from transforms.errors import BadInput

    monkeypatch.setenv("BROADSHEET_LANGUAGE", "zh")
    assert speech.tr("{} is shown as text: {}", "{0}.pdf", BadInput("the file is empty: send the page again")) == (
        "{0}.pdf 以文字显示：文件为空：请重新发送此版"
    )
    assert speech.tr("To {}", "stop") == "发往 stop"


@pytest.mark.parametrize(
    ("values", "said"), [((1, 2), "1 of 2 issues, x"), ((1, 1), "1 of 1 issue, x"), ((0, 1_000), "0 of 1000 issues, x")]
)
def test_one_of_a_thing_is_singular_in_english(values: tuple[int, int], said: str, monkeypatch):
    monkeypatch.setenv("BROADSHEET_LANGUAGE", "en")
    assert speech.tr("{} of {} issues, {}", *values, "x") == said
