"""A real S3 server with the buckets of an installation, for tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from broadsheet.local import ports, process, s3
from broadsheet.local.process import Running
from delivery.s3_store import S3Store
from delivery.setup import prepare_buckets
from transforms.model import File

SHELF = "broadsheet-partners"


@dataclass(frozen=True)
class Shop:
    folder: Path
    running: Running
    url: str

    def store(self, bucket: str = s3.BUCKET, url: str = "") -> S3Store:
        pair = s3.keys(self.folder)
        return S3Store.connect(url or self.url, pair.access, pair.secret, bucket)


def files(count: int, root: str) -> list[File]:
    """Small objects below a key."""
    return [
        File(f"{root}/{n:02}.txt", f"text {n}".encode(), "text/plain; charset=utf-8", "no-cache") for n in range(count)
    ]


def throw_away(running: Running, chosen: Mapping[str, int]) -> None:
    """End a store whose data nobody wants any more; SeaweedFS takes 16 s to close everything in order."""
    process.stop([running], 0.0)
    s3.tidy(chosen)


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    """The server, on free ports, until the block ends."""
    with ports.reserved(s3.WANTED_PORTS) as chosen:
        running = s3.start(folder, chosen)
        try:
            s3.wait_ready(folder, running, s3.endpoint(chosen))
            one = Shop(folder, running, s3.endpoint(chosen))
            prepare_buckets(one.store(), SHELF, [])
            yield one
        finally:
            throw_away(running, chosen)
