"""Problems that need a person: a missing issue, a partner that is behind, an unanswered question, a failed run.

Each incident is a record in the store (``incidents/``), so that people are alerted once, however often it is found,
and the desk can show it. It ends when its cause is gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from broadsheet.steps.contain import reason_of, records
from broadsheet.steps.reasons import reason_in
from broadsheet.texts import words_of
from delivery import keys
from delivery.codec import decode, json_file
from delivery.objects import put_new
from delivery.store import Store

ISSUE_RUN = re.compile(r"\A([a-z0-9-]+)__(\d{4}-\d\d-\d\d)__")  # the ids of runs that are made for one issue
RED = "red_"  # begins the codes of failed runs; the DAG's id follows


class IncidentKind(StrEnum):
    """The kind of an incident; the first part of its id."""

    MISSING = "missing"
    REVIEW = "review"
    PARTNER = "partner"
    ENDPOINT = "endpoint"
    RUN = "run"
    INBOX = "inbox"
    RECORD = "record"
    CONNECTION = "connection"
    STUCK = "stuck"


WATCHED = tuple(
    k for k in IncidentKind if k is not IncidentKind.RUN
)  # what a look at the store finds; failed runs report themselves


@dataclass(frozen=True, slots=True)
class Incident:
    """``name`` identifies it among those of its kind. ``path``: where Airflow shows more, below its address.

    ``told``: when the alert was sent. ``ended``: when it was over. ``by``: who said so, if a person did. ``title``
    and ``detail`` are English; ``code`` and ``values`` give the same in any language that we have.
    """

    kind: IncidentKind
    name: str
    title: str
    detail: str
    since: datetime
    path: str = ""
    told: datetime | None = None
    ended: datetime | None = None
    code: str = ""
    values: tuple[str, ...] = ()
    by: str = ""
    about: str = ""  # of a failed run: the guid or issue that it was for

    def said(self, language: str) -> tuple[str, str]:
        """Title and detail in a language; as they were written, if the incident is older than its code."""
        return words(self.code, language, self.values) if self.code else (self.title, self.detail)

    @property
    def key(self) -> str:
        """Its key in the store. Open ones have a prefix of their own, so that listing them stays cheap."""
        if self.ended is None:
            return keys.open_incident(self.kind, self.name)
        return keys.past_incident(self.kind, self.name, self.since)


def words(code: str, language: str, values: Sequence[str]) -> tuple[str, str]:
    """Title and detail of an incident's code in a language; in English if we lack that language."""
    said, told = words_of(language, f"incident.{code}"), [reason_in(value, language) for value in values]
    detail = task_words(code.removeprefix(RED), values[-1], language) if code.startswith(RED) else ""
    return said("title", *told), detail or said("detail", *told)


def task_words(dag: str, task: str, language: str) -> str:
    """What a failed task was doing, and what to do about it; empty for an unknown task."""
    said = words_of(language, f"task.{dag}.{task}")
    return words_of(language, "task")("failed", said("doing"), task, said("advice")) if said.has("doing") else ""


def incident(
    kind: IncidentKind, name: str, code: str, values: Sequence[object], since: datetime, path: str = ""
) -> Incident:
    """An incident with one of our codes. ``name``: anything that identifies it among those of its kind."""
    given = tuple(map(str, values))
    title, detail = words(code, "en", given)
    return Incident(kind, _safe(name), title, detail, since, path, code=code, values=given)


Tell = Callable[[Incident], None]


def issue_of_run(red: Incident) -> tuple[str, ...]:
    """Newspaper and day of a run that was made for one issue; empty for any other."""
    named = ISSUE_RUN.match(red.path.rpartition("/")[2])
    return (named[1], named[2]) if named else ()


def tell_once(store: Store, incident: Incident, now: datetime, tell: Tell) -> bool:
    """Send the alert of an incident unless it was sent; if ``tell`` raises anything, it stays unsent."""
    if incident.told:
        return False
    tell(incident)
    save(store, replace(incident, told=now))
    return True


def note_red_run(store: Store, dag: str, run: str, failed: str, now: datetime, about: str = "") -> Incident:
    """The incident of a run that failed at a task. The same run again is the same incident.

    ``about``: the guid, or the issue, that the run was for.
    """
    path = f"/dags/{dag}/runs/{run}"
    code, issue = f"{RED}{dag}", ISSUE_RUN.match(run)
    subject = f"{issue[1]} {issue[2]}" if issue else dag
    known = code if words_of("en", f"incident.{code}").has("title") else "red_run"
    noted = incident(IncidentKind.RUN, f"{dag}__{run}", known, (subject, failed), now, path)
    noted = replace(noted, about=about)
    put_new(store, json_file(noted.key, noted, Incident))
    return decode(Incident, store.get(noted.key).content, noted.key)


def incidents(store: Store) -> Iterator[Incident]:
    """All open incidents, in the order of their keys."""
    yield from records(store, Incident, keys.OPEN_INCIDENTS)


def save(store: Store, incident: Incident) -> None:
    """Store an incident."""
    store.put(json_file(incident.key, incident, Incident))


def end(store: Store, incident: Incident, now: datetime) -> None:
    """Record that an incident is over."""
    save(store, replace(incident, ended=now))
    store.delete([incident.key])


def end_red_runs(store: Store, dag: str, task: str, now: datetime) -> None:
    """End what earlier runs of a DAG reported of a task that does, whenever it runs, all the work that there is."""
    for one in records(store, Incident, keys.open_incidents(IncidentKind.RUN, f"{dag}__")):
        if task in one.values:
            end(store, one, now)


def _safe(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)[:200]


def tell_all(store: Store, found: Iterable[Incident], now: datetime, tell: Tell) -> tuple[list[str], list[str]]:
    """Send the alerts that were not sent yet: the titles of those sent, and why others were not."""
    told, failed = [], []
    for incident in found:
        try:
            if tell_once(store, incident, now, tell):
                told.append(incident.title)
        except Exception as error:  # whatever a service's library raises: the others must go out
            failed.append(f"{incident.title}: {reason_of(incident.name, error)}")
    return told, failed
