"""The queue as the other way in: Airflow's own SQS trigger beside our look once a minute."""

import os
import subprocess
import sys

LOOK = """
from broadsheet.inbox_trigger import watchers
for watcher in watchers():
    print(watcher.name, *watcher.trigger.serialize())
"""


def watched(tmp_path, **env: str) -> list[str]:
    """What watches, in a process of its own: importing Airflow settles where its home is."""
    base = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "BROADSHEET"))}
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env=base | {"AIRFLOW_HOME": str(tmp_path)} | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [line for line in done.stdout.splitlines() if line.startswith("inbox")]


def test_without_a_queue_our_own_look_is_all(tmp_path):
    [line] = watched(tmp_path)
    assert line.startswith("inbox broadsheet.inbox_trigger.InboxTrigger {'every': 1.5}")


def test_with_a_queue_its_messages_come_first_and_our_look_is_rare(tmp_path):
    queue, own = watched(tmp_path, BROADSHEET_INBOX_QUEUE="https://sqs.eu-central-1.amazonaws.com/123456789012/inbox")
    assert "sqs" in queue.lower()
    assert "123456789012/inbox" in queue
    assert "broadsheet_s3" in queue
    assert own.startswith("inbox broadsheet.inbox_trigger.InboxTrigger {'every': 60.0}")
