"""The text that archives of newspapers export: each article field by field, 【标题】…, 【作者】…, 【正文】…."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from transforms.intake.adapter import SourcePage
from transforms.intake.cut import CutArticle, lines_of, sheet_of

# What the fields are called; those that no article prints (版次, 来源, 字数) go out with none.
NAMES = {
    "headline": ("标题", "主标题", "正题", "标　题"),
    "kicker": ("引题", "肩题", "眉题"),
    "subhead": ("副标题", "副题"),
    "author": ("作者", "记者", "撰文", "作　者"),
    "body": ("正文", "内容", "全文", "正　文"),
    "": (
        "版次", "版面", "版名", "版号", "日期", "时间", "来源", "出处", "报纸", "报名", "刊名", "栏目", "专栏",
        "字数", "期次", "期号", "关键词", "分类", "分类号", "编辑", "责编", "责任编辑", "体裁",
        "链接", "网址", "作者单位",
    ),
}  # fmt: skip
FIELD_OF = {name: kind for kind, names in NAMES.items() for name in names}
LABEL = re.compile(
    rf"^[\s\u3000]{{0,8}}[【\[［](?P<name>{'|'.join(FIELD_OF)})[】\]］][：:\s\u3000]{{0,4}}(?P<rest>.*)$"
)
BREAK = re.compile(r"[\s\u3000、，,;；/／]+")


@dataclass
class _Fields:
    """The lines of an article's fields."""

    lines: dict[str, list[str]] = field(default_factory=dict)

    def has(self, kind: str) -> bool:
        return bool(self.lines.get(kind))

    def cut(self) -> CutArticle:
        def whole(kind: str) -> str:
            return " ".join(self.lines.get(kind, ()))

        authors = tuple(name for line in self.lines.get("author", ()) for name in _authors(line))
        body = tuple(("text", line) for line in self.lines.get("body", ()))
        return CutArticle(whole("kicker"), whole("headline"), whole("subhead"), authors, body)


def is_export(text: str) -> bool:
    """Whether a text is such an export: some article has a field for its headline, and one for its text."""
    kinds = {FIELD_OF[found["name"]] for line in text.splitlines() if (found := LABEL.match(line))}
    return {"headline", "body"} <= kinds


def export_sheet(name: str, encoding: str, number: int, text: str) -> SourcePage:
    """The page that its articles make. ``number``: the page's, 0 if unknown."""
    return sheet_of(name, encoding, number, (a.cut() for a in _articles(text.splitlines())))


def _articles(lines: Sequence[str]) -> Iterator[_Fields]:
    """The articles. Another begins at the first field behind a text."""
    article, kind = _Fields(), ""
    for line in lines:
        found = LABEL.match(line)
        if found:
            kind = FIELD_OF[found["name"]]
            if article.has("body") or (kind == "headline" and article.has("headline")):
                yield article
                article = _Fields()
        rest = found["rest"] if found else line
        article.lines.setdefault(kind, []).extend(lines_of(rest))
    if article.has("body") or article.has("headline"):
        yield article


def _authors(line: str) -> tuple[str, ...]:
    """A line of names alone, name by name; one that says what they did stays whole: 本报记者 张三."""
    names = [n for n in BREAK.split(line) if n]
    alone = all(2 <= len(n) <= 4 for n in names) and "记者" not in line and "通讯员" not in line
    return tuple(names) if alone else (line,)
