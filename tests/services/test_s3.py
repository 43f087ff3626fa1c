"""The real S3 server, started and stopped as `broadsheet up` and `down` do."""

from pathlib import Path

import httpx
import pytest
from botocore.exceptions import ClientError

from broadsheet.local import ports, process, s3
from broadsheet.local.s3 import S3Keys

pytestmark = pytest.mark.slow  # it starts a store twice


@pytest.fixture
def folder(tmp_path: Path):
    return tmp_path


def serve(folder: Path):
    with ports.reserved(s3.WANTED_PORTS) as chosen:  # other tests start stores at the same time
        running = s3.start(folder, chosen)
        s3.wait_ready(folder, running, s3.endpoint(chosen))
        return running, s3.endpoint(chosen)


def test_objects_outlive_a_restart_on_other_ports_and_strangers_are_refused(folder: Path):
    running, url = serve(folder)
    try:
        store = s3.client(url, s3.keys(folder))
        store.put_object(Bucket=s3.BUCKET, Key="kept", Body="报".encode(), ContentType="text/plain; charset=utf-8")
        assert httpx.get(f"{url}/{s3.BUCKET}/kept").status_code == 403
        with pytest.raises(ClientError, match=r"does not exist|InvalidAccessKeyId"):
            s3.client(url, S3Keys("nobody", "nothing")).list_buckets()
    finally:
        process.stop([running], s3.STOP_SECONDS)
    assert not process.is_alive(running)

    running, url = serve(folder)
    try:
        found = s3.client(url, s3.keys(folder)).get_object(Bucket=s3.BUCKET, Key="kept")
        assert (found["Body"].read().decode(), found["ContentType"]) == ("报", "text/plain; charset=utf-8")
    finally:
        process.stop([running], 0.0)  # nobody wants what it holds any more
    assert process.family(running) == []
