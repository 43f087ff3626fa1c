"""``broadsheet partner check``: whether a partner's record, destination and endpoints are well."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from broadsheet.cli.newsroom import opened
from broadsheet.cli.partner import revoke
from broadsheet.cli.screen import called, out
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
    """Validate records and try destinations and endpoints' connections; False if something is to be done."""
    settings = Settings.from_env()
    partners = load_partners(settings.partners)
    missing = [i for i in ids if i not in partners]
    if missing:
        raise BadInput(f"unknown partner “{missing[0]}”: {settings.partners} has {', '.join(partners) or 'none'}")
    installation = opened()
    sound = True
    revoke(installation)
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
            if names_token(connection):
                found.append(
                    f"webhook {webhook}: its address seems to hold a token, which Airflow shows in its pages and event "
                    "log; put the whole address into the connection's extra as secret_url."
                )
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
        return []  # another store's own affair, and nobody was given an address
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


def _advice(error: str) -> str:
    if "NoSuchBucket" in error:
        return "Make the bucket, or correct destination.bucket."
    if any(code in error for code in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch")):
        return "The keys may not write there: they need s3:PutObject, s3:GetObject, s3:DeleteObject and s3:ListBucket."
    return "Is the address right, and does the store run?"
