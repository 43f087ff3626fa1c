"""An article as it was read: its parts, its section with the reasons for it, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from transforms.model.pages import Rendition, Span


class Section(StrEnum):
    """What kind of journalism an article is. A newspaper's file may map its own sections onto these."""

    FEATURE = "feature"
    BRIEF = "brief"
    COMMENTARY = "commentary"
    TRAINING_NOTICE = "training_notice"
    OTHER = "other"


class ParagraphKind(StrEnum):
    """Whether a paragraph is text or a crosshead."""

    TEXT = "text"
    CROSSHEAD = "crosshead"


@dataclass(frozen=True, slots=True)
class Credit:
    """A person credited. ``role``: as printed (记者, 通讯员, ...); empty if none."""

    name: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or crosshead. ``spans``: where its text is on the pages, in reading order."""

    text: str
    spans: tuple[Span, ...] = ()
    kind: ParagraphKind = ParagraphKind.TEXT


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or recording of an article: its address and its size in bytes.

    A picture that we serve has a ``digest`` (SHA-256 of the file that arrived, hexadecimal) and ``renditions``, the
    largest first. Its ``url`` is empty until it is rendered for a partner.
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
    """A place in an article. ``region``: where it is. ``code``: its official code, if known."""

    name: str
    region: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic from a controlled vocabulary, such as ``medtop:20000210``, with a confidence from 0 to 1."""

    qcode: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class SectionReason:
    """One reason for a section: a readable feature and its weight (log-odds)."""

    what: str
    weight: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The classifier's result for one article."""

    section: Section
    confidence: float
    subjects: tuple[Subject, ...] = ()
    evidence: tuple[SectionReason, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """A restored story.

    ``order_confidence``: how likely the body is complete and in its printed order, from 0 to 1.
    ``section_confidence``: how likely ``section`` is right. ``parent``: the index, in the same reading, of the
    article that this one is a sidebar of; -1 for none. ``pieces``: the runs of source text, in reading order.
    ``label``: the name of the column that is printed above the headline, 云州时评.
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
    label: str = ""

    @property
    def text(self) -> str:
        """The paragraphs, one per line."""
        return "\n".join([p.text for p in self.body])

    @property
    def shown_kicker(self) -> str:
        """What readers see above the headline: the kicker, or the name of its column."""
        return self.kicker or self.label

    @property
    def page(self) -> int:
        """The page on which the article opens; 0 if its source is unknown."""
        return self.spans[0].page if self.spans else 0
