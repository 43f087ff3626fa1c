"""From a path that somebody typed to an issue: which files are pages, of which newspaper, of which day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from transforms.days import checked_day
from transforms.errors import BadInput
from transforms.intake import SourceFile, read_source
from transforms.lifecycle.embargo import NAME as EMBARGO
from transforms.model import Issue

PAGE_NAME = re.compile(r"page[-_ ]?\d+\.[^.]+$", re.IGNORECASE)
PRINTED_DATE = re.compile(r"(20\d\d)\s*年\s*(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*日\s*[（(]?星期")
KINDS = frozenset({".txt", ".pdf"})


def page_files(path: Path) -> list[SourceFile]:
    """The pages at a path: the file itself, or a folder's page-NN files (failing that, all its .txt and .pdf files).

    An embargo.toml goes with them; other files, such as notes or gold.json, are let be. Raises BadInput where there is
    no page.
    """
    if path.is_file():
        return [SourceFile(path.name, path.read_bytes())]
    if not path.is_dir():
        raise BadInput(f"There is no file or folder {path}.")
    inside = sorted(p for p in path.iterdir() if p.is_file())
    pages = [p for p in inside if PAGE_NAME.match(p.name)] or [p for p in inside if p.suffix.lower() in KINDS]
    if not pages:
        raise BadInput(f"{path} holds no pages. They are named page-01.txt, page-02.txt and so on.")
    beside = [p for p in inside if p.name == EMBARGO]
    return [SourceFile(p.name, p.read_bytes()) for p in (*pages, *beside)]


def issue_at(path: Path, publication: str = "", day: date | None = None) -> Issue:
    """Read an issue from a path; newspaper and day come from the caller, the folders' names or the printed dateline."""
    pages, refused = read_source([f for f in page_files(path) if f.name != EMBARGO])
    guessed_publication, guessed_day = from_folders(path)
    printed = printed_date([p.text for p in pages])
    day = day or guessed_day or printed or date.today()  # noqa: DTZ011 - the day where the user sits
    return Issue(publication or guessed_publication, checked_day(day, date.today(), archive=True), pages, refused)  # noqa: DTZ011


def from_folders(path: Path) -> tuple[str, date | None]:
    """Newspaper and day where the path ends in .../<publication>/<YYYY-MM-DD>[/file]; else what is known of them."""
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    try:
        return folder.parent.name, date.fromisoformat(folder.name)
    except ValueError:
        return "", None


def printed_date(texts: Sequence[str]) -> date | None:
    """The day in the folio line (2026年1月15日 星期四), which no story's text looks like."""
    for text in texts:
        for year, month, day in PRINTED_DATE.findall(text):
            try:
                return date(int(year), int(month), int(day))
            except ValueError:
                continue
    return None
