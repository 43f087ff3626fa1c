"""``broadsheet publication``: a newspaper's file written, and checked against some of its pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadsheet.cli.pages import issue_at
from broadsheet.cli.record_file import write_record
from broadsheet.cli.screen import called, out
from broadsheet.settings import Settings
from delivery.key_parts import checked_id
from delivery.publication_record import PublicationRecord
from delivery.records import load_publication, load_publications
from transforms.errors import BadInput
from transforms.model import Fate, Publication, Reading

if TYPE_CHECKING:
    from transforms.segment.gaps import Gap

MOST_SHOWN = 12
WHOLE = 2  # so often must be seen what is proposed without reserve


def add(publication_id: str, given: Mapping[str, Any]) -> None:
    """Write a new newspaper's file; never over an old one."""
    path = Settings.from_env().publications / f"{checked_id(publication_id)}.toml"
    if path.exists():
        raise BadInput(f"{path} already exists. Edit it, then `{called()} publication check {publication_id} PAGES`.")
    write_record(path, PublicationRecord, {"id": publication_id, **given})
    out.print(f"Written: {path}. Then, with three of its pages:")
    out.print(f"  {called()} publication check {publication_id} PAGES    what [style] still lacks", soft_wrap=True)
    out.print(f"  {called()} submit PAGES -p {publication_id} -d DATE     a first issue", soft_wrap=True)


def list_publications() -> None:
    """A table of all newspapers."""
    from rich.table import Table

    table = Table("id", "name", "language", "out at", "expected by", "review", box=None, pad_edge=False)
    for p in load_publications(Settings.from_env().publications).values():
        asked = " ".join(f"{k} < {v:g}" for k, v in (("order", p.review.order), ("section", p.review.section)) if v)
        table.add_row(p.id, p.name, p.language, p.publishes_at, p.watch.expected_by or "–", asked or "–")
    out.print(table)


def check(publication_id: str, paths: Sequence[Path]) -> bool:
    """Read pages with the newspaper's file and show what it lacks; False if something is proposed or unread."""
    from broadsheet.steps.reading import Reader
    from transforms.segment.gaps import style_gaps
    from transforms.segment.style import style_of

    publication = load_publication(Settings.from_env().publications / f"{checked_id(publication_id)}.toml")
    found: dict[tuple[str, str], Gap] = {}
    sound = True
    for path in paths:
        issue = issue_at(path, publication.id, date.today(), publication)  # noqa: DTZ011 - no day is needed to read
        reading = Reader.load(publication).read(issue)
        sound = _show(path, reading) and sound
        found |= {(g.field, g.word): g for g in style_gaps(issue.pages, reading, style_of(publication))}
    _propose(publication, list(found.values()))
    return sound and not found


def _show(path: Path, reading: Reading) -> bool:
    """What became of the pages at one place, in a line, and each article's headline and byline."""
    account = reading.account()
    lost = account[Fate.REJECTED.value]
    out.print(f"\n{path}: {len(reading.articles)} articles, {lost} characters in none of them", style="bold")
    for article in reading.articles[:MOST_SHOWN]:
        credit = ", ".join(c.name for c in article.byline) or "no byline"
        out.print(f"  {article.headline or '(no headline)'}  ·  {credit}", soft_wrap=True)
    for refusal in reading.refused:
        out.print(f"  {refusal.name}: {refusal.reason}", style="red", soft_wrap=True)
    return bool(reading.articles) and not lost and not reading.refused


def _propose(publication: Publication, gaps: Sequence[Gap]) -> None:
    """The lines to add to the file, with where each word was seen."""
    if not gaps:
        out.print(f"\n{publication.id}.toml: [style] knows all that stands around these stories.", style="green")
        return
    out.print(f"\nFor {publication.id}.toml, after a look at each:", style="bold")
    for gap in gaps[:MOST_SHOWN]:
        seen = "once" if gap.lines < WHOLE else f"{gap.lines} times"
        out.print(f"  {gap.word}  {gap.field}, {seen}: {gap.example}", soft_wrap=True)
    out.print("\n[style]")
    for field in dict.fromkeys(gap.field for gap in gaps):
        words = [gap.word for gap in gaps if gap.field == field]
        out.print(f"{field} = {json.dumps(words, ensure_ascii=False)}", soft_wrap=True)
