"""A small issue in memory, brought in and out as the pipeline does it, for tests of every part."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import feedparser

from broadsheet.installation import Installation
from broadsheet.steps import ingest
from delivery.public import Answer
from delivery.records import load_partners, load_publications
from tests.support.memory import Fuse, MemoryStore
from transforms.gate import load_schemas
from transforms.intake import SourceFile
from transforms.model import Review

ROOT = Path(__file__).parents[2]
DAY = date(2026, 1, 15)
NAME = "yunzhou-daily"
NOW = datetime(2026, 1, 15, 8, tzinfo=UTC)
URL = "https://shelf.example"
PAGES = [
    SourceFile(
        "page-01.txt", "老渠新水润良田\n\n清晨的老渠边，水声不断。村里定下三件事，件件有着落，户户有账本。\n".encode()
    ),
    SourceFile(
        "page-02.txt", "城东小学添新操场\n\n一月十四日，城东小学的新操场启用，孩子们在上面跑了第一圈。\n".encode()
    ),
]
CHANGED = [
    SourceFile("page-01.txt", PAGES[0].data.replace("三件事".encode(), "四件事".encode())),
    PAGES[1],
]


def make_installation(fuse: Fuse | None = None) -> Installation:
    fuse = fuse or Fuse()
    publications, partners = load_publications(ROOT / "publications"), load_partners(ROOT / "partners")
    publications[NAME] = replace(publications[NAME], review=Review())  # pages as short as these would all be doubtful
    shelf = MemoryStore(fuse)
    return Installation(
        MemoryStore(fuse),
        shelf,
        publications,
        partners,
        URL,
        load_schemas(None),
        fetch=lambda url: stranger(shelf, url),
    )


def stranger(shelf: MemoryStore, url: str) -> Answer:
    """What the public address of the shelf in memory gives to anybody."""
    file = shelf.files.get(url.removeprefix(f"{URL}/"))
    return Answer(200, file.content) if file else Answer(404)


def ingest_day(installation: Installation, day: date = DAY):
    version = ingest.receive_issue(installation, NAME, day, datetime.now(UTC))
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    return version


def syndicate(installation: Installation, now: datetime = NOW) -> None:
    work = ingest.pending_work(installation)
    for one in work:
        ingest.serve(installation, one, now)
    ingest.finish(installation, work)


def submit(installation: Installation, pages, day: date = DAY, now: datetime = NOW):
    ingest.put_in_inbox(installation.store, NAME, day, pages)
    version = ingest_day(installation, day)
    syndicate(installation, now)
    return version


def shelf(installation: Installation) -> dict[str, bytes]:
    return {key: file.content for key, file in installation.shelf.files.items()}


def feed(installation: Installation, name: str = "all"):
    return feedparser.parse(installation.shelf.files[f"sample-outlet/{NAME}/feeds/{name}.rss"].content)


def bodies(installation: Installation) -> set[str]:
    return {e.content[0].value for e in feed(installation).entries}
