"""Intake turns the bytes that a newspaper sends into pages of text, and refuses what cannot be read, with the
reason.

Imports of its modules stay light, because a child process that reads one PDF must not load all adapters.
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
