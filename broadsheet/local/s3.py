"""The embedded object store: SeaweedFS from its wheel, on loopback, with keys of its own making.

``weed server`` is four servers in one process (master, volume, filer, S3 gateway), each with a gRPC port beside its
HTTP port; all are chosen here, so that nothing collides with what else runs on the machine.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broadsheet.local import process
from broadsheet.local.ports import LOOPBACK
from broadsheet.local.process import Running
from broadsheet.local.state import write_private
from broadsheet.local.store_security import write_security
from transforms.errors import StoreError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

BUCKET = "broadsheet"
REGION = "us-east-1"
START_SECONDS = 90.0
STOP_SECONDS = 40.0

# name -> the port we would like (0: any). The S3 port is the only one that people see.
WANTED_PORTS = {
    "s3": 8333,
    "s3_grpc": 0,
    "master": 0,
    "master_grpc": 0,
    "volume": 0,
    "volume_grpc": 0,
    "filer": 0,
    "filer_grpc": 0,
}


@dataclass(frozen=True, slots=True)
class S3Keys:
    """The owner's key pair for the embedded store."""

    access: str
    secret: str


def keys(folder: Path) -> S3Keys:
    """The store's key pair: made once, kept in ``folder`` for this user's eyes only."""
    path = folder / "s3.keys.json"
    if not path.exists():
        pair = {"access": f"BS{secrets.token_hex(9).upper()}", "secret": secrets.token_urlsafe(30)}
        write_private(path, pair)
    return S3Keys(**json.loads(path.read_text("utf-8")))


def start(folder: Path, ports: dict[str, int]) -> Running:
    """Start the server on the folder's data; it is ready when ``wait_ready`` has returned."""
    data = folder / "s3"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_security(data, [LOOPBACK, "localhost"])
    _write_identities(folder)
    return process.start(_command(folder, ports), cwd=data, log=folder / "logs" / "s3.log", env=_environment())


def _command(folder: Path, ports: dict[str, int]) -> list[str]:
    options = {
        "dir": ".",
        "ip": LOOPBACK,
        "ip.bind": LOOPBACK,
        "filer": "true",
        "s3": "true",
        "s3.config": str(folder / "s3.identities.json"),
        "s3.port": ports["s3"],
        "s3.port.grpc": ports["s3_grpc"],
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.localSocket": "s3.sock",  # relative to the data folder: a socket's path must be short
        "s3.autoCreateBucket": "false",
        "filer.port": ports["filer"],
        "filer.port.grpc": ports["filer_grpc"],
        "filer.localSocket": "filer.sock",
        "master.port": ports["master"],
        "master.port.grpc": ports["master_grpc"],
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 512,
        "volume.port": ports["volume"],
        "volume.port.grpc": ports["volume_grpc"],
        "volume.max": 0,  # as many as the disk holds
        "volume.preStopSeconds": 1,  # nobody else watches this one volume server's heartbeat
    }
    weed = Path(sys.executable).with_name("weed")
    # Without -logtostderr it would keep a second log, in the system's folder for temporary files.
    return [str(weed), "-logtostderr=true", "server", *(f"-{name}={value}" for name, value in options.items())]


def tidy(ports: Mapping[str, int]) -> None:
    """Take away the sockets that a stopped server leaves behind; their place is fixed in SeaweedFS."""
    for part in ("master", "volume", "filer", "s3"):
        Path(f"/tmp/seaweedfs-{part}-grpc-{ports.get(f'{part}_grpc', 0)}.sock").unlink(missing_ok=True)  # noqa: S108


def _environment() -> dict[str, str]:
    """The caller's environment without AWS settings, which would change whom the gateway trusts.

    SeaweedFS makes seven volumes for each bucket at once; on a small disk the first bucket would leave no room for the
    second, and every write to that one would wait until it fails.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    return kept | {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}


def _write_identities(folder: Path) -> None:
    """Who may do what: the owner everything, a partner what admits it; all the world what the bucket's policy opens."""
    owner = _identity("broadsheet", keys(folder), ["Admin", "Read", "Write", "List", "Tagging"])
    partners = [
        # Read is by key below the prefix; a listing must name the prefix, so that no other's keys are seen.
        _identity(name, S3Keys(p["access"], p["secret"]), [f"{act}:{p['place']}/*" for act in ("Read", "List")])
        for name, p in sorted(_admitted(folder).items())
    ]
    write_private(folder / "s3.identities.json", {"identities": [owner, *partners]})


