"""An installation opened for work: its records, its stores, its schemas. Made once per task or command."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from broadsheet.settings import Settings
from delivery import places
from delivery.connections import Connection, Resolver, from_environment
from delivery.key_parts import is_id
from delivery.keys import partner_root
from delivery.parallel import at_once
from delivery.public import Fetch, read
from delivery.records import Faults, sound_partners, sound_publications
from delivery.s3_store import S3Store
from delivery.setup import apply_policy, our_buckets
from delivery.store import Store
from transforms.errors import BadInput, BadRecord, Damaged, StoreError
from transforms.gate import Schemas, load_schemas
from transforms.model import Partner, Publication

log = logging.getLogger(__name__)
OUTAGE = 30.0  # seconds: a partner's store that is down holds a worker for so long, and is tried again minutes later


@dataclass(frozen=True, slots=True)
class Installation:
    """``store``: the private bucket.

    ``shelf``: the partners' bucket. ``shelf_url``: its address, without a slash at its end.

    ``connections`` finds the Airflow connections that partners' files name; ``fetch`` reads as the public does.
    ``partners``: the records as they are written; ``partner`` and ``everyone`` say what is in force. A partner
    whose file is invalid has the record by which it was last served, if there is one. ``bad_publications`` and
    ``bad_partners``: what is wrong with such files, by id. ``outage``: for how many seconds a store that a
    connection names is asked if it serves nothing.
    """

    store: Store
    shelf: Store
    publications: dict[str, Publication]
    partners: dict[str, Partner]
    shelf_url: str
    schemas: Schemas
    connections: Resolver = from_environment
    fetch: Fetch = read
    bad_publications: Faults = field(default_factory=dict)
    bad_partners: Faults = field(default_factory=dict)
    outage: float = OUTAGE

    @property
    def bad_files(self) -> Faults:
        """What is wrong with files of newspapers and partners, by file name."""
        papers = {f"publications/{name}.toml": reason for name, reason in self.bad_publications.items()}
        return papers | {f"partners/{name}.toml": reason for name, reason in self.bad_partners.items()}

    def publication(self, publication_id: str) -> Publication:
        """A newspaper. Raises BadInput, naming those that exist, and BadRecord if its file is invalid."""
        if publication_id in self.bad_publications:
            raise BadRecord(self.bad_publications[publication_id])
        if publication_id not in self.publications:
            known = ", ".join(self.publications) or "none"
            raise BadInput(f"unknown publication “{publication_id}” (there are: {known})")
        return self.publications[publication_id]

    def partner(self, partner_id: str) -> Partner:
        """A partner as it is served, former ones included.

        Raises BadInput, naming those that exist, and BadRecord if its file is invalid and it was never served.
        """
        if partner_id in self.partners:
            place = places.find(self.store, partner_id)
            return places.settled(self.partners[partner_id], place, self.bucket)
        if partner_id in self.bad_partners:
            raise BadRecord(self.bad_partners[partner_id])
        if partner_id in places.known(self.store):
            return places.former(self.store, partner_id)
        known = ", ".join(self.partners) or "none"
        raise BadInput(f"unknown partner “{partner_id}” (there are: {known})")

    def everyone(self) -> tuple[list[Partner], Faults]:
        """All partners as they are served, including former ones that still have files.

        Also returns, by id, what is wrong with the places of those that cannot be understood.
        """
        ids = self._unlisted_ids()
        listed = at_once(lambda p: self._or_fault(p, self.partner), self.partners)
        former = at_once(lambda p: self._or_fault(p, self._with_files), ids)
        found = [*zip(self.partners, listed, strict=True), *zip(ids, former, strict=True)]
        faults = {name: one for name, one in found if isinstance(one, str)}
        return [one for _, one in found if isinstance(one, Partner)], faults

    def unlisted(self) -> list[Partner]:
        """Partners without a record that something may have to be done for: their removal is not a withdrawal.

        Those without files are here if they left an endpoint: they still hear about withdrawals of what they had. One
        whose place cannot be understood is here by its id alone, and whatever is done for it fails by name.
        """

        def record_of(partner_id: str) -> Partner | None:
            place = places.find(self.store, partner_id)
            record = places.former_at(place, partner_id)
            return record if record.webhooks or not (place and place.gone) else None

        ids = self._unlisted_ids()
        found = zip(ids, at_once(lambda p: self._or_fault(p, record_of), ids), strict=True)
        return [Partner(name, name, former=True) if isinstance(one, str) else one for name, one in found if one]

    def _unlisted_ids(self) -> list[str]:
        return [p for p in places.known(self.store) if p not in {*self.partners, *self.bad_partners}]

    def _with_files(self, partner_id: str) -> Partner | None:
        place = places.find(self.store, partner_id)
        return None if place and place.gone else places.former_at(place, partner_id)

    def _or_fault(self, partner_id: str, find: Callable[[str], Partner | None]) -> Partner | str | None:
        try:
            return find(partner_id)
        except Damaged as error:
            log.error("%s: %s", partner_id, error)
            return str(error)

    def is_gone(self, partner_id: str) -> str:
        """What became of the files of a place that was given up; empty if they still exist."""
        place = places.find(self.store, partner_id)
        return place.gone if place else ""

    def note_place(self, partner: Partner) -> bool:
        """Record where a partner's files go, before anything is written there; whether anything about it is new.

        A place that was given up stays recorded as such.
        """
        noted = places.find(self.store, partner.id)
        wanted = places.Place(places.written_out(partner, self.bucket))
        if noted and (noted.gone or noted == wanted):
            return False
        return places.note(self.store, wanted)

    def open_public(self) -> str:
        """Let anybody read exactly what is public in our buckets; returns what went wrong, if anything did."""
        known, faults = self.everyone()
        known += [self.partners[name] for name in faults if name in self.partners]  # most likely where its file says
        wrong = list(faults.values())
        for bucket in our_buckets(self.bucket, known):
            try:
                apply_policy(self.shelf.on(bucket), known, self.bucket)
            except StoreError as error:
                log.warning("%s", error)  # publishing goes on; `partner check` says what a stranger gets
                wrong.append(str(error))
        return "; ".join(wrong)

    @property
    def bucket(self) -> str:
        """The name of the partners' bucket."""
        return self.shelf.bucket

    def root(self, partner: Partner, publication_id: str) -> str:
        """The prefix of a newspaper's files in a partner's bucket."""
        return partner_root(partner.id, publication_id, partner.prefix)

    def base_url(self, partner: Partner, publication_id: str) -> str:
        """The address at which partners find a newspaper's files, without a slash at its end."""
        if partner.base_url:
            return f"{partner.base_url.rstrip('/')}/{publication_id}"
        root = self.root(partner, publication_id).rstrip("/")
        if partner.connection or partner.bucket not in ("", self.bucket):
            shelf = self.shelf_of(partner)
            return f"{shelf.endpoint}/{shelf.bucket}/{root}"
        return f"{self.shelf_url}/{root}"

    def shelf_of(self, partner: Partner) -> Store:
        """The store of a partner's files. Raises BadRecord if its connection is missing or not for a store."""
        if partner.connection:
            connection = self.connections(partner.connection)
            return store_at(connection, partner.bucket or self.bucket, partner.uploads, self.outage)
        return self.shelf.on(partner.bucket or self.bucket, partner.uploads)


