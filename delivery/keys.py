"""Every key in the store is built here, from parts that were checked: no part can climb out of its place.

Private bucket::

    inbox/<publication>/<date>/<name>              what the newspaper uploads; _COMPLETE closes it
    issues/<publication>/<date>/v<N>/received.json what came, and from when on (written first: the claim on N)
    issues/<publication>/<date>/v<N>/base.json     the version that this one was made from
    issues/<publication>/<date>/v<N>/source/<name> the source as received
    issues/<publication>/<date>/v<N>/reading.json  all that was made of it, with spans and fates
    issues/<publication>/<date>/v<N>/articles.json the items: articles under their permanent names
    issues/<publication>/<date>/v<N>/manifest.json names every object above (written last: the version exists)
    issues/<publication>/<date>/v<N>/refused.json  instead of a manifest: nothing in it could be read
    issues/<publication>/<date>/v<N>/published.json every partner has the version
    photos/<sha256>/<width>.jpg                    a picture in one size, by the digest of the file that came
    pending/<publication>/<date>/v<N>.json         stored, not yet with every partner
    serving/<publication>.json                     the run of Airflow that serves its partners now, and with what
    quarantine/<publication>/<date>/v<N>/<name>... bad input or invalid output, with the reason
    quarantine/_records/<key>                      a record of ours that could not be understood, moved out of the way
    ledger/<partner>/<publication>/<date>.json     what this partner should have, had, and has
    ledger/<partner>/<publication>/ended.json      the days of which this partner's rights have ended
    shipped/<date>/<partner>/<publication>/<issue> something of an issue went to a partner on a date
    audits/<date>.json                             what a day's audit of all partners' buckets found and mended
    whole-audit.json                               when all that partners have was last looked at and well
    review/<publication>/<date>/<id>-v<N>.json     a question to the desk about an article of version N, its state
    asked/<publication>/<date>/<id>-v<N>.json      a question to the desk is open
    decisions/<publication>/<date>/<id>-v<N>.json  an editor's decision, from which version N was made
    places/<partner>.json                          where its files are, and its record when they were last written
    changed/<partner>/<publication>.json           older days with changes that its live feeds still carry
    mends/<publication>/<date>/p<P>-v<N>.json      page P as an editor has mended it, from which version N was made
    heads/<partner>/<publication>.json             the plan that was the last to take its turn on the pointers
    deadletters/<partner>/<message>-<endpoint>.json a notification that did not arrive, and when it is tried again
    incidents/open|over/<kind>/<name>.json         what somebody was alerted to, since when and until when
    watch/<publication>/<date>/<digest>            an upload that a run has taken up
    failures/<step>/<digest>.json                  one element that failed, until it succeeds
    endpoints/<partner>/<endpoint>.json            an endpoint that said it is gone: nothing is sent to it any more

Partners' bucket, below ``<partner>/<publication>/``: ``items/``, ``pictures/``, ``packages/``, ``manifests/`` are
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
    """One publication's issue of a day. ``str()`` gives ``<publication>/<date>``."""

    publication: str
    date: date

    def __post_init__(self) -> None:
        checked_id(self.publication)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``<publication>/<YYYY-MM-DD>``. Raises BadInput."""
        publication, _, day = text.partition("/")
        return cls(publication, parse_date(day))

    def __str__(self) -> str:
        return f"{self.publication}/{self.date.isoformat()}"

    @property
    def inbox(self) -> str:
        return inbox(self.publication, f"{self.date.isoformat()}/")

    def inbox_file(self, name: str) -> str:
        return self.inbox + checked_name(name)

    @property
    def versions(self) -> str:
        return all_issues(self.publication, f"{self.date.isoformat()}/")

    @property
    def reviews(self) -> str:
        return reviews(self.publication, f"{self.date.isoformat()}/")

    @property
    def decisions(self) -> str:
        return f"{decisions(self.publication)}{self.date.isoformat()}/"


@dataclass(frozen=True, slots=True, order=True)
class VersionKey:
    """One version of an issue. ``str()`` gives ``<publication>/<date>/v<N>``: what goes through XCom."""

    issue: IssueKey
    number: int

    def __post_init__(self) -> None:
        if self.number < 1:
            raise BadInput(f"an issue's versions count from 1, not {self.number}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``<publication>/<YYYY-MM-DD>/v<N>``. Raises BadInput."""
        issue, _, folder = text.rpartition("/")
        number = parse_version(folder)
        if not number:
            raise BadInput(f"“{text}” is not a version of an issue: write publication/YYYY-MM-DD/vN")
        return cls(IssueKey.parse(issue), number)

    def __str__(self) -> str:
        return f"{self.issue}/v{self.number}"

    @property
    def root(self) -> str:
        return f"{self.issue.versions}v{self.number}/"

    @property
    def received(self) -> str:
        return f"{self.root}received.json"

    @property
    def reading(self) -> str:
        return f"{self.root}reading.json"

    @property
    def printed(self) -> str:
        """There if the pages print another day than the issue's."""
        return f"{self.root}printed.json"

    @property
    def articles(self) -> str:
        return f"{self.root}articles.json"

    @property
    def base(self) -> str:
        return f"{self.root}base.json"

    @property
    def refused(self) -> str:
        return f"{self.root}refused.json"

    @property
    def manifest(self) -> str:
        return f"{self.root}manifest.json"

    @property
    def published(self) -> str:
        return f"{self.root}published.json"

    @property
    def pending(self) -> str:
        return f"{PENDING}{self}.json"

    @property
    def quarantine(self) -> str:
        return quarantine(self.issue.publication, f"{self.issue.date.isoformat()}/v{self.number}/")

    @property
    def sources(self) -> str:
        return f"{self.root}source/"

    def source(self, name: str) -> str:
        return self.sources + checked_name(name)


