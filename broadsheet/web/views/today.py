"""What needs a person, as the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from broadsheet.installation import Installation
from broadsheet.steps import attention, incidents
from broadsheet.steps.attention import Concern
from transforms.model import Publication

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry with its newspaper, the zone that its times are told in, and the partner that it is about."""

    entry: Concern
    publication: Publication | None
    zone: ZoneInfo
    overdue: bool
    partner: str = ""
    partner_name: str = ""
    run: str = ""
    guid: str = ""


def today_view(installation: Installation, now: datetime) -> Sequence[Shown]:
    """All entries, most urgent first."""
    return [_shown(installation, entry, now) for entry in attention.entries(installation, now)]


def _shown(installation: Installation, entry: Concern, now: datetime) -> Shown:
    publication = installation.publications.get(entry.issue.publication) if entry.issue else None
    zone = ZoneInfo(publication.timezone) if publication else UTC
    partner = _partner(entry)
    record = installation.partners.get(partner)
    return Shown(
        entry,
        publication,
        zone,
        entry.due <= now,
        partner,
        record.name if record else partner,
        _run(entry),
        _guid(entry),
    )


def _partner(entry: Concern) -> str:
    if entry.held:
        return entry.held.partner
    is_partners = entry.incident and entry.incident.kind in (
        incidents.IncidentKind.PARTNER,
        incidents.IncidentKind.ENDPOINT,
    )
    return entry.incident.name.partition("__")[0] if entry.incident and is_partners else ""


def _run(entry: Concern) -> str:
    """Where Airflow shows the run, if it is about one."""
    return entry.incident.path if entry.incident and entry.incident.kind is incidents.IncidentKind.RUN else ""


def _guid(entry: Concern) -> str:
    if entry.incident and entry.incident.about.startswith("urn:"):
        return entry.incident.about
    found = entry.question or entry.ending or entry.held
    return found.guid if found else ""
