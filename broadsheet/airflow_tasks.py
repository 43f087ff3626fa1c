"""What our DAGs share: opening the installation, and telling Airflow which errors no retry can mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from broadsheet import pipeline
from broadsheet.life import Asked
from broadsheet.settings import Settings
from transforms.errors import BadInput, BadRecord, InvalidOutput


@contextmanager
def desk() -> Iterator[pipeline.Desk]:
    """The installation; inside, an error that would only come again ends the task at once, in its own words."""
    from airflow.sdk.exceptions import AirflowFailException

    try:
        yield pipeline.open_desk(Settings.from_env())
    except (BadInput, BadRecord, InvalidOutput) as error:
        raise AirflowFailException(str(error)) from error


def mark(held: Sequence[str]) -> None:
    """End the task red with every reason where something is held, else as skipped."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    if not held:
        raise AirflowSkipException("nothing is held back")
    raise AirflowFailException("held in quarantine, all else went on: " + " | ".join(held))


def asked(context: Any) -> Asked:
    """Who started the run, and when. A task that is tried again asks for the same."""
    run = context["dag_run"]
    return Asked(f"{run.dag_id}/{run.run_id}", run.triggering_user_name or "broadsheet", run.run_after)


def fail_where(faults: Sequence[str]) -> None:
    """End the task red with every fault in its error; nothing happens where there is none."""
    from airflow.sdk.exceptions import AirflowFailException

    if faults:
        raise AirflowFailException(" | ".join(faults))
