"""Newspapers and partners: one TOML file each, checked against these models before anything uses it.

The JSON Schemas in ``schemas/`` are made from the models (``python -m delivery.schemas``), for editors that complete
and check TOML.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from delivery.keys import checked_id, checked_relative
from transforms.errors import BadInput, BadRecord
from transforms.intake.epaper_html import selector
from transforms.model import USUAL_FORMATS, Column, Partner, Publication, Review, Section, Watch

R = TypeVar("R", Publication, Partner)

DOMAIN = r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$"


def _id(value: str) -> str:
    try:
        return checked_id(value)
    except BadInput as error:
        raise ValueError(str(error)) from error


def _prefix(value: str) -> str:
    try:
        return checked_relative(value) if value else ""
    except BadInput as error:
        raise ValueError(str(error)) from error


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"“{value}” is no time zone of the IANA list, such as Asia/Shanghai") from error
    return value


def _hour(value: str) -> str:
    if len(value) != 5:
        raise ValueError(f"“{value}” is no time of day: write HH:MM")
    time.fromisoformat(value)
    return value


def _format(value: str) -> str:
    from transforms.render.registry import chosen_names  # here, because the formats' libraries load slowly

    if value not in chosen_names():
        raise ValueError(f"unknown format “{value}”: there are {', '.join(chosen_names())}")
    return value


def _all_formats(schema: dict[str, Any]) -> None:
    from transforms.render.registry import chosen_names

    schema["enum"] = list(chosen_names())


def _web(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in {"http", "https"} or not parts.netloc):
        raise ValueError(f"“{value}” is no web address: write https://...")
    return value


def _name(value: str) -> str:
    if not value.isprintable():
        raise ValueError(f"{value!r} holds characters that cannot be printed")
    return value


Id = Annotated[str, AfterValidator(_id)]
Name = Annotated[str, AfterValidator(_name)]
Web = Annotated[str, AfterValidator(_web)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class PublicationRights(_Table):
    """What partners must say and may do."""

    copyright_holder: str = Field(default="", description="Who owns the articles; empty: the paper itself")
    copyright_notice: str = Field(default="", description="The notice to print with each article")
    usage_terms: str = Field(default="", description="Terms of use in words")
    pictures: bool = Field(default=True, description="Whether partners may have its pictures; false: none goes out")


Word = Annotated[str, Field(min_length=1, max_length=12)]


class Style(_Table):
    """House style: words that this newspaper prints around its stories, beside those of the style that it extends."""

    extends: str = Field(default="zh-Hans", description="The general style that this one builds on")
    byline_marks: list[Word] = Field(default=[], description="Signs before a byline, such as □")
    papers: list[Word] = Field(default=[], description="How the paper calls itself in print, such as 本报")
    ranks: list[Word] = Field(default=[], description="What stands before a role, such as 特约")
    roles: list[Word] = Field(default=[], description="Who is credited, such as 记者")
    signs: list[Word] = Field(default=[], description="Credits without rank, such as 文/图")
    lead_words: list[Word] = Field(default=[], description="What closes a dateline, such as 讯")
    agencies: list[Word] = Field(default=[], description="Whose reports the paper prints, such as 新华社")
    jump_to: list[Word] = Field(default=[], description="What stands before the page that a story goes on at: 下转")
    jump_from: list[Word] = Field(default=[], description="What stands before the page that it comes from: 上接")
    sidebars: list[Word] = Field(default=[], description="Columns that stand inside a story, such as 笔者手记")
    tails: list[Word] = Field(default=[], description="What stands after the names in a credit, such as 整理")
    notices: list[Word] = Field(default=[], description="Headings of classified advertising, such as 遗失声明")
    listings: list[Word] = Field(default=[], description="Headings of what is in every issue, such as 天气预报")
    labels: list[Word] = Field(default=[], description="Columns of short news, such as 要闻简报")
    summaries: list[Word] = Field(default=[], description="What stands above a story's summary, such as 核心阅读")

    def words(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists that add something, by name."""
        lists = self.model_dump(exclude={"extends"})
        return tuple((name, tuple(words)) for name, words in lists.items() if words)


class ColumnTable(_Table):
    """A section of the paper's own, beside those that all papers share."""

    id: Id = Field(description="Its name in codes")
    name: Name = Field(min_length=1, description="Its name as readers know it")
    base: Section = Field(description="The section that it counts as")
    marks: tuple[Word, ...] = Field(min_length=1, description="Words in kicker or headline that it is known by")

    def value(self) -> Column:
        return Column(self.id, self.name, self.base, self.marks)


