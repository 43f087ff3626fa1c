"""A store in memory that keeps the protocol's promises and can be made to die at its n-th write."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from delivery.store import Absent, Blob, Stat, Unchanged
from transforms.errors import Conflict, NotFound, StoreError

THEN = datetime(2026, 1, 15, tzinfo=UTC)


@dataclass
class Fuse:
    """Counts writes over all stores that share it; the write after the last allowed one raises, as do all later."""

    left: int = 10**9
    written: list[str] = field(default_factory=list)

    def burn(self, key: str) -> None:
        if self.left <= 0:
            raise StoreError(f"killed before {key}")
        self.left -= 1
        self.written.append(key)


@dataclass
class MemoryStore:
    fuse: Fuse = field(default_factory=Fuse)
    files: dict = field(default_factory=dict)
    now: datetime = THEN  # what is put gets this time
    times: dict = field(default_factory=dict)

    bucket: str = ""
    endpoint: str = ""

    def on(self, bucket, uploads=0):
        return self

    def make(self):
        """There is nothing to make."""

    def set_policy(self, policy):
        """Nobody reads it over a network."""

    def link(self, key, seconds):
        return f"memory:{key}"

    def get(self, key):
        if key not in self.files:
            raise NotFound(key)
        file = self.files[key]
        return Blob(file.content, etag(file), file.media_type, tuple(sorted(file.metadata.items())))

    def beginning(self, key, length):
        return self.files[key].content[:length]

    def copy(self, source, target, etag):
        if self.stat(source).etag != etag:
            raise Conflict(source)
        self.put(replace(self.files[source], key=target))

    def stat(self, key):
        file = self.files.get(key)
        return Stat(key, etag(file), len(file.content), self.times.get(key, THEN)) if file else None

    def stat_all(self, keys):
        return [self.stat(key) for key in keys]

    def put(self, file, condition=None):
        there = self.files.get(file.key)
        if isinstance(condition, Absent) and there:
            raise Conflict(file.key)
        if isinstance(condition, Unchanged) and (not there or etag(there) != condition.etag):
            raise Conflict(file.key)
        self.fuse.burn(file.key)
        self.files[file.key] = file
        self.times[file.key] = self.now
        return etag(file)

    def put_all(self, files):
        return [(file, self._attempt(file, condition)) for file, condition in files]

    def _attempt(self, file, condition):
        try:
            return self.put(file, condition)
        except StoreError as error:
            return error

    def delete(self, keys):
        for key in keys:
            if key in self.files:
                self.fuse.burn(f"delete {key}")
                del self.files[key]

    def list(self, prefix):
        yield from [self.stat(key) for key in sorted(self.files) if key.startswith(prefix)]

    def folders(self, prefix):
        rest = (key[len(prefix) :] for key in self.files if key.startswith(prefix))
        yield from sorted({r.split("/")[0] for r in rest if "/" in r})

    def beside(self, prefix):
        yield from (stat for stat in self.list(prefix) if "/" not in stat.key[len(prefix) :])


def etag(file) -> str:
    return hashlib.md5(file.content, usedforsecurity=False).hexdigest()
