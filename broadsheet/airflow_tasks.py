"""What our DAGs share: opening the installation, and telling Airflow which errors no retry can mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from broadsheet import pipeline
from broadsheet.life import By
from broadsheet.settings import Settings
from delivery.connections import from_airflow
from transforms.errors import BadInput, BadRecord, InvalidOutput


@contextmanager
def desk() -> Iterator[pipeline.Desk]:
    """The installation; inside, an error that would only come again ends the task at once, in its own words."""
    from airflow.sdk.exceptions import AirflowFailException

    try:
        yield pipeline.open_desk(Settings.from_env(), from_airflow)
    except (BadInput, BadRecord, InvalidOutput) as error:
        raise AirflowFailException(str(error)) from error


def by(context: Any) -> By:
    """Who started the run, and when: what a change made in it goes by, however often its task is tried."""
    run = context["dag_run"]
    actor = run.triggering_user_name or "broadsheet"
    return By(f"{run.dag_id}/{run.run_id}", actor, run.run_after.replace(microsecond=0))


def mark(held: Sequence[str], missing: Sequence[str] = ()) -> None:
    """End the task red with every reason where something is held or a partner was not served, else as skipped."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    if not held and not missing:
        raise AirflowSkipException("nothing is held back")
    said = [f"not served, they keep what they had until the next run: {', '.join(missing)}"] if missing else []
    said += [f"held in quarantine, all else went on: {' | '.join(held)}"] if held else []
    raise AirflowFailException(". ".join(said))


def mark_told(told: Sequence[str], failed: Sequence[str]) -> None:
    """End the task red, in words, where a message did not arrive, as skipped where there was nobody to tell."""
    from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

    if failed:
        raise AirflowFailException(" | ".join(failed))
    if not told:
        raise AirflowSkipException("nobody is to be told")