class ReviewTable(_Table):
    """Which articles wait for the desk, and what becomes of them when nobody answers."""

    order: float = Field(default=0.0, ge=0, le=1, description="Below this chance of being whole and in order; 0: none")
    section: float = Field(default=0.0, ge=0, le=1, description="Below this chance of the right section; 0: none")
    hours: float = Field(default=2.0, gt=0, le=168, description="How long they wait")
    unanswered: Literal["publish", "hold"] = Field(default="publish", description="Then: publish as read, or hold")

    def value(self) -> Review:
        return Review(**self.model_dump())


def _css(value: str) -> str:
    try:
        selector(value)
    except BadRecord as error:
        raise ValueError(str(error)) from error
    return value


Css = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_css)]


class EpaperTable(_Table):
    """Where the paper's own e-paper has what in an article's HTML page, as CSS selectors; the common ones are known."""

    headline: tuple[Css, ...] = Field(default=(), description="标题")
    kicker: tuple[Css, ...] = Field(default=(), description="引题")
    subhead: tuple[Css, ...] = Field(default=(), description="副题")
    author: tuple[Css, ...] = Field(default=(), description="作者")
    body: tuple[Css, ...] = Field(default=(), description="The element that holds the text, 正文")
    page: tuple[Css, ...] = Field(default=(), description="The element that says the page: 第02版")
    picture: tuple[Css, ...] = Field(default=(), description="Pictures inside the text's element")
    caption: tuple[Css, ...] = Field(default=(), description="Their captions")
    drop: tuple[Css, ...] = Field(default=(), description="What is no part of the article, such as a print button")

    def value(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists that add something, by name."""
        return tuple((name, css) for name in type(self).model_fields if (css := getattr(self, name)))


class WatchTable(_Table):
    """When the paper's issues are awaited."""

    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        default=(1, 2, 3, 4, 5, 6, 7), description="Days with an issue, 1 is Monday"
    )
    expected_by: Annotated[str, AfterValidator(_hour)] | Literal[""] = Field(
        default="", description="HH:MM, local, after which an issue counts as late; empty: nobody waits"
    )
    quiet_minutes: int = Field(
        default=0, ge=0, le=1440, description="An upload without _COMPLETE is complete after so long without a change"
    )

    def value(self) -> Watch:
        return Watch(**self.model_dump())


class PublicationRecord(_Table):
    """A newspaper: ``publications/<id>.toml``."""

    id: Id = Field(description="The file's name without .toml; part of keys and addresses, never to be changed")
    name: Name = Field(min_length=1, description="The paper's name as readers know it")
    provider: str = Field(pattern=DOMAIN, description="A domain name of the paper's: it owns the articles' guids")
    language: str = Field(
        default="zh-Hans", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47 language tag"
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(default="Asia/Shanghai", description="IANA time zone")
    publishes_at: Annotated[str, AfterValidator(_hour)] = Field(
        default="06:00", description="When a day's issue is out, HH:MM"
    )
    site: Web = Field(default="", description="The paper's web site")
    rights: PublicationRights = PublicationRights()
    style: Style = Style()
    sections: tuple[ColumnTable, ...] = Field(default=(), description="The paper's own sections")
    review: ReviewTable = ReviewTable()
    watch: WatchTable = WatchTable()
    epaper: EpaperTable = EpaperTable()

    def value(self) -> Publication:
        head = self.model_dump(exclude={"rights", "style", "sections", "review", "watch", "epaper"})
        return Publication(
            **head,
            **self.rights.model_dump(),
            style=self.style.extends,
            marks=self.style.words(),
            columns=tuple(s.value() for s in self.sections),
            review=self.review.value(),
            watch=self.watch.value(),
            epaper=self.epaper.value(),
        )


class Takes(_Table):
    """Which articles the partner takes."""

    publications: tuple[Id, ...] = Field(default=(), description="Papers, by id; empty: all")
    sections: tuple[Section, ...] = Field(default=tuple(Section), min_length=1, description="Sections")
    languages: tuple[str, ...] = Field(default=(), description="Languages, zh takes zh-Hans too; empty: all")
    topics: tuple[Annotated[str, Field(pattern=r"^medtop:[0-9]{8}$")], ...] = Field(
        default=(), description="Topics of IPTC's medtop, of which an article must have one; empty: all"
    )


class Gets(_Table):
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
        default=(), description="Airflow connections that are told of news: address, and password as the secret"
    )


class PartnerRights(_Table):
    """Under which terms, from when and until when."""

    usage_terms: str = Field(default="", description="Terms of use in words, beside the paper's own")
    embargo_minutes: int = Field(
        default=0, ge=0, le=527_040, description="After the issue is out, before the partner has it"
    )
    expires_days: int = Field(
        default=0, ge=0, le=36_600, description="After the issue is out, when it is withdrawn; 0: never"
    )


