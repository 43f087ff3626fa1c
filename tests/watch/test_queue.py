"""The queue as the other way in: Airflow's own SQS trigger beside our look once a minute.

The queue is moto's server: there is no free server of SQS that could stand here.
"""

import json
import os
import subprocess
import sys

import boto3
import pytest
from moto.server import ThreadedMotoServer

pytestmark = pytest.mark.slow  # it takes seconds

LOOK = """
from broadsheet.airflow.inbox_trigger import watchers
for watcher in watchers():
    print(watcher.name, *watcher.trigger.serialize())
"""
TAKE = """
import asyncio
from broadsheet.airflow.inbox_trigger import watchers

async def take():
    async for event in watchers()[0].trigger.run():
        print("inbox", event.payload)
        return

asyncio.run(asyncio.wait_for(take(), 60))
"""


def watched(tmp_path, script: str = LOOK, **env: str) -> list[str]:
    """What watches, in a process of its own: importing Airflow settles where its home is."""
    base = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "BROADSHEET"))}
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=base | {"AIRFLOW_HOME": str(tmp_path)} | env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [line for line in done.stdout.splitlines() if line.startswith("inbox")]


def test_without_a_queue_our_own_look_is_all(tmp_path):
    [line] = watched(tmp_path)
    assert line.startswith("inbox broadsheet.airflow.inbox_trigger.InboxTrigger {'every': 1.5}")


def test_with_a_queue_its_messages_come_first_and_our_look_is_rare(tmp_path):
    queue, own = watched(tmp_path, BROADSHEET_INBOX_QUEUE="https://sqs.eu-central-1.amazonaws.com/123456789012/inbox")
    assert "sqs" in queue.lower()
    assert "123456789012/inbox" in queue
    assert "broadsheet_s3" in queue
    assert own.startswith("inbox broadsheet.airflow.inbox_trigger.InboxTrigger {'every': 60.0}")


def test_a_message_of_the_store_becomes_an_event_and_leaves_the_queue(tmp_path):
    """The message is S3's own of an upload's last file; what it says does not matter, since the run looks itself."""
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        there = {"endpoint_url": f"http://{host}:{port}", "region_name": "eu-central-1"}
        sqs = boto3.client("sqs", aws_access_key_id="key", aws_secret_access_key="secret", **there)
        queue = sqs.create_queue(QueueName="inbox")["QueueUrl"]
        landed = {"eventName": "ObjectCreated:Put", "s3": {"object": {"key": "inbox/paper/2026-01-15/_COMPLETE"}}}
        sqs.send_message(QueueUrl=queue, MessageBody=json.dumps({"Records": [landed]}))
        connection = {"conn_type": "aws", "login": "key", "password": "secret", "extra": there}
        [event] = watched(
            tmp_path,
            TAKE,
            BROADSHEET_INBOX_QUEUE=queue,
            BROADSHEET_INBOX_QUEUE_CONNECTION="queue",
            AIRFLOW_CONN_QUEUE=json.dumps(connection),
        )
        assert "_COMPLETE" in event
        left = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
        assert (left["ApproximateNumberOfMessages"], left["ApproximateNumberOfMessagesNotVisible"]) == ("0", "0")
    finally:
        server.stop()