def store_at(connection: Connection, bucket: str, uploads: int, outage: float = OUTAGE) -> S3Store:
    """The bucket of the store that an Airflow connection of type aws names: keys, and in its extra endpoint and
    region.

    Without keys, boto3 looks for them itself (roles, profiles). Raises BadRecord for any other connection.
    """
    extra = connection.extra
    if connection.kind not in ("aws", "s3"):
        raise BadRecord(f"the Airflow connection “{connection.id}” is of type “{connection.kind}”: it must be aws")
    if extra.get("role_arn"):
        raise BadRecord(
            f"the Airflow connection “{connection.id}” names a role to assume: give keys, or run as that role"
        )
    service = (extra.get("service_config") or {}).get("s3") or {}
    s3 = (extra.get("config_kwargs") or {}).get("s3") or {}
    endpoint = str(service.get("endpoint_url") or extra.get("endpoint_url") or "")
    store = S3Store.connect(
        endpoint,
        connection.login,
        connection.password,
        bucket,
        region=str(extra.get("region_name") or "us-east-1"),
        token=str(extra.get("aws_session_token") or ""),
        style=str(s3.get("addressing_style") or ("path" if endpoint else "auto")),
        outage=outage,
    )
    return store.on(bucket, uploads)


@dataclass(frozen=True, slots=True)
class Base:
    """What an installation has beside its records, which are loaded again each time because people change them."""

    store: S3Store
    schemas: Schemas

    @classmethod
    def of(cls, settings: Settings) -> Base:
        """The base that the settings name. Connects to nothing, unless boto3 has to look for keys."""
        pair = settings.s3_access_key, settings.s3_secret_key
        return cls(S3Store.connect(settings.s3_endpoint, *pair, settings.bucket), load_schemas(settings.schemas))


def open_installation(
    settings: Settings, connections: Resolver = from_environment, base: Base | None = None
) -> Installation:
    """Load the records and open the stores that the settings name.

    ``base``: that of these settings, where it was made before. An invalid record does not affect the others. Raises
    BadRecord if the folder of records does not exist.
    """
    base = base or Base.of(settings)
    store = base.store
    publications, bad_publications = sound_publications(settings.publications)
    partners, bad_partners = sound_partners(settings.partners)
    for name, reason in (bad_publications | bad_partners).items():
        log.error("the record of %s is not valid, all others go on: %s", name, reason)
    return Installation(
        store,
        store.on(settings.partner_bucket),
        publications,
        partners | _last_served(store, bad_partners),
        settings.partners_url,
        base.schemas,
        connections,
        bad_publications=bad_publications,
        bad_partners=bad_partners,
    )


def _last_served(store: Store, ids: Iterable[str]) -> dict[str, Partner]:
    """The records by which partners were last served, of those that have files."""
    found = {}
    for name in (name for name in ids if is_id(name)):
        try:
            place = places.find(store, name)
        except Damaged as error:
            log.error("%s: %s", name, error)
            continue
        if place and not place.gone:
            found[name] = place.partner
    return found
