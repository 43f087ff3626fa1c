"""What every task would make for itself, made once in the process that tasks are forked from.

Only time is lost where this is left out or fails: what a task does not find it makes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial

from broadsheet.airflow.tasks import base_of
from broadsheet.settings import Settings
from broadsheet.steps import reading
from broadsheet.steps.review import Question
from broadsheet.steps.serving import Taken
from delivery import codec, s3_client
from delivery.issues import Manifest, Pending, Received
from delivery.ledger import Changed, Ended, LedgerPage
from delivery.places import Place
from delivery.publish import Head
from delivery.quarantine import Held
from delivery.records import sound_publications
from transforms.model import Item, Reading
from transforms.render import profiles
from transforms.render.registry import all_formats

log = logging.getLogger(__name__)
RECORDS = (
    *(Changed, Ended, Head, Held, LedgerPage, Manifest, Pending, Place, Question, Reading, Received, Taken),
    *(tuple[Item, ...], dict[str, date], dict[str, int], dict[str, list[str]]),
)


def warm_up(settings: Settings) -> None:
    """Load and compile what most tasks need. Connects to nothing, starts no thread, and raises nothing."""
    for step in _steps(settings):
        try:
            step()
        except Exception:  # Airflow must start all the same, and the task that fails for this reason says so
            log.warning("not everything could be prepared for tasks", exc_info=True)


def _steps(settings: Settings) -> Iterator[Callable[[], object]]:
    yield _lineage
    yield s3_client.warm_up
    yield partial(_clients, settings)
    yield partial(codec.warm_up, RECORDS)
    yield all_formats
    yield profiles.warm_up
    yield reading.warm_up
    yield lambda: reading.warm_up_styles(sound_publications(settings.publications)[0].values())


def _lineage() -> None:
    """Import what Airflow's TriggerDagRunOperator asks whether there is lineage, where that is installed."""
    with suppress(ImportError):
        import airflow.providers.openlineage.plugins.listener  # noqa: F401


def _clients(settings: Settings) -> None:
    if settings.s3_access_key:  # without keys boto3 looks for them in the network
        base_of(settings).store.make_clients([settings.bucket, settings.partner_bucket])
