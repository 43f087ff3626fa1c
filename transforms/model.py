"""The words that every stage speaks: frozen values, no behaviour beyond what a value knows of itself.

Offsets count Unicode code points of ``Page.text``; ``end`` is exclusive. Times are aware datetimes.
Nothing here reads a clock, a file or the environment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Section(StrEnum):
    """What kind of journalism an article is; a publication's file may map its own names onto these."""

    FEATURE = "feature"
    BRIEF = "brief"
    COMMENTARY = "commentary"
    TRAINING_NOTICE = "training_notice"
    OTHER = "other"


class Fate(StrEnum):
    """Where a source character went. Each character of a page has exactly one fate."""

    ARTICLE = "article"
    FURNITURE = "furniture"
    ADVERT = "advert"
    REJECTED = "rejected"


class Status(StrEnum):
    """NewsML-G2 pubStatus (IPTC newscodes ``stat``)."""

    USABLE = "usable"
    WITHHELD = "withheld"
    CANCELED = "canceled"


class ParagraphKind(StrEnum):
    TEXT = "text"
    CROSSHEAD = "crosshead"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A run of a page's text: page number as printed, code point offsets ``[start, end)``."""

    page: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Box:
    """Where a line stands on its page, in points from the top left corner; ``size`` is its type size in points."""

    left: float
    top: float
    right: float
    bottom: float
    size: float


@dataclass(frozen=True, slots=True)
class GivenPart:
    """A run of an article that the input itself labels: kicker, headline, subhead, byline, crosshead or text.

    ``lines`` are joined into one paragraph. ``opens``: whether it surely begins a paragraph; an archive's text block
    may continue the one before it.
    """

    role: str
    lines: tuple[Span, ...]
    opens: bool = True


@dataclass(frozen=True, slots=True)
class GivenPicture:
    """A picture that the input ties to an article: the name of its file beside the page, caption and credit."""

    file: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture in one size: pixels, and the bytes of its JPEG file. ``content`` is empty once it is in the store."""

    width: int
    height: int
    size: int
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that came with a page, checked and without the metadata of its file.

    ``digest``: SHA-256 in hex of the file that came. ``renditions``: the largest first. ``box``: where it stands on the
    page, if that is known. ``headline``: the story that it belongs to, if the newspaper says so.
    """

    name: str
    digest: str
    renditions: tuple[Rendition, ...]
    box: Box | None = None
    caption: str = ""
    credit: str = ""
    headline: str = ""


