"""The ids of Airflow's runs, made of what they are about: whoever starts the same work twice starts one run.

``ingest_issue``      ``<publication>__<date>__<digest of the upload>``
``review_article``    ``<publication>__<date>__<id>-v<N>``, from the second time on with ``__<try>``
``release_embargo``   ``<guid>__<moment>``, or ``wake__<moment>`` for partners who have everything later
"""

from __future__ import annotations

from pathlib import PurePosixPath

from delivery.keys import IssueKey


def of_upload(issue: IssueKey, digest: str) -> str:
    """The run that reads an upload; ``digest`` is of its files."""
    return f"{issue.publication}__{issue.date.isoformat()}__{digest[:10]}"


def of_question(issue: IssueKey, stable: str, version: int) -> str:
    """The run that first asks about an article; ``stable`` is the last part of its guid."""
    return f"{issue.publication}__{issue.date.isoformat()}__{stable}-v{version}"


def of_next_question(issue: IssueKey, key: str, tries: int) -> str:
    """The run that asks again; ``key`` is the question's, ``tries`` how often it was asked."""
    return f"{issue.publication}__{issue.date.isoformat()}__{PurePosixPath(key).stem}__{tries + 1}"


def of_embargo(guid: str, moment: str) -> str:
    """The run that waits for the end of an article's embargo; ``moment`` is ISO 8601."""
    return f"{guid}__{moment}"


def of_lift(moment: str) -> str:
    """The run that delivers at a moment from which partners may have what waits for them."""
    return f"wake__{moment}"


def again(run: str, attempt: int) -> str:
    """A further attempt at what a run did not end."""
    return f"{run}__again{attempt}"
