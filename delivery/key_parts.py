"""The parts of keys, each checked: no part can climb out of its place."""

from __future__ import annotations

import hashlib
import re
from datetime import date

from transforms.errors import BadInput

MAX_NAME_BYTES = 200
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_RELATIVE = re.compile(r"[A-Za-z0-9_:@.-]+(/[A-Za-z0-9_:@.-]+)*")
_VERSION = re.compile(r"v([1-9][0-9]{0,5})")


def checked_id(value: str) -> str:
    """A publication's or partner's id: lower case ASCII letters, digits and hyphens. Raises BadInput."""
    if not is_id(value):
        raise BadInput(f"“{value}” is not an id: use lower case letters, digits and hyphens, 63 at most")
    return value


def is_id(value: str) -> bool:
    """Whether a text can be a publication's or partner's id."""
    return bool(_ID.fullmatch(value))


def checked_name(value: str) -> str:
    """A file's name as one part of a key: no folder, no control character, at most 200 bytes. Raises BadInput."""
    too_long = len(value.encode("utf-8", "replace")) > 200
    if (
        not value.strip()
        or value in {".", ".."}
        or "/" in value
        or "\\" in value
        or too_long
        or not value.isprintable()
    ):
        raise BadInput(f"{value!r} is not a name for a page's file")
    return value


def stored_name(relative: str) -> str:
    """The name under which a file from the inbox is kept, whatever the newspaper called it; never empty.

    A clean name stays as it is. Folders are joined by ``__``; what no key should hold is replaced, and a digest of the
    original keeps two such names apart.
    """
    flat = relative.replace("/", "__").replace("\\", "__")
    kept = "".join(c if c.isprintable() else "_" for c in flat)
    if kept == relative and kept.strip(". ") and len(kept.encode()) <= MAX_NAME_BYTES:
        return kept
    digest = hashlib.sha256(relative.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept.encode()[-120:].decode('utf-8', 'ignore').strip('. ') or 'page'}-{digest}"


def checked_relative(key: str) -> str:
    """A rendered file's key below its root; ASCII, so that its URL is its key. Raises BadInput."""
    if not _RELATIVE.fullmatch(key) or {".", ".."} & set(key.split("/")):
        raise BadInput(f"{key!r} is not a key for a rendered file")
    return key


def parse_date(value: str) -> date:
    """A date as written in keys, YYYY-MM-DD. Raises BadInput."""
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        raise BadInput(f"“{value}” is not a date: write YYYY-MM-DD") from None
    if parsed.isoformat() != value:
        raise BadInput(f"“{value}” is not a date: write YYYY-MM-DD")
    return parsed


def date_in(name: str) -> date | None:
    """The date that a folder or file is named after; None if it is named otherwise."""
    try:
        return parse_date(name)
    except BadInput:
        return None


def parse_version(folder: str) -> int:
    """The N of ``v<N>``; 0 if the name is none."""
    match = _VERSION.fullmatch(folder)
    return int(match[1]) if match else 0
