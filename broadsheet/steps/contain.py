"""Loops over issues, partners and records in which one element may fail while the others continue."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TypeVar

from delivery.codec import decode
from delivery.quarantine import set_aside
from delivery.store import Store
from transforms.errors import Damaged, NotFound, StoreError

T = TypeVar("T")

log = logging.getLogger(__name__)


def is_own(error: Exception) -> bool:
    """Whether an error is the element's own. A failing store is nobody's: the task fails, and its retry may help."""
    return not isinstance(error, StoreError) or isinstance(error, Damaged | NotFound)


def reason_of(key: str, error: Exception) -> str:
    """Why an element failed, as one sentence. The log has the rest."""
    log.error("%s failed, the others go on", key, exc_info=error)
    return str(error) or type(error).__name__


def records(store: Store, kind: type[T], prefix: str) -> Iterator[T]:
    """All records below a prefix, in the order of their keys. One that cannot be understood is set aside."""
    for stat in list(store.list(prefix)):
        try:
            yield decode(kind, store.get(stat.key).content, stat.key)
        except NotFound:
            continue  # it went away since it was listed
        except Damaged as error:
            set_aside(store, stat.key, str(error))
