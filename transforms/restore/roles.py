"""What a piece of a page can be; the network's answers come in this order, so new ones go to the end."""

from __future__ import annotations

ROLES = (
    "body",
    "crosshead",
    "sidebar",
    "headline",
    "kicker",
    "subhead",
    "byline",
    "furniture",
    "caption",
    "continuation",
    "label",
    "note",
    "notice",
)
APART = ("furniture", "caption", "notice")  # in no chain
