"""What the desk's pages show, read from the store: values only, so that templates decide nothing."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from broadsheet.installation import Installation
from broadsheet.steps import incidents, notify, review
from broadsheet.steps.incidents import Incident
from broadsheet.steps.revision import find_issue, newest_items
from broadsheet.steps.syndication import lacking, pending_work
from delivery import issues
from delivery.keys import IssueKey, VersionKey, parse_date, parse_version
from delivery.ledger import Entry, LedgerPage, days_of, ended_days, page_of
from delivery.quarantine import REASON, Held, held_of
from delivery.store import Store
from transforms.days import FIRST_NEWSPAPER
from transforms.errors import BadInput, NotFound
from transforms.guid import safe_guid
from transforms.model import Item, Page, Partner, Publication, Reading, Status
from transforms.render.keys import article_page_key

COLOURS = 12
MOST_INCIDENTS = 20
LAST_MONTH = date(9999, 12, 1)  # the month after it has no date
# From the furthest to the nearest: what an issue's newest version has become.
STAGES = (
    ("published.json", "out"),
    ("manifest.json", "stored"),
    ("refused.json", "refused"),
    ("received.json", "read"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar; ``state`` is out, stored, refused, read, landed, missing, or empty for nothing."""

    date: date
    state: str = ""
    version: int = 0
    articles: int = 0
    held: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Month:
    """A newspaper's month, as weeks of days (None before its first and after its last)."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class Delivery:
    """An article, or an issue, at one partner. ``state``: delivered, waiting, behind, ended."""

    partner: Partner
    state: str
    version: int = 0
    at: datetime | None = None
    notified: datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An article as an issue lists it; ``colour`` is its number among the page's colours."""

    number: int
    colour: int
    item: Item
    deliveries: tuple[Delivery, ...]

    @property
    def words(self) -> int:
        return len("".join(self.item.article.text.split()))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a page's text: of an article (``row``), the ``place``-th of its pieces, or, without one, of none."""

    text: str
    row: Row | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's source text, cut into pieces."""

    number: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue: its newest version, its pages, its articles, what is held and why."""

    key: IssueKey
    publication: Publication
    state: str
    version: int
    sheets: tuple[Sheet, ...]
    rows: tuple[Row, ...]
    held: tuple[Held, ...]
    deliveries: tuple[Delivery, ...]
    characters: Mapping[str, int]
    runs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Output:
    """A file of an article at a partner."""

    format: str
    version: int
    url: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article: as it stands, where it went, in which files."""

    key: IssueKey
    publication: Publication
    row: Row
    parent: Item | None
    sidebars: tuple[Item, ...]
    outputs: tuple[tuple[Partner, tuple[Output, ...]], ...]


@dataclass(frozen=True, slots=True)
class PartnerView:
    """A partner: what it last got of each newspaper, what it lacks, which messages did not arrive."""

    partner: Partner
    papers: tuple[tuple[Publication, int, Delivery | None], ...]
    behind: tuple[str, ...]
    letters: tuple[notify.Letter, ...]
    gone: tuple[notify.Gone, ...]


def month_of(installation: Installation, publication: Publication, first: date) -> Month:
    """The states of a month's days; a few listings, whatever it holds. Raises BadInput outside the calendar."""
    first = first.replace(day=1)
    if not FIRST_NEWSPAPER <= first < LAST_MONTH:
        raise BadInput(f"{first:%Y-%m} is outside the calendar, which begins in {FIRST_NEWSPAPER.year}")
    prefix = f"{publication.id}/{first:%Y-%m}"
    found = _stages(installation.store, prefix)
    landed = {d for s in installation.store.list(f"inbox/{prefix}") if (d := _day(s.key.split("/")[2]))}
    held = Counter(_held(installation.store, prefix))
    waiting = Counter(VersionKey.parse(q.version).issue.date for q in _waiting(installation, prefix))
    ours = (i for i in incidents.incidents(installation.store) if i.kind is incidents.Kind.MISSING)
    missing = {_day(day) for name, _, day in (i.name.rpartition("_") for i in ours) if name == publication.id}

    def day(number: int) -> Day | None:
        if not number:
            return None
        this = first.replace(day=number)
        state, version = found.get(this, ("landed" if this in landed else "missing" if this in missing else "", 0))
        usable = _usable(installation.store, VersionKey(IssueKey(publication.id, this), version)) if version else 0
        return Day(this, state, version, usable, held[this], waiting[this])

    weeks = tuple(tuple(day(n) for n in week) for week in calendar.monthcalendar(first.year, first.month))
    return Month(first, weeks, _shift(first, -1), _shift(first, 1))


