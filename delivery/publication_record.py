"""A newspaper's file: the fields that it may have, and what they mean."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from delivery.record_fields import DOMAIN, Hour, Id, Name, Table, Web, Zone
from transforms.errors import BadRecord
from transforms.intake.epaper_html import selector
from transforms.model import Column, Publication, Review, Section, Watch


class PublicationRights(Table):
    """What partners must say and may do."""

    copyright_holder: str = Field(default="", description="Who owns the articles; empty: the paper itself")
    copyright_notice: str = Field(default="", description="The notice to print with each article")
    usage_terms: str = Field(default="", description="Terms of use")
    pictures: bool = Field(default=True, description="Whether partners may have its pictures; false: none goes out")


Word = Annotated[str, Field(min_length=1, max_length=12)]


class Style(Table):
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


class ColumnTable(Table):
    """A section of the paper's own, beside those that all papers share."""

    id: Id = Field(description="Its name in codes")
    name: Name = Field(min_length=1, description="Its name as readers know it")
    base: Section = Field(description="The section that it counts as")
    marks: tuple[Word, ...] = Field(min_length=1, description="Words in kicker or headline that it is known by")

    def value(self) -> Column:
        return Column(self.id, self.name, self.base, self.marks)


class ReviewTable(Table):
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


class EpaperTable(Table):
    """Where the paper's own e-paper has what in an article's HTML page, as CSS selectors; the common ones are known."""

    headline: tuple[Css, ...] = Field(default=(), description="标题")
    kicker: tuple[Css, ...] = Field(default=(), description="引题")
    subhead: tuple[Css, ...] = Field(default=(), description="副题")
    author: tuple[Css, ...] = Field(default=(), description="作者")
    body: tuple[Css, ...] = Field(default=(), description="The element that holds the text, 正文")
    page: tuple[Css, ...] = Field(default=(), description="The element that says the page: 第02版")
    picture: tuple[Css, ...] = Field(default=(), description="Pictures inside the text's element")
    caption: tuple[Css, ...] = Field(default=(), description="Their captions")
    drop: tuple[Css, ...] = Field(default=(), description="What does not belong to the article, such as a print button")

    def value(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The lists that add something, by name."""
        return tuple((name, css) for name in type(self).model_fields if (css := getattr(self, name)))


class WatchTable(Table):
    """When the paper's issues are awaited."""

    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(
        default=(1, 2, 3, 4, 5, 6, 7), description="Days with an issue, 1 is Monday"
    )
    expected_by: Hour | Literal[""] = Field(
        default="", description="HH:MM, local, after which an issue counts as late; empty: nobody waits"
    )
    quiet_minutes: int = Field(
        default=0, ge=0, le=1440, description="An upload without _COMPLETE is complete after so long without a change"
    )

    def value(self) -> Watch:
        return Watch(**self.model_dump())


class PublicationRecord(Table):
    """A newspaper: ``publications/<id>.toml``."""

    id: Id = Field(description="The file's name without .toml; part of keys and addresses, never to be changed")
    name: Name = Field(min_length=1, description="The paper's name as readers know it")
    provider: str = Field(pattern=DOMAIN, description="A domain name of the paper's: it owns the articles' guids")
    language: str = Field(
        default="zh-Hans", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP 47 language tag"
    )
    timezone: Zone = Field(default="Asia/Shanghai", description="IANA time zone")
    publishes_at: Hour = Field(default="06:00", description="When a day's issue is out, HH:MM")
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
