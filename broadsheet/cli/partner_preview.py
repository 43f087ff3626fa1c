"""``broadsheet partner preview``: what a partner would get of an issue, and why it would not get the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from broadsheet.cli.newsroom import opened
from broadsheet.cli.records import chosen_one
from broadsheet.cli.screen import out, show, table
from broadsheet.cli.speech import finding_line, reason, tr
from broadsheet.cli.trial import trial
from broadsheet.settings import Settings
from delivery.records import load_partners, load_publications
from transforms.audience.decide import seen_by
from transforms.audience.selection import is_held_back, let_out, lift, takes, unwanted
from transforms.errors import BadInput
from transforms.gate import importer_findings
from transforms.model import Edition, File, Item, Partner, Publication, Status


def preview(partner_id: str, pages: Path | None, publication_id: str, day: date | None) -> None:
    """Show which articles and files the partner would get of an issue, and why it would not get the others."""
    settings = Settings.from_env()
    partners = load_partners(settings.partners)
    partner = chosen_one(partners, partner_id, "PARTNER")
    publication = chosen_one(load_publications(settings.publications), publication_id, "--publication")
    if pages is not None:
        base = partner.base_url or f"https://store.example/{partner.prefix or partner.id}"
        made = trial(pages, publication, partner, tuple(partners.values()), day, base, datetime.now(UTC))
        edition, files = made.edition, made.files
        had: frozenset[str] = frozenset()
    else:
        edition, files, had = _of_store(publication, partner, day)
    _show(edition, partner, files, had)


def _of_store(
    publication: Publication, partner: Partner, day: date | None
) -> tuple[Edition, tuple[File, ...], frozenset[str]]:
    from broadsheet.steps.ingest import Work, render_issue
    from delivery import issues
    from delivery.keys import IssueKey
    from delivery.ledger import page_of

    if day is None:
        raise BadInput("say which issue: give --date or a folder of pages")
    installation = opened()
    version = issues.latest_stored(installation.store, IssueKey(publication.id, day))
    if version is None:
        raise BadInput(f"{publication.id}/{day} is not stored")
    plan = render_issue(installation, Work(partner.id, publication.id, (str(version),)), datetime.now(UTC))
    page = page_of(installation.store, partner.id, version.issue)
    edition = issues.load_edition(installation.store, version, publication)
    files = (*(f for s in plan.shipments for f in s.files), *plan.pointers)
    return edition, files, page.guids if page else frozenset()


def _show(edition: Edition, partner: Partner, files: Sequence[File], had: frozenset[str]) -> None:
    now = datetime.now(UTC)
    taken = takes(partner, edition.publication)
    rows = table("", "headline", "section", "why not")
    for item in edition.items:
        why = _reason(item, partner, now, had) if taken else "the partner does not take this newspaper or its language"
        rows.add_row(
            "✗" if why else "✓",
            seen_by(item, partner, edition.publication).article.headline,
            tr(item.article.section.value),
            reason(why),
        )
    show("{}: {} of {}, version {}", partner.name, edition.publication.name, edition.date, edition.version)
    out.print(rows)
    if not files:
        show("No files would be written.")
        return
    size = sum(len(f.content) for f in files)
    show("{} files, {} MB:", len(files), f"{size / 1e6:.2f}")
    for file in files:
        show("  {}  {} bytes, {}", file.key, f"{len(file.content):,}", file.media_type)
    for finding in importer_findings(files, partner.contracts):
        show("  {}", finding_line(finding), style="yellow")


def _reason(item: Item, partner: Partner, now: datetime, had: frozenset[str]) -> str:
    if not let_out([item]):
        return "waiting for an editor"
    if item.guid in had:
        return ""
    if item.status is Status.CANCELED:
        return "withdrawn, and the partner never had it"
    return unwanted(item, partner) or _withheld(item, partner, now)


def _withheld(item: Item, partner: Partner, now: datetime) -> str:
    from transforms.audience.privacy import needs_desk

    if is_held_back(item, partner, now):
        return f"embargoed until {lift(item, partner).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return "private numbers that an editor must see first" if needs_desk(item, partner) else ""
