"""House style: the words and signs that a newspaper prints around its stories. Data, one TOML file per language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from transforms.chinese import SIMPLIFIED, TRADITIONAL, script_of_tag, simplified
from transforms.errors import BadRecord
from transforms.model import Publication

FOLDER = Path(__file__).resolve().parents[1] / "styles"


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """Lists of words; the first match wins.

    ``papers``: what a newspaper calls itself (本报). ``ranks``: words before roles (特约记者). ``signs``:
    credits of their own (文/图). ``jump_to``, ``jump_from``: words before a page number. ``tails``: words
    after names (整理, 报道). ``notices``, ``listings``: headings of adverts and of regular listings.
    ``labels``: columns of news in brief. ``summaries``: labels above a story's summary (核心阅读).
    ``desk``: roles of those who prepare a story for print and write none of it (编辑); ``crafts``: roles that count as
    theirs on the same line. ``sources``, ``graphics``: words before the source of a chart (数据来源) and who drew it.
    ``disclosures``: fields of companies' announcements (证券代码). ``disclaimers``: words of one (不构成投资建议).
    """

    byline_marks: tuple[str, ...]
    papers: tuple[str, ...]
    ranks: tuple[str, ...]
    roles: tuple[str, ...]
    signs: tuple[str, ...]
    lead_words: tuple[str, ...]
    agencies: tuple[str, ...]
    jump_to: tuple[str, ...]
    jump_from: tuple[str, ...]
    sidebars: tuple[str, ...]
    tails: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    desk: tuple[str, ...] = ()
    crafts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    graphics: tuple[str, ...] = ()
    disclosures: tuple[str, ...] = ()
    disclaimers: tuple[str, ...] = ()
    language: str = SIMPLIFIED
    aliases: tuple[tuple[str, str], ...] = ()  # a newspaper's own words, and what they are in the general style

    def with_more(self, more: Mapping[str, Sequence[str]]) -> HouseStyle:
        """This style, with a newspaper's own words first."""
        known: dict[str, tuple[str, ...]] = {name: getattr(self, name) for name in more}
        aliases = tuple((word, known[name][0]) for name, words in more.items() for word in words)
        longest_first = tuple(sorted(aliases, key=lambda pair: (-len(pair[0]), pair)))
        lists: dict[str, Any] = {name: (*words, *known[name]) for name, words in more.items()}
        return replace(self, **lists, aliases=longest_first)

    def in_simplified(self) -> HouseStyle:
        """This style with its words in simplified characters, to read texts that were put into them."""
        names = [f.name for f in fields(self) if f.name not in ("language", "aliases")]
        lists: dict[str, Any] = {name: tuple(map(simplified, getattr(self, name))) for name in names}
        aliases = tuple((simplified(own), simplified(general)) for own, general in self.aliases)
        return replace(self, **lists, aliases=aliases, language=SIMPLIFIED)


@cache
def general_style(name: str = "zh-Hans") -> HouseStyle:
    """The general style of this name. Raises BadRecord, listing those that exist."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise BadRecord(f"style.extends: unknown general style “{name}” (there are: {known})")
    record = tomllib.loads(path.read_text("utf-8"))
    lists: dict[str, Any] = {f.name: tuple(record[f.name]) for f in fields(HouseStyle) if f.name in record}
    return HouseStyle(**lists, language=name)


def style_of(publication: Publication | None) -> HouseStyle:
    """A newspaper's style, which extends that of its language; by default that of simplified Chinese."""
    if publication is None:
        return general_style()
    traditional = publication.style == SIMPLIFIED and script_of_tag(publication.language) == TRADITIONAL
    name = TRADITIONAL if traditional else publication.style
    return general_style(name).with_more(dict(publication.marks))


def style_for(language: str, style: HouseStyle) -> HouseStyle:
    """The style for a page: the newspaper's own, or the general one if the page is in the other script."""
    return style if language in ("", style.language) else general_style(language)


def any_of(words: Sequence[str]) -> str:
    """A pattern that matches any of the words, the first one first; it never matches if there are none."""
    return f"(?:{'|'.join(map(re.escape, words))})" if words else "(?!)"
