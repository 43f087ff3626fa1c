"""The stages of a version of an issue, by which of its objects exist. This is the only table of them."""

from __future__ import annotations

from collections.abc import Container

# From the last to the first: the object that a stage leaves, and its name.
STAGES = (
    ("published.json", "published"),
    ("manifest.json", "stored"),
    ("refused.json", "refused"),
    ("reading.json", "read"),
    ("received.json", "received"),
)


def stage_of(names: Container[str]) -> str:
    """The stage of a version with objects of these names; ``received`` if there are none."""
    return next((stage for name, stage in STAGES if name in names), "received")
