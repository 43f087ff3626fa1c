"""Pictures on the road: with their stories to every partner that may have them, and taken back with them."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree
from PIL import Image

from broadsheet.steps import changes, ingest
from broadsheet.steps.audit import audit
from broadsheet.steps.changes import By
from broadsheet.steps.moving import Files, move
from broadsheet.steps.proof import prove_withdrawal
from broadsheet.steps.revision import newest_items
from delivery.keys import IssueKey
from delivery.ledger import page_of
from delivery.public import Answer
from delivery.quarantine import held_of
from tests.support.issue import DAY, NAME, NOW, PAGES, feed, make_installation, shelf, submit, syndicate
from transforms.errors import BadInput
from transforms.guid import safe_guid
from transforms.intake import SourceFile
from transforms.model import Status

pytestmark = pytest.mark.slow  # it takes seconds

LIST = """[[picture]]
file = "canal.jpg"
headline = "老渠新水润良田"
caption = "水流进了南桥村的田。"
credit = "高禾 摄"
"""
BY = By("withdraw_article/pictures", "editor", datetime(2026, 1, 15, 9, tzinfo=UTC))
G2 = {"g": "http://iptc.org/std/nar/2006-10-01/"}
ROOT = f"sample-outlet/{NAME}/"


def picture(side: int = 1600, colour: int = 90) -> bytes:
    """A JPEG with a gradient and a place and a person in its metadata."""
    image = Image.linear_gradient("L").resize((side, side * 2 // 3)).convert("RGB")
    image.paste((colour, 40, 40), (10, 10, side // 3, side // 3))
    exif = Image.Exif()
    exif[0x013B] = "Zhang San"
    exif.get_ifd(0x8825)[2] = (31.0, 13.0, 49.0)
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, comment=b"taken at home")
    return out.getvalue()


@pytest.fixture(scope="module")
def illustrated() -> list[SourceFile]:
    return [*PAGES, SourceFile("canal.jpg", picture()), SourceFile("pictures.toml", LIST.encode())]


def guid_of(installation, headline: str = "老渠新水润良田") -> str:
    return next(i.guid for i in newest_items(installation, IssueKey(NAME, DAY)) if i.article.headline == headline)


def pictures(installation, root: str = ROOT) -> list[str]:
    return sorted(k.removeprefix(root) for k in installation.shelf.files if k.startswith(f"{root}pictures/"))


def test_a_picture_goes_with_its_story_in_every_format_and_says_nothing_of_where_it_was_taken(illustrated):
    installation = make_installation()
    outlet = installation.partners["sample-outlet"]
    installation.partners["sample-outlet"] = replace(outlet, formats=(*outlet.formats, "newsmessage"))
    version = submit(installation, illustrated)
    assert [*held_of(installation.store, version)] == []
    guid = guid_of(installation)
    files = {k.removeprefix(ROOT): v for k, v in shelf(installation).items() if k.startswith(ROOT)}
    base = f"{installation.base_url(outlet, NAME)}/"
    sizes = [Image.open(io.BytesIO(files[key])).size for key in pictures(installation)]
    assert sorted(sizes) == [(400, 266), (1024, 682), (1600, 1066)]
    for key in pictures(installation):
        image = Image.open(io.BytesIO(files[key]))
        assert (dict(image.getexif()), image.info.get("comment")) == ({}, None)
        assert b"Zhang San" not in files[key]
    largest = base + next(k for k in pictures(installation) if k.endswith("-1600.jpg"))
    stem = f"items/{safe_guid(guid)}"
    (association,) = json.loads(files[f"{stem}/v1.json"])["associations"]
    assert [r["width"] for r in association["renditions"]] == [1600, 1024, 400]
    assert (association["renditions"][0]["href"], association["by"]) == (largest, "高禾 摄")
    item = etree.fromstring(next(v for k, v in files.items() if k.startswith(f"{stem}/picture-")))
    assert item.xpath("string(g:itemMeta/g:itemClass/@qcode)", namespaces=G2) == "ninat:picture"
    assert item.xpath("g:contentSet/g:remoteContent/@href", namespaces=G2)[0] == largest
    assert item.xpath("string(g:contentMeta/g:description)", namespaces=G2) == "水流进了南桥村的田。"
    package = etree.fromstring(next(v for k, v in files.items() if k.startswith("packages/")))
    classes = package.xpath("//g:itemRef/g:itemClass/@qcode", namespaces=G2)
    assert classes == ["ninat:text", "ninat:picture", "ninat:text"]
    message = etree.fromstring(next(v for k, v in files.items() if k.startswith("messages/")))
    assert len(message.xpath("g:itemSet/g:newsItem", namespaces=G2)) == 3
    entry = feedparser.parse(files["feeds/all.rss"]).entries[0]
    assert (entry.enclosures[0].href, entry.media_content[0]["width"]) == (largest, "1600")
    assert [c["content"] for c in entry.media_credit] == ["高禾 摄"]
    assert feedparser.parse(files["feeds/all.atom"]).entries[0].enclosures[0].href == largest
    told = json.loads(files["feeds/all.json"])["items"][0]
    assert (told["image"], told["attachments"][0]["mime_type"]) == (largest, "image/jpeg")
    page = files[f"articles/{safe_guid(guid)}.html"].decode()
    assert f'<meta property="og:image" content="{largest}" />' in page
    assert "<figcaption>水流进了南桥村的田。　高禾 摄</figcaption>" in page
    assert f"<image:loc>{largest}</image:loc>" in files["sitemap.xml"].decode()
    manifest = json.loads(files[f"manifests/{DAY}/v1.json"])
    assert {o["key"] for o in manifest["objects"]} >= set(pictures(installation))
    assert len([k for k in installation.store.files if k.startswith("photos/")]) == 3


@pytest.mark.parametrize("whose", ["partner", "newspaper"])
def test_no_picture_goes_out_that_is_not_granted_and_one_that_is_out_is_taken_back(illustrated, whose):
    installation = make_installation()
    submit(installation, illustrated)
    assert pictures(installation)
    outlet, paper = installation.partners["sample-outlet"], installation.publications[NAME]
    if whose == "partner":
        installation.partners["sample-outlet"] = replace(outlet, pictures=False)
    else:
        installation.publications[NAME] = replace(paper, pictures=False)
    changed = [SourceFile(f.name, f.data.replace("三件事".encode(), "四件事".encode())) for f in illustrated]
    submit(installation, changed)
    assert pictures(installation) == []
    told = [f for k, f in shelf(installation).items() if k.startswith(f"{ROOT}feeds/")]
    assert told
    assert not any(b"/pictures/" in content for content in told)


def test_a_withdrawal_takes_the_pictures_out_of_every_place(illustrated):
    installation = make_installation()
    outlet = installation.partners["sample-outlet"]
    installation.partners["sample-outlet"] = replace(outlet, formats=(*outlet.formats, "newsmessage"))
    submit(installation, illustrated)
    guid = guid_of(installation)
    stale = shelf(installation)
    changes.withdraw_article(installation, guid, "侵权", "", BY)
    assert not all(p.holds for p in prove_withdrawal(installation, guid))
    syndicate(installation)
    assert pictures(installation) == []
    assert all(p.holds for p in prove_withdrawal(installation, guid))
    assert not any("水流进了南桥村的田".encode() in content for content in shelf(installation).values())
    canceled = [etree.fromstring(v) for k, v in shelf(installation).items() if k.startswith(ROOT) and "/picture-" in k]
    assert [c.xpath("string(g:itemMeta/g:pubStatus/@qcode)", namespaces=G2) for c in canceled] == ["stat:canceled"] * 2
    assert not any(c.xpath("g:contentSet/*", namespaces=G2) for c in canceled)
    package = etree.fromstring(shelf(installation)[f"{ROOT}packages/{DAY}/v2.xml"])
    told = package.xpath("//g:itemRef[g:itemClass/@qcode='ninat:picture']/g:pubStatus/@qcode", namespaces=G2)
    assert told == ["stat:canceled"]

    def cached(url: str) -> Answer:
        key = url.removeprefix(f"{installation.shelf_url}/")
        return Answer(200, stale[key]) if "/pictures/" in key and key in stale else Answer(404)

    faults = [f for p in prove_withdrawal(replace(installation, fetch=cached), guid) for f in p.faults]
    assert faults
    assert all("/pictures/" in fault for fault in faults)


def test_a_picture_that_the_paper_replaces_is_taken_back_and_the_story_is_corrected(illustrated):
    installation = make_installation()
    submit(installation, illustrated)
    first = pictures(installation)
    other = [replace(f, data=picture(colour=200)) if f.name == "canal.jpg" else f for f in illustrated]
    submit(installation, other)
    assert len(pictures(installation)) == 3
    assert not set(pictures(installation)) & set(first)
    (item,) = [i for i in newest_items(installation, IssueKey(NAME, DAY)) if i.article.media]
    assert (item.version, item.ed_note) == (2, "更正：图片有改动。")
    (found,) = [f for f in audit(installation, DAY) if f.partner == "sample-outlet"]
    assert (found.missing, found.damaged, found.extra) == ((), (), ())


def test_an_editor_takes_one_picture_back_and_the_story_stays(illustrated):
    installation = make_installation()
    submit(installation, illustrated)
    guid = guid_of(installation)
    with pytest.raises(BadInput, match="“2” is not one of the article's 1 pictures"):
        changes.correct_article(installation, guid, {"drop_pictures": "2"}, "侵权", replace(BY, run="correct/1"))
    changes.correct_article(installation, guid, {"drop_pictures": "1"}, "侵权", replace(BY, run="correct/2"))
    syndicate(installation)
    assert pictures(installation) == []
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田", "城东小学添新操场"]
    submit(installation, [replace(f, data=f.data.replace("第一圈".encode(), "两圈".encode())) for f in illustrated])
    assert pictures(installation) == []


@pytest.mark.parametrize("line", ["2: 桥 | 李明", "桥 | 李明", "0: 桥", "x: 桥"])
def test_a_caption_for_no_picture_is_refused(illustrated, line):
    installation = make_installation()
    submit(installation, illustrated)
    with pytest.raises(BadInput, match="does not begin with the number of one of the article's 1 pictures"):
        changes.correct_article(installation, guid_of(installation), {"captions": line}, "", replace(BY, run="c/1"))


def test_a_lost_picture_is_put_back_by_the_audit(illustrated):
    installation = make_installation()
    submit(installation, illustrated)
    lost = ROOT + pictures(installation)[0]
    content = installation.shelf.files.pop(lost).content
    (found,) = [f for f in audit(installation, DAY) if f.partner == "sample-outlet"]
    assert found.repaired == (lost.removeprefix(ROOT),)
    assert installation.shelf.files[lost].content == content


def test_a_publisher_that_comes_too_late_leaves_no_picture_of_a_withdrawn_article(illustrated):
    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, illustrated)
    version = ingest.receive_issue(installation, NAME, DAY, datetime.now(UTC))
    ingest.read_pages(installation, version)
    ingest.store_articles(installation, version)
    (work,) = [w for w in ingest.pending_work(installation) if w.partner == "sample-outlet"]
    plan = ingest.check_issue(installation, work, NOW)
    guid = guid_of(installation)
    page = plan.shipments[0].page
    entries = tuple(replace(e, status=Status.CANCELED) if e.guid == guid else e for e in page.entries)
    real = installation.store.put

    def put(file, condition=None):  # the other publisher's note comes right after ours
        etag = real(file, condition)
        if file.key.startswith("ledger/sample-outlet/") and page_of(
            installation.store, "sample-outlet", IssueKey(NAME, DAY)
        ):
            installation.store.put = real
            real(replace(page, version=2, entries=entries).file())
        return etag

    installation.store.put = put
    ingest.publish_issue(installation, plan)
    assert not any(safe_guid(guid) in key for key in pictures(installation))


@pytest.mark.parametrize("files", [Files.KEEP, Files.DELETE])
def test_a_moved_partner_finds_its_pictures_at_the_new_place(illustrated, files):
    installation = make_installation()
    submit(installation, illustrated)
    guid = guid_of(installation)
    installation.partners["sample-outlet"] = replace(installation.partners["sample-outlet"], prefix="elsewhere")
    move(installation, "sample-outlet", files, NOW)
    there = f"elsewhere/{NAME}/"
    assert len(pictures(installation, there)) == 3
    item = json.loads(shelf(installation)[f"{there}items/{safe_guid(guid)}/v1.json"])
    assert item["associations"][0]["renditions"][0]["href"].startswith(f"{installation.shelf_url}/{there}pictures/")
    found = [f for f in audit(installation, DAY, deep=True) if f.partner == "sample-outlet"]
    assert [(f.missing, f.damaged, f.extra) for f in found] == [((), (), ())]
    changes.withdraw_article(installation, guid, "侵权", "", BY)
    syndicate(installation)
    assert pictures(installation, there) == pictures(installation) == []
    assert all(p.holds for p in prove_withdrawal(installation, guid))


def test_a_picture_that_belongs_to_no_story_is_held_with_what_to_do(illustrated):
    installation = make_installation()
    strange = [*PAGES, SourceFile("strange.jpg", picture()), SourceFile("broken.jpg", picture()[:900])]
    version = submit(installation, strange)
    held = {h.name: h.reason for h in held_of(installation.store, version)}
    assert "pictures.toml" in held["strange.jpg"]
    assert set(held) == {"strange.jpg", "broken.jpg"}
    assert [e.title for e in feed(installation).entries] == ["老渠新水润良田", "城东小学添新操场"]
