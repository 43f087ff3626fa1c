"""An outlet that receives articles, as its TOML file describes it, and the files that it gets."""

from __future__ import annotations

from dataclasses import dataclass, field

from transforms.model.articles import Section

# What a partner gets whose record names no formats. A new format is not added here: partners would get it unasked.
USUAL_FORMATS = ("newsml", "rss", "atom", "jsonfeed", "ninjs", "sitemap", "html")


@dataclass(frozen=True, slots=True)
class Partner:
    """An outlet that receives our articles. It has one TOML file; its secrets are in an Airflow connection."""

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
    topics: tuple[str, ...] = ()  # medtop codes; an article must have one of them; empty: all
    privacy: str = "mask"  # private numbers in articles: keep, mask, or desk (the article waits for an editor)
    webhooks: tuple[str, ...] = ()  # Airflow connections that are notified of news: address, and password as the secret
    uploads: int = 16  # how many of its objects are written at once
    pictures: bool = True  # whether it gets the articles' pictures
    former: bool = False  # has no record any more: it takes nothing new, and hears of what it had
    max_mb: float = 0.0  # size that its importer takes an object up to, in 10^6 bytes; 0: any


@dataclass(frozen=True, slots=True)
class File:
    """An object to be stored: its key below the root, its bytes, and how clients should treat it."""

    key: str
    content: bytes
    media_type: str
    cache_control: str
    metadata: dict[str, str] = field(default_factory=dict)