class Destination(_Table):
    """Where its files go. Secrets are in the Airflow connection, never here."""

    bucket: str = Field(
        default="", pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$", description="Empty: the partners' bucket"
    )
    prefix: Annotated[str, AfterValidator(_prefix)] = Field(default="", description="Below which prefix; empty: its id")
    connection: str = Field(default="", pattern=r"^[A-Za-z0-9_.-]*$", description="Airflow connection of another store")
    base_url: Web = Field(default="", description="Where the prefix is served; empty: the store's own address")
    access: Literal["public", "credentials"] = Field(
        default="public", description="Who may read the prefix in our own store"
    )


class Limits(_Table):
    """What its store and its importer bear."""

    uploads: int = Field(default=16, ge=1, le=64, description="How many of its objects are written at once")
    max_mb: float = Field(
        default=0.0,
        ge=0,
        le=5000,
        description="Size that an object may have, in 10^6 bytes; what is larger is held; 0: any",
    )


class PartnerRecord(_Table):
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


def load_publications(folder: Path) -> dict[str, Publication]:
    """All newspapers of an installation by id. Raises BadRecord, naming file and field."""
    return _load(folder, lambda record: PublicationRecord.model_validate_json(record).value())


def load_partners(folder: Path) -> dict[str, Partner]:
    """All partners of an installation by id. Raises BadRecord, naming file and field, or where two share a place."""
    partners = _load(folder, lambda record: PartnerRecord.model_validate_json(record).value())
    places: dict[tuple[str, str, str], str] = {}
    for partner in partners.values():
        first = places.setdefault(_place_of(partner), partner.id)
        if first != partner.id:
            raise BadRecord(_shared(folder, partner, first))
    return partners


Faults = dict[str, str]


def sound_publications(folder: Path) -> tuple[dict[str, Publication], Faults]:
    """The newspapers whose files are valid, and why the others are not, by the name of the file without ``.toml``."""
    return _load_sound(folder, load_publication)


def sound_partners(folder: Path) -> tuple[dict[str, Partner], Faults]:
    """The partners whose files are valid, and why the others are not; of two that share a place the first is."""
    found, faults = _load_sound(folder, load_partner)
    places: dict[tuple[str, str, str], str] = {}
    for partner in list(found.values()):
        first = places.setdefault(_place_of(partner), partner.id)
        if first != partner.id:
            faults[partner.id] = _shared(folder, partner, first)
            del found[partner.id]
    return found, faults


def _place_of(partner: Partner) -> tuple[str, str, str]:
    return partner.connection, partner.bucket, partner.prefix or partner.id


def _shared(folder: Path, partner: Partner, first: str) -> str:
    return f"{folder / partner.id}.toml: destination: {first} has this bucket and prefix already"


def _load_sound(folder: Path, load: Callable[[Path], R]) -> tuple[dict[str, R], Faults]:
    found: dict[str, R] = {}
    faults: Faults = {}
    for path in _files(folder):
        try:
            found[path.stem] = load(path)
        except (BadRecord, OSError) as error:
            faults[path.stem] = str(error)
    return found, faults


def load_publication(path: Path) -> Publication:
    """One newspaper's file. Raises BadRecord, naming file and field."""
    return _one(path, lambda record: PublicationRecord.model_validate_json(record).value())


def load_partner(path: Path) -> Partner:
    """One partner's file. Raises BadRecord, naming file and field."""
    return _one(path, lambda record: PartnerRecord.model_validate_json(record).value())


def _load(folder: Path, build: Callable[[str], R]) -> dict[str, R]:
    records: dict[str, R] = {}
    for path in _files(folder):
        value = _one(path, build)
        records[value.id] = value
    return records


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadRecord(f"there is no folder {folder}")
    return sorted(folder.glob("*.toml"))


def _one(path: Path, build: Callable[[str], R]) -> R:
    record = _read(path)
    try:
        value = build(record)
    except ValidationError as error:
        raise BadRecord(_explain(path, error)) from error
    if value.id != path.stem:
        raise BadRecord(f"{path}: id: “{value.id}” must be the file's name, “{path.stem}”")
    return value


def _read(path: Path) -> str:
    """The file as JSON, in which pydantic's strict mode knows arrays and enumerations for what they are."""
    try:
        return json.dumps(tomllib.loads(path.read_text("utf-8")), default=str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRecord(f"{path}: not TOML in UTF-8: {error}") from error


def _explain(path: Path, error: ValidationError) -> str:
    lines = []
    for one in error.errors(include_url=False):
        field = ".".join(str(part) for part in one["loc"])
        unknown = one["type"] == "extra_forbidden"
        lines.append(f"{path}: {field}: {'no such field' if unknown else one['msg']}")
    return "\n".join(lines)
