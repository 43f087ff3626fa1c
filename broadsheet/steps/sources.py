"""The files of a version as they were received, loaded one at a time."""

from __future__ import annotations

from collections.abc import Iterator

from delivery import issues
from delivery.issues import Received
from delivery.keys import VersionKey
from delivery.store import Store
from transforms.intake import SourceFile, loading
from transforms.lifecycle.embargo import NAME as EMBARGO


def sources_of(store: Store, version: VersionKey, claim: Received) -> Iterator[SourceFile]:
    """The files of a version. Of one that is too large for its kind, only the beginning is loaded."""
    for entry in claim.files:
        if entry.name != EMBARGO:
            yield _loaded(store, version.source(entry.name), entry.name, entry.size)


def source_of(store: Store, version: VersionKey, claim: Received, name: str) -> bytes | None:
    """The bytes of the file that a page was read from; also for ``file#3``.

    None if it is too large to be loaded, or if ``name`` is not a file but a picture inside a page.
    """
    sizes = {entry.name: entry.size for entry in claim.files}
    whole, _, number = name.rpartition("#")
    file = whole if name not in sizes and number.isdigit() else name
    if file not in sizes:
        return None
    loaded = _loaded(store, version.source(file), file, sizes[file])
    return loaded.data if loaded.is_whole else None


def _loaded(store: Store, key: str, name: str, size: int) -> SourceFile:
    if size > issues.MOST_COPIED:
        return SourceFile(name, b"", size)
    return loading.load(name, size, lambda length: store.beginning(key, length), lambda: store.get(key).content)
