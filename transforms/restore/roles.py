"""The roles of a piece. The network's outputs are in this order, so add new ones at the end."""

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
