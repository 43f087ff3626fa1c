"""Intake: the bytes a newspaper sends, to pages of text; what cannot be read is refused with the reason."""

from transforms.intake.pages import SourceFile, read_source

__all__ = ["SourceFile", "read_source"]
