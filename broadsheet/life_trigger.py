"""The clock as Airflow watches it: fires when an embargo lifts or rights end, within seconds, also after a restart.

It remembers nothing: what is due lies in the store until it has been done, and is told of again each minute.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from broadsheet.desk import open_desk
from broadsheet.life_turns import due
from broadsheet.settings import Settings
from delivery.store import Store
from transforms.errors import BroadsheetError

log = logging.getLogger(__name__)
EVERY = 10.0  # seconds between two looks: one listing of a folder that is nearly empty
AGAIN = 60.0  # until what is still due is told of again


class DueTrigger(BaseEventTrigger):
    """Fires while something is due that nobody has done."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "broadsheet.life_trigger.DueTrigger", {}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        store: Store | None = None
        while True:
            pause = EVERY
            try:
                if store is None:
                    store = await asyncio.to_thread(_open)
                found = await asyncio.to_thread(_due, store)
                if found:
                    pause = AGAIN
                    yield TriggerEvent({"issues": found})  # type: ignore[no-untyped-call]  # Airflow leaves it untyped
            except BroadsheetError as error:
                log.warning("what is due could not be looked up: %s", error)
                store = None
            await asyncio.sleep(pause)


def _open() -> Store:
    return open_desk(Settings.from_env()).store


def _due(store: Store) -> list[str]:
    return sorted({str(issue) for _, _, issue in due(store, datetime.now(UTC))})
