"""What failed while everything else continued: a record for each element, which is an incident until it succeeds."""

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
    """``doing``: the step. ``name``: the element for which it failed. ``reason``: for people."""

    doing: str
    name: str
    reason: str
    at: datetime

    @property
    def key(self) -> str:
        """Its key in the store."""
        return keys.failure(self.doing, self.name)


def failures(store: Store) -> Iterator[Failure]:
    """Everything that failed and has not succeeded since."""
    yield from records(store, Failure, keys.failures())


def each(
    store: Store, doing: str, elements: Iterable[T], do: Callable[[T], R], now: datetime
) -> tuple[list[tuple[T, R]], list[Failure]]:
    """Each element with the result of ``do``, and the failures, which are recorded.

    ``str()`` of an element is its name.

    Raises StoreError if our own store fails: then no element is to blame, and trying all of them again may help.
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
