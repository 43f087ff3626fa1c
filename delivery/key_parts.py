"""The parts of keys. Each is checked, so that no part can lead out of its place."""

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
    """The id of a newspaper or partner: lower case ASCII letters, digits and hyphens. Raises BadInput for any other."""
    if not is_id(value):
        raise BadInput(f"“{value}” is not an id: use lower case letters, digits and hyphens, 63 at most")
    return value


def is_id(value: str) -> bool:
    """Whether a text can be the id of a newspaper or partner."""
    return bool(_ID.fullmatch(value))


def checked_name(value: str) -> str:
    """A file name as one part of a key. Raises BadInput if it has a folder, a control character, or over 200 bytes."""
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
    """The name under which a file from the inbox is stored, whatever the newspaper called it; never empty.

    A clean name stays as it is. Folders are joined by ``__``. What no key should contain is replaced, and a digest
    of the original is added to keep names distinct.
    """
    flat = relative.replace("/", "__").replace("\\", "__")
    kept = "".join(c if c.isprintable() else "_" for c in flat)
    if kept == relative and kept.strip(". ") and len(kept.encode()) <= MAX_NAME_BYTES:
        return kept
    digest = hashlib.sha256(relative.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept.encode()[-120:].decode('utf-8', 'ignore').strip('. ') or 'page'}-{digest}"


def checked_relative(key: str) -> str:
    """A rendered file's key below its root.

    Raises BadInput unless it is plain ASCII, so that its URL needs no escapes.
    """
    if not _RELATIVE.fullmatch(key) or {".", ".."} & set(key.split("/")):
        raise BadInput(f"{key!r} is not a key for a rendered file")
    return key


def parse_date(value: str) -> date:
    """A date as in keys, YYYY-MM-DD. Raises BadInput for any other."""
    try:
        parsed = date.fromisoformat(value)
    except ValueError:
        raise BadInput(f"“{value}” is not a date: write YYYY-MM-DD") from None
    if parsed.isoformat() != value:
        raise BadInput(f"“{value}” is not a date: write YYYY-MM-DD")
    return parsed


def date_in(name: str) -> date | None:
    """The date that a folder or file is named after; None if its name is not a date."""
    try:
        return parse_date(name)
    except BadInput:
        return None


def parse_version(folder: str) -> int:
    """The N of ``v<N>``; 0 if the name has another form."""
    match = _VERSION.fullmatch(folder)
    return int(match[1]) if match else 0
