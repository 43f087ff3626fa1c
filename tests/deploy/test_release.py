"""A version is named the same everywhere, and making one leaves nothing of the old."""

import shutil
from pathlib import Path

import pytest

from scripts import release

FILES = [*release.PLACES, "CHANGELOG.md"]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(release.ROOT / name, tmp_path / name)
    return tmp_path


def test_all_files_name_the_version_of_the_changelog() -> None:
    assert release.disagreements() == []


def test_a_release_names_its_version_everywhere_and_dates_its_changes(copy: Path) -> None:
    old = release.current()
    release.release("7.8.9", "2026-12-01", copy)
    assert release.disagreements(copy) == []
    changes = (copy / "CHANGELOG.md").read_text("utf-8")
    assert changes.index("## Unreleased\n\n## 7.8.9 — 2026-12-01\n") < changes.index(f"## {old} — ")
    assert [n for n in release.PLACES if release.PLACES[n][0].format(old) in (copy / n).read_text("utf-8")] == []


def test_an_empty_release_is_refused(copy: Path) -> None:
    release.release("7.8.9", "2026-12-01", copy)
    with pytest.raises(ValueError, match="nothing is listed"):
        release.release("7.9.0", "2026-12-02", copy)
