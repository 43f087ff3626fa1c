"""A partner's feeds, archives and pages: what they are made from, day by day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from broadsheet.installation import Installation
from broadsheet.steps.contain import reason_of
from broadsheet.steps.shared import Shared
from delivery.keys import IssueKey
from delivery.ledger import Calendar, changed_days, items_at, page_of
from delivery.parallel import at_once
from transforms.audience.selection import live_days, window_start
from transforms.days import AHEAD, today
from transforms.errors import Damaged, NotFound
from transforms.model import File, Item, Partner, Publication
from transforms.render.keys import (
    article_page_key,
    is_archive,
)

ONE_DAY = timedelta(days=1)


class Days:
    """What a partner has of each day's issue: from the ledger, or as a plan changes it. Each day is looked up once."""

    def __init__(
        self,
        installation: Installation,
        publication: Publication,
        partner: Partner,
        changed: Mapping[date, tuple[Item, ...]],
        shared: Shared | None = None,
    ) -> None:
        self.installation, self.publication, self.partner, self.changed = installation, publication, partner, changed
        self.shared = shared or Shared(installation)
        self.calendar = Calendar(installation.store, partner.id, publication.id, changed)
        self.broken: dict[date, str] = {}  # the days of which the books cannot be understood, and why
        self._seen: dict[date, tuple[Item, ...]] = {}

    def items(self, day: date) -> tuple[Item, ...]:
        """The items of a day as the partner sees them."""
        if day not in self._seen:
            try:
                items = self.changed.get(day) or self._known(day)
            except (Damaged, NotFound) as error:  # the feeds go on without this day, which is named
                items = ()
                self.broken[day] = reason_of(f"{self.publication.id}/{day} of {self.partner.id}", error)
            self._seen[day] = tuple(self.shared.seen(i, self.partner, self.publication) for i in items)
        return self._seen[day]

    def look_up(self, days: Iterable[date]) -> None:
        """Look up the items of several days at once."""
        at_once(self.items, days)

    def _known(self, day: date) -> tuple[Item, ...]:
        store = self.installation.store
        page = page_of(store, self.partner.id, IssueKey(self.publication.id, day))
        return items_at(store, page, self.shared.out) if page else ()

    def live(self, now: datetime) -> list[date]:
        """The days that live feeds cover at ``now``."""
        here = today(now, self.publication.timezone)
        return live_days(self._recent(here), self.partner.feed_days, here)

    def _recent(self, here: date) -> list[date]:
        """All days from the first one that live feeds may reach back to."""
        newest = next(self.calendar.before(here + ONE_DAY), here)
        return self.calendar.between(window_start([newest], self.partner.feed_days, here), here + AHEAD)

    def late(self, day: date, now: datetime) -> list[Item]:
        """The items of an older day that changed within the window of the live feeds."""
        zone = self.publication.timezone
        here = today(now, zone)
        start = window_start(self._recent(here), self.partner.feed_days, here)
        return [i for i in self.items(day) if today(i.version_created, zone) >= start]


def late_days(days: Days, now: datetime) -> tuple[date, ...]:
    """The days older than the live feeds with changes that these list.

    An issue dated too far ahead is in no live feed, and neither are changes to it.
    """
    noted = changed_days(days.installation.store, days.partner.id, days.publication.id)
    live = set(days.live(now))
    newest = max(live, default=now.date())
    candidates = sorted({*noted, *days.changed} - live)
    return tuple(d for d in candidates if d < newest and d in days.calendar and days.late(d, now))


def pointers_of(
    installation: Installation,
    publication: Publication,
    partner: Partner,
    changed: Mapping[date, tuple[Item, ...]],
    now: datetime,
) -> tuple[File, ...]:
    """The feeds of the newest days, and the archives and pages of older days that changed."""
    days = Days(installation, publication, partner, changed)
    return pointers(days, late_days(days, now), now)


def pointers(days: Days, late: Sequence[date], now: datetime) -> tuple[File, ...]:
    """The feeds of the newest days and of changes in ``late`` ones, and the archives and pages that changed."""
    publication, partner = days.publication, days.partner
    base = days.installation.base_url(partner, publication.id)

    def feeds(chosen: Sequence[date], archives: Sequence[date], more: Sequence[Item] = ()) -> tuple[File, ...]:
        found = [i for day in chosen for i in days.items(day)]
        return days.shared.feeds(publication, partner, found, base, archives, more)

    live = days.live(now)
    days.look_up([*live, *late])
    # A day of which the partner took nothing has no archive. Feeds name only the newest, so no other is looked for.
    last = _taken_before(days, live[0]) if live else None
    more = [i for day in late for i in days.late(day, now)]
    files = {f.key: f for f in feeds(live, [last] if last else [], more)}
    for day in (d for d in days.changed if live and d < live[0]):
        # Its neighbours in the chain of archives: the nearest days that the partner took something of.
        newer = next(d for d in days.calendar.between(day + ONE_DAY, live[0]) if d in live or days.items(d))
        before = _taken_before(days, day)
        archives = feeds([day, newer], [before] if before else [])
        own = {article_page_key(i.guid) for i in days.items(day)}
        kept = [f for f in archives if is_archive(f.key) or f.key in own]
        files |= {f.key: f for f in kept if f.key not in files}
    return tuple(files.values())


def _taken_before(days: Days, day: date) -> date | None:
    """The newest day before ``day`` that the partner took something of."""
    return next((d for d in days.calendar.before(day) if days.items(d)), None)