def _usable(store: Store, version: VersionKey) -> int:
    manifest = issues.manifest_of(store, version)
    return sum(i.status == Status.USABLE for i in manifest.items) if manifest else 0


def latest_month(installation: Installation, publication: Publication) -> date | None:
    """The month of the newest issue; None where there is none."""
    days = [d for f in installation.store.folders(f"issues/{publication.id}/") if (d := _day(f))]
    return max(days, default=None)


def _shift(first: date, months: int) -> date:
    month = first.year * 12 + first.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)


def _stages(store: Store, prefix: str) -> dict[date, tuple[str, int]]:
    """By day, what the newest version has become, and its number."""
    keys: dict[tuple[date, int], set[str]] = {}
    for stat in store.list(f"issues/{prefix}"):
        parts = stat.key.split("/")
        day, number = _day(parts[2]), parse_version(parts[3]) if len(parts) > 4 else 0
        if day and number:
            keys.setdefault((day, number), set()).add(parts[4])
    return {day: (next((state for name, state in STAGES if name in names), "read"), number)
            for (day, number), names in sorted(keys.items())}  # fmt: skip


def _held(store: Store, prefix: str) -> Iterator[date]:
    """The day of each thing that is held of the newest version of which anything is."""
    found: dict[date, list[int]] = {}
    for stat in store.list(f"quarantine/{prefix}"):
        parts = stat.key.split("/")
        if stat.key.endswith(REASON) and len(parts) > 4 and (day := _day(parts[2])):
            found.setdefault(day, []).append(parse_version(parts[3]))
    for day, versions in found.items():
        yield from (day for version in versions if version == max(versions))


def _waiting(installation: Installation, prefix: str) -> Iterator[review.Question]:
    for stat in installation.store.list(f"review/{prefix}"):
        try:
            question = review.load(installation.store, stat.key)
        except NotFound:
            continue
        if question.state is review.State.WAITING and review.is_open(installation, question):
            yield question


def open_incidents(installation: Installation) -> list[Incident]:
    """What somebody should look at, newest first."""
    return sorted(incidents.incidents(installation.store), key=lambda i: i.since, reverse=True)[:MOST_INCIDENTS]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except BadInput:
        return None


def issue_view(installation: Installation, key: IssueKey) -> IssueView:
    """All of one issue. Raises NotFound where nothing of it was ever received."""
    publication = installation.publication(key.publication)
    stages = _stages(installation.store, str(key))
    if key.date not in stages:
        raise NotFound(f"nothing of {key} was received")
    state, number = stages[key.date]
    items = newest_items(installation, key)
    pages = {p.id: page_of(installation.store, p.id, key) for p in installation.partners.values()}
    rows = rows_of(installation, key, items, pages)
    upload = issues.latest_upload(installation.store, key)
    versions = sorted({number, upload[0].number if upload else number})
    held = tuple(h for n in versions for h in held_of(installation.store, VersionKey(key, n)))
    read = review.pages_of(installation, key)
    sheets = tuple(_sheet(page, rows) for page in read)
    deliveries = tuple(
        _issue_delivery(installation, key, p, pages[p.id]) for p in installation.partners.values() if pages[p.id]
    )
    return IssueView(
        key,
        publication,
        state,
        number,
        sheets,
        rows,
        held,
        deliveries,
        _account(installation, key),
        tuple(_runs(installation, key)),
    )


def rows_of(
    installation: Installation, key: IssueKey, items: Sequence[Item], pages: Mapping[str, LedgerPage | None]
) -> tuple[Row, ...]:
    """The articles of an issue with where each went."""
    return tuple(
        Row(n + 1, n % COLOURS, item, tuple(_deliveries(installation, key, item.guid, pages)))
        for n, item in enumerate(items)
    )


def _deliveries(
    installation: Installation, key: IssueKey, guid: str, pages: Mapping[str, LedgerPage | None]
) -> Iterator[Delivery]:
    for partner in installation.partners.values():
        page = pages.get(partner.id)
        entry = next((e for e in page.entries if e.guid == guid), None) if page else None
        if page and entry:
            yield _delivery(installation, key, partner, page, entry)


def _delivery(installation: Installation, key: IssueKey, partner: Partner, page: LedgerPage, entry: Entry) -> Delivery:
    if key.date in ended_days(installation.store, partner.id, key.publication):
        return Delivery(partner, "ended", entry.version, status=entry.status.value)
    state = "delivered" if page.delivered else "behind"
    return Delivery(partner, state, entry.version, entry.delivered_at, entry.notified, entry.status.value)


