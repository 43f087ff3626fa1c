"""``broadsheet partner``: a partner's record written, checked, previewed; its access and its news."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from broadsheet.cli.newsroom import opened
from broadsheet.cli.record_file import write_record
from broadsheet.cli.records import chosen_one
from broadsheet.cli.screen import called, out
from broadsheet.cli.trial import trial
from broadsheet.installation import Installation
from broadsheet.local import state
from broadsheet.settings import Settings
from delivery import places
from delivery.key_parts import checked_id, checked_relative
from delivery.partner_record import PartnerRecord
from delivery.records import load_partner, load_partners, load_publications
from delivery.setup import partner_policy
from delivery.store import Store
from transforms.audience.decide import seen_by
from transforms.audience.selection import is_held_back, let_out, lift, takes, unwanted
from transforms.errors import BadInput, BadRecord, BroadsheetError, StoreError
from transforms.gate import importer_findings
from transforms.model import Edition, File, Item, Partner, Publication, Status

LONGEST_LINK = 7 * 24  # hours; S3's signatures are good for no longer


def add(partner_id: str, name: str, given: dict[str, dict[str, Any]], credentials: bool) -> None:
    """Write a new partner's record; never over an old one."""
    folder = Settings.from_env().partners
    path = folder / f"{checked_id(partner_id)}.toml"
    if path.exists():
        raise BadInput(f"{path} is there already. Edit it, then `{called()} partner check {partner_id}`.")
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


def check(ids: Sequence[str]) -> bool:
    """Validate records and try destinations and endpoints' connections; False where something is to be done."""
    settings = Settings.from_env()
    partners = load_partners(settings.partners)
    missing = [i for i in ids if i not in partners]
    if missing:
        raise BadInput(f"there is no partner “{missing[0]}” in {settings.partners} (there are: {', '.join(partners)})")
    installation = opened()
    sound = True
    _revoke(installation)
    for partner in (partners[i] for i in ids or partners):
        troubles = troubles_of(installation, partner)
        sound = sound and not troubles
        out.print(f"{partner.id}: {'all is well' if not troubles else ''}", style="green" if not troubles else "red")
        for trouble in troubles:
            out.print(f"  {trouble}")
    return sound


def troubles_of(installation: Installation, partner: Partner) -> list[str]:
    from broadsheet.steps import dead_letters

    found = _destination(installation, partner)
    for webhook in partner.webhooks:
        try:
            connection = installation.connections(webhook)
            if not connection.password:
                found.append(f"webhook {webhook}: its connection has no password; put the shared secret there.")
            _ = connection.url
        except BroadsheetError as error:
            found.append(f"webhook {webhook}: {error}.")
    if not any(takes(partner, p) for p in installation.publications.values()):
        found.append("it takes no newspaper of this installation: look at takes.publications and takes.languages.")
    for gone in dead_letters.gone_endpoints(installation, partner.id):
        found.append(
            f"{gone.endpoint} said on {gone.at:%Y-%m-%d} that it is gone. `{called()} partner resend {partner.id}`."
        )
    waiting = sum(1 for _ in dead_letters.letters(installation, partner.id))
    if waiting:
        found.append(f"{waiting} messages did not arrive yet. `{called()} partner resend {partner.id}` tries them now.")
    return found


def _destination(installation: Installation, partner: Partner) -> list[str]:
    """Write, read and delete an object below the prefix; read it as a stranger and with the partner's own keys."""
    served = places.settled(partner, places.find(installation.store, partner.id), installation.bucket)
    if places.address(served, installation.bucket) != places.address(partner, installation.bucket):
        where = "/".join(part for part in (served.connection, served.bucket, served.prefix) if part)
        return [
            f"destination: its files are still in {where}, where they go on being written. "
            f"`{called()} partner move {partner.id}` takes them to the place that its record names."
        ]
    # A name that no cache knows yet.
    key = f"{partner.prefix or partner.id}/.broadsheet-check-{secrets.token_hex(4)}"
    probe = File(key, b"broadsheet\n", "text/plain; charset=utf-8", "no-store")
    try:
        shelf = installation.shelf_of(partner)
        shelf.put(probe)
        try:
            read = shelf.get(key).content
            if read != probe.content:
                return ["destination: what was written is not what was read: look at the store."]
            return [*_stranger(installation, partner, probe), *_own_keys(shelf, partner, probe)]
        finally:
            shelf.delete([key])
    except BadRecord as error:
        return [f"destination: {error}."]
    except StoreError as error:
        return [f"destination: {error}. {_advice(str(error))}"]


def _stranger(installation: Installation, partner: Partner, probe: File) -> list[str]:
    """Whether anybody, or nobody, reads the partner's prefix, as its record says; set right in our own store."""
    name = probe.key.rpartition("/")[2]
    paper = next(iter(installation.publications), "")
    url = f"{installation.base_url(partner, paper).removesuffix(f'/{paper}')}/{name}"
    wanted = partner.access == "public"
    if partner.connection and not partner.base_url:
        return []  # another store's own affair, and nobody was told of an address
    found = _reads(installation, url, probe)
    if isinstance(found, bool) and found is not wanted and not partner.connection:
        failed = installation.open_public()
        found = failed or _reads(installation, url, probe)
        if found is wanted:
            out.print(
                f"  {partner.id}: was {'closed, and is open' if wanted else 'open, and is closed'} to strangers now"
            )
    if isinstance(found, str):
        return [f"access: {found}. Is destination.base_url right, and is the web server there?"]
    if found is wanted:
        return []
    if wanted:
        return [f"access: it is public, but a stranger does not get {url}: look at the bucket's policy and web server."]
    return [f"access: it is for its own keys only, but anybody gets {url}: look at the bucket's policy."]


