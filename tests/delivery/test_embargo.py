"""An embargo whose time is changed: who gets the article, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from broadsheet.cli.main import app
from broadsheet.installation import Installation
from broadsheet.local import s3
from broadsheet.steps import changes, rearm
from broadsheet.steps.changes import By
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from tests.support.issue import NAME, NOW, PAGES, make_installation, submit
from tests.support.shop import SHELF, Shop
from tests.support.withdrawals import ISSUE, LIFT, guid_of, syndicate, with_embargo
from transforms.errors import BadInput
from transforms.guid import safe_guid
from transforms.intake import SourceFile
from transforms.lifecycle.change import Change, ChangeKind, check
from transforms.lifecycle.embargo import move_embargo
from transforms.model import Article, Item, Paragraph, Section, Status

OLD = datetime.fromisoformat(LIFT)
LATER, EARLIER = OLD + timedelta(hours=3), OLD - timedelta(hours=2)


@pytest.fixture
def on_s3(shop: Shop) -> Installation:
    return replace(make_installation(), store=shop.store(), shelf=shop.store(SHELF))


def by(run: str, at: datetime = NOW) -> By:
    return By(run, "editor", at)


def telling(installation: Installation, guid: str) -> list[str]:
    """Every object within partners' reach that names the article, by its key or in its text."""
    names = (guid, safe_guid(guid))
    keys = [stat.key for stat in installation.shelf.list("")]
    return [k for k in keys if any(n in k or n.encode() in installation.shelf.get(k).content for n in names)]


def awaited(installation: Installation) -> set[str]:
    return {one.run for one in rearm.awaited(installation, NOW) if one.dag == "release_embargo"}


def test_an_embargo_moved_to_a_later_time_outlasts_the_run_that_waited_for_the_old_one(on_s3: Installation):
    submit(on_s3, with_embargo())
    guid = guid_of(on_s3)
    changes.move_embargo(on_s3, guid, LATER, by("change_embargo/1"))
    syndicate(on_s3)
    assert awaited(on_s3) == {f"{guid}__{LATER.isoformat()}"}

    assert changes.end_embargo(on_s3, guid, OLD, by("release_embargo/old", OLD)) is None
    changes.correct_article(on_s3, guid, {"headline": "老渠新水润良田千亩"}, "核实", by("correct_article/1", OLD))
    submit(on_s3, with_embargo(), now=OLD)  # the paper sends the issue again, with its old embargo
    syndicate(on_s3, OLD + timedelta(hours=1))
    assert telling(on_s3, guid) == []
    assert changes.item_of(on_s3, guid).embargoed == LATER

    assert changes.end_embargo(on_s3, guid, LATER, by("release_embargo/new", LATER))
    syndicate(on_s3, LATER)
    assert telling(on_s3, guid)
    assert [a.what for a in changes.item_of(on_s3, guid).history][-3:] == ["rescheduled", "corrected", "released"]
    assert changes.end_embargo(on_s3, guid, LATER, by("release_embargo/late", LATER)) is None


@pytest.mark.slow
def test_an_embargo_moved_to_an_earlier_time_ends_then():
    installation = make_installation()
    submit(installation, with_embargo())
    guid = guid_of(installation)
    first = changes.move_embargo(installation, guid, EARLIER, by("change_embargo/1"))
    assert changes.move_embargo(installation, guid, EARLIER, by("change_embargo/1")) == first  # the same run again
    syndicate(installation)
    assert telling(installation, guid) == []
    assert changes.end_embargo(installation, guid, EARLIER, by("release_embargo/1", EARLIER))
    syndicate(installation, EARLIER)
    assert telling(installation, guid)


def test_a_release_that_was_claimed_before_the_embargo_was_moved_lets_nothing_out():
    installation = make_installation()
    submit(installation, with_embargo())
    guid = guid_of(installation)
    item = changes.item_of(installation, guid)
    change = Change("release_embargo/old", ChangeKind.RELEASE, guid, "broadsheet", OLD, until=OLD)
    with pytest.raises(BadInput, match="was moved to"):
        check(change, [replace(item, embargoed=LATER)])


