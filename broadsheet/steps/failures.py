"""What failed while everything else went on: a note for each element, which is an incident until it succeeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from broadsheet.steps.contain import is_own, reason_of, records
from delivery import keys
from delivery.codec import json_file
from delivery.store import Store

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Failure:
    """``doing`` names the step, ``name`` the element that it failed for; ``reason`` is for people."""

    doing: str
    name: str
    reason: str
    at: datetime

    @property
    def key(self) -> str:
        return keys.failure(self.doing, self.name)


def failures(store: Store) -> Iterator[Failure]:
    """All that failed and has not succeeded since."""
    yield from records(store, Failure, keys.failures())


def each(
    store: Store, doing: str, elements: Iterable[T], do: Callable[[T], R], now: datetime
) -> tuple[list[tuple[T, R]], list[Failure]]:
    """Each element with what ``do`` made of it, and what failed, which is noted; ``str()`` of an element is its name.

    Raises StoreError if our own store fails: no element is to blame, and trying everything again may help.
    """
    noted = {stat.key for stat in store.list(keys.failures(doing))}
    done: list[tuple[T, R]] = []
    failed: list[Failure] = []
    for element in elements:
        key = keys.failure(doing, str(element))
        try:
            done.append((element, do(element)))
        except Exception as error:
            if not is_own(error):
                raise
            failed.append(Failure(doing, str(element), reason_of(f"{doing} {element}", error), now))
            store.put(json_file(key, failed[-1], Failure))
            continue
        if key in noted:
            store.delete([key])
    return done, failed
