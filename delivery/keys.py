"""Keys in the store. All are built here, from checked parts, so that no part can lead out of its place.

Private bucket::

    inbox/<publication>/<date>/<name>              what the newspaper uploads; _COMPLETE closes it
    issues/<publication>/<date>/v<N>/received.json what arrived, and when (written first: the claim on N)
    issues/<publication>/<date>/v<N>/base.json     the version that this one was made from
    issues/<publication>/<date>/v<N>/source/<name> the source as received
    issues/<publication>/<date>/v<N>/reading.json  what was read from it, with spans and fates
    issues/<publication>/<date>/v<N>/articles.json the items: articles with their guids
    issues/<publication>/<date>/v<N>/manifest.json names every object above (written last: the version exists)
    issues/<publication>/<date>/v<N>/refused.json  instead of a manifest: nothing in it could be read
    issues/<publication>/<date>/v<N>/published.json every partner has the version
    photos/<sha256>/<width>.jpg                    a picture in one size, by the digest of the file that came
    pending/<publication>/<date>/v<N>.json         stored, not yet with every partner
    serving/<publication>.json                     the Airflow run that serves its partners now, and its versions
    quarantine/<publication>/<date>/v<N>/<name>... bad input or invalid output, with the reason
    quarantine/_records/<key>                      a record of ours that could not be understood, moved out of the way
    ledger/<partner>/<publication>/<date>.json     what this partner should have, had, and has
    ledger/<partner>/<publication>/ended.json      the days for which this partner's rights have ended
    shipped/<date>/<partner>/<publication>/<issue> a partner was sent something of an issue on a date
    audits/<date>.json                             what a day's audit of all partners' buckets found and repaired
    whole-audit.json                               when everything that partners have was last audited and sound
    review/<publication>/<date>/<id>-v<N>.json     a question to editors about an article of version N, its state
    asked/<publication>/<date>/<id>-v<N>.json      a question to editors is open
    decisions/<publication>/<date>/<id>-v<N>.json  an editor's decision, from which version N was made
    places/<partner>.json                          where its files are, and its record when they were last written
    changed/<partner>/<publication>.json           older days whose changes its live feeds still list
    mends/<publication>/<date>/p<P>-v<N>.json      page P as an editor corrected it, from which version N was made
    heads/<partner>/<publication>.json             the plan that last took its turn on the pointers
    deadletters/<partner>/<message>-<endpoint>.json a notification that did not arrive, and when it is tried again
    incidents/open|over/<kind>/<name>.json         what people were alerted to, from when and until when
    watch/<publication>/<date>/<digest>            an upload for which a run was started
    failures/<step>/<digest>.json                  one element that failed, until it succeeds
    endpoints/<partner>/<endpoint>.json            an endpoint that answered 410: nothing is sent to it any longer

A partner's bucket, below ``<partner>/<publication>/``: ``items/``, ``pictures/``, ``packages/``, ``manifests/`` are
immutable, ``feeds/`` and the rest are pointers.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from delivery.key_parts import checked_id, checked_name, checked_relative, parse_date, parse_version
from transforms.errors import BadInput

COMPLETE = "_COMPLETE"
ARCHIVE = "_ARCHIVE"  # closes an upload for a backfill only
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class IssueKey:
    """One issue: a newspaper and a date. ``str()`` gives ``<publication>/<date>``."""

    publication: str
    date: date

    def __post_init__(self) -> None:
        checked_id(self.publication)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The issue of ``<publication>/<YYYY-MM-DD>``. Raises BadInput for any other form."""
        publication, _, day = text.partition("/")
        return cls(publication, parse_date(day))

    def __str__(self) -> str:
        return f"{self.publication}/{self.date.isoformat()}"

    @property
    def inbox(self) -> str:
        """The prefix of what the newspaper uploads for it."""
        return inbox(self.publication, f"{self.date.isoformat()}/")

    def inbox_file(self, name: str) -> str:
        """One file in the inbox. Raises BadInput for an invalid name."""
        return self.inbox + checked_name(name)

    @property
    def versions(self) -> str:
        """The prefix of its versions."""
        return all_issues(self.publication, f"{self.date.isoformat()}/")

    @property
    def reviews(self) -> str:
        """The prefix of the questions to editors about its articles."""
        return reviews(self.publication, f"{self.date.isoformat()}/")

    @property
    def decisions(self) -> str:
        """The prefix of editors' decisions about its articles."""
        return f"{decisions(self.publication)}{self.date.isoformat()}/"


