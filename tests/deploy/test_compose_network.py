"""What another container reaches of the store in Compose's network: the store's own command, on a host of its own."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml
from botocore.exceptions import BotoCoreError, ClientError

from broadsheet.local import process, s3
from tests.deploy.hosts import Host, open_ports, two_hosts

pytestmark = pytest.mark.slow  # it starts stores

ROOT = Path(__file__).parents[2]
PORT = 8333
PAIR = s3.S3Keys("BSCOMPOSE", "a-secret-of-compose")
BUCKET, KEY, TEXT = "broadsheet", "inbox/page-01.txt", b"not out yet"
# Those of SeaweedFS's servers, by their usual numbers; gRPC is at 10,000 more.
INNER = {"master": 9333, "volume": 8080, "filer": 8888, "s3": 8334}
GRPC = 10_000


@dataclass(frozen=True)
class Network:
    """A host that runs the store's container, and another one as the other containers are."""

    store: Host
    other: Host

    @property
    def url(self) -> str:
        return f"http://{self.store.address}:{PORT}"

    def ask(self, pair: s3.S3Keys) -> bytes:
        """The page, as another container reads it with these keys."""

        def read() -> bytes:
            return s3.client(self.url, pair).get_object(Bucket=BUCKET, Key=KEY)["Body"].read()

        return self.other.do(read)

    def put_page(self) -> None:
        client = s3.client(self.url, PAIR)
        client.create_bucket(Bucket=BUCKET)
        client.put_object(Bucket=BUCKET, Key=KEY, Body=TEXT)


@contextmanager
def network(folder: Path, change: Callable[[str], str]) -> Iterator[Network]:
    """The store runs, with a page in it."""
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["store"]
    script = change(service["command"][0].replace("$$", "$"))
    for place in ("run/store", "data"):  # the container's folders
        assert f"/{place}" in script
        (folder / place).mkdir(parents=True)
        script = script.replace(f"/{place}", str(folder / place))
    env = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    env |= {"S3_ACCESS_KEY": PAIR.access, "S3_SECRET_KEY": PAIR.secret}
    with two_hosts() as (store, other):
        command = store.command([*service["entrypoint"], script])
        running = process.start(command, cwd=folder, log=folder / "log", env=env)
        try:
            made = Network(store, other)
            _wait_for(lambda: other.do(made.put_page), lambda: process.is_alive(running), folder / "log")
            yield made
        finally:
            process.stop([running], 0.0)
            s3.tidy({f"{name}_grpc": port + GRPC for name, port in INNER.items()})
            for name in ("filer", "s3"):
                Path(f"/tmp/seaweedfs-{name}-{INNER[name]}.sock").unlink(missing_ok=True)  # noqa: S108


def _wait_for(work: Callable[[], None], is_alive: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + s3.START_SECONDS
    while True:
        try:
            return work()
        except (BotoCoreError, ClientError):
            assert is_alive(), process.tail(log)
            assert time.monotonic() < deadline, process.tail(log)
            time.sleep(0.5)


def as_it_is(script: str) -> str:
    return script


def opened_wide(script: str) -> str:
    """SeaweedFS as it listens by habit."""
    assert "-ip.bind=127.0.0.1" in script
    return script.replace("-ip.bind=127.0.0.1", "-ip.bind=0.0.0.0")


def test_another_container_reaches_only_the_s3_port_and_that_wants_keys(tmp_path: Path):
    with network(tmp_path, as_it_is) as made:
        assert open_ports(made.store, seen_from=made.other) == {PORT}
        page = f"{made.url}/{BUCKET}/{KEY}"
        for ask in (lambda: httpx.get(page), lambda: httpx.put(page, content=b"x"), lambda: httpx.get(made.url)):
            assert made.other.do(ask).status_code == 403
        for pair in (s3.S3Keys("a-stranger", PAIR.secret), s3.S3Keys(PAIR.access, "a-guess")):
            with pytest.raises(ClientError) as refused:
                made.ask(pair)
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        assert made.ask(PAIR) == TEXT


def test_the_scan_sees_ports_that_are_open_to_the_network(tmp_path: Path):
    with network(tmp_path, opened_wide) as made:
        inner = set(INNER.values())
        assert open_ports(made.store, seen_from=made.other) == {PORT} | inner | {port + GRPC for port in inner}
