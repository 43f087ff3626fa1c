"""What importers demand beyond the formats: MSN."""

from __future__ import annotations

from dataclasses import replace

from tests.render.sample import PARTNER, PUBLICATION, article, invented, item
from transforms.gate import Severity, importer_findings
from transforms.model import Item, Status
from transforms.render import render_feeds

SAFE = "https://partners.example/outlet"
MSN = replace(PARTNER, contracts=("msn",), formats=("rss", "html"))


def reasons(items: tuple[Item, ...], partner=MSN, base: str = SAFE) -> list[str]:
    return [f.reason for f in importer_findings(render_feeds(PUBLICATION, partner, items, base), partner.contracts)]


def test_an_invented_issue_has_nothing_that_msn_leaves_out() -> None:
    assert reasons(invented().items) == []


def test_a_partner_that_is_not_msn_is_not_held_to_its_rules() -> None:
    assert reasons(invented().items, replace(MSN, contracts=())) == []


def test_a_title_of_more_than_150_characters_is_named_with_its_article() -> None:
    long = item("long", article("云" * 151, "今年的桥修得比往年高。"))
    found = reasons((*invented().items, long))
    assert found
    assert all(long.guid in r and "151 characters" in r for r in found)


def test_a_feed_of_summaries_is_of_no_use_to_msn() -> None:
    found = reasons(invented().items, replace(MSN, full_text=False))
    assert found
    assert all("full_text = true" in r for r in found)


def test_msn_is_told_of_withdrawals_whatever_their_titles() -> None:
    assert reasons(tuple(replace(i, status=Status.CANCELED) for i in invented().items)) == []


def test_an_address_without_https_is_a_warning() -> None:
    files = render_feeds(PUBLICATION, MSN, invented().items, "http://partners.example/outlet")
    found = importer_findings(files, MSN.contracts)
    assert found
    assert {f.severity for f in found} == {Severity.WARNING}
    assert all("https" in f.reason for f in found)
