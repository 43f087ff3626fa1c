"""How far something has come that was started at the desk: what Airflow says of its run, and what the store shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from broadsheet.installation import Installation
from broadsheet.steps import incidents, review
from broadsheet.steps.incidents import Incident
from broadsheet.steps.pending import lacking, pending_work
from broadsheet.steps.revision import find_issue
from delivery import issues
from delivery.key_parts import parse_date
from delivery.keys import IssueKey, VersionKey
from transforms.errors import BroadsheetError

RUN = re.compile(r"/dags/([a-z_]+)/runs/([^/?#]+)")
CHANGES = frozenset({"correct_article", "withdraw_article", "mend_page", "release_embargo", "change_embargo"})
OVER = frozenset({"done", "sent", "carried_out", "asked_again", "failed"})


@dataclass(frozen=True, slots=True)
class Followed:
    """What Airflow knows of a run: its state (queued, running, success, failed; empty: unknown) and its parameters."""

    state: str = ""
    conf: Mapping[str, Any] = field(default_factory=dict)


Follower = Callable[[str, str], Followed]  # of a DAG and a run


@dataclass(frozen=True, slots=True)
class Progress:
    """``state``: started, queued, running, answered, made, proving, sending or one of ``OVER``.

    ``values`` fill in the sentence of the state; ``red`` is the incident of a run that failed, once it was noted.
    """

    run: str
    state: str
    values: tuple[object, ...] = ()
    red: Incident | None = None

    @property
    def is_over(self) -> bool:
        """A run that failed is noted a moment later, with what to do about it."""
        return self.state in OVER and not (self.state == "failed" and self.red is None)


def progress_of(installation: Installation, started: str, follow: Follower) -> Progress | None:
    """The progress of a run by its path in Airflow; None if it is not a path of a run."""
    named = RUN.fullmatch(started)
    if not named:
        return None
    dag, run = named[1], named[2]
    followed = follow(dag, run)
    red = next((i for i in incidents.incidents(installation.store) if i.path == started), None)
    if red or followed.state == "failed":
        return Progress(started, "failed", red=red)
    issue = _issue_of(installation, followed.conf)
    if issue and dag in CHANGES:
        made = issues.find_change(installation.store, issue, f"{dag}/{run}")
        if made and issues.manifest_of(installation.store, made):
            is_proving = dag == "withdraw_article" and _is_at_work(followed)
            return _of_change(installation, started, made, is_proving=is_proving)
    if dag == "review_article":
        return _of_answer(installation, started, followed)
    if dag == "resend_to_partner" and followed.state == "success":
        return _of_sending(installation, started, followed.conf, issue)
    return Progress(started, followed.state if _is_at_work(followed) else "started")


def _is_at_work(followed: Followed) -> bool:
    return followed.state in ("queued", "running")


def _issue_of(installation: Installation, conf: Mapping[str, Any]) -> IssueKey | None:
    """The issue that a run is about, as its parameters say; None if they do not."""
    try:
        if guid := conf.get("guid") or conf.get("article"):
            return find_issue(installation, str(guid))
        return IssueKey(str(conf["publication"]), parse_date(str(conf["date"])))
    except (KeyError, BroadsheetError):
        return None


def _of_change(installation: Installation, started: str, made: VersionKey, *, is_proving: bool) -> Progress:
    behind = [w.partner for w in pending_work(installation) if str(made) in lacking(installation, w)]
    left = _names(installation, behind)
    state = "made" if left else "proving" if is_proving else "done"
    return Progress(started, state, (made.number, left))


def _of_answer(installation: Installation, started: str, followed: Followed) -> Progress:
    if followed.state != "success":
        return Progress(started, "answered")
    waits = any(q.guid == followed.conf.get("article") for q in review.waiting(installation))
    return Progress(started, "asked_again" if waits else "carried_out")


def _of_sending(installation: Installation, started: str, conf: Mapping[str, Any], issue: IssueKey | None) -> Progress:
    partner = str(conf.get("partner"))
    waits = any(
        w.partner == partner and issue in {VersionKey.parse(v).issue for v in lacking(installation, w)}
        for w in pending_work(installation)
    )
    return Progress(started, "sending" if waits else "sent", (_names(installation, [partner]),))


def _names(installation: Installation, partners: Iterable[str]) -> str:
    known = installation.partners
    return ", ".join(sorted(known[p].name if p in known else p for p in partners))
