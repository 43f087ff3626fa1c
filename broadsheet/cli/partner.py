"""``broadsheet partner``: a partner's record written and listed; its access, its files and its news."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from broadsheet.cli.newsroom import opened
from broadsheet.cli.record_file import write_record
from broadsheet.cli.screen import called, out
from broadsheet.installation import Installation
from broadsheet.local import state
from broadsheet.settings import Settings
from delivery.key_parts import checked_id, checked_relative
from delivery.partner_record import PartnerRecord
from delivery.records import load_partner, load_partners
from delivery.setup import partner_policy
from transforms.errors import BadInput
from transforms.model import Partner

LONGEST_LINK = 7 * 24  # hours; S3's signatures are good for no longer


def add(partner_id: str, name: str, given: dict[str, dict[str, Any]], credentials: bool) -> None:
    """Write a new partner's record; never over an old one."""
    folder = Settings.from_env().partners
    path = folder / f"{checked_id(partner_id)}.toml"
    if path.exists():
        raise BadInput(f"{path} already exists. Edit it, then `{called()} partner check {partner_id}`.")
    if credentials and given.get("destination", {}).get("connection"):
        raise BadInput(f"another store makes its own keys: give it what `{called()} partner policy` prints")
    if credentials:
        given = given | {"destination": given.get("destination", {}) | {"access": "credentials"}}
    write_record(path, PartnerRecord, {"id": partner_id, "name": name} | given)
    out.print(f"Written: {path}. Look through it, then:")
    out.print(f"  {called()} partner preview {partner_id} PAGES    what it would get of an issue", soft_wrap=True)
    out.print(f"  {called()} partner check {partner_id}            whether its destination takes it", soft_wrap=True)
    if credentials:
        _give_keys(load_partner(path))


def _give_keys(partner: Partner) -> None:
    from broadsheet.local import s3
    from broadsheet.local.airflow import PARTNER_BUCKET

    folder = state.home()
    place = f"{partner.bucket or PARTNER_BUCKET}/{partner.prefix or partner.id}"
    pair = s3.admit(folder, partner.id, place, state.load(folder).alive.get("s3"))
    out.print(f"Its keys, which read {place}/ and nothing else (kept in {folder / 's3.partners.json'}):")
    out.print(f"  access key  {pair.access}\n  secret key  {pair.secret}")


def list_partners() -> None:
    """A table of all partners."""
    from rich.table import Table

    table = Table("id", "name", "sections", "formats", "text", "where", "told by", box=None, pad_edge=False)
    for p in load_partners(Settings.from_env().partners).values():
        sections = (
            "all" if len(p.sections) == len(PartnerRecord(id="x", name="x").takes.sections) else ", ".join(p.sections)
        )
        where = f"{p.connection + ':' if p.connection else ''}{p.bucket or 'partners’ bucket'}/{p.prefix or p.id}"
        told = ", ".join([*(["hub"] if p.hub else []), *p.webhooks]) or "–"
        table.add_row(p.id, p.name, sections, ", ".join(p.formats), "full" if p.full_text else "summary", where, told)
    out.print(table)


def try_out(partner_id: str, clear: bool) -> None:
    """Make the next event happen in the partner's sandbox, or take the sandbox away."""
    from broadsheet.steps import sandbox

    installation = opened()
    partner = installation.partner(partner_id)
    if clear:
        out.print(f"{sandbox.clear(installation, partner.id)} objects deleted.")
        return
    out.print(sandbox.advance(installation, partner.id, datetime.now(UTC)))
    out.print(f"It lies below {installation.base_url(partner, sandbox.NAME)}/", soft_wrap=True)


def remove(partner_id: str, files: str) -> None:
    """Give a partner up: its record and its keys go, its files stay or are deleted."""
    from broadsheet.steps.moving import Files
    from broadsheet.steps.moving import remove as carry_out

    installation = opened()
    path = Settings.from_env().partners / f"{checked_id(partner_id)}.toml"
    deleted = carry_out(installation, partner_id, Files(files))
    path.unlink(missing_ok=True)
    installation.partners.pop(partner_id, None)
    revoke(installation)
    installation.open_public()
    kept = (
        "its files stay, and hear of corrections and withdrawals" if files == "keep" else f"{deleted} objects deleted"
    )
    out.print(f"{partner_id} is removed; {kept}.")


def move(partner_id: str, files: str) -> None:
    """Take a partner's files to the destination that its record names."""
    from broadsheet.steps.moving import Files
    from broadsheet.steps.moving import move as carry_out

    installation = opened()
    copied = carry_out(installation, partner_id, Files(files), datetime.now(UTC))
    if installation.partners[partner_id].access == "credentials" and not installation.partners[partner_id].connection:
        _give_keys(installation.partners[partner_id])
    out.print(f"{partner_id} is moved: {copied} objects copied; the old ones: {files}.")


def revoke(installation: Installation) -> None:
    """Revoke the embedded store's keys of partners that have none any more by their records."""
    from broadsheet.local import s3

    folder = state.home()
    stay = [p.id for p in installation.partners.values() if p.access == "credentials" and not p.connection]
    for gone in s3.dismiss(folder, stay, state.load(folder).alive.get("s3")):
        out.print(f"  the keys of {gone} are revoked")


def policy(partner_id: str) -> None:
    """Print the identity policy for the partner's own credentials, as AWS and its like take it."""
    settings = Settings.from_env()
    partner = _known(settings, partner_id)
    out.print_json(json.dumps(partner_policy(partner.bucket or settings.partner_bucket, partner)))


def link(partner_id: str, key: str, hours: int) -> None:
    """Print an address that opens one file of the partner's for some hours, to whoever has it."""
    if not 0 < hours <= LONGEST_LINK:
        raise BadInput(f"--hours: a link is good for 1 to {LONGEST_LINK} hours")
    installation = opened()
    partner = installation.partner(partner_id)
    shelf = installation.shelf_of(partner)
    path = f"{partner.prefix or partner.id}/{checked_relative(key)}"
    if shelf.stat(path) is None:
        raise BadInput(f"there is no {path}")
    seconds = int(timedelta(hours=hours).total_seconds())
    print(shelf.link(path, seconds))


def retry_messages(partner_id: str) -> bool:
    """Send all of the partner's messages that did not arrive; False if one still does not."""
    from broadsheet.steps import notify
    from delivery.notify import Allowance

    installation = opened()
    outcome = notify.retry_messages(
        installation, datetime.now(UTC), Allowance.from_env(), installation.partner(partner_id).id, everything=True
    )
    for told in outcome.told:
        out.print(f"  arrived: {told}", style="green")
    for failed in outcome.failed:
        out.print(f"  {failed}", style="red")
    if not outcome.told and not outcome.failed:
        out.print("Nothing waits.")
    return not outcome.failed


def _known(settings: Settings, partner_id: str) -> Partner:
    partners = load_partners(settings.partners)
    if partner_id not in partners:
        raise BadInput(f"unknown partner “{partner_id}” (there are: {', '.join(partners) or 'none'})")
    return partners[partner_id]
