"""The publication or partner that a command is about."""

from __future__ import annotations

from typing import TypeVar

from transforms.errors import BadInput
from transforms.model import Partner, Publication

T = TypeVar("T", Publication, Partner)


def chosen_one(known: dict[str, T], wanted: str, option: str) -> T:
    if wanted in known:
        return known[wanted]
    if not wanted and len(known) == 1:
        return next(iter(known.values()))
    if wanted:
        raise BadInput(f"{option}: unknown “{wanted}” (there are: {', '.join(known)})")
    raise BadInput(f"{option}: give one of {', '.join(known)}")
