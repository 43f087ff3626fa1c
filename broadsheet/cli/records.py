"""Finds the newspaper or partner that a command names."""

from __future__ import annotations

from typing import TypeVar

from transforms.errors import BadInput
from transforms.model import Partner, Publication

T = TypeVar("T", Publication, Partner)


def chosen_one(known: dict[str, T], wanted: str, option: str) -> T:
    """The newspaper or partner that an option names; the only one if it names none.

    Raises BadInput, naming those that exist, if it is unknown, or none is named and there are several.
    """
    if wanted in known:
        return known[wanted]
    if not wanted and len(known) == 1:
        return next(iter(known.values()))
    if wanted:
        raise BadInput(f"{option}: unknown “{wanted}” (there are: {', '.join(known)})")
    raise BadInput(f"{option}: give one of {', '.join(known)}")
