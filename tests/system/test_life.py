"""What an operator does to an article that is out, by the forms of the DAGs, and what a partner reads after it."""

from datetime import UTC, date, datetime, timedelta

import feedparser
import httpx
from lxml import etree

from broadsheet.steps import changes
from delivery.keys import IssueKey
from tests.support.room import NAME, follow, sample, until
from tests.system.conftest import Room
from transforms.intake import SourceFile

DAY = date(2026, 7, 25)  # later than the other tests' days, so that the live feeds hold it
SLACK = 2  # a minute is promised; a machine that runs tests beside may take twice as long
G2 = {"g": "http://iptc.org/std/nar/2006-10-01/"}


def run(room: Room, dag: str, conf: dict[str, str]):
    """Start a DAG as its form does; what comes back has ended, and so has what it caused."""
    started = room.api.trigger(dag, f"test__{conf['guid']}", conf)
    ended = until(lambda: (r := room.api.run(dag, started.id)).ended and r)
    caused = until(lambda: room.api.caused_by(ended, "syndicate_issue"))
    until(lambda: room.api.run("syndicate_issue", caused.id).ended)
    return ended


def entries(root: str) -> dict[str, feedparser.FeedParserDict]:
    return {e.id: e for e in feedparser.parse(httpx.get(f"{root}/feeds/all.rss").content).entries}


def test_an_article_is_corrected_and_withdrawn_by_the_forms(room: Room):
    room.api.wait_for_dag("withdraw_article", 600)
    room.api.wait_for_dag("correct_article", 600)
    follow(room, DAY, sample())
    root = room.installation.base_url(room.installation.partners["sample-outlet"], NAME)
    guid, other = [i.guid for i in changes.newest_items(room.installation, IssueKey(NAME, DAY))][:2]
    corrected = run(room, "correct_article", {"guid": guid, "headline": "更正后的标题", "reason": "核实"})
    assert corrected.state == "success"
    assert entries(root)[guid].title == "更正后的标题"
    stem = guid.removeprefix("urn:newsml:").replace(":", "_")
    second = etree.fromstring(httpx.get(f"{root}/items/{stem}/v2.xml").content)
    assert second.xpath("string(g:itemMeta/g:signal/@qcode)", namespaces=G2) == "sig:correction"
    assert second.xpath("string(g:hopHistory/g:hop[last()]/g:party/g:name)", namespaces=G2) == "admin"

    text = entries(root)[guid].content[0].value
    withdrawn = run(room, "withdraw_article", {"guid": guid, "reason": "侵权投诉", "message": "本稿撤回。"})
    assert withdrawn.state == "success"  # prove_withdrawal has read back at every partner
    assert guid not in entries(root)
    assert other in entries(root)
    for version in (1, 2, 3):
        item = httpx.get(f"{root}/items/{stem}/v{version}.xml").text
        assert "stat:canceled" in item
        assert text[3:40] not in item
    page = httpx.get(f"{root}/articles/{stem}.html").text
    assert "本稿撤回。" in page
    atom = httpx.get(f"{root}/feeds/all.atom").text
    assert "deleted-entry" in atom


def test_a_form_that_changes_nothing_fails_in_words(room: Room):
    follow(room, DAY, sample())
    guid = changes.newest_items(room.installation, IssueKey(NAME, DAY))[2].guid
    started = room.api.trigger("correct_article", f"empty__{guid}", {"guid": guid})
    assert until(lambda: (r := room.api.run("correct_article", started.id)).ended and r).state == "failed"


def test_an_embargo_is_lifted_within_a_minute_and_nothing_is_there_before(room: Room):
    day = date(2026, 7, 26)
    lift = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=100)
    held = "云州南环路改造工程"
    note = f'[[embargo]]\nuntil = {lift.isoformat()}\nheadline = "{held}"\n'
    follow(room, day, [*sample(), SourceFile("embargo.toml", note.encode())])
    item = next(i for i in changes.newest_items(room.installation, IssueKey(NAME, day)) if held in i.article.headline)
    names = (item.guid.encode(), item.guid.removeprefix("urn:newsml:").replace(":", "_").encode(), held.encode())
    root = room.installation.base_url(room.installation.partners["sample-outlet"], NAME)
    if datetime.now(UTC) < lift:  # a very slow machine has passed it by now
        assert item.guid not in entries(root)
        there = [s.key for s in room.installation.shelf.list(f"sample-outlet/{NAME}/") if day.isoformat() in s.key]
        there += [s.key for s in room.installation.shelf.list(f"sample-outlet/{NAME}/") if f"{day:%Y%m%d}" in s.key]
        assert there
        assert not any(
            n in key.encode() or n in room.installation.shelf.get(key).content for key in there for n in names
        )
    until(lambda: item.guid in entries(root))
    assert datetime.now(UTC) - lift < timedelta(seconds=60) * SLACK
