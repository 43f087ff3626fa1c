"""An installation opened for work: its records, its stores, its schemas. Made once per task or command."""

from __future__ import annotations

from dataclasses import dataclass

from broadsheet.settings import Settings
from delivery.keys import partner_root
from delivery.records import load_partners, load_publications
from delivery.store import S3Store, Store
from transforms.errors import BadInput, BadRecord
from transforms.gate import Schemas, load_schemas
from transforms.model import Partner, Publication


@dataclass(frozen=True, slots=True)
class Desk:
    """``store`` is the private bucket, ``shelf`` the partners' one; ``shelf_url`` its address without end slash."""

    store: Store
    shelf: Store
    publications: dict[str, Publication]
    partners: dict[str, Partner]
    shelf_url: str
    schemas: Schemas

    def publication(self, publication_id: str) -> Publication:
        """Raises BadInput, naming those there are."""
        if publication_id not in self.publications:
            known = ", ".join(self.publications) or "none"
            raise BadInput(f"“{publication_id}” is no publication of this installation (there are: {known})")
        return self.publications[publication_id]

    def partner(self, partner_id: str) -> Partner:
        """Raises BadInput, naming those there are."""
        if partner_id not in self.partners:
            known = ", ".join(self.partners) or "none"
            raise BadInput(f"“{partner_id}” is no partner of this installation (there are: {known})")
        return self.partners[partner_id]

    def root(self, partner: Partner, publication_id: str) -> str:
        return partner_root(partner.id, publication_id, partner.prefix)

    def base_url(self, partner: Partner, publication_id: str) -> str:
        """Where partners find a publication's files, without a slash at its end."""
        if partner.base_url:
            return f"{partner.base_url.rstrip('/')}/{publication_id}"
        return f"{self.shelf_url}/{self.root(partner, publication_id).rstrip('/')}"

    def shelf_of(self, partner: Partner) -> Store:
        """The store that a partner's files go to. Raises BadRecord for a store that cannot be reached from here."""
        if partner.connection:
            raise BadRecord(f"partners/{partner.id}.toml: destination: stores of other connections are not served yet")
        if partner.bucket and isinstance(self.shelf, S3Store):
            return self.shelf.on(partner.bucket)
        return self.shelf


def open_desk(settings: Settings) -> Desk:
    """Load the records and open the stores that the settings name. Raises BadRecord for a record that is not sound."""
    store = S3Store.connect(settings.s3_endpoint, settings.s3_access_key, settings.s3_secret_key, settings.bucket)
    return Desk(
        store,
        store.on(settings.partner_bucket),
        load_publications(settings.publications),
        load_partners(settings.partners),
        settings.partners_url,
        load_schemas(settings.schemas),
    )
