"""The IPTC's NewsML-G2 schema on this machine: fetched once, known by its digest, never shipped with us (CC BY 4.0)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx

from transforms.errors import BroadsheetError

POWER = "NewsML-G2_2.35-spec-All-Power.xsd"
# Name: address and SHA-256. The Power schema imports xml.xsd from beside it.
PINNED = {
    POWER: (
        f"https://www.iptc.org/std/NewsML-G2/2.35/specification/{POWER}",
        "06ef1c5076a32f2568ac8955994029890afac0268f795e3c26642ded52cf0181",
    ),
    "xml.xsd": (
        "https://www.w3.org/2001/xml.xsd",
        "61960fb3131e38022caad5360e2f33a3382578ab3c80cd58bd74320ede61b20c",
    ),
}


def stored(folder: Path) -> Path | None:
    """The Power schema in ``folder`` where it and what it imports are there and are what was pinned; else None."""
    return folder / POWER if all(_is_pinned(folder / name) for name in PINNED) else None


def download(url: str) -> bytes:
    """The bytes at ``url``. Raises BroadsheetError with the reason."""
    try:
        return httpx.get(url, follow_redirects=True, timeout=30).raise_for_status().content
    except httpx.HTTPError as error:
        raise BroadsheetError(f"{url} could not be fetched: {error}") from error


def fetch(folder: Path, get: Callable[[str], bytes] = download) -> Path:
    """Put the schema into ``folder`` where it is not yet. Raises BroadsheetError for bytes that were not pinned."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (url, digest) in PINNED.items():
        if _is_pinned(folder / name):
            continue
        content = get(url)
        if hashlib.sha256(content).hexdigest() != digest:
            raise BroadsheetError(f"{url} is not the file that was pinned; it is not used")
        (folder / f"{name}.part").write_bytes(content)
        (folder / f"{name}.part").replace(folder / name)
    return folder / POWER


def _is_pinned(path: Path) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == PINNED[path.name][1]