@dataclass(frozen=True, slots=True, order=True)
class VersionKey:
    """One version of an issue. ``str()`` gives ``<publication>/<date>/v<N>``, which is what goes through XCom."""

    issue: IssueKey
    number: int

    def __post_init__(self) -> None:
        if self.number < 1:
            raise BadInput(f"an issue's versions count from 1, not {self.number}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """The version of ``<publication>/<YYYY-MM-DD>/v<N>``. Raises BadInput for any other form."""
        issue, _, folder = text.rpartition("/")
        number = parse_version(folder)
        if not number:
            raise BadInput(f"“{text}” is not a version of an issue: write publication/YYYY-MM-DD/vN")
        return cls(IssueKey.parse(issue), number)

    def __str__(self) -> str:
        return f"{self.issue}/v{self.number}"

    @property
    def root(self) -> str:
        """The prefix of all of its objects."""
        return f"{self.issue.versions}v{self.number}/"

    @property
    def received(self) -> str:
        """Its claim: what it is made from."""
        return f"{self.root}received.json"

    @property
    def reading(self) -> str:
        """What was read from the pages."""
        return f"{self.root}reading.json"

    @property
    def printed(self) -> str:
        """Exists if the pages print another date than the issue's."""
        return f"{self.root}printed.json"

    @property
    def articles(self) -> str:
        """Its items."""
        return f"{self.root}articles.json"

    @property
    def base(self) -> str:
        """The version that it was made from."""
        return f"{self.root}base.json"

    @property
    def refused(self) -> str:
        """Exists, in place of a manifest, if nothing in it could be read."""
        return f"{self.root}refused.json"

    @property
    def manifest(self) -> str:
        """Its manifest, which is written last."""
        return f"{self.root}manifest.json"

    @property
    def published(self) -> str:
        """Exists once every partner has it."""
        return f"{self.root}published.json"

    @property
    def pending(self) -> str:
        """Exists until every partner has it."""
        return f"{PENDING}{self}.json"

    @property
    def quarantine(self) -> str:
        """The prefix of what is quarantined from it."""
        return quarantine(self.issue.publication, f"{self.issue.date.isoformat()}/v{self.number}/")

    @property
    def sources(self) -> str:
        """The prefix of its source files."""
        return f"{self.root}source/"

    def source(self, name: str) -> str:
        """One of its source files. Raises BadInput for an invalid name."""
        return self.sources + checked_name(name)


def _below(area: str, publication: str, days: str = "") -> str:
    return f"{area}{checked_id(publication)}/{days}" if publication else area


def inbox(publication: str = "", days: str = "") -> str:
    """The prefix of a newspaper's uploads; without one, of all. ``days``: how the dates begin, such as 2026-01."""
    return _below("inbox/", publication, days)


def all_issues(publication: str, days: str = "") -> str:
    """The prefix of a newspaper's stored issues. ``days``: how the dates begin."""
    return _below("issues/", publication, days)


PENDING = "pending/"


def pending_version(key: str) -> VersionKey:
    """The version that a pending mark belongs to. Raises BadInput for any other key."""
    return VersionKey.parse(key.removeprefix(PENDING).removesuffix(".json"))


def quarantine(publication: str = "", days: str = "") -> str:
    """The prefix of a newspaper's quarantine; without one, of all. ``days``: how the dates begin."""
    return _below("quarantine/", publication, days)


QUARANTINED_RECORDS = f"{quarantine()}_records/"


def reviews(publication: str = "", days: str = "") -> str:
    """The prefix of a newspaper's questions to editors; without one, of all. ``days``: how the dates begin."""
    return _below(REVIEWS, publication, days)


REVIEWS = "review/"
ASKED = "asked/"
ALL_ASKED = f"{ASKED}_all"  # there once every older question has its mark


def asked(publication: str = "") -> str:
    """The prefix of the marks on a newspaper's open questions; without one, of all."""
    return _below(ASKED, publication)


def asked_mark(question: str) -> str:
    """The mark on an open question. ``question``: its key."""
    return ASKED + question.removeprefix(REVIEWS)


def asked_question(mark: str) -> str:
    """The key of the question that a mark belongs to."""
    return REVIEWS + mark.removeprefix(ASKED)


def decisions(publication: str = "") -> str:
    """The prefix of editors' decisions on a newspaper's articles; without one, of all."""
    return _below("decisions/", publication)


SHIPPED = "shipped/"


def shipped(day: date, partner: str = "", publication: str = "") -> str:
    """The prefix of the notes on what went out on a day: to everyone, or to one partner of one newspaper."""
    below = f"{SHIPPED}{day.isoformat()}/"
    return f"{below}{checked_id(partner)}/{checked_id(publication)}/" if partner else below


AUDITS = "audits/"
LAST_WHOLE_AUDIT = "whole-audit.json"


def audit(day: date) -> str:
    """The result of a day's audit."""
    return f"{AUDITS}{day}.json"


OPEN_INCIDENTS = "incidents/open/"
OVER_INCIDENTS = "incidents/over/"


def open_incident(kind: str, name: str) -> str:
    """An open incident. Raises BadInput for an invalid name."""
    return f"{open_incidents(kind, checked_name(name))}.json"


def open_incidents(kind: str, beginning: str) -> str:
    """The open incidents of a kind whose names begin so."""
    return f"{OPEN_INCIDENTS}{kind}/{beginning}"


def past_incidents(kind: str) -> str:
    """The prefix of the closed incidents of a kind."""
    return f"{OVER_INCIDENTS}{kind}/"


def past_incident(kind: str, name: str, since: datetime) -> str:
    """A closed incident. ``since``: when it began. Raises BadInput for an invalid name."""
    return f"{past_incidents(kind)}{since:%Y%m%dT%H%M%S}-{checked_name(name)}.json"


def failures(step: str = "") -> str:
    """The prefix of the failures of a step; without one, of all."""
    return f"failures/{step}/" if step else "failures/"


def failure(step: str, name: str) -> str:
    """The record that a step failed for the element with that name."""
    return f"{failures(step)}{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"


def watched(publication: str, day: date | None = None) -> str:
    """The prefix of the marks on uploads for which a run was started; of one day, or of all days."""
    return _below("watch/", publication, f"{day.isoformat()}/" if day else "")


def photo(digest: str, width: int) -> str:
    """A picture in one size. ``digest``: SHA-256 (hexadecimal) of the file that arrived. ``width``: pixels.

    Raises BadInput for an invalid digest or width.
    """
    if not _SHA256.fullmatch(digest) or width < 1:
        raise BadInput(f"{digest!r} in width {width} is not a picture")
    return f"photos/{digest}/{width}.jpg"


LEDGERS = "ledger/"


def ledger(partner: str, issue: IssueKey) -> str:
    """A partner's ledger page for an issue."""
    return f"{ledgers(partner)}{issue}.json"


def ledgers(partner: str, publication: str = "") -> str:
    """The prefix of a partner's ledger, for one newspaper or all."""
    below = f"{LEDGERS}{checked_id(partner)}/"
    return f"{below}{checked_id(publication)}/" if publication else below


def review(issue: IssueKey, stable: str, number: int) -> str:
    """A question to editors. ``stable``: the last part of the article's guid. ``number``: of the version."""
    return f"{issue.reviews}{checked_name(stable)}-v{number}.json"


def decision(version: VersionKey, stable: str) -> str:
    """An editor's decision, from which a version was made. ``stable``: the last part of the article's guid."""
    return f"{version.issue.decisions}{checked_name(stable)}-v{version.number}.json"


def dismissed(name: str) -> str:
    """The record that an editor dismissed an entry of the desk's page Today. ``name``: of the entry."""
    return f"dismissed/{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def mend(version: VersionKey, page: int) -> str:
    """A page as an editor corrected it, from which a version was made. ``page``: its number."""
    return f"mends/{version.issue}/p{page}-v{version.number}.json"


def ended_rights(partner: str, publication: str) -> str:
    """The record of the days for which a partner's rights have ended."""
    return f"{ledgers(partner, publication)}ended.json"


def books(partner: str) -> tuple[str, ...]:
    """The prefixes of all records of what a partner has, except its place."""
    return ledgers(partner), heads(partner), all_changed_days(partner)


PLACES = "places/"


def place(partner: str) -> str:
    """The record of where a partner's files are."""
    return f"{PLACES}{checked_id(partner)}.json"


def changed_days(partner: str, publication: str) -> str:
    """The record of the older days whose changes a partner's live feeds list."""
    return f"{all_changed_days(partner)}{checked_id(publication)}.json"


def all_changed_days(partner: str) -> str:
    """The prefix of these records, for all newspapers."""
    return f"changed/{checked_id(partner)}/"


def head(partner: str, publication: str) -> str:
    """The record of whose turn it is to write a partner's pointers for one newspaper."""
    return f"{heads(partner)}{checked_id(publication)}.json"


def heads(partner: str) -> str:
    """The prefix of these records, for all newspapers."""
    return f"heads/{checked_id(partner)}/"


def serving(publication: str = "") -> str:
    """The key that says which run serves a newspaper's partners; without a newspaper, the prefix of all of them."""
    return f"serving/{checked_id(publication)}.json" if publication else "serving/"


def sandbox(partner: str) -> str:
    """The state of a partner's sandbox."""
    return f"sandboxes/{checked_id(partner)}.json"


def dead_letters(partner: str = "") -> str:
    """The prefix of a partner's dead letters; without one, of all."""
    return f"deadletters/{checked_id(partner)}/" if partner else "deadletters/"


def dead_letter(partner: str, message: str, endpoint: str) -> str:
    """A notification that was not delivered. ``message``, ``endpoint``: their ids."""
    return f"{dead_letters(partner)}{message}-{endpoint}.json"


def endpoints(partner: str) -> str:
    """The prefix of the marks on a partner's endpoints."""
    return f"endpoints/{checked_id(partner)}/"


def endpoint(partner: str, name: str) -> str:
    """The mark on a partner's endpoint. Raises BadInput for an invalid name."""
    return f"{endpoints(partner)}{checked_name(name)}.json"


def partner_root(partner: str, publication: str, prefix: str = "") -> str:
    """The prefix of a newspaper's files in a partner's bucket. ``prefix``: that in the partner's file."""
    start = checked_relative(prefix) if prefix else checked_id(partner)
    return f"{start}/{checked_id(publication)}/"
