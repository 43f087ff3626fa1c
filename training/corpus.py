"""The training text: press articles and broadcast transcripts that stay outside the project.

None of their wording is kept in it; what is learnt are counts and weights from which no text can be recovered.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
SPACE = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
HELD_SHARE = 4  # pages are printed from every fourth story, and nothing that reads them may have learnt from it
FILES = (
    "xwlb_2022",
    "xwlb_2023",
    "xwlb_2024",
    "press_local",
    "press_misc",
    "press_other",
)
# Lines that portals leave around a story: who edited it, where it came from. No newspaper prints them.
PORTAL = re.compile(
    r"^[（(【\[]?(?:来源|编辑|责编|责任编辑|校对|审核|监制|作者|记者|文|图|撰文|实习|原标题|本文|转自|微信|扫码|关注|点击|声明|End|END)"
    r"[^。！？]{0,60}$|记者 ?\||编辑 ?\||^.{0,40}(?:综合|客户端|公众号)[）)】]?$"
)


@dataclass(frozen=True)
class Story:
    """An article: headline, paragraphs, which of them are crossheads, captions of its pictures, where it is from."""

    headline: str
    body: tuple[str, ...]
    crossheads: frozenset[str] = frozenset()
    captions: tuple[str, ...] = ()
    kicker: str = ""
    subhead: str = ""
    origin: str = "broadcast"


@dataclass(frozen=True)
class Head:
    """A real headline block without its text."""

    kicker: str
    headline: str
    subhead: str


def learnt_from(corpus: list[Story]) -> list[Story]:
    """What the language models learn from: never a story that pages are printed from."""
    return [s for n, s in enumerate(corpus) if n % HELD_SHARE]


def printed_from(corpus: list[Story]) -> list[Story]:
    """What pages are printed from."""
    return corpus[::HELD_SHARE]


def stories(files: tuple[str, ...] = FILES, shared: Path = SHARED) -> Iterator[Story]:
    """Yield the corpus in file order; raises FileNotFoundError if a file is absent."""
    for name in files:
        for row in _rows(name, shared):
            if story := _story(row, name.split("_")[0]):
                yield story


def learnt_heads(shared: Path = SHARED) -> list[Head]:
    """Real headline blocks that the line kinds learn from."""
    return _heads(shared)[1::2]


def printed_heads(shared: Path = SHARED) -> list[Head]:
    """Real headline blocks that are set on pages."""
    return _heads(shared)[::2]


def _heads(shared: Path) -> list[Head]:
    return [Head(r["kicker"].strip(), r["headline"].strip(), r["subhead"].strip()) for r in _rows("heads", shared)]


def _rows(name: str, shared: Path) -> Iterator[dict]:
    path = shared / "corpus" / f"{name}.jsonl.xz"
    if not path.exists():
        raise FileNotFoundError(f"{path} is absent: training needs the shared corpus beside the project")
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _story(row: dict, kind: str) -> Story | None:
    marked = frozenset(SPACE.sub(" ", p).strip() for p in row.get("crossheads", ()))
    body = [p for p in (SPACE.sub(" ", p).strip() for p in row["body"]) if p]
    if kind == "press":
        body = [p for p in body if not (len(p) < 70 and PORTAL.search(p))]
        # A line of the body is a crosshead only between paragraphs.
        while body and (body[-1] in marked or len(body[-1]) < 8):
            body.pop()
        while body and body[0] in marked:
            body.pop(0)
    if not body or sum(map(len, body)) < 60:
        return None
    return Story(
        SPACE.sub(" ", row["headline"]).strip(),
        tuple(body),
        frozenset(p for p in marked if p in body and len(p) <= 30),
        tuple(SPACE.sub(" ", c).strip() for c in row.get("captions", ()) if 4 < len(c.strip()) <= 80),
        row.get("kicker", "").strip(),
        row.get("subhead", "").strip(),
        "broadcast" if kind == "xwlb" else row.get("origin") or kind,
    )
