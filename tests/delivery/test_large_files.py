"""A file that is too large to be a page is refused without being loaded, from disk and from the store."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from broadsheet.cli.pages import page_files
from broadsheet.steps import ingest
from broadsheet.steps.sources import source_of, sources_of
from delivery.issues import MOST_LOADED, Received, SourceEntry
from delivery.keys import IssueKey, VersionKey
from tests.support.memory import MemoryStore
from transforms.errors import BadInput
from transforms.intake import read_source
from transforms.model import File

SIZE = 300 << 20
STORY = "春耕现场会召开\n\n本报讯（记者 李明）昨日，我县召开春耕生产现场会，部署当前农业工作。\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "page-01.txt").write_text(STORY, "utf-8")
    large = {"page-02.pdf": b"%PDF-1.7\n", "page-03.txt": STORY.encode(), "page-04.docx": b"PK\3\4word/"}
    for name, magic in large.items():
        with (tmp_path / name).open("wb") as file:
            file.write(magic)
            file.truncate(SIZE)
    return tmp_path


def test_large_files_of_a_folder_are_named_and_the_others_read(folder: Path) -> None:
    tracemalloc.start()
    try:
        pages, refused = read_source(page_files(folder))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [p.name for p in pages] == ["page-01.txt"]
    reasons = {r.name: r.reason for r in refused}
    assert "a PDF file of 314,572,800 bytes, more than the" in reasons["page-02.pdf"]
    assert "a text file of 314,572,800 bytes, more than the" in reasons["page-03.txt"]
    assert "a Word document, which cannot be read as a page" in reasons["page-04.docx"]
    assert peak < 100 << 20


@pytest.mark.slow
def test_the_command_line_refuses_it_in_words_and_little_memory(folder: Path) -> None:
    code = f"import resource; resource.setrlimit(resource.RLIMIT_DATA, ({SIZE}, {SIZE})); " + (
        "import sys; from broadsheet.cli.main import main; sys.argv = ['broadsheet', 'read', sys.argv[1]]; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, folder / "page-03.txt"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "more than the 8,388,608 that one may have" in " ".join(done.stderr.split())


def test_it_is_not_uploaded_and_says_so(folder: Path) -> None:
    store = MemoryStore()
    with pytest.raises(BadInput, match=r"page-02.pdf: this is a PDF file of .* Nothing was uploaded"):
        ingest.put_in_inbox(store, "paper", date(2026, 1, 15), page_files(folder))
    assert store.files == {}


class Watched(MemoryStore):
    """Counts the objects that are loaded whole."""

    def get(self, key):
        self.fuse.written.append(f"get {key}")
        return super().get(key)


def test_in_the_store_it_is_copied_and_known_by_its_beginning() -> None:
    store, version = Watched(), VersionKey(IssueKey("paper", date(2026, 1, 15)), 1)
    key = version.issue.inbox_file("page-02.pdf")
    store.put(File(key, b"%PDF-1.7\n" + bytes(MOST_LOADED), "", ""))
    stat = store.stat(key)
    entry = SourceEntry(key, "page-02.pdf", stat.etag, stat.size)
    claim = Received("digest", datetime(2026, 1, 15, tzinfo=UTC), (entry,))
    ingest.issues.keep_source(store, version, claim)
    (file,) = sources_of(store, version, claim)
    assert (file.is_whole, file.length) == (False, stat.size)
    _, (refusal,) = read_source([file])
    assert "a PDF file of" in refusal.reason
    assert source_of(store, version, claim, "page-02.pdf") is None
    assert not [k for k in store.fuse.written if k.startswith("get ")]
    assert store.stat(version.source("page-02.pdf")).size == stat.size
