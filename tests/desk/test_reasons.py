"""The reasons that the core gives, in Chinese: all that the code can say has words, with its values in their places."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.steps import incidents
from broadsheet.steps.reasons import reason_in
from broadsheet.texts import words_of

FIELD = re.compile(r"\{\w+\}")  # a value that is filled in by name
ROOT = Path(__file__).parents[2]
FOLDERS = (
    "transforms/intake", "transforms/lifecycle", "transforms/render", "transforms/gate", "transforms/audience",
    "delivery", "broadsheet/steps", "broadsheet/web", "broadsheet/cli", "broadsheet/local",
)  # fmt: skip
MODULES = (
    "transforms/days.py", "transforms/guid.py", "transforms/illustrate.py", "transforms/mending.py",
    "transforms/mending_steps.py", "transforms/reading.py", "transforms/segment/style.py", "broadsheet/installation.py",
    "broadsheet/schema_store.py",
)  # fmt: skip
# What raises or keeps a sentence for editors and operators, and the position of the sentence among its arguments.
SAID = {
    "BadInput": (0,), "NotFound": (0,), "Undelivered": (0,), "InvalidOutput": (0,),
    "HTTPException": (1,), "Refusal": (1,), "UnreadKind": (0, 2), "Adapter": (1,), "Finding": (2,),
    **dict.fromkeys(
        ("BadRecord", "StoreError", "Conflict", "Damaged", "Overtaken", "AirflowError", "NotRunning", "NotPrepared",
         "NoSpace", "BusyError", "BackfillError", "Untold", "BroadsheetError", "Unserved",
         "Unavailable", "NoConnection"), (0,),
    ),
}  # fmt: skip
# Not sentences of ours, or for whoever writes code.
INSIDE = {"each row must have {} numbers, one a section", "{} ({}: {})", "{}: {}"}


def sources() -> list[Path]:
    return [p for folder in FOLDERS for p in sorted((ROOT / folder).rglob("*.py"))] + [ROOT / m for m in MODULES]


def template(node: ast.expr | None, constants: dict[str, str]) -> str:
    """A sentence with ``{}`` for its values; empty if it is none that is written there."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name, "")
        case ast.JoinedStr(values=parts):
            return "".join(_part(part, constants) for part in parts)
    return ""


def _part(node: ast.expr, constants: dict[str, str]) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    inner = node.value if isinstance(node, ast.FormattedValue) else None
    text = constants.get(inner.id, "") if isinstance(inner, ast.Name) else ""
    return text if " " in text else "{}"


def constants_of(trees: list[ast.Module]) -> dict[str, str]:
    """The sentences that modules keep under a name in capitals."""
    found: dict[str, str] = {}
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
                found[node.targets[0].id] = template(node.value, {})
    return found


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence that can be raised or kept, with its file."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sources()}
    constants = constants_of(list(trees.values()))
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                for place in SAID.get(node.func.id, ()):
                    text = template(node.args[place], constants) if len(node.args) > place else ""
                    text = FIELD.sub("{}", text)
                    if text.replace("{}", "").strip() and text not in INSIDE:
                        yield str(path.relative_to(ROOT)), text


@pytest.mark.slow  # reads the whole code
def test_whatever_the_code_can_say_has_words():
    found, words = list(sentences()), words_of("zh", "reason")
    assert len(found) > 150
    lacking = sorted({f"{path}: {text}" for path, text in found if not words.has(text)})
    assert lacking == [], "add these to [reason] in broadsheet/language/zh.toml"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the file is empty: send the page again", "文件为空：请重新发送此版"),
        (
            "this is a ZIP archive, which cannot be read as a page: unpack it and send the pages in it",
            "这是ZIP 压缩包，不能作为版面读取：请解压后发送其中的版面",
        ),
        (
            "this is an XML document of an unknown kind (its root is <a>), which cannot be read as a page: "
            "save the page's text as UTF-8 and send that",
            "这是未知类型的 XML 文档（根元素为 <a>），不能作为版面读取：请将版面文字存为 UTF-8 文本再发送",
        ),
        ("page 3 has come twice, here and as {0}.txt: rename or withdraw one of them",
         "第 3 版来了两次，另一个文件是 {0}.txt：请改名或撤回其一"),
        ("nothing on page 2 of yunzhou-daily/2026-01-15 is different", "yunzhou-daily/2026-01-15 第 2 版没有改动"),
        ("the article “新渠” has no text; it has 3.10 MB, and the partner takes 2 MB at most",
         "稿件《新渠》没有正文；文件有 3.10 MB，该媒体最多接收 2 MB"),
        ("something that nobody has words for", "something that nobody has words for"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_reason_is_said_in_chinese_with_its_values(english: str, chinese: str):
    assert reason_in(english, "zh-Hans") == chinese
    assert reason_in(english, "en") == english


def test_a_failed_run_names_its_task_and_what_to_do():
    title, detail = incidents.words("red_ingest_issue", "en", ("yunzhou-daily 2026-01-15", "store_articles"))
    assert title == "yunzhou-daily 2026-01-15: ingesting failed"
    assert detail.startswith("Failed task: storing the articles (store_articles). ")
    assert "clear the task" in detail.lower()
    _, chinese = incidents.words("red_ingest_issue", "zh", ("yunzhou-daily 2026-01-15", "store_articles"))
    assert chinese.startswith("失败的任务：稿件入库（store_articles）。")
    _, unknown = incidents.words("red_ingest_issue", "en", ("yunzhou-daily", "task_failure"))
    assert unknown == "It failed at task_failure."
