"""How far a change has come that was started at the desk, as the store shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from broadsheet.installation import Installation
from broadsheet.steps import incidents
from broadsheet.steps.pending import lacking, pending_work
from delivery import issues
from delivery.keys import IssueKey

RUN = re.compile(r"/dags/([a-z_]+)/runs/([^/?#]+)")
CHANGES = frozenset({"correct_article", "withdraw_article", "mend_page", "release_embargo", "change_embargo"})


@dataclass(frozen=True, slots=True)
class Progress:
    """``state``: asked, made, done or failed; ``version``: the issue's, once it is made; ``left``: partners without."""

    run: str
    state: str
    version: int = 0
    left: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed")


def progress_of(installation: Installation, key: IssueKey, started: str) -> Progress | None:
    """The progress of a run by its path in Airflow; None if it is not a path of a run."""
    named = RUN.fullmatch(started)
    if not named:
        return None
    dag, run = named[1], named[2]
    if any(i.path == started for i in incidents.incidents(installation.store) if i.kind is incidents.IncidentKind.RUN):
        return Progress(started, "failed")
    made = issues.find_change(installation.store, key, f"{dag}/{run}") if dag in CHANGES else None
    if made is None or issues.manifest_of(installation.store, made) is None:
        return Progress(started, "asked")
    left = tuple(
        sorted(
            installation.partner(work.partner).name
            for work in pending_work(installation)
            if str(made) in lacking(installation, work)
        )
    )
    return Progress(started, "made" if left else "done", made.number, left)