def _issue_delivery(installation: Installation, key: IssueKey, partner: Partner, page: LedgerPage | None) -> Delivery:
    if page is None:
        return Delivery(partner, "waiting")
    if key.date in ended_days(installation.store, partner.id, key.publication):
        return Delivery(partner, "ended", page.version)
    state = "waiting" if page.awaits else "delivered" if page.delivered else "behind"
    newest = max((e.delivered_at for e in page.entries if e.delivered_at), default=None)
    return Delivery(partner, state, page.version, newest)


def _sheet(page: Page, rows: Sequence[Row]) -> Sheet:
    """The page's text cut where pieces begin and end; where two articles claim a run, the first has it."""
    marks = sorted(
        (span, place + 1, row)
        for row in rows
        for place, span in enumerate(row.item.article.pieces or row.item.article.spans)
        if span.page == page.number
    ) if rows else []  # fmt: skip
    pieces: list[Piece] = []
    reached = 0
    for span, place, row in marks:
        start, end = max(span.start, reached), min(span.end, len(page.text))
        if end <= start:
            continue
        if start > reached:
            pieces.append(Piece(page.text[reached:start]))
        pieces.append(Piece(page.text[start:end], row, place))
        reached = end
    if reached < len(page.text):
        pieces.append(Piece(page.text[reached:]))
    return Sheet(page.number, tuple(pieces))


def _account(installation: Installation, key: IssueKey) -> Mapping[str, int]:
    """Characters of the source by what became of them."""
    from delivery.codec import decode

    upload = issues.latest_upload(installation.store, key)
    if upload is None or installation.store.stat(upload[0].reading) is None:
        return {}
    return decode(Reading, installation.store.get(upload[0].reading).content, upload[0].reading).account()


def _runs(installation: Installation, key: IssueKey) -> Iterator[str]:
    """The ids of the runs that read it, newest first."""
    for _, claim in issues.claims(installation.store, key):
        if claim.change is None:
            yield f"{key.publication}__{key.date.isoformat()}__{claim.digest[:10]}"


def article_view(installation: Installation, guid: str) -> ArticleView:
    """All of one article. Raises BadInput where no issue here has it."""
    key = find_issue(installation, guid)
    items = newest_items(installation, key)
    pages = {p.id: page_of(installation.store, p.id, key) for p in installation.partners.values()}
    row = next(r for r in rows_of(installation, key, items, pages) if r.item.guid == guid)
    parent = next((i for i in items if i.guid == row.item.parent_guid), None)
    sidebars = tuple(i for i in items if i.parent_guid == guid)
    outputs = tuple(
        (d.partner, tuple(_outputs(installation, key, d.partner, guid)))
        for d in row.deliveries
        if d.state == "delivered"
    )
    return ArticleView(key, installation.publication(key.publication), row, parent, sidebars, outputs)


def _outputs(installation: Installation, key: IssueKey, partner: Partner, guid: str) -> Iterator[Output]:
    """The article's files, newest version first."""
    root, base = installation.root(partner, key.publication), installation.base_url(partner, key.publication)
    shelf = installation.shelf_of(partner)
    found = []
    for stat in shelf.list(f"{root}items/{safe_guid(guid)}/"):
        relative = stat.key[len(root) :]
        version, _, ending = relative.rpartition("/")[2].partition(".")
        if version == "latest":
            continue  # the newest one's bytes again
        names = {"xml": "NewsML-G2", "json": "ninjs", "nitf.xml": "NITF"}
        found.append(Output(names.get(ending, ending), parse_version(version), f"{base}/{relative}"))
    page = article_page_key(guid)
    if shelf.stat(root + page):
        yield Output("HTML", 0, f"{base}/{page}")
    yield from sorted(found, key=lambda o: (-o.version, o.format))


def partner_views(installation: Installation) -> list[PartnerView]:
    """All partners with what they have and lack."""
    behind: dict[str, list[str]] = {}
    for work in pending_work(installation):
        behind.setdefault(work.partner, []).extend(lacking(installation, work))
    letters = list(notify.letters(installation))
    return [
        PartnerView(
            partner,
            tuple(_papers(installation, partner)),
            tuple(behind.get(partner.id, ())),
            tuple(x for x in letters if x.partner == partner.id),
            tuple(notify.gone_endpoints(installation, partner.id)),
        )
        for partner in installation.partners.values()
    ]


def _papers(installation: Installation, partner: Partner) -> Iterator[tuple[Publication, int, Delivery | None]]:
    for publication in installation.publications.values():
        days = days_of(installation.store, partner.id, publication.id)
        if not days:
            continue
        key = IssueKey(publication.id, days[-1])
        page = page_of(installation.store, partner.id, key)
        yield publication, len(days), _issue_delivery(installation, key, partner, page) if page else None
