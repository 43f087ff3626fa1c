"""The inbox as Airflow watches it: a trigger that reports closed uploads, or a queue that the store writes to.

An event only says that something is there. The run that it starts asks the inbox itself what waits, so that an event
that is lost, doubled or joined with others costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from airflow.sdk import AssetWatcher
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from transforms.errors import BroadsheetError

log = logging.getLogger(__name__)
QUEUE = "BROADSHEET_INBOX_QUEUE"
EVERY = 1.5  # seconds between two looks
BESIDE_QUEUE = 60.0  # with a queue: for messages that are lost, and uploads that become complete by keeping quiet
PAUSE = 15.0  # after a look that failed
SHARE = 20


class InboxTrigger(BaseEventTrigger):
    """Fires when an upload is closed that no run was started for; again each minute until one was."""

    def __init__(self, every: float = EVERY) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # Airflow's
        self.every = every

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Class path and arguments, as Airflow stores triggers."""
        return "broadsheet.airflow.inbox_trigger.InboxTrigger", {"every": self.every}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """An event for each look that finds closed uploads, until the trigger is stopped."""
        known: _Inbox | None = None
        while True:
            try:
                # The store's client blocks, and the triggerer has one loop for all triggers.
                inbox = await asyncio.to_thread(_Inbox) if known is None else known
                found = await asyncio.to_thread(inbox.look)
                known = inbox
            except BroadsheetError as error:
                log.warning("the inbox could not be looked at, next try in %.0f s: %s", PAUSE, error)
                known = None
                await asyncio.sleep(PAUSE)
                continue
            if found:
                yield TriggerEvent({"issues": found})  # type: ignore[no-untyped-call]
            await asyncio.sleep(self.every)


class _Inbox:
    """The inbox of this installation. All of it is looked at so often that it takes a twentieth of the time."""

    def __init__(self) -> None:
        from broadsheet.installation import open_installation
        from broadsheet.settings import Settings
        from broadsheet.steps.watch import Lookout

        self._settings = Settings.from_env()
        self._lookout = Lookout(open_installation(self._settings).store)
        self._due = 0.0

    def look(self) -> list[str]:
        from delivery.records import sound_publications

        # Loaded each time, because newspapers come and go; one bad file must not keep the others waiting.
        papers = sound_publications(self._settings.publications)[0].values()
        begun = time.monotonic()
        everything = begun >= self._due
        found = self._lookout.look(papers, datetime.now(UTC), everything)
        if everything:
            self._due = begun + SHARE * (time.monotonic() - begun)
        return [str(upload.issue) for upload in found]


def watchers() -> list[AssetWatcher]:
    """What watches the inbox: our trigger; beside the SQS queue of ``$BROADSHEET_INBOX_QUEUE``, where one is named."""
    queue = os.environ.get(QUEUE, "")
    if not queue:
        return [AssetWatcher(name="inbox", trigger=InboxTrigger())]
    from airflow.providers.common.messaging.triggers.msg_queue import MessageQueueTrigger

    messages = MessageQueueTrigger(
        scheme="sqs",
        sqs_queue=queue,
        aws_conn_id=os.environ.get("BROADSHEET_INBOX_QUEUE_CONNECTION", "broadsheet_s3"),
        waiter_delay=1,
        wait_time_seconds=10,
    )
    return [
        AssetWatcher(name="inbox_queue", trigger=messages),
        AssetWatcher(name="inbox", trigger=InboxTrigger(every=BESIDE_QUEUE)),
    ]