@dataclass(frozen=True, slots=True)
class GivenArticle:
    """An article that the input had already cut out, its parts in reading order."""

    parts: tuple[GivenPart, ...]
    pictures: tuple[GivenPicture, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page as the extractor left it, decoded to text with ``\\n`` line ends.

    ``boxes``: one for each line of ``text`` that is not blank, in order; empty if the input has no geometry.
    ``certainty``: how sure a recogniser is of each of those lines, in [0, 1]; empty if the text was not recognised.
    ``given``: the articles that open on this page, if the input says so; None if they have to be restored.
    ``language``: BCP 47 tag of what the page is written in; empty if its text does not tell. ``size``: width and height
    in points; 0 if the input has none.
    """

    number: int
    text: str
    name: str = ""
    encoding: str = "utf-8"
    boxes: tuple[Box, ...] = ()
    given: tuple[GivenArticle, ...] | None = None
    language: str = ""
    certainty: tuple[float, ...] = ()
    photos: tuple[Photo, ...] = ()
    size: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Input that cannot be read, with the reason as an editor would put it."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A day's pages of one publication, in page order."""

    publication: str
    date: date
    pages: tuple[Page, ...]
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Credit:
    """A person credited, with the role the paper printed (记者, 通讯员, ...; empty if none)."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    spans: tuple[Span, ...] = ()
    kind: ParagraphKind = ParagraphKind.TEXT


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or recording that goes with an article, where it is fetched and how large it is in bytes.

    A picture of ours has a ``digest`` (SHA-256 of the file that came) and its ``renditions``, the largest first; its
    ``url`` is empty until it is rendered for a partner.
    """

    url: str
    media_type: str
    size: int = 0
    caption: str = ""
    credit: str = ""
    digest: str = ""
    renditions: tuple[Rendition, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in an article; ``region`` is what it lies in, ``code`` its official code where known."""

    name: str
    region: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic from a controlled vocabulary, e.g. ``medtop:20000210``; confidence in [0, 1]."""

    qcode: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class SectionReason:
    """One reason behind a section: a readable feature and its weight (log-odds)."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The classifier's word on one article."""

    section: Section
    confidence: float
    subjects: tuple[Subject, ...] = ()
    evidence: tuple[SectionReason, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A story restored whole.

    ``order_confidence`` is the chance that the body is in its printed order and complete;
    ``section_confidence`` that ``section`` is right. ``parent`` is the index, in the same reading, of the
    article that this one is a sidebar of; -1 for none. ``pieces`` are the source runs in reading order.
    """

    headline: str
    body: tuple[Paragraph, ...]
    kicker: str = ""
    subhead: str = ""
    byline: tuple[Credit, ...] = ()
    dateline: str = ""
    section: Section = Section.OTHER
    section_confidence: float = 0.0
    order_confidence: float = 1.0
    subjects: tuple[Subject, ...] = ()
    evidence: tuple[SectionReason, ...] = ()
    parent: int = -1
    jump_to: str = ""
    media: tuple[Media, ...] = ()
    column: str = ""  # id of the publication's own section, where its file names any
    places: tuple[Place, ...] = ()  # the place that it is reported from comes first
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    pieces: tuple[Span, ...] = ()
    spans: tuple[Span, ...] = ()
    language: str = ""  # BCP 47 tag; empty: the newspaper's

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.body)

    @property
    def page(self) -> int:
        """The page on which the article opens; 0 if its source is unknown."""
        return self.spans[0].page if self.spans else 0


@dataclass(frozen=True, slots=True)
class PlacedPhoto:
    """A picture as it was found: page and place there; ``article``: index of its story in the reading, or -1."""

    name: str
    page: int
    digest: str
    article: int = -1
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Caption:
    """What stands below a picture: its text and who took it; ``article``: index of its story in the reading, or -1."""

    text: str
    credits: tuple[Credit, ...] = ()
    article: int = -1
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was made of an issue. ``fates`` covers every character of every page exactly once.

    A caption that fits no story is its page's.
    """

    articles: tuple[Article, ...]
    fates: tuple[tuple[Span, Fate], ...]
    refused: tuple[Refusal, ...] = ()
    captions: tuple[Caption, ...] = ()
    photos: tuple[PlacedPhoto, ...] = ()

    def account(self) -> dict[str, int]:
        """Characters by fate, with their total."""
        counts = {f.value: 0 for f in Fate}
        for span, fate in self.fates:
            counts[fate.value] += span.end - span.start
        return counts | {"total": sum(counts.values())}


@dataclass(frozen=True, slots=True)
class Action:
    """What machine or desk did to an item, for its hop history: who, what, when."""

    actor: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an article waits for the desk: ``kind`` is order, section, private, ...; ``detail`` is a sentence."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What keeps an item withheld: an editor's decision is awaited, or it was no.

    ``version`` is the issue's version in which it began. Without ``doubts`` it waits only for the story that it is a
    sidebar of. ``earlier`` is what partners keep meanwhile; None if the article was never out.
    """

    version: int
    doubts: tuple[Doubt, ...] = ()
    earlier: Item | None = None
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """An article under its permanent name: one version of it, ready to be rendered.

    ``version_created`` changes only when the content does; no time here is the time of a run.
    """

    guid: str
    version: int
    article: Article
    first_created: datetime
    version_created: datetime
    status: Status = Status.USABLE
    embargoed: datetime | None = None
    expires: datetime | None = None
    ed_note: str = ""
    signal: str = ""
    parent_guid: str = ""
    history: tuple[Action, ...] = ()
    printed: Article | None = None  # what the paper printed, where the desk has made something else of it
    waits: Waiting | None = None  # why it is withheld, if it is
    released: datetime | None = None  # when its embargo ended: for readers it is as old as that
    origin: str = ""  # the article that the desk made this one of by a split, or made it a part of by a merger


@dataclass(frozen=True, slots=True)
class Column:
    """A newspaper's own section: told by ``marks`` above a story, it counts as the section ``base``."""

    id: str
    name: str
    base: Section
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """Which articles wait for the desk: those surer of less than a threshold (chances in [0, 1]; 0: none).

    ``unanswered`` says what becomes of them when nobody has answered for ``hours``: ``publish`` as read, or ``hold``.
    """

    order: float = 0.0
    section: float = 0.0
    hours: float = 2.0
    unanswered: str = "publish"


@dataclass(frozen=True, slots=True)
class Watch:
    """When a newspaper's issues are awaited: ISO weekdays, local time; ``quiet_minutes`` 0: only when it says so."""

    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    expected_by: str = ""  # HH:MM after which an issue counts as late; empty: nobody waits
    quiet_minutes: int = 0  # an upload without _COMPLETE counts as complete after so long without a change


@dataclass(frozen=True, slots=True)
class Publication:
    """A newspaper: who provides, in which language, when, under which rights. One TOML file each."""

    id: str
    name: str
    provider: str  # domain name, owner of the guids
    language: str = "zh-Hans"
    timezone: str = "Asia/Shanghai"
    publishes_at: str = "06:00"  # local time of day that a day's issue is dated with
    site: str = ""
    copyright_holder: str = ""
    copyright_notice: str = ""
    usage_terms: str = ""
    pictures: bool = True  # whether partners may have its pictures
    style: str = "zh-Hans"  # house style that this publication's own [style] table extends
    marks: tuple[tuple[str, tuple[str, ...]], ...] = ()  # what that table adds: (list of the style, words)
    columns: tuple[Column, ...] = ()
    review: Review = Review()
    watch: Watch = Watch()
    epaper: tuple[tuple[str, tuple[str, ...]], ...] = ()  # where its e-paper's HTML has what: (place, CSS selectors)


@dataclass(frozen=True, slots=True)
class Edition:
    """A publication's issue with its items, in page order: what renderers take."""

    publication: Publication
    date: date
    version: int
    version_created: datetime
    items: tuple[Item, ...]


# What a partner gets whose record names no formats. A new format is not added here: partners would get it unasked.
USUAL_FORMATS = ("newsml", "rss", "atom", "jsonfeed", "ninjs", "sitemap", "html")


@dataclass(frozen=True, slots=True)
class Partner:
    """An outlet that takes our articles. One TOML file each; secrets live in the connection, not here."""

    id: str
    name: str
    sections: tuple[Section, ...] = tuple(Section)
    publications: tuple[str, ...] = ()  # empty: all
    formats: tuple[str, ...] = USUAL_FORMATS  # names of formats; all of them are in transforms/render/formats
    full_text: bool = True
    usage_terms: str = ""
    base_url: str = ""  # where the partner's prefix is served; empty: the store's own address
    feed_days: int = 7
    hub: str = ""  # WebSub hub that the feeds name; empty: none
    contracts: tuple[str, ...] = ()  # importers whose rules its files must keep: msn
    languages: tuple[str, ...] = ()  # of the publications it takes, by prefix (zh takes zh-Hans); empty: all
    embargo_minutes: int = 0  # after the issue is out, before this partner has it
    expires_days: int = 0  # after the issue is out, when it is withdrawn from this partner; 0: never
    bucket: str = ""  # where its objects go; empty: the partners' bucket
    prefix: str = ""  # below which prefix; empty: its id
    connection: str = ""  # Airflow connection of another store; empty: our own
    access: str = "public"  # who may read its prefix in our store: public, or only its own credentials
    topics: tuple[str, ...] = ()  # medtop codes, of which an article must have one; empty: all
    privacy: str = "mask"  # private numbers in articles: keep, mask, or desk (the article waits for the desk)
    webhooks: tuple[str, ...] = ()  # Airflow connections that are notified of news: address, and password as the secret
    uploads: int = 16  # how many of its objects are written at once
    pictures: bool = True  # whether it gets the articles' pictures
    former: bool = False  # has no record any more: it takes nothing new, and hears of what it had
    max_mb: float = 0.0  # size that its importer takes an object up to, in 10^6 bytes; 0: any


@dataclass(frozen=True, slots=True)
class File:
    """An object to be stored: key below its root, bytes, and how a client should treat it."""

    key: str
    content: bytes
    media_type: str
    cache_control: str
    metadata: dict[str, str] = field(default_factory=dict)
