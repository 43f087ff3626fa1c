"""Files in the inbox that will not be read, each with a code for the reason."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from delivery.inbox import Upload, uploads
from delivery.key_parts import date_in
from delivery.keys import ARCHIVE, COMPLETE, inbox
from delivery.store import Stat, Store
from transforms.days import is_plausible, today
from transforms.model import Publication

UNTOUCHED = timedelta(hours=1)  # an upload that nobody closes and nobody adds to
SETTLING = timedelta(minutes=10)  # a folder or mark may still be renamed
NEAR = timedelta(days=14)  # days whose uploads are looked at for a mark
DIGITS = re.compile(r"\A\D*(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D*")
MARKS = frozenset({"complete", "completed", "done", "finished", "ready"})


@dataclass(frozen=True, slots=True)
class Stray:
    """One of them. ``name`` identifies it; ``code`` and ``values`` say what is wrong with it."""

    name: str
    code: str
    values: tuple[object, ...]
    since: datetime


def strays(store: Store, publications: Iterable[Publication], now: datetime) -> Iterator[Stray]:
    """All of them, in the order of their keys. Lists the folders, and the days around ``now``."""
    papers = {p.id: p for p in publications}
    for folder in store.folders(inbox()):
        if folder not in papers:
            first = next(iter(store.list(f"{inbox()}{folder}/")), None)
            if first and now - first.modified >= SETTLING:
                yield Stray(folder, "stray_paper", (folder, _meant(folder, papers)), first.modified)
    for paper in papers.values():
        yield from _folders(store, paper, now)
        yield from _loose(store, paper, now)
        yield from _unclosed(store, paper, now)


def _meant(folder: str, papers: Iterable[str]) -> str:
    near = difflib.get_close_matches(folder.lower(), list(papers), 1)
    return f"({near[0]}?) " if near else ""


def _folders(store: Store, paper: Publication, now: datetime) -> Iterator[Stray]:
    """Folders that are no dates."""
    for folder in store.folders(inbox(paper.id)):
        if date_in(folder):
            continue
        place = f"{inbox(paper.id)}{folder}/"
        first = next(iter(store.list(place)), None)
        if first and now - first.modified >= SETTLING:
            values = (paper.name, folder, place, _day_meant(folder))
            yield Stray(f"{paper.id}_{folder}", "stray_day", values, first.modified)


def _day_meant(folder: str) -> str:
    found = DIGITS.fullmatch(folder)
    if not found:
        return ""
    try:
        return f"({date(*map(int, found.groups()))}?) "
    except ValueError:
        return ""


def _loose(store: Store, paper: Publication, now: datetime) -> Iterator[Stray]:
    """Files beside the days' folders."""
    root = inbox(paper.id)
    for stat in store.beside(root):
        name = stat.key[len(root) :]
        if not name.startswith(".") and now - stat.modified >= SETTLING:
            yield Stray(f"{paper.id}_{name}", "stray_file", (paper.name, name, paper.id), stat.modified)


def _unclosed(store: Store, paper: Publication, now: datetime) -> Iterator[Stray]:
    """Uploads that nothing takes up, because no mark closes them or because only the mark came."""
    here = today(now, paper.timezone)
    months = sorted({f"{day:%Y-%m}" for day in (here - NEAR, here, here + NEAR)})
    for upload in (u for month in months for u in uploads(store, paper.id, month)):
        if abs(upload.issue.date - here) > NEAR or not is_plausible(upload.issue.date, here) or upload.archived:
            continue
        name, shown = str(upload.issue), (paper.name, upload.issue.date)
        if upload.marked and not upload.files:
            if now - upload.marked >= SETTLING:
                yield Stray(name, "empty_upload", shown, upload.marked)
            continue
        if upload.marked or paper.watch.quiet_minutes:
            continue
        yield from _without_mark(store, upload, name, shown, now)


def _without_mark(store: Store, upload: Upload, name: str, shown: tuple[object, ...], now: datetime) -> Iterator[Stray]:
    mark = next((s for s in store.list(upload.issue.inbox) if _is_meant_as_mark(s, upload.issue.inbox)), None)
    if mark and now - mark.modified >= SETTLING:
        yield Stray(name, "wrong_mark", (*shown, mark.key[len(upload.issue.inbox) :]), mark.modified)
    elif upload.files and now - upload.changed >= UNTOUCHED:
        values = (*shown, len(upload.files), upload.changed.isoformat(timespec="minutes"))
        yield Stray(name, "unclosed", values, upload.changed)


def _is_meant_as_mark(stat: Stat, folder: str) -> bool:
    name = stat.key[len(folder) :]
    stem = name.lower().partition(".")[0].strip("_- ")
    return stem in MARKS and name not in (COMPLETE, ARCHIVE)
