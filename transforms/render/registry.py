"""All output formats, found by the ``FORMATS`` of each module in ``formats/``. To add one, add its module."""

from __future__ import annotations

from collections.abc import Container
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from transforms.model import File
from transforms.render import formats
from transforms.render.format import FeedFormat, Format, IssueFormat, ItemFormat

_NEAR = 2000  # bytes of a file in which its format's mark is looked for


@cache
def all_formats() -> tuple[Format, ...]:
    """Every format, in the order in which lists and files show them."""
    modules = [import_module(f"{formats.__name__}.{module.name}") for module in iter_modules(formats.__path__)]
    found: list[Format] = [one for module in modules for one in module.FORMATS]
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))


def chosen_names() -> tuple[str, ...]:
    """The names that a partner's file may have."""
    return tuple(one.name for one in all_formats() if one.is_chosen)


def issue_names() -> tuple[str, ...]:
    """The names of the formats that have files for each version of an issue or of its articles."""
    return tuple(f.name for f in all_formats() if f.is_chosen and isinstance(f, ItemFormat | IssueFormat))


def taken(names: Container[str]) -> tuple[Format, ...]:
    """The formats that a partner gets. ``names``: those in its file."""
    return tuple(one for one in all_formats() if one.is_taken(names))


def item_formats(names: Container[str] | None = None) -> tuple[ItemFormat, ...]:
    """The formats with a file for each version of an article. ``names``: those in a partner's file; None for all."""
    return tuple(f for f in (all_formats() if names is None else taken(names)) if isinstance(f, ItemFormat))


def feed_formats(names: Container[str]) -> tuple[FeedFormat, ...]:
    """The feed formats that a partner gets. ``names``: those in its file."""
    return tuple(f for f in taken(names) if isinstance(f, FeedFormat))


def format_of(file: File) -> Format | None:
    """The format of a file, by its key, or if that does not tell, by its first bytes; None if it is unknown."""
    for one in all_formats():
        if one.has(file.key):
            return one
    head = file.content[:_NEAR]
    marked = [f for f in all_formats() if f.mark and f.mark in head and file.key.endswith(f".{f.extension}")]
    return min(marked, key=lambda f: head.index(f.mark), default=None)
