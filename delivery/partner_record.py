"""The fields of a partner's file and what they mean."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from delivery.record_fields import Id, Name, Prefix, Table, Web
from transforms.model import USUAL_FORMATS, Partner, Section


def _format(value: str) -> str:
    from transforms.render.registry import chosen_names  # here, because the formats' libraries load slowly

    if value not in chosen_names():
        raise ValueError(f"unknown format “{value}”: there are {', '.join(chosen_names())}")
    return value


def _all_formats(schema: dict[str, Any]) -> None:
    from transforms.render.registry import chosen_names

    schema["enum"] = list(chosen_names())


class Takes(Table):
    """Which articles the partner gets."""

    publications: tuple[Id, ...] = Field(default=(), description="Newspapers, by id; empty: all")
    sections: tuple[Section, ...] = Field(default=tuple(Section), min_length=1, description="Sections")
    languages: tuple[str, ...] = Field(default=(), description="Languages; zh includes zh-Hans; empty: all")
    topics: tuple[Annotated[str, Field(pattern=r"^medtop:[0-9]{8}$")], ...] = Field(
        default=(), description="IPTC media topics; an article must have one of them; empty: all"
    )


class Gets(Table):
    """In which formats the partner gets them."""

    formats: tuple[Annotated[str, AfterValidator(_format), Field(json_schema_extra=_all_formats)], ...] = Field(
        default=USUAL_FORMATS,
        min_length=1,
        description="File formats",
    )
    full_text: bool = Field(default=True, description="Full text in feeds; false: summaries")
    feed_days: int = Field(default=7, ge=1, le=366, description="How many days of issues a live feed covers")
    hub: Web = Field(default="", description="WebSub hub announced in the feeds")
    contracts: tuple[Literal["msn"], ...] = Field(default=(), description="Importers whose rules must be met")
    privacy: Literal["keep", "mask", "desk"] = Field(
        default="mask", description="Private numbers in articles: keep, mask, or desk (an editor decides first)"
    )
    pictures: bool = Field(default=True, description="Whether articles come with pictures, if the newspaper permits it")
    webhooks: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")], ...] = Field(
        default=(), description="Airflow connections to notify: the address, and the shared secret as password"
    )


class PartnerRights(Table):
    """Terms of use, delay and expiry."""

    usage_terms: str = Field(default="", description="Terms of use; empty: the newspaper's")
    embargo_minutes: int = Field(
        default=0, ge=0, le=527_040, description="Delay after the newspaper's publication time, in minutes"
    )
    expires_days: int = Field(
        default=0, ge=0, le=36_600, description="Days after publication when articles are withdrawn; 0: never"
    )


class Destination(Table):
    """Where the partner's files go. Secrets belong in the Airflow connection, never here."""

    bucket: str = Field(
        default="", pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$", description="Bucket; empty: the partners' bucket"
    )
    prefix: Prefix = Field(default="", description="Prefix in the bucket; empty: the partner's id")
    connection: str = Field(
        default="", pattern=r"^[A-Za-z0-9_.-]*$", description="Airflow connection of the store; empty: our own store"
    )
    base_url: Web = Field(default="", description="Address at which the prefix is served; empty: the store's own")
    access: Literal["public", "credentials"] = Field(
        default="public", description="Who may read the prefix in our own store: everybody, or holders of its keys"
    )


class Limits(Table):
    """What the partner's store and importer can take."""

    uploads: int = Field(default=16, ge=1, le=64, description="How many objects are written at the same time")
    max_mb: float = Field(
        default=0.0,
        ge=0,
        le=5000,
        description="Largest object in megabytes (10^6 bytes); larger ones are held; 0: no limit",
    )


class PartnerRecord(Table):
    """An outlet that receives articles: ``partners/<id>.toml``."""

    id: Id = Field(description="The file's name without .toml; part of keys and addresses, so never change it")
    name: Name = Field(min_length=1, description="The outlet's name")
    takes: Takes = Takes()
    gets: Gets = Gets()
    rights: PartnerRights = PartnerRights()
    destination: Destination = Destination()
    limits: Limits = Limits()

    def value(self) -> Partner:
        """The partner as the core knows it."""
        tables = (self.takes, self.gets, self.rights, self.destination, self.limits)
        fields: dict[str, Any] = {}
        for table in tables:
            fields |= {name: getattr(table, name) for name in type(table).model_fields}
        return Partner(id=self.id, name=self.name, **fields)