def _identity(name: str, pair: S3Keys, actions: list[str]) -> dict[str, Any]:
    return {"name": name, "credentials": [{"accessKey": pair.access, "secretKey": pair.secret}], "actions": actions}


def _admitted(folder: Path) -> dict[str, dict[str, str]]:
    try:
        found: dict[str, dict[str, str]] = json.loads((folder / "s3.partners.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def admit(folder: Path, partner: str, place: str, running: Running | None) -> S3Keys:
    """A key pair for a partner that reads and lists below ``place`` (bucket/prefix) only; made once, then the same.

    A server that runs is told at once.
    """
    admitted = _admitted(folder)
    pair = admitted.get(partner) or {"access": f"BP{secrets.token_hex(9).upper()}", "secret": secrets.token_urlsafe(30)}
    write_private(folder / "s3.partners.json", admitted | {partner: pair | {"place": place}})
    _write_identities(folder)
    if running and process.is_alive(running):
        os.kill(running.pid, signal.SIGHUP)  # SeaweedFS reads its identities again
    return S3Keys(pair["access"], pair["secret"])


def dismiss(folder: Path, stay: Collection[str], running: Running | None) -> list[str]:
    """Revoke the keys of all partners but those that ``stay``; returns the ids of partners that lost theirs."""
    admitted = _admitted(folder)
    gone = sorted(set(admitted) - set(stay))
    if gone:
        write_private(folder / "s3.partners.json", {p: pair for p, pair in admitted.items() if p in stay})
        _write_identities(folder)
        if running and process.is_alive(running):
            os.kill(running.pid, signal.SIGHUP)
    return gone


def pair_of(folder: Path, partner: str) -> S3Keys | None:
    """The key pair that a partner was given; None if it was given none."""
    found = _admitted(folder).get(partner)
    return S3Keys(found["access"], found["secret"]) if found else None


def endpoint(ports: dict[str, int]) -> str:
    """The address of this machine's S3 server. ``ports``: by name."""
    return f"http://{LOOPBACK}:{ports['s3']}"


def client(url: str, pair: S3Keys) -> S3Client:
    """A boto3 client for a store that is addressed by path."""
    import boto3
    from botocore.config import Config

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=3,
        read_timeout=10,
        retries={"total_max_attempts": 1},
    )
    return boto3.client(
        "s3",
        endpoint_url=url,
        aws_access_key_id=pair.access,
        aws_secret_access_key=pair.secret,
        region_name=REGION,
        config=config,
    )


def wait_ready(folder: Path, running: Running, url: str, tick: Callable[[], object] = lambda: None) -> None:
    """Until the store has taken an object into the bucket, which is made here. Raises StoreError if it does not."""
    from botocore.exceptions import BotoCoreError, ClientError

    store = client(url, keys(folder))
    deadline = time.monotonic() + START_SECONDS
    problem = "no answer"
    while time.monotonic() < deadline:
        if not process.is_alive(running):
            raise StoreError(
                f"The S3 server stopped at once. The end of its log:\n{process.tail(folder / 'logs' / 's3.log')}"
            )
        try:
            return _prove(store)
        except (BotoCoreError, ClientError) as error:
            problem = str(error)
        tick()
        time.sleep(0.3)
    raise StoreError(f"The S3 server did not store an object within {START_SECONDS:.0f} s: {problem}")


def _prove(store: S3Client) -> None:
    """Make the bucket if need be and write an object: the only proof that a store is ready is that it stores."""
    if BUCKET not in {b["Name"] for b in store.list_buckets()["Buckets"]}:
        store.create_bucket(Bucket=BUCKET)
    store.put_object(Bucket=BUCKET, Key=".ready", Body=b"ready\n", ContentType="text/plain")