def _reads(installation: Installation, url: str, probe: File) -> bool | str:
    """Whether a stranger reads the probe; the error message if nothing answers."""
    try:
        return installation.fetch(url).content == probe.content
    except StoreError as error:
        return str(error)


def _own_keys(shelf: Store, partner: Partner, probe: File) -> list[str]:
    """Whether the keys that `partner add --credentials` gave the partner read its prefix in the embedded store."""
    from botocore.exceptions import BotoCoreError, ClientError

    from broadsheet.local import s3

    pair = s3.pair_of(state.home(), partner.id)
    if partner.access != "credentials" or pair is None:
        return []
    try:
        s3.client(shelf.endpoint, pair).get_object(Bucket=shelf.bucket, Key=probe.key)
    except (BotoCoreError, ClientError) as error:
        return [f"access: its own keys do not read {probe.key}: {error}."]
    return []


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
    _revoke(installation)
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


def _revoke(installation: Installation) -> None:
    """Revoke the embedded store's keys of partners that have none any more by their records."""
    from broadsheet.local import s3

    folder = state.home()
    stay = [p.id for p in installation.partners.values() if p.access == "credentials" and not p.connection]
    for gone in s3.dismiss(folder, stay, state.load(folder).alive.get("s3")):
        out.print(f"  the keys of {gone} are revoked")


def _advice(error: str) -> str:
    if "NoSuchBucket" in error:
        return "Make the bucket, or correct destination.bucket."
    if any(code in error for code in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")):
        return "The keys may not write there: they need s3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket."
    return "Is the address right, and does the store run?"


def preview(partner_id: str, pages: Path | None, publication_id: str, day: date | None) -> None:
    """Show which articles and files the partner would get of an issue, and what it would not get and why."""
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
        raise BadInput("say which issue: give --date, or the pages' folder")
    installation = opened()
    version = issues.latest_stored(installation.store, IssueKey(publication.id, day))
    if version is None:
        raise BadInput(f"no issue {publication.id}/{day} is stored")
    plan = render_issue(installation, Work(partner.id, publication.id, (str(version),)), datetime.now(UTC))
    page = page_of(installation.store, partner.id, version.issue)
    edition = issues.load_edition(installation.store, version, publication)
    files = (*(f for s in plan.shipments for f in s.files), *plan.pointers)
    return edition, files, page.guids if page else frozenset()


def _show(edition: Edition, partner: Partner, files: Sequence[File], had: frozenset[str]) -> None:
    from rich.table import Table

    now = datetime.now(UTC)
    taken = takes(partner, edition.publication)
    table = Table("", "headline", "section", "why not", box=None, pad_edge=False)
    for item in edition.items:
        reason = _reason(item, partner, now, had) if taken else "it does not take this newspaper, or its language"
        table.add_row(
            "✗" if reason else "✓",
            seen_by(item, partner, edition.publication).article.headline,
            item.article.section.value,
            reason,
        )
    out.print(f"{partner.name}, {edition.publication.name} of {edition.date}, version {edition.version}")
    out.print(table)
    if not files:
        return out.print("No file is written.")
    size = sum(len(f.content) for f in files)
    out.print(f"{len(files)} files, {size / 1e6:.2f} MB:")
    for file in files:
        out.print(f"  {file.key}  {len(file.content):,} bytes, {file.media_type}", soft_wrap=True)
    for finding in importer_findings(files, partner.contracts):
        out.print(f"  {finding.severity}: {finding.key}: {finding.reason}", style="yellow", soft_wrap=True)
    return None


def _reason(item: Item, partner: Partner, now: datetime, had: frozenset[str]) -> str:
    if not let_out([item]):
        return "it waits for the desk"
    if item.guid in had:
        return ""
    if item.status is Status.CANCELED:
        return "it is withdrawn, and the partner never had it"
    return unwanted(item, partner) or _withheld(item, partner, now)


def _withheld(item: Item, partner: Partner, now: datetime) -> str:
    from transforms.audience.privacy import needs_desk

    if is_held_back(item, partner, now):
        return f"embargoed until {lift(item, partner).astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return "it holds private numbers, which the desk must see first" if needs_desk(item, partner) else ""


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


def resend(partner_id: str) -> bool:
    """Send all of the partner's messages that did not arrive; False where one still does not."""
    from broadsheet.steps import notify
    from delivery.notify import Allowance

    installation = opened()
    outcome = notify.resend(
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
        raise BadInput(f"there is no partner “{partner_id}” (there are: {', '.join(partners) or 'none'})")
    return partners[partner_id]
