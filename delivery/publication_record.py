"""The fields of a newspaper's file and what they mean."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from delivery.record_fields import DOMAIN, Hour, Id, Name, Table, Web, Zone
from transforms.errors import BadRecord
from transforms.intake.epaper_html import selector
from transforms.model import Column, Publication, Review, Section, Watch


class PublicationRights(Table):
    """What partners must print, and what they may use."""

    copyright_holder: str = Field(default="", description="Who owns the articles; empty: the newspaper itself")
    copyright_notice: str = Field(default="", description="The notice to print with each article")
    usage_terms: str = Field(default="", description="Terms of use")
    pictures: bool = Field(default=True, description="Whether partners get its pictures")


Word = Annotated[str, Field(min_length=1, max_length=12)]


class Style(Table):
    """House style: words that this newspaper prints around its stories, in addition to the style that it extends."""

    extends: str = Field(default="zh-Hans", description="The general style that this one extends")
    byline_marks: list[Word] = Field(default=[], description="Signs before a byline, such as □")
    papers: list[Word] = Field(default=[], description="What the newspaper calls itself in print, such as 本报")
    ranks: list[Word] = Field(default=[], description="Words before a role, such as 特约")
    roles: list[Word] = Field(default=[], description="Roles that are credited, such as 记者")
    signs: list[Word] = Field(default=[], description="Credits without rank, such as 文/图")
    lead_words: list[Word] = Field(default=[], description="Words that end a dateline, such as 讯")
    agencies: list[Word] = Field(default=[], description="Agencies whose reports it prints, such as 新华社")
    jump_to: list[Word] = Field(default=[], description="Words before the page that a story jumps to, such as 下转")
    jump_from: list[Word] = Field(default=[], description="Words before the page that a story jumps from, such as 上接")
    sidebars: list[Word] = Field(default=[], description="Sidebars printed within a story, such as 笔者手记")
    tails: list[Word] = Field(default=[], description="Words after the names in a credit, such as 整理")
    notices: list[Word] = Field(default=[], description="Headings of classified advertising, such as 遗失声明")
    listings: list[Word] = Field(default=[], description="Headings of regular listings, such as 天气预报")
    labels: list[Word] = Field(default=[], description="Columns of news in brief, such as 要闻简报")
    summaries: list[Word] = Field(default=[], description="Labels of a story's summary, such as 核心阅读")
    desk: list[Word] = Field(
        default=[], description="What those do who only make a story ready for print, such as 编辑"
    )
    crafts: list[Word] = Field(default=[], description="What counts as the desk's on one line with it, such as 制图")
    sources: list[Word] = Field(default=[], description="Words before the source of a chart, such as 数据来源")
    graphics: list[Word] = Field(default=[], description="Words before who drew a chart, such as 制图")
    disclosures: list[Word] = Field(default=[], description="Fields of companies' announcements, such as 证券代码")
    disclaimers: list[Word] = Field(default=[], description="Words of a disclaimer, such as 不构成投资建议")

    def words(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists that add something, by name."""
        lists = self.model_dump(exclude={"extends"})
        return tuple((name, tuple(words)) for name, words in lists.items() if words)


class ColumnTable(Table):
    """One of the newspaper's own sections, in addition to those that all newspapers share."""

    id: Id = Field(description="Its id in files")
    name: Name = Field(min_length=1, description="Its name as readers know it")
    base: Section = Field(description="The common section that it belongs to")
    marks: tuple[Word, ...] = Field(min_length=1, description="Words in kicker or headline that identify it")

    def value(self) -> Column:
        """The section as the core knows it."""
        return Column(self.id, self.name, self.base, self.marks)


class ReviewTable(Table):
    """Which articles wait for an editor, and what happens if nobody answers."""

    order: float = Field(
        default=0.8,  # of what is surer, 98 in 100 are right: docs/review.md
        ge=0,
        le=1,
        description="Ask below this confidence that the text is complete and in order; 0: never",
    )
    section: float = Field(default=0.5, ge=0, le=1, description="Ask below this confidence in the section; 0: never")
    hours: float = Field(default=2.0, gt=0, le=168, description="How many hours they wait")
    unanswered: Literal["publish", "hold"] = Field(default="publish", description="Then: publish as read, or hold")

    def value(self) -> Review:
        """The rules as the core knows them."""
        return Review(**self.model_dump())


def _css(value: str) -> str:
    try:
        selector(value)
    except BadRecord as error:
        raise ValueError(str(error)) from error
    return value


Css = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_css)]


class EpaperTable(Table):
    """CSS selectors for the article pages of the newspaper's e-paper, in addition to the common ones."""

    headline: tuple[Css, ...] = Field(default=(), description="Headline")
    kicker: tuple[Css, ...] = Field(default=(), description="Kicker")
    subhead: tuple[Css, ...] = Field(default=(), description="Subhead")
    author: tuple[Css, ...] = Field(default=(), description="Author")
    body: tuple[Css, ...] = Field(default=(), description="Element with the text")
    page: tuple[Css, ...] = Field(default=(), description="Element with the page number, such as 第02版")
    picture: tuple[Css, ...] = Field(default=(), description="Pictures within the text")
    caption: tuple[Css, ...] = Field(default=(), description="Captions of the pictures")
    drop: tuple[Css, ...] = Field(default=(), description="Elements to leave out, such as a print button")

    def value(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists that add something, by name."""
        return tuple((name, css) for name in type(self).model_fields if (css := getattr(self, name)))


class WatchTable(Table):
    """When issues are expected."""

    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        default=(1, 2, 3, 4, 5, 6, 7), description="Days with an issue; 1 is Monday"
    )
    expected_by: Hour | Literal[""] = Field(
        default="", description="HH:MM, local time, after which a missing issue is an incident; empty: never"
    )
    quiet_minutes: int = Field(
        default=0,
        ge=0,
        le=1440,
        description="Minutes without a change after which an upload without _COMPLETE is complete; 0: never",
    )

    def value(self) -> Watch:
        """The times as the core knows them."""
        return Watch(**self.model_dump())


class PublicationRecord(Table):
    """A newspaper: ``publications/<id>.toml``."""

    id: Id = Field(description="The file's name without .toml; part of keys and addresses, so never change it")
    name: Name = Field(min_length=1, description="The newspaper's name as readers know it")
    provider: str = Field(
        pattern=DOMAIN, description="A domain name of the newspaper; part of every guid, so never change it"
    )
    language: str = Field(
        default="zh-Hans", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47 language tag"
    )
    timezone: Zone = Field(default="Asia/Shanghai", description="IANA time zone")
    publishes_at: Hour = Field(default="06:00", description="When the day's issue is published, HH:MM")
    site: Web = Field(default="", description="The newspaper's web site")
    rights: PublicationRights = PublicationRights()
    style: Style = Style()
    sections: tuple[ColumnTable, ...] = Field(default=(), description="The newspaper's own sections")
    review: ReviewTable = ReviewTable()
    watch: WatchTable = WatchTable()
    epaper: EpaperTable = EpaperTable()

    def value(self) -> Publication:
        """The newspaper as the core knows it."""
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
