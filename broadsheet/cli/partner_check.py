"""``broadsheet partner check``: whether a partner's record, destination and endpoints work."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from broadsheet.cli.newsroom import opened
from broadsheet.cli.partner import revoke
from broadsheet.cli.screen import called, show
from broadsheet.cli.speech import reason, tr
from broadsheet.installation import Installation
from broadsheet.local import state
from broadsheet.settings import Settings
from delivery import places
from delivery.connections import names_token
from delivery.records import load_partners
from delivery.store import Store
from transforms.audience.selection import takes
from transforms.errors import BadInput, BadRecord, BroadsheetError, StoreError
from transforms.model import File, Partner


def check(ids: Sequence[str]) -> bool:
    """Validate records and try destinations and endpoints' connections; False if there is a problem."""
    settings = Settings.from_env()
    partners = load_partners(settings.partners)
    missing = [i for i in ids if i not in partners]
    if missing:
        raise BadInput(f"unknown partner “{missing[0]}” (there are: {', '.join(partners) or 'none'})")
    installation = opened()
    sound = True
    revoke(installation)
    for partner in (partners[i] for i in ids or partners):
        troubles = troubles_of(installation, partner)
        sound = sound and not troubles
        if troubles:
            show("{}:", partner.id, style="red")
        else:
            show("{}: everything works", partner.id, style="green")
        for trouble in troubles:
            show("  {}", trouble)
    return sound


def troubles_of(installation: Installation, partner: Partner) -> list[str]:
    """What is wrong with a partner, one sentence each, in the user's language."""
    from broadsheet.steps import dead_letters

    found = _destination(installation, partner)
    for webhook in partner.webhooks:
        try:
            connection = installation.connections(webhook)
            if not connection.password:
                found.append(tr("webhook {}: its connection has no password; put the shared secret there.", webhook))
            if names_token(connection):
                found.append(
                    tr(
                        "webhook {}: its address seems to contain a token, which Airflow shows in its pages and event"
                        " log; put the whole address into the connection's extra as secret_url.",
                        webhook,
                    )
                )
        except BroadsheetError as error:
            found.append(tr("webhook {}: {}.", webhook, error))
    if not any(takes(partner, p) for p in installation.publications.values()):
        found.append(tr("it takes no newspaper of this installation: check takes.publications and takes.languages."))
    for gone in dead_letters.gone_endpoints(installation, partner.id):
        again = f"`{called()} partner resend {partner.id}`"
        found.append(
            tr("{} answered 410 Gone on {}. To try it again: {}.", gone.endpoint, f"{gone.at:%Y-%m-%d}", again)
        )
    waiting = sum(1 for _ in dead_letters.letters(installation, partner.id))
    if waiting:
        again = f"`{called()} partner resend {partner.id}`"
        found.append(tr("undelivered messages: {}. To send them now: {}.", waiting, again))
    return found


def _destination(installation: Installation, partner: Partner) -> list[str]:
    """Write, read and delete an object below the prefix; also read it without keys and with the partner's own."""
    served = places.settled(partner, places.find(installation.store, partner.id), installation.bucket)
    if places.address(served, installation.bucket) != places.address(partner, installation.bucket):
        where = "/".join(part for part in (served.connection, served.bucket, served.prefix) if part)
        move = f"`{called()} partner move {partner.id}`"
        return [
            tr(
                "destination: its files are still written to {}. To move them to where its record says: {}.",
                where,
                move,
            )
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
                return [tr("destination: a test object came back different from what was written: check the store.")]
            return [*_stranger(installation, partner, probe), *_own_keys(shelf, partner, probe)]
        finally:
            shelf.delete([key])
    except BadRecord as error:
        return [tr("destination: {}.", error)]
    except StoreError as error:
        return [tr("destination: {}. {}", error, tr(_advice(str(error))))]


def _stranger(installation: Installation, partner: Partner, probe: File) -> list[str]:
    """Whether the prefix is public or closed as the partner's record says. In our own store this is repaired."""
    name = probe.key.rpartition("/")[2]
    paper = next(iter(installation.publications), "")
    url = f"{installation.base_url(partner, paper).removesuffix(f'/{paper}')}/{name}"
    wanted = partner.access == "public"
    if partner.connection and not partner.base_url:
        return []  # another store's own affair, and nobody was given an address
    found = _reads(installation, url, probe)
    if isinstance(found, bool) and found is not wanted and not partner.connection:
        failed = installation.open_public()
        found = failed or _reads(installation, url, probe)
        if found is wanted:
            show(
                "  {}: was closed to the public and is open now"
                if wanted
                else "  {}: was open to the public and is closed now",
                partner.id,
            )
    if isinstance(found, str):
        return [tr("access: {}. Is destination.base_url right, and is its web server running?", reason(found))]
    if found is wanted:
        return []
    if wanted:
        return [
            tr("access: public, but {} cannot be read without keys: check the bucket's policy and the web server.", url)
        ]
    return [tr("access: credentials, but anybody can read {}: check the bucket's policy.", url)]


def _reads(installation: Installation, url: str, probe: File) -> bool | str:
    """Whether the probe can be read without keys; the error message if nothing answers."""
    try:
        return installation.fetch(url).content == probe.content
    except StoreError as error:
        return str(error)


def _own_keys(shelf: Store, partner: Partner, probe: File) -> list[str]:
    """Whether the keys from `partner add --credentials` can read the prefix in the embedded store."""
    from botocore.exceptions import BotoCoreError, ClientError

    from broadsheet.local import s3

    pair = s3.pair_of(state.home(), partner.id)
    if partner.access != "credentials" or pair is None:
        return []
    try:
        s3.client(shelf.endpoint, pair).get_object(Bucket=shelf.bucket, Key=probe.key)
    except (BotoCoreError, ClientError) as error:
        return [tr("access: its own keys cannot read {}: {}.", probe.key, error)]
    return []


ADVICE = (
    "Create the bucket, or correct destination.bucket.",
    "The keys may not write there. They need s3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket.",
    "Is the address right, and is the store running?",
)


def _advice(error: str) -> str:
    no_bucket, no_rights, no_answer = ADVICE
    if "NoSuchBucket" in error:
        return no_bucket
    denied = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")
    return no_rights if any(code in error for code in denied) else no_answer