def _below(area: str, publication: str, days: str = "") -> str:
    return f"{area}{checked_id(publication)}/{days}" if publication else area


def inbox(publication: str = "", days: str = "") -> str:
    """The prefix of what a publication uploads; of all without one. ``days`` is how the dates begin, as in 2026-01."""
    return _below("inbox/", publication, days)


def all_issues(publication: str, days: str = "") -> str:
    """The prefix of a publication's stored issues."""
    return _below("issues/", publication, days)


PENDING = "pending/"


def pending_version(key: str) -> VersionKey:
    """The version that a pending mark is for. Raises BadInput."""
    return VersionKey.parse(key.removeprefix(PENDING).removesuffix(".json"))


def quarantine(publication: str = "", days: str = "") -> str:
    """The prefix of what is held of a publication; of everything that is held without one."""
    return _below("quarantine/", publication, days)


QUARANTINED_RECORDS = f"{quarantine()}_records/"


def reviews(publication: str = "", days: str = "") -> str:
    """The prefix of a publication's questions; of all without one."""
    return _below(REVIEWS, publication, days)


REVIEWS = "review/"
ASKED = "asked/"
ALL_ASKED = f"{ASKED}_all"  # there once every older question has its mark


def asked(publication: str = "") -> str:
    """The prefix of the marks on a publication's open questions; of all without one."""
    return _below(ASKED, publication)


def asked_mark(question: str) -> str:
    """The mark on an open question, by the question's key."""
    return ASKED + question.removeprefix(REVIEWS)


def asked_question(mark: str) -> str:
    """The question that a mark is on."""
    return REVIEWS + mark.removeprefix(ASKED)


def decisions(publication: str = "") -> str:
    """The prefix of the decisions on a publication's articles; of all without one."""
    return _below("decisions/", publication)


SHIPPED = "shipped/"


def shipped(day: date, partner: str = "", publication: str = "") -> str:
    """The prefix of the notes on what went out on a day, of all or to one partner of one newspaper."""
    below = f"{SHIPPED}{day.isoformat()}/"
    return f"{below}{checked_id(partner)}/{checked_id(publication)}/" if partner else below


AUDITS = "audits/"
LAST_WHOLE_AUDIT = "whole-audit.json"


def audit(day: date) -> str:
    """What an audit found."""
    return f"{AUDITS}{day}.json"


OPEN_INCIDENTS = "incidents/open/"
OVER_INCIDENTS = "incidents/over/"


def open_incident(kind: str, name: str) -> str:
    return f"{OPEN_INCIDENTS}{kind}/{checked_name(name)}.json"


def past_incidents(kind: str) -> str:
    return f"{OVER_INCIDENTS}{kind}/"


def past_incident(kind: str, name: str, since: datetime) -> str:
    return f"{past_incidents(kind)}{since:%Y%m%dT%H%M%S}-{checked_name(name)}.json"


