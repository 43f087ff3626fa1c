"""Which adapters there are. A new kind of input is a module with an ``ADAPTER``, and its name in this list."""

from __future__ import annotations

from transforms.errors import BadInput
from transforms.intake import text
from transforms.intake.adapter import Adapter, Head
from transforms.intake.kinds import refusal_of

ADAPTERS: tuple[Adapter, ...] = (text.ADAPTER,)  # the first that recognises a file reads it; text takes the rest


def adapter_for(head: Head) -> Adapter:
    """The adapter that reads a file. Raises BadInput, naming what it is, if there is none."""
    special = next((a for a in ADAPTERS if a is not text.ADAPTER and a.sniff(head)), None)
    if special:
        return special
    reason = refusal_of(head)
    if reason:
        raise BadInput(reason)
    return text.ADAPTER
