"""Moments at which partners get or lose an article without anybody's doing: embargoes lift, rights end.

Each is an object ``due/<moment>/<issue>.json`` in the private bucket, written before anything of the issue is
published. When it has come, the issue gets a version that changes nothing but makes every partner's files anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from broadsheet.desk import Desk
from broadsheet.revision import revise
from delivery.codec import plain_json
from delivery.keys import IssueKey, VersionKey
from delivery.store import Store
from transforms.life import Change, Kind
from transforms.model import File

_STAMP = "%Y%m%dT%H%M%SZ"


def turn_file(moment: datetime, issue: IssueKey) -> File:
    """The note that something of an issue comes or goes at that moment."""
    # Rounded up: at the full second an embargo that ends within it is over.
    whole = moment.astimezone(UTC)
    stamp = datetime.fromtimestamp(-(-whole.timestamp() // 1), UTC).strftime(_STAMP)
    return plain_json(f"due/{stamp}/{issue}.json", {"issue": str(issue), "moment": stamp})


def due(store: Store, now: datetime) -> Iterator[tuple[str, datetime, IssueKey]]:
    """What has come by ``now``, oldest first: key, moment, issue."""
    for stat in store.list("due/"):  # in the order of the moments
        _, stamp, publication, day = stat.key.removesuffix(".json").split("/")
        moment = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        if moment > now:
            return
        yield stat.key, moment, IssueKey.parse(f"{publication}/{day}")


def keep_time(desk: Desk, now: datetime) -> list[VersionKey]:
    """Make the versions that are due. Run again, or by two at once, it makes each once."""
    made = []
    for key, moment, issue in list(due(desk.store, now)):
        change = Change(f"turn-{moment:{_STAMP}}", Kind.TURN, "", "broadsheet", moment, "an embargo or rights end")
        made.append(revise(desk, issue, change))
        desk.store.delete([key])
    return made