def failures(step: str = "") -> str:
    """The prefix of what failed at a step; of all failures without one."""
    return f"failures/{step}/" if step else "failures/"


def failure(step: str, name: str) -> str:
    """That a step failed for the element of that name."""
    return f"{failures(step)}{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}.json"


def watched(publication: str, day: date | None = None) -> str:
    """The prefix of the marks on a publication's uploads that a run has taken up, of one day or all."""
    return _below("watch/", publication, f"{day.isoformat()}/" if day else "")


def photo(digest: str, width: int) -> str:
    """A picture in one size; ``digest`` is that of the file that came, SHA-256 in hex."""
    if not _SHA256.fullmatch(digest) or width < 1:
        raise BadInput(f"{digest!r} in width {width} is not a picture")
    return f"photos/{digest}/{width}.jpg"


LEDGERS = "ledger/"


def ledger(partner: str, issue: IssueKey) -> str:
    """The page of the ledger that holds an issue's articles as far as one partner is concerned."""
    return f"{ledgers(partner)}{issue}.json"


def ledgers(partner: str, publication: str = "") -> str:
    """The prefix of a partner's ledger, of one publication or all."""
    below = f"{LEDGERS}{checked_id(partner)}/"
    return f"{below}{checked_id(publication)}/" if publication else below


def review(issue: IssueKey, stable: str, number: int) -> str:
    """A question to the desk: ``stable`` is the last part of the article's guid."""
    return f"{issue.reviews}{checked_name(stable)}-v{number}.json"


def decision(version: VersionKey, stable: str) -> str:
    """An editor's decision, from which a version of an issue was made."""
    return f"{version.issue.decisions}{checked_name(stable)}-v{version.number}.json"


def dismissed(name: str) -> str:
    """That somebody has dismissed what the desk's queue calls by that name."""
    return f"dismissed/{hashlib.sha256(name.encode()).hexdigest()[:32]}.json"


def mend(version: VersionKey, page: int) -> str:
    """A page as an editor has mended it, from which a version of an issue was made."""
    return f"mends/{version.issue}/p{page}-v{version.number}.json"


def ended_rights(partner: str, publication: str) -> str:
    """The note of the issues in which a partner's rights have ended."""
    return f"{ledgers(partner, publication)}ended.json"


def books(partner: str) -> tuple[str, ...]:
    """The prefixes of all records that are kept of what a partner has, its place aside."""
    return ledgers(partner), heads(partner), all_changed_days(partner)


PLACES = "places/"


def place(partner: str) -> str:
    """The record of where a partner's files are."""
    return f"{PLACES}{checked_id(partner)}.json"


def changed_days(partner: str, publication: str) -> str:
    """The note of the older days of which a partner's live feeds carry changes."""
    return f"{all_changed_days(partner)}{checked_id(publication)}.json"


def all_changed_days(partner: str) -> str:
    """The prefix of these notes, of all publications."""
    return f"changed/{checked_id(partner)}/"


def head(partner: str, publication: str) -> str:
    """The record of whose turn it is on a partner's pointers of one publication."""
    return f"{heads(partner)}{checked_id(publication)}.json"


def heads(partner: str) -> str:
    """The prefix of these records, of all publications."""
    return f"heads/{checked_id(partner)}/"


def serving(publication: str = "") -> str:
    """The note of who serves a publication's partners; the prefix of all such notes without one."""
    return f"serving/{checked_id(publication)}.json" if publication else "serving/"


def sandbox(partner: str) -> str:
    """How far a partner's sandbox is."""
    return f"sandboxes/{checked_id(partner)}.json"


def dead_letters(partner: str = "") -> str:
    """The prefix of a partner's dead letters; of all without one."""
    return f"deadletters/{checked_id(partner)}/" if partner else "deadletters/"


def dead_letter(partner: str, message: str, endpoint: str) -> str:
    return f"{dead_letters(partner)}{message}-{endpoint}.json"


def endpoints(partner: str) -> str:
    """The prefix of the marks that a partner's endpoints have."""
    return f"endpoints/{checked_id(partner)}/"


def endpoint(partner: str, name: str) -> str:
    return f"{endpoints(partner)}{checked_name(name)}.json"


def partner_root(partner: str, publication: str, prefix: str = "") -> str:
    """The prefix below which a partner finds a publication, in the partner's bucket."""
    start = checked_relative(prefix) if prefix else checked_id(partner)
    return f"{start}/{checked_id(publication)}/"
