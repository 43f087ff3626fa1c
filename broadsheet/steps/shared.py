"""What partners with the same settings have in common: loaded, selected, rendered and checked once for all of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Any, TypeVar

from broadsheet.installation import Installation
from delivery import issues
from delivery.keys import VersionKey
from transforms.audience.decide import Share, audience, seen_by
from transforms.audience.selection import let_out, widened
from transforms.gate import Schemas, check_files
from transforms.gate.model import Severity
from transforms.model import Edition, File, Item, Partner, Publication
from transforms.render import render_feeds, render_items
from transforms.render.neutral import Own, blanks, filled, settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Vetted(File):
    """A file that the gate accepts, provided that each of ``links`` leads to a file next to it or in the store."""

    links: frozenset[str] = frozenset()


class Shared:
    """Kept while a batch of partners is served. Threads may share it."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._blank = blanks(secrets.token_hex(16))  # nobody can write it into an article beforehand
        self._made = _Once()

    def edition(self, version: VersionKey, publication: Publication) -> Edition:
        """A stored version. Raises NotFound if it is not stored."""
        store = self._installation.store
        return self._made.get(("edition", version), lambda: issues.load_edition(store, version, publication))

    def out(self, version: VersionKey) -> tuple[Item, ...]:
        """What a stored version may publish."""
        store = self._installation.store
        return self._made.get(("out", version), lambda: let_out(issues.items_of(store, version)))

    def share(
        self,
        edition: Edition,
        partner: Partner,
        now: datetime,
        known: Mapping[str, Item],
        without: Collection[str],
    ) -> Share:
        """The partner's share in an edition, as ``audience`` decides it."""
        settled, held = self._settings(partner)[0], frozenset(without)
        key = ("share", id(edition), settled, now, tuple(map(id, known.values())), held)
        made = self._made.get(
            key, lambda: (edition, known, audience(edition.items, settled, edition.publication, now, known, held))
        )
        return made[2]

    def seen(self, item: Item, partner: Partner, publication: Publication) -> Item:
        """An item as the partner sees it."""
        settled = self._settings(partner)[0]
        key = ("seen", id(item), settled, publication.id)
        # The item is kept beside what was made of it: its id stands for it only as long as it is there.
        return self._made.get(key, lambda: (item, seen_by(item, settled, publication)))[1]

    def items(self, edition: Edition, share: Share, partner: Partner, base_url: str) -> tuple[File, ...]:
        """The immutable objects of an edition for the partner, checked."""
        settled, own = self._settings(partner, base_url)
        key = ("items", id(edition), id(share), settled)

        def make() -> Any:
            wide = widened(settled, share.items)
            files = render_items(replace(edition, items=share.shown), wide, settled.base_url)
            return edition, share, _vetted(files, self._installation.schemas)

        return self._filled(self._made.get(key, make)[2], own)

    def feeds(
        self,
        publication: Publication,
        partner: Partner,
        items: Sequence[Item],
        base_url: str,
        archives: Sequence[date],
        late: Sequence[Item],
    ) -> tuple[File, ...]:
        """The pointers of these items, which are as the partner sees them. Their links are not checked yet."""
        settled, own = self._settings(partner, base_url)
        key = ("feeds", publication.id, settled, tuple(map(id, items)), tuple(archives), tuple(map(id, late)))

        def make() -> Any:
            wide = widened(settled, [*items, *late])
            files = render_feeds(publication, wide, items, settled.base_url, archives, late)
            return items, late, _vetted(files, self._installation.schemas)

        return self._filled(self._made.get(key, make)[2], own)

    def _settings(self, partner: Partner, base_url: str | None = None) -> tuple[Partner, Own]:
        own = Own(partner.id, partner.name, self._blank.base_url if base_url is None else base_url)
        return settings(partner, self._blank if own.is_plain else own), own

    def _filled(self, files: Sequence[File], own: Own) -> tuple[File, ...]:
        return tuple(filled(f, self._blank, own) for f in files)


def _vetted(files: Sequence[File], schemas: Schemas) -> tuple[File, ...]:
    """The files, those in which the gate finds no fault marked so."""
    return tuple(_vetted_file(f, schemas) for f in files)


def _vetted_file(file: File, schemas: Schemas) -> File:
    asked = _Asked()
    if any(f.severity is Severity.ERROR for f in check_files([file], schemas, asked)):
        return file
    return Vetted(file.key, file.content, file.media_type, file.cache_control, file.metadata, frozenset(asked.keys))


class _Asked:
    """A container that holds everything, and knows what it was asked for."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def __contains__(self, key: object) -> bool:
        self.keys.add(str(key))
        return True


class _Once:
    """What is made for a key, once, however many threads ask for it. What failed is tried again by the next."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            known = self._made.get(key)
            future: Future[T] = known or Future()
            self._made[key] = future
        if known is None:
            try:
                future.set_result(make())
            except BaseException as error:
                with self._lock:
                    del self._made[key]
                future.set_exception(error)
        return future.result()
