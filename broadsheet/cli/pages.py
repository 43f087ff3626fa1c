"""From a path that somebody typed to an issue: which files are pages, of which newspaper, of which day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import overload

from broadsheet.settings import Settings
from transforms.days import checked_day
from transforms.errors import BadInput
from transforms.intake import SourceFile, loading, mets, read_source
from transforms.intake.adapter import HEAD, Head
from transforms.lifecycle.embargo import NAME as EMBARGO
from transforms.model import Issue, Publication

PAGE_NAME = re.compile(r"page[-_ ]?\d+\.[^.]+$", re.IGNORECASE)
PRINTED_DATE = re.compile(r"(20\d\d)\s*年\s*(1[0-2]|0?[1-9])\s*月\s*(3[01]|[12]\d|0?[1-9])\s*日\s*[（(]?星期")
PAPER_ID = re.compile(r"[a-z0-9-]{1,64}")
TEXTS = frozenset({".txt", ".text", ".md"})
MOST_FILES = 5000  # looked at in a folder and those below it


class PageFiles(Sequence[SourceFile]):
    """Files of a folder by their names in it. Each is loaded whenever it is asked for, so that one is in memory."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self.names = tuple(names)

    @overload
    def __getitem__(self, at: int) -> SourceFile: ...

    @overload
    def __getitem__(self, at: slice) -> PageFiles: ...

    def __getitem__(self, at: int | slice) -> SourceFile | PageFiles:
        return PageFiles(self.folder, self.names[at]) if isinstance(at, slice) else _load(self.folder, self.names[at])

    def __len__(self) -> int:
        return len(self.names)

    def pages(self) -> PageFiles:
        """Without what goes beside the pages."""
        return PageFiles(self.folder, [name for name in self.names if name != EMBARGO])


def _load(folder: Path, name: str) -> SourceFile:
    path = folder / name
    with _readable(path):
        return loading.load(name, path.stat().st_size, lambda length: _beginning(path, length), path.read_bytes)


def _beginning(path: Path, length: int) -> bytes:
    with _readable(path), path.open("rb") as file:
        return file.read(length)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}") from error


def page_files(path: Path) -> PageFiles:
    """The pages at a path: the file itself, or a folder's page-NN files and all others that are known for pages.

    Without page-NN files its texts count too. An embargo.toml goes with them; other files, such as notes or gold.json,
    are ignored if there are pages. Raises BadInput if there is none.
    """
    if path.is_file():
        return PageFiles(path.parent, [path.name])
    if not path.is_dir():
        raise BadInput(f"{path} does not exist.")
    with _readable(path):
        inside = sorted(p for p in path.iterdir() if p.is_file() and not p.name.startswith((".", "_")))
    inside = [p for p in inside if p.name != EMBARGO]
    if any(_is_book(p) for p in inside):  # an archive's METS lies above the folders of the pages' files
        inside += sorted(islice((p for p in path.rglob("*") if p.is_file() and p.parent != path), MOST_FILES))
    named = {p for p in inside if PAGE_NAME.match(p.name)}
    known = [p for p in inside if p in named or loading.is_recognised(_beginning(p, HEAD))]
    pages = known if named else [p for p in inside if p in known or p.suffix.lower() in TEXTS]
    pages = pages or inside
    if not pages:
        raise BadInput(f"{path} has no pages. Name them page-01.txt, page-02.pdf and so on.")
    beside = [path / EMBARGO] if (path / EMBARGO).is_file() else []
    return PageFiles(path, [p.relative_to(path).as_posix() for p in (*pages, *beside)])


def _is_book(path: Path) -> bool:
    return mets.ADAPTER.sniff(Head(_beginning(path, HEAD)))


def issue_at(path: Path, publication: str = "", day: date | None = None, paper: Publication | None = None) -> Issue:
    """Read an issue from a path; newspaper and day come from the caller, the folders' names or the printed dateline.

    ``paper`` is the newspaper's file, if it is known: it may say where its e-paper has what.
    """
    pages, refused = read_source(page_files(path).pages(), paper)
    guessed_publication, guessed_day = from_folders(path)
    printed = printed_date([p.text for p in pages])
    day = day or guessed_day or printed or date.today()  # noqa: DTZ011 - the day where the user sits
    return Issue(publication or guessed_publication, checked_day(day, date.today(), archive=True), pages, refused)  # noqa: DTZ011


def known_paper(publication: str) -> Publication | None:
    """The newspaper of that id, if its file is there. Raises BadRecord if the file is not sound."""
    path = Settings.from_env().publications / f"{publication}.toml"
    if not PAPER_ID.fullmatch(publication) or not path.is_file():
        return None
    from delivery.records import load_publication  # here: a page of no known newspaper is read without it

    return load_publication(path)


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
