"""A partner's file: the fields that it may have, and what they mean."""

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
    """Which articles the partner takes."""

    publications: tuple[Id, ...] = Field(default=(), description="Papers, by id; empty: all")
    sections: tuple[Section, ...] = Field(default=tuple(Section), min_length=1, description="Sections")
    languages: tuple[str, ...] = Field(default=(), description="Languages, zh takes zh-Hans too; empty: all")
    topics: tuple[Annotated[str, Field(pattern=r"^medtop:[0-9]{8}$")], ...] = Field(
        default=(), description="Topics of IPTC's medtop, of which an article must have one; empty: all"
    )


class Gets(Table):
    """In which form it gets them."""

    formats: tuple[Annotated[str, AfterValidator(_format), Field(json_schema_extra=_all_formats)], ...] = Field(
        default=USUAL_FORMATS,
        min_length=1,
        description="File formats",
    )
    full_text: bool = Field(default=True, description="Whole articles in feeds; false: summaries")
    feed_days: int = Field(default=7, ge=1, le=366, description="How many days of issues a live feed holds")
    hub: Web = Field(default="", description="WebSub hub that the feeds name")
    contracts: tuple[Literal["msn"], ...] = Field(default=(), description="Importers whose rules the files must keep")
    privacy: Literal["keep", "mask", "desk"] = Field(
        default="mask", description="Private numbers in articles: kept, masked, or shown to the desk first"
    )
    pictures: bool = Field(default=True, description="Pictures with the articles, as far as the newspaper grants them")
    webhooks: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$")], ...] = Field(
        default=(), description="Airflow connections that are notified of news: address, and password as the secret"
    )


class PartnerRights(Table):
    """Under which terms, from when and until when."""

    usage_terms: str = Field(default="", description="Terms of use, beside the paper's own")
    embargo_minutes: int = Field(
        default=0, ge=0, le=527_040, description="After the issue is out, before the partner has it"
    )
    expires_days: int = Field(
        default=0, ge=0, le=36_600, description="After the issue is out, when it is withdrawn; 0: never"
    )


class Destination(Table):
    """Where its files go. Secrets are in the Airflow connection, never here."""

    bucket: str = Field(
        default="", pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$", description="Empty: the partners' bucket"
    )
    prefix: Prefix = Field(default="", description="Below which prefix; empty: its id")
    connection: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]*$", description="Airflow connection of another store")
    base_url: Web = Field(default="", description="Where the prefix is served; empty: the store's own address")
    access: Literal["public", "credentials"] = Field(
        default="public", description="Who may read the prefix in our own store"
    )


class Limits(Table):
    """What its store and its importer bear."""

    uploads: int = Field(default=16, ge=1, le=64, description="How many of its objects are written at once")
    max_mb: float = Field(
        default=0.0,
        ge=0,
        le=5000,
        description="Size that an object may have, in 10^6 bytes; what is larger is held; 0: any",
    )


class PartnerRecord(Table):
    """An outlet that takes articles: ``partners/<id>.toml``."""

    id: Id = Field(description="The file's name without .toml; part of keys and addresses, never to be changed")
    name: Name = Field(min_length=1, description="The outlet's name")
    takes: Takes = Takes()
    gets: Gets = Gets()
    rights: PartnerRights = PartnerRights()
    destination: Destination = Destination()
    limits: Limits = Limits()

    def value(self) -> Partner:
        tables = (self.takes, self.gets, self.rights, self.destination, self.limits)
        fields: dict[str, Any] = {}
        for table in tables:
            fields |= {name: getattr(table, name) for name in type(table).model_fields}
        return Partner(id=self.id, name=self.name, **fields)
