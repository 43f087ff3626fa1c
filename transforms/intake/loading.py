"""Loads only files that can be read: of a file over the limit of its kind, only the beginning."""

from __future__ import annotations

from collections.abc import Callable

from transforms.errors import BadInput
from transforms.intake.adapter import HEAD, Adapter, Head, SourceFile
from transforms.intake.registry import ADAPTERS, adapter_for
from transforms.intake.text import ADAPTER as TEXT

LEAST = min(a.limit for a in (*ADAPTERS, TEXT))  # bytes up to which every kind of file is loaded


def load(name: str, size: int, beginning: Callable[[int], bytes], whole: Callable[[], bytes]) -> SourceFile:
    """A file of ``size`` bytes; only its beginning if it is too large for its kind.

    ``beginning`` returns as many first bytes as it is asked for, ``whole`` returns all of them.
    """
    if size <= LEAST:
        return SourceFile(name, whole())
    head = beginning(HEAD)
    return SourceFile(name, whole()) if size <= _limit(head) else SourceFile(name, head, size)


def _limit(head: bytes) -> int:
    """How many bytes such a file may have; 0 if it is refused whatever its size."""
    try:
        return adapter_for(Head(head)).limit
    except BadInput:
        return 0


def fault(file: SourceFile) -> str:
    """Why a file that was loaded only in part cannot be read, and what kind of file it is; empty for a whole file."""
    if file.is_whole:
        return ""
    try:
        adapter = adapter_for(Head.of(file))
    except BadInput as error:
        return str(error)
    return too_large(adapter, file)


def too_large(adapter: Adapter, file: SourceFile) -> str:
    """Why a file is over the limit of its adapter, with both sizes in bytes and what to do."""
    return (
        f"this is {adapter.what} of {file.length:,} bytes, more than the {adapter.limit:,} that one may have: send each"
        " page as a file of its own"
    )


def is_recognised(beginning: bytes) -> bool:
    """Whether an adapter recognises a file by its first bytes.

    Plain text does not count, because notes and lists are text too.
    """
    head = Head(beginning)
    return any(adapter.sniff(head) for adapter in ADAPTERS)
