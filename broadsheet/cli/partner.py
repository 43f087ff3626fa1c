"""``broadsheet partner``: write and list partners' records; manage their access, files and messages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.cli.newsroom import opened
from broadsheet.cli.record_file import write_record
from broadsheet.cli.screen import called, out, show, table, tell
from broadsheet.cli.speech import reason, tr
from broadsheet.installation import Installation
from broadsheet.local import state
from broadsheet.settings import Settings
from delivery.key_parts import checked_id, checked_relative
from delivery.partner_record import PartnerRecord
from delivery.records import load_partner, load_partners
from delivery.setup import partner_policy
from transforms.errors import BadInput
from transforms.model import Partner, Section

LONGEST_LINK = 7 * 24  # hours, the longest that S3 allows for a signature


def add(partner_id: str, name: str, given: dict[str, dict[str, Any]], credentials: bool) -> None:
    """Write a new partner's record. An existing record is never overwritten."""
    folder = Settings.from_env().partners
    path = folder / f"{checked_id(partner_id)}.toml"
    if path.exists():
        raise BadInput(f"{path} already exists. Edit it, then `{called()} partner check {partner_id}`.")
    if credentials and given.get("destination", {}).get("connection"):
        raise BadInput(f"keys for another store are made there: use the policy that `{called()} partner policy` prints")
    if credentials:
        given = given | {"destination": given.get("destination", {}) | {"access": "credentials"}}
    write_record(path, PartnerRecord, {"id": partner_id, "name": name} | given)
    show("Written: {}. Review it, then run:", path)
    show("  {} partner preview {} PAGES    what the partner would get of an issue", called(), partner_id)
    show("  {} partner check {}            whether its destination works", called(), partner_id)
    if credentials:
        _give_keys(load_partner(path))


def _give_keys(partner: Partner) -> None:
    from broadsheet.local import s3
    from broadsheet.local.airflow import PARTNER_BUCKET

    folder = state.home()
    place = f"{partner.bucket or PARTNER_BUCKET}/{partner.prefix or partner.id}"
    pair = s3.admit(folder, partner.id, place, state.load(folder).alive.get("s3"))
    show("Its keys, which can read {}/ only (kept in {}):", place, folder / "s3.partners.json")
    tell([(tr("access key"), pair.access), (tr("secret key"), pair.secret)])


def list_partners() -> None:
    """A table of all partners."""
    rows = table("id", "name", "sections", "formats", "text", "destination", "notified by")
    for p in load_partners(Settings.from_env().partners).values():
        sections = tr("all") if len(p.sections) == len(Section) else tr(", ").join(tr(s.value) for s in p.sections)
        where = f"{p.connection + ':' if p.connection else ''}{p.bucket or tr('partners’ bucket')}/{p.prefix or p.id}"
        notified = ", ".join([*([tr("hub")] if p.hub else []), *p.webhooks]) or "–"
        text = tr("full text") if p.full_text else tr("summary")
        rows.add_row(p.id, p.name, sections, ", ".join(p.formats), text, where, notified)
    out.print(rows)


def try_out(partner_id: str, clear: bool) -> None:
    """Run the next event in the partner's sandbox, or delete the sandbox."""
    from broadsheet.steps import sandbox

    installation = opened()
    partner = installation.partner(partner_id)
    if clear:
        show("{} objects deleted.", sandbox.clear(installation, partner.id))
        return
    show("{}", reason(sandbox.advance(installation, partner.id, datetime.now(UTC))))
    show("The sandbox is at {}/", installation.base_url(partner, sandbox.NAME))


def remove(partner_id: str, files: str) -> None:
    """Remove a partner: its record and keys are deleted; its files are kept, deleted or abandoned."""
    from broadsheet.steps.moving import Files
    from broadsheet.steps.moving import remove as carry_out

    installation = opened()
    path = Settings.from_env().partners / f"{checked_id(partner_id)}.toml"
    deleted = carry_out(installation, partner_id, Files(files))
    path.unlink(missing_ok=True)
    installation.partners.pop(partner_id, None)
    revoke(installation)
    installation.open_public()
    if files == "keep":
        show("{} was removed. Its files stay and still get corrections and withdrawals.", partner_id)
    else:
        show("{} was removed; {} objects deleted.", partner_id, deleted)


def move(partner_id: str, files: str) -> None:
    """Move a partner's files to the destination named in its record."""
    from broadsheet.steps.moving import Files
    from broadsheet.steps.moving import move as carry_out

    installation = opened()
    copied = carry_out(installation, partner_id, Files(files), datetime.now(UTC))
    if installation.partners[partner_id].access == "credentials" and not installation.partners[partner_id].connection:
        _give_keys(installation.partners[partner_id])
    show("{} was moved: {} objects copied; old files: {}.", partner_id, copied, tr(files))


def revoke(installation: Installation) -> None:
    """Revoke keys of the embedded store whose partner should no longer have any, according to its record."""
    from broadsheet.local import s3

    folder = state.home()
    stay = [p.id for p in installation.partners.values() if p.access == "credentials" and not p.connection]
    for gone in s3.dismiss(folder, stay, state.load(folder).alive.get("s3")):
        show("  revoked the keys of {}", gone)


def policy(partner_id: str) -> None:
    """Print the identity policy for the partner's own credentials, as AWS and its like take it."""
    settings = Settings.from_env()
    partner = _known(settings, partner_id)
    out.print_json(json.dumps(partner_policy(partner.bucket or settings.partner_bucket, partner)))


def link(partner_id: str, key: str, hours: int) -> None:
    """Print an address that lets anyone who has it read one of the partner's files for some hours."""
    if not 0 < hours <= LONGEST_LINK:
        raise BadInput(f"--hours: a link can be valid for 1 to {LONGEST_LINK} hours")
    installation = opened()
    partner = installation.partner(partner_id)
    shelf = installation.shelf_of(partner)
    path = f"{partner.prefix or partner.id}/{checked_relative(key)}"
    if shelf.stat(path) is None:
        raise BadInput(f"{path} does not exist")
    seconds = int(timedelta(hours=hours).total_seconds())
    print(shelf.link(path, seconds))


def retry_messages(partner_id: str) -> bool:
    """Send all undelivered messages of the partner again; False if one fails again."""
    from broadsheet.steps import notify
    from delivery.notify import Allowance

    installation = opened()
    outcome = notify.retry_messages(
        installation, datetime.now(UTC), Allowance.from_env(), installation.partner(partner_id).id, everything=True
    )
    for told in outcome.told:
        show("  delivered: {}", told, style="green")
    for failed in outcome.failed:
        show("  {}", reason(failed), style="red")
    if not outcome.told and not outcome.failed:
        show("There are no undelivered messages.")
    return not outcome.failed


def _known(settings: Settings, partner_id: str) -> Partner:
    partners = load_partners(settings.partners)
    if partner_id not in partners:
        raise BadInput(f"unknown partner “{partner_id}” (there are: {', '.join(partners) or 'none'})")
    return partners[partner_id]
