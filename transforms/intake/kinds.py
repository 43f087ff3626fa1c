"""Files that have no adapter: what each is, by its bytes, and what to send instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from transforms.intake.adapter import Head

AS_TEXT = "export the page's text (UTF-8) and send that"


@dataclass(frozen=True, slots=True)
class Kind:
    """``what`` it is ("a Word document"), how it is recognised, what to do instead."""

    what: str
    sniff: Callable[[Head], bool]
    instead: str = AS_TEXT


def _begins(*magics: bytes) -> Callable[[Head], bool]:
    return lambda head: head.data.startswith(magics)


KINDS = (
    Kind("a JPEG picture", _begins(b"\xff\xd8\xff")),
    Kind("a PNG picture", _begins(b"\x89PNG\r\n\x1a\n")),
    Kind("a GIF picture", _begins(b"GIF8")),
    Kind("a TIFF picture", _begins(b"II*\x00", b"MM\x00*")),
    Kind("a PDF file", _begins(b"%PDF-")),
    Kind("a ZIP archive or an Office document", _begins(b"PK\x03\x04")),
    Kind("an old Office document", _begins(b"\xd0\xcf\x11\xe0")),
    Kind("an RTF document", _begins(b"{\\rtf")),
    Kind("a gzip archive", _begins(b"\x1f\x8b")),
    Kind("a 7z archive", _begins(b"7z\xbc\xaf")),
    Kind("a RAR archive", _begins(b"Rar!")),
)


def refusal_of(head: Head) -> str:
    """Why a file is refused, naming what it is; empty if it is none of these."""
    kind = next((k for k in KINDS if k.sniff(head)), None)
    return f"this is {kind.what}: {kind.instead}" if kind else ""
