"""Every text that editors, operators and partners' readers see: in one file a language, whole in each."""

import ast
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from broadsheet.texts import FOLDER as DESK
from broadsheet.texts import LANGUAGES, words_of
from transforms.model import Section, Status
from transforms.multilingual import FOLDER as NOTES

ROOT = Path(__file__).parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
CALL = re.compile(r"""\b(?:t|words|said)\(["'](\w+)["'][,)]""")
# The model names its evidence in English, the core gives its reasons in it: only other languages need texts for them.
ONLY_TRANSLATED = ("evidence.", "reason.")
# Parts of keys that are put together from a name: `did_` and what was done.
STARTS = (
    "answer_",
    "did_",
    "does_",
    "doubt_",
    "failed_",
    "fate_",
    "held_",
    "red_",
    "role_",
    "run_",
    "section_",
    "then_",
    "why_",
)


def _texts(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{above}{key}.")
        else:
            yield above + key, value


def _read(folder: Path) -> dict[str, dict[str, str]]:
    files = {language: (folder / f"{language}.toml").read_text("utf-8") for language in LANGUAGES}
    return {language: dict(_texts(tomllib.loads(text))) for language, text in files.items()}


def _blanks(text: str) -> list[str]:
    return sorted(f"{name}:{spec}" for _, name, spec, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("folder", [DESK, NOTES])
def test_both_languages_say_everything_with_the_same_blanks(folder: Path):
    english, chinese = _read(folder)["en"], _read(folder)["zh"]
    singular = [k for k in english if k.endswith("_n_1")]  # Chinese says one as it says many
    assert [k for k in chinese if not k.startswith(ONLY_TRANSLATED)] == [k for k in english if k not in singular]
    assert {k: _blanks(english[k.removesuffix("_1")]) for k in singular} == {k: _blanks(english[k]) for k in singular}
    assert {k: _blanks(english[k]) for k in chinese if k in english} == {
        k: _blanks(chinese[k]) for k in chinese if k in english
    }
    assert all(text.strip() for text in (*english.values(), *chinese.values()))


@pytest.mark.parametrize("folder", [DESK, NOTES])
def test_english_is_english_and_chinese_is_chinese(folder: Path):
    texts = _read(folder)
    mixed = {k for k, text in texts["en"].items() if HAN.search(text)}
    assert mixed == {"desk.language"} & texts["en"].keys()  # the way to the other language is in that language
    plain = {k for k, text in texts["zh"].items() if re.search("[A-Za-z]{3}", text) and not HAN.search(text)}
    assert plain == {"desk.language"} & texts["zh"].keys()


def test_every_text_is_said_somewhere_and_every_text_said_exists():
    files = (p for folder in ("broadsheet", "delivery") for p in (ROOT / folder).rglob("*"))
    code = {p: p.read_text("utf-8") for p in files if p.suffix in (".py", ".html")}
    known = {key.split(".")[1] for key in _read(DESK)["en"] if not key.startswith("task.")}  # see tests/dags
    said = {key for text in code.values() for key in CALL.findall(text)}
    assert said <= known | {"title", "detail", "doing", "advice"}
    quoted = {key for text in code.values() for key in re.findall(r"""["'](\w+)["']""", text)}
    names = {one.value for kind in (Section, Status) for one in kind}
    said_of_one = {key for key in known if key.endswith("_n_1")}
    assert {key.removesuffix("_1") for key in said_of_one} <= said | quoted
    assert {key for key in known - quoted - names - said_of_one if not key.startswith(STARTS)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_put_together_from_names_has_texts(language: str):
    desk = words_of(language, "desk")
    for kind in (Section, Status):
        assert [one.value for one in kind if not desk.has(one.value)] == []


def test_no_text_in_chinese_stands_in_the_code():
    """Docstrings aside, and the sandbox's articles, which are data, and examples of what a newspaper prints."""
    found = {}
    for path in (p for folder in ("web", "airflow", "steps") for p in (ROOT / "broadsheet" / folder).rglob("*")):
        if path.suffix not in (".py", ".html", ".js") or path.name == "sandbox.py":
            continue
        text = path.read_text("utf-8")
        parts = _strings(text) if path.suffix == ".py" else [text]
        if any(HAN.search(part) for part in parts):
            found[path.name] = True
    assert found == {}


def test_no_catalogue_form_or_page_holds_a_retired_term(tmp_path: Path, monkeypatch):
    spec = importlib.util.spec_from_file_location("prose", ROOT / "scripts" / "prose.py")
    prose = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(prose)
    assert prose.all_findings() == []

    catalogue = ROOT / "broadsheet" / "language" / "zh.toml"
    assert catalogue in prose.chinese_files()
    old = tmp_path / "zh.toml"
    old.write_text(catalogue.read_text("utf-8").replace("配稿", "附稿"), "utf-8")
    monkeypatch.setattr(prose, "ROOT", tmp_path)
    monkeypatch.setattr(prose, "chinese_files", lambda: [old])
    monkeypatch.setattr(prose, "files", list)
    assert all("“附稿”" in one for one in prose.all_findings())
    assert prose.all_findings()


def _strings(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    documented = (n for n in ast.walk(tree) if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef))
    docs = {id(n.body[0].value) for n in documented if n.body and isinstance(n.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value