def test_an_embargo_is_changed_in_a_terminal(on_s3: Installation, shop: Shop, tmp_path: Path, monkeypatch):
    day, now = date(2026, 2, 3), datetime.now(UTC)
    until = (now + timedelta(days=1)).isoformat()
    embargo = SourceFile("embargo.toml", f'[[embargo]]\nuntil = {until}\nheadline = "老渠新水"\n'.encode())
    submit(on_s3, [*PAGES, embargo], day, now)
    guid = next(i.guid for i in newest_items(on_s3, IssueKey(NAME, day)) if i.embargoed)
    pair = s3.keys(shop.folder)
    for name, value in (
        ("HOME", tmp_path), ("S3_ENDPOINT", shop.url), ("S3_ACCESS_KEY", pair.access), ("S3_SECRET_KEY", pair.secret),
    ):  # fmt: skip
        monkeypatch.setenv(f"BROADSHEET_{name}", str(value))
    there = ZoneInfo("Asia/Shanghai")
    wanted = (now.astimezone(there) + timedelta(hours=2)).replace(second=0, microsecond=0)
    answer = CliRunner().invoke(app, ["embargo", guid, "--until", f"{wanted:%Y-%m-%d %H:%M}"])
    assert answer.exit_code == 0, answer.output
    assert "within ten minutes" in answer.output  # no newsroom runs beside this store
    assert changes.item_of(on_s3, guid).embargoed == wanted
    assert telling(on_s3, guid) == []
    assert f"{guid}__{wanted.isoformat()}" in {one.run for one in rearm.awaited(on_s3, now, None)}


@pytest.mark.parametrize(
    ("until", "at", "said"),
    [
        (NOW - timedelta(hours=1), NOW, "is in the past"),
        (LATER, OLD, "is not under embargo"),  # it has ended, and partners may have the article
    ],
)
def test_an_embargo_that_cannot_be_moved_says_why(until: datetime, at: datetime, said: str):
    installation = make_installation()
    submit(installation, with_embargo())
    guid = guid_of(installation)
    before = newest_items(installation, ISSUE)
    with pytest.raises(BadInput, match=said):
        changes.move_embargo(installation, guid, until, by("change_embargo/1", at))
    assert newest_items(installation, ISSUE) == before
    free = guid_of(installation, "城东小学添新操场")
    with pytest.raises(BadInput, match="is not under embargo"):
        changes.move_embargo(installation, free, LATER, by("change_embargo/2"))


@pytest.mark.slow
def test_a_time_is_read_as_a_person_writes_it():
    installation = make_installation()
    submit(installation, with_embargo())
    guid = guid_of(installation)
    for text in ("2026-01-15 20:00", "2026-01-15T20:00", "2026-01-15T12:00:00Z", "2026-01-15T20:00:00+08:00"):
        assert changes.moment_of(installation, guid, text) == OLD
    with pytest.raises(BadInput, match="is not a time"):
        changes.moment_of(installation, guid, "tomorrow")


def story(guid: str, until: datetime | None, parent: str = "", status: Status = Status.USABLE) -> Item:
    article = Article("老渠新水", (Paragraph("清晨的老渠边。"),), section=Section.BRIEF)
    return Item(guid, 1, article, NOW, NOW, embargoed=until, parent_guid=parent, status=status)


def ends(items: tuple[Item, ...]) -> dict[str, datetime | None]:
    return {i.guid: i.embargoed for i in items}


def test_sidebars_go_with_their_story_and_never_before_it():
    latest = LATER + timedelta(hours=1)
    items = (
        story("story", OLD), story("sidebar", OLD, "story"), story("below", OLD, "sidebar"),
        story("longer", LATER, "story"), story("other", OLD),
    )  # fmt: skip
    moved = {"story": EARLIER, "sidebar": EARLIER, "below": EARLIER, "longer": LATER, "other": OLD}
    assert ends(move_embargo(items, "story", EARLIER, NOW)) == moved
    later = move_embargo(items, "story", latest, NOW)
    assert ends(later) == {"story": latest, "sidebar": latest, "below": latest, "longer": latest, "other": OLD}
    with pytest.raises(BadInput, match="is a sidebar of story"):
        move_embargo(items, "sidebar", EARLIER, NOW)
    assert ends(move_embargo(items, "sidebar", LATER, NOW))["story"] == OLD
    with pytest.raises(BadInput, match="is not under embargo"):
        move_embargo((story("gone", OLD, status=Status.CANCELED),), "gone", LATER, NOW)
