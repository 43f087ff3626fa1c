"""``broadsheet publication``: write a newspaper's file, and check it against some of its pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadsheet.cli.pages import issue_at
from broadsheet.cli.record_file import write_record
from broadsheet.cli.screen import called, out, show, table
from broadsheet.cli.speech import reason, tr
from broadsheet.settings import Settings
from delivery.key_parts import checked_id
from delivery.publication_record import PublicationRecord
from delivery.records import load_publication, load_publications
from transforms.errors import BadInput
from transforms.model import Fate, Publication, Reading

if TYPE_CHECKING:
    from transforms.segment.gaps import Gap

MOST_SHOWN = 12
WHOLE = 2  # a word that was seen this often is counted in the list


def add(publication_id: str, given: Mapping[str, Any]) -> None:
    """Write a new newspaper's file. An existing file is never overwritten."""
    path = Settings.from_env().publications / f"{checked_id(publication_id)}.toml"
    if path.exists():
        raise BadInput(f"{path} already exists. Edit it, then `{called()} publication check {publication_id} PAGES`.")
    write_record(path, PublicationRecord, {"id": publication_id, **given})
    show("Written: {}. Next, with three of its pages:", path)
    show("  {} publication check {} PAGES    what [style] still lacks", called(), publication_id)
    show("  {} submit PAGES -p {} -d DATE     a first issue", called(), publication_id)


def list_publications() -> None:
    """A table of all newspapers."""
    rows = table("id", "name", "language", "published at", "expected by", "review")
    for p in load_publications(Settings.from_env().publications).values():
        asked = " ".join(f"{tr(k)} < {v:g}" for k, v in (("order", p.review.order), ("section", p.review.section)) if v)
        rows.add_row(p.id, p.name, p.language, p.publishes_at, p.watch.expected_by or "–", asked or "–")
    out.print(rows)


def check(publication_id: str, paths: Sequence[Path]) -> bool:
    """Read pages with the newspaper's file and show what it lacks; False if something is proposed or was not read."""
    from broadsheet.steps.reading import Reader
    from transforms.segment.gaps import style_gaps
    from transforms.segment.style import style_of

    publication = _publication(Settings.from_env().publications, checked_id(publication_id))
    found: dict[tuple[str, str], Gap] = {}
    sound, articles = True, 0
    for path in paths:
        issue = issue_at(path, publication.id, date.today(), publication)  # noqa: DTZ011 - no day is needed to read
        reading = Reader.load(publication).read(issue)
        sound = _show(path, reading) and sound
        articles += len(reading.articles)
        found |= {(g.field, g.word): g for g in style_gaps(issue.pages, reading, style_of(publication))}
    if articles:
        _propose(publication, list(found.values()))
    return sound and not found


def _publication(folder: Path, publication_id: str) -> Publication:
    """The newspaper of that id, whatever is wrong with the files of others."""
    path = folder / f"{publication_id}.toml"
    if not path.exists():
        known = ", ".join(p.stem for p in sorted(folder.glob("*.toml")))
        raise BadInput(f"unknown publication “{publication_id}” (there are: {known or 'none'})")
    return load_publication(path)


def _show(path: Path, reading: Reading) -> bool:
    """One line on the pages at one path, then the headline and byline of each article."""
    account = reading.account()
    lost = account[Fate.REJECTED.value]
    out.print()
    show("{}: {} articles, {} characters in none of them", path, len(reading.articles), lost, style="bold")
    for article in reading.articles[:MOST_SHOWN]:
        credit = ", ".join(c.name for c in article.byline) or tr("no byline")
        show("  {}  ·  {}", article.headline or tr("(no headline)"), credit)
    if not reading.articles and not reading.refused:
        show("  {}", tr("No article was found: no line reads like a headline with text below it."), style="red")
    for refusal in reading.refused:
        show("  {}: {}", refusal.name, reason(refusal.reason), style="red")
    return bool(reading.articles) and not lost and not reading.refused


def _propose(publication: Publication, gaps: Sequence[Gap]) -> None:
    """Print the lines to add to the file, and where each word was seen."""
    if not gaps:
        out.print()
        show("{}.toml: [style] covers everything printed around these stories.", publication.id, style="green")
        return
    out.print()
    show("To add to {}.toml, after checking each:", publication.id, style="bold")
    for gap in gaps[:MOST_SHOWN]:
        seen = tr("once") if gap.lines < WHOLE else tr("{} times", gap.lines)
        show("  {}  {}, {}: {}", gap.word, gap.field, seen, gap.example)
    out.print("\n[style]")
    for field in dict.fromkeys(gap.field for gap in gaps):
        words = [gap.word for gap in gaps if gap.field == field]
        out.print(f"{field} = {json.dumps(words, ensure_ascii=False)}", soft_wrap=True)
