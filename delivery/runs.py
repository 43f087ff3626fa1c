"""Ids of Airflow runs. They follow from what a run is about, so that starting the same work twice starts one run.

``ingest_issue``      ``<publication>__<date>__<digest of the upload>``
``review_article``    ``<publication>__<date>__<id>-v<N>``, from the second time on with ``__<try>``
``release_embargo``   ``<guid>__<moment>``, or ``wake__<moment>`` for partners who have everything later
"""

from __future__ import annotations

from pathlib import PurePosixPath

from delivery.keys import IssueKey


def of_upload(issue: IssueKey, digest: str) -> str:
    """The run that reads an upload. ``digest``: of its files."""
    return f"{issue.publication}__{issue.date.isoformat()}__{digest[:10]}"


def of_question(issue: IssueKey, stable: str, version: int) -> str:
    """The run that first asks about an article. ``stable``: the last part of the article's guid."""
    return f"{issue.publication}__{issue.date.isoformat()}__{stable}-v{version}"


def of_next_question(issue: IssueKey, key: str, tries: int) -> str:
    """The run that asks again. ``key``: of the question. ``tries``: how often it was asked."""
    return f"{issue.publication}__{issue.date.isoformat()}__{PurePosixPath(key).stem}__{tries + 1}"


def of_embargo(guid: str, moment: str) -> str:
    """The run that waits for the end of an article's embargo. ``moment``: ISO 8601."""
    return f"{guid}__{moment}"


def of_lift(moment: str) -> str:
    """The run that delivers what partners may have from a moment on. ``moment``: ISO 8601."""
    return f"wake__{moment}"


def again(run: str, attempt: int) -> str:
    """Another attempt at what a run did not finish. ``attempt``: counted from 1."""
    return f"{run}__again{attempt}"
