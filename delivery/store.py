"""The object store as the rest of the code knows it: one bucket, its objects, and conditions on writing them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from transforms.errors import StoreError
from transforms.model import File

if TYPE_CHECKING:
    pass


DIGEST = "sha256"  # the metadata that our objects carry, by which content is known where an ETag is not an MD5


@dataclass(frozen=True, slots=True)
class Stat:
    """What the store knows of an object without its bytes. ``etag`` is without quotation marks.

    ``sha256`` is the digest that we wrote beside it; empty in listings, and for what others wrote.
    """

    key: str
    etag: str
    size: int
    modified: datetime
    sha256: str = ""

    def holds(self, file: File) -> bool:
        """Whether the object has these bytes. Where an ETag is not an MD5 (encryption), our digest beside it counts."""
        if is_md5(self.etag):
            return self.etag == md5_of(file)
        return self.sha256 == hashlib.sha256(file.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Blob:
    """An object's bytes and what goes with them."""

    content: bytes
    etag: str
    media_type: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """The condition that no object stands under the key yet (If-None-Match: *)."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The condition that the object is still the one that was seen (If-Match)."""

    etag: str


Condition = Absent | Unchanged | None


class Store(Protocol):
    """One bucket. Keys are UTF-8; a missing object raises NotFound, a lost race Conflict, the rest StoreError."""

    bucket: str  # its name; empty for a store without buckets

    @property
    def endpoint(self) -> str:
        """The address of the server that has the bucket; empty if nobody reaches it over a network."""
        ...

    def on(self, bucket: str, uploads: int = 0) -> Store:
        """Another bucket of the same server; ``uploads`` objects are written at once (0: as many as here)."""
        ...

    def make(self) -> None:
        """Create the bucket if it does not exist."""
        ...

    def set_policy(self, policy: Mapping[str, Any] | None) -> None:
        """Put a bucket policy in place of the one before; None takes it away."""
        ...

    def link(self, key: str, seconds: int) -> str:
        """An address that opens one object for so long, to whoever has it."""
        ...

    def get(self, key: str) -> Blob: ...

    def beginning(self, key: str, length: int) -> bytes:
        """The first bytes of an object that has some."""
        ...

    def copy(self, source: str, target: str, etag: str) -> None:
        """Copy an object inside the store; Conflict if it is no longer the one with that ETag."""
        ...

    def stat(self, key: str) -> Stat | None: ...

    def stat_all(self, keys: Sequence[str]) -> list[Stat | None]:
        """Many at once, in the order given."""
        ...

    def put(self, file: File, condition: Condition = None) -> str:
        """Store one object and return its ETag; nothing is left half-written."""
        ...

    def put_all(self, files: Iterable[tuple[File, Condition]]) -> list[tuple[File, str | StoreError]]:
        """Store many at once, with a bounded number in flight; each file comes back with its ETag or its error."""
        ...

    def delete(self, keys: Sequence[str]) -> None: ...

    def list(self, prefix: str) -> Iterator[Stat]:
        """All objects below a prefix, in the order of their keys."""
        ...

    def folders(self, prefix: str) -> Iterator[str]:
        """The names (without slashes) one level below a prefix."""
        ...

    def beside(self, prefix: str) -> Iterator[Stat]:
        """The objects one level below a prefix, those in folders left out."""
        ...


def is_md5(etag: str) -> bool:
    return len(etag) == 32 and all(c in "0123456789abcdef" for c in etag)


def md5_of(file: File) -> str:
    return hashlib.md5(file.content, usedforsecurity=False).hexdigest()
