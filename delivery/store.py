"""The object store as the rest of the code sees it: one bucket, its objects, and conditions on writing them."""

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
    """What the store knows about an object without reading it. ``etag``: without quotation marks.

    ``sha256``: the digest that we wrote with it; empty in listings, and for what others wrote.
    """

    key: str
    etag: str
    size: int
    modified: datetime
    sha256: str = ""

    def holds(self, file: File) -> bool:
        """Whether the object has these bytes. If its ETag is not an MD5 (encryption), our digest decides."""
        if is_md5(self.etag):
            return self.etag == md5_of(file)
        return self.sha256 == hashlib.sha256(file.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Blob:
    """An object's bytes and its metadata."""

    content: bytes
    etag: str
    media_type: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """The condition that there is no object with the key yet (If-None-Match: *)."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The condition that the object is still the one that was seen (If-Match)."""

    etag: str


Condition = Absent | Unchanged | None


class Store(Protocol):
    """One bucket.

    Keys are UTF-8. Methods raise NotFound for a missing object, Conflict for a failed condition, else StoreError.
    """

    bucket: str  # its name; empty for a store without buckets

    @property
    def endpoint(self) -> str:
        """The address of the server; empty if it cannot be reached over a network."""
        ...

    def on(self, bucket: str, uploads: int = 0) -> Store:
        """Another bucket of the same server.

        ``uploads``: how many objects are written at a time; 0 for as many as here.
        """
        ...

    def make(self) -> None:
        """Create the bucket if it does not exist."""
        ...

    def set_policy(self, policy: Mapping[str, Any] | None) -> None:
        """Replace the bucket policy; None removes it."""
        ...

    def link(self, key: str, seconds: int) -> str:
        """A URL that opens one object to anybody who has it. ``seconds``: for how long."""
        ...

    def get(self, key: str) -> Blob:
        """An object. Raises NotFound."""
        ...

    def beginning(self, key: str, length: int) -> bytes:
        """The first ``length`` bytes of an object that is not empty."""
        ...

    def copy(self, source: str, target: str, etag: str) -> None:
        """Copy an object inside the store. Raises Conflict if its ETag is no longer ``etag``."""
        ...

    def stat(self, key: str) -> Stat | None:
        """What the store knows about an object; None if it does not exist."""
        ...

    def stat_all(self, keys: Sequence[str]) -> list[Stat | None]:
        """The same for many objects, in the order of their keys as given."""
        ...

    def put(self, file: File, condition: Condition = None) -> str:
        """Write one object, whole or not at all, and return its ETag. Raises Conflict if the condition is not met."""
        ...

    def put_all(self, files: Iterable[tuple[File, Condition]]) -> list[tuple[File, str | StoreError]]:
        """Write many objects, a bounded number at a time. Returns each file with its ETag or its error."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Delete objects. Those that do not exist are ignored."""
        ...

    def list(self, prefix: str) -> Iterator[Stat]:
        """All objects below a prefix, in the order of their keys."""
        ...

    def folders(self, prefix: str) -> Iterator[str]:
        """The names, without slashes, one level below a prefix."""
        ...

    def beside(self, prefix: str) -> Iterator[Stat]:
        """The objects one level below a prefix, without those in folders."""
        ...


def is_md5(etag: str) -> bool:
    """Whether an ETag has the form of an MD5."""
    return len(etag) == 32 and all(c in "0123456789abcdef" for c in etag)


def md5_of(file: File) -> str:
    """The MD5 (hexadecimal) of a file, as ETags have it."""
    return hashlib.md5(file.content, usedforsecurity=False).hexdigest()
