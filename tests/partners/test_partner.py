"""``broadsheet partner``: records written and read back, previews, and what is said about a destination."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from broadsheet.cli import partner as command
from broadsheet.cli import partner_check
from broadsheet.cli.main import app
from delivery.partner_record import PartnerRecord
from delivery.public import Answer
from delivery.records import load_partner
from delivery.setup import partner_policy, read_policy
from tests.support.issue import make_installation
from tests.support.memory import MemoryStore
from transforms.audience.selection import choose
from transforms.errors import BadInput, BadRecord, StoreError
from transforms.model import Article, Item, Paragraph, Partner, Section, Subject

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15"
NOON = datetime(2026, 1, 15, 4, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("BROADSHEET_PARTNERS", str(tmp_path))
    monkeypatch.setenv("BROADSHEET_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*arguments: str):
    return CliRunner().invoke(app, ["partner", *arguments])


def test_a_record_that_add_writes_says_what_was_asked_for_explains_the_rest_and_is_never_overwritten(folder):
    assert run("add", "evening", "--name", "晚报", "--section", "brief", "--format", "rss", "--summary").exit_code == 0
    written = (folder / "evening.toml").read_text("utf-8")
    assert load_partner(folder / "evening.toml") == Partner(
        "evening", "晚报", sections=(Section.BRIEF,), formats=("rss",), full_text=False
    )
    for table in ("takes", "gets", "rights", "destination", "limits"):
        for field in type(PartnerRecord.model_fields[table].default).model_fields:
            assert f"\n{field} = " in written or f"\n# {field} = " in written
    with pytest.raises(BadInput, match="already exists"):
        command.add("evening", "另一家", {}, False)
    assert (folder / "evening.toml").read_text("utf-8") == written


def test_a_wrong_choice_is_named_once_with_the_choices_there_are(folder):
    with pytest.raises(BadRecord) as raised:
        command.add("evening", "晚报", {"takes": {"sections": ["supplement"]}}, False)
    assert str(raised.value).count("takes.sections") == 1
    assert str(raised.value).endswith("'commentary', 'training_notice' or 'other'")


def test_the_defaults_in_the_comments_are_the_ones_that_hold(folder):
    run("add", "plain", "--name", "样例")
    path = folder / "plain.toml"
    assert load_partner(path) == Partner("plain", "样例")
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(line.removeprefix("# ") if " = " in line else line for line in lines), "utf-8")
    assert load_partner(path) == Partner("plain", "样例")


def test_what_is_no_record_is_not_written(folder):
    with pytest.raises(BadRecord, match=r"takes\.sections"):
        command.add("odd", "怪", {"takes": {"sections": ["sports"]}}, False)
    with pytest.raises(BadInput, match="not an id"):
        command.add("../odd", "怪", {}, False)
    assert list(folder.glob("*.toml")) == []


def test_the_list_shows_each_partner(folder):
    run("add", "evening", "--name", "晚报", "--hub", "https://hub.example/", "--webhook", "evening_hook")
    said = run("list").output
    assert all(word in said for word in ("evening", "晚报", "full", "hub, evening_hook"))


def test_a_preview_names_what_goes_what_does_not_and_why(folder):
    run("add", "evening", "--name", "晚报", "--section", "training_notice", "--format", "newsml", "--format", "rss")
    said = run("preview", "evening", str(SAMPLE), "-p", "yunzhou-daily").output
    assert "section brief is not among those that it takes" in said
    assert "waiting for an editor" in said
    taken = [line for line in said.splitlines() if line.startswith("✓")]
    assert taken
    assert all("training_notice" in line for line in taken)
    assert said.count("/v1.xml") == len(taken) + 1  # and the package
    assert "feeds/training_notice.rss" in said
    assert "feeds/brief.rss" not in said


def test_an_article_on_none_of_a_partners_topics_is_not_sent_unless_it_had_it():
    partner = Partner("x", "X", topics=("medtop:04000000",))
    body = (Paragraph("一句话。"),)
    economy = Article("甲", body, section=Section.BRIEF, subjects=(Subject("medtop:04000000", "经济", 0.9),))
    sport = replace(economy, headline="乙", subjects=(Subject("medtop:15000000", "体育", 0.9),))
    items = [Item(f"urn:newsml:x.example:20260115:{n}", 1, a, NOON, NOON) for n, a in enumerate((economy, sport))]
    assert choose(items, partner, NOON, ()) == (items[0],)
    assert choose(items, partner, NOON, {items[1].guid}) == tuple(items)


def test_an_object_that_is_larger_than_a_partner_takes_is_held_and_the_rest_goes(folder):
    from broadsheet.steps import ingest
    from tests.support.issue import DAY, NAME, NOW, PAGES, ingest_day

    installation = make_installation()
    ingest.put_in_inbox(installation.store, NAME, DAY, [PAGES[0], replace_text(PAGES[1])])
    ingest_day(installation)
    work = next(w for w in ingest.pending_work(installation) if w.partner == "sample-outlet")
    few = replace(installation.partners[work.partner], formats=("newsml", "rss"))
    installation = replace(installation, partners={few.id: few})
    sizes = {f.key: len(f.content) for s in ingest.render_issue(installation, work, NOW).shipments for f in s.files}
    largest = max((k for k in sizes if k.startswith("items/")), key=sizes.__getitem__)
    installation = replace(installation, partners={few.id: replace(few, max_mb=(sizes[largest] - 1) / 1e6)})
    plan = ingest.check_issue(installation, work, NOW)
    assert [h.name for h in plan.held] == [largest]
    assert "MB" in plan.held[0].reason
    assert len(plan.shipments[0].page.entries) == 1


def replace_text(page):
    return replace(page, data=page.data + "孩子们的笑声传得很远，老师们也站在一旁看着他们跑。".encode() * 200)


def test_check_tries_what_a_stranger_gets_and_says_where_files_still_go():
    installation = make_installation()
    partner = installation.partners["sample-outlet"]
    (trouble,) = partner_check.troubles_of(replace(installation, fetch=lambda url: Answer(403)), partner)
    assert "cannot be read without keys" in trouble
    (trouble,) = partner_check.troubles_of(installation, replace(partner, access="credentials"))
    assert "anybody can read" in trouble
    installation.note_place(partner)
    (trouble,) = partner_check.troubles_of(installation, replace(partner, prefix="elsewhere"))
    assert "partner move sample-outlet" in trouble


def test_a_policy_names_what_is_public_and_nothing_else():
    open_, closed = Partner("a", "A"), Partner("b", "B", access="credentials")
    assert [s["Resource"] for s in read_policy("shelf", [open_, closed])["Statement"]] == [["arn:aws:s3:::shelf/a/*"]]
    assert read_policy("shelf", [closed])["Statement"] == []


class Closed(MemoryStore):
    def put(self, file, condition=None):
        raise StoreError("could not write shelf/x: AccessDenied you may not")


def test_check_says_what_to_do_about_a_destination_that_does_not_take_a_file():
    installation = make_installation()
    partner = installation.partners["sample-outlet"]
    assert partner_check.troubles_of(installation, partner) == []
    assert list(installation.shelf.list("")) == []  # nothing is left of the try
    (trouble,) = partner_check.troubles_of(replace(installation, shelf=Closed()), partner)
    assert "s3:PutObject" in trouble
    (trouble,) = partner_check.troubles_of(installation, replace(partner, webhooks=("nowhere",)))
    assert "AIRFLOW_CONN_NOWHERE" in trouble
    (trouble,) = partner_check.troubles_of(installation, replace(partner, connection="nowhere"))
    assert "AIRFLOW_CONN_NOWHERE" in trouble
    (trouble,) = partner_check.troubles_of(installation, replace(partner, languages=("en",)))
    assert "takes no newspaper" in trouble


def test_a_policy_opens_the_partners_prefix_and_no_neighbours(folder):
    run("add", "evening", "--name", "晚报")
    printed = json.loads(run("policy", "evening").output)
    assert printed == partner_policy("broadsheet-partners", Partner("evening", "晚报"))
    get, list_ = printed["Statement"]
    assert get["Resource"] == "arn:aws:s3:::broadsheet-partners/evening/*"
    assert list_["Condition"] == {"StringLike": {"s3:prefix": ["evening/*"]}}
    assert {get["Action"], list_["Action"]} == {"s3:GetObject", "s3:ListBucket"}


def test_keys_of_another_store_are_made_there(folder):
    with pytest.raises(BadInput, match="policy"):
        command.add("evening", "晚报", {"destination": {"connection": "theirs"}}, True)
