"""Intake: the bytes a newspaper sends, to pages of text; what cannot be read is refused with the reason."""

from transforms.intake.adapter import SourceFile
from transforms.intake.pages import read_source

__all__ = ["SourceFile", "read_source"]
