"""All output formats: whatever the modules of ``formats/`` name in ``FORMATS``. To add one, add its module."""

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
    """Every format, in the order in which lists and files have them."""
    modules = [import_module(f"{formats.__name__}.{module.name}") for module in iter_modules(formats.__path__)]
    found: list[Format] = [one for module in modules for one in module.FORMATS]
    return tuple(sorted(found, key=lambda one: (one.order, one.name)))


def chosen_names() -> tuple[str, ...]:
    """What a partner's record may name."""
    return tuple(one.name for one in all_formats() if one.is_chosen)


def issue_names() -> tuple[str, ...]:
    """The names of those formats that have files for each version of an issue or of its articles."""
    return tuple(f.name for f in all_formats() if f.is_chosen and isinstance(f, ItemFormat | IssueFormat))


def taken(names: Container[str]) -> tuple[Format, ...]:
    """The formats that a partner gets files of whose record has ``names``."""
    return tuple(one for one in all_formats() if one.is_taken(names))


def item_formats(names: Container[str] | None = None) -> tuple[ItemFormat, ...]:
    """The formats with a file for each version of an article: all, or those of a partner."""
    return tuple(f for f in (all_formats() if names is None else taken(names)) if isinstance(f, ItemFormat))


def feed_formats(names: Container[str]) -> tuple[FeedFormat, ...]:
    """The formats of a partner's feeds."""
    return tuple(f for f in taken(names) if isinstance(f, FeedFormat))


def format_of(file: File) -> Format | None:
    """The format of a file: by its key, or if that tells nothing, by how it begins."""
    for one in all_formats():
        if one.has(file.key):
            return one
    head = file.content[:_NEAR]
    marked = [f for f in all_formats() if f.mark and f.mark in head and file.key.endswith(f".{f.extension}")]
    return min(marked, key=lambda f: head.index(f.mark), default=None)
