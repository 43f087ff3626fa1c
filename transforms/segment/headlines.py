"""What a line of a headline looks like."""

from __future__ import annotations

import re

from transforms.repair import HAN
from transforms.restore.lines import ends_sentence

LONGEST_HEADLINE = 45
SHORT_TITLE = re.compile(rf"[{HAN}]{{2,3}}$")  # of an essay or poem


def headline_like(text: str) -> bool:
    """Whether a line can be part of a headline: short, and not a sentence."""
    return (
        3 < len(text) <= LONGEST_HEADLINE
        and not ends_sentence(text)
        and "。" not in text
        and text[-1] not in "，、；："
    )
