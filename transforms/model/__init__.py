"""The types that all stages share: frozen values, with no behaviour beyond what follows from a value itself.

Offsets count Unicode code points of ``Page.text``; ``end`` is exclusive. Times have a time zone. Nothing here reads
a clock, a file or the environment.
"""

from transforms.model.articles import (
    Article,
    Credit,
    Media,
    Paragraph,
    ParagraphKind,
    Place,
    Section,
    SectionReason,
    Subject,
    Verdict,
)
from transforms.model.items import Action, Doubt, Item, Status, Waiting
from transforms.model.pages import (
    Box,
    GivenArticle,
    GivenPart,
    GivenPicture,
    Issue,
    Page,
    Photo,
    Refusal,
    Rendition,
    Span,
    commonest_size,
)
from transforms.model.partners import USUAL_FORMATS, File, Partner
from transforms.model.publications import Column, Edition, Publication, Review, Watch
from transforms.model.readings import Caption, Fate, PlacedPhoto, Reading

__all__ = [
    "USUAL_FORMATS",
    "Action",
    "Article",
    "Box",
    "Caption",
    "Column",
    "Credit",
    "Doubt",
    "Edition",
    "Fate",
    "File",
    "GivenArticle",
    "GivenPart",
    "GivenPicture",
    "Issue",
    "Item",
    "Media",
    "Page",
    "Paragraph",
    "ParagraphKind",
    "Partner",
    "Photo",
    "Place",
    "PlacedPhoto",
    "Publication",
    "Reading",
    "Refusal",
    "Rendition",
    "Review",
    "Section",
    "SectionReason",
    "Span",
    "Status",
    "Subject",
    "Verdict",
    "Waiting",
    "Watch",
    "commonest_size",
]
