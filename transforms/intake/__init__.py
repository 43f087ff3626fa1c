"""Intake: from the bytes that a newspaper sends to pages of text. What cannot be read is refused, with the reason.

Importing one of its modules stays cheap, because a child process that reads one PDF must not load all adapters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from transforms.intake.adapter import SourceFile

if TYPE_CHECKING:
    from transforms.intake.pages import read_source

__all__ = ["SourceFile", "read_source"]


def __getattr__(name: str) -> object:
    if name != "read_source":
        raise AttributeError(name)
    from transforms.intake.pages import read_source

    return read_source
