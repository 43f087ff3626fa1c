"""The store's own ports serve nobody but the store, and its files are for its user only."""

import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest
import yaml

from broadsheet.local import ports, process, s3
from broadsheet.local.ports import LOOPBACK
from broadsheet.local.process import Running
from tests.support.shop import throw_away

pytestmark = pytest.mark.slow  # it starts stores
ROOT = Path(__file__).parents[2]
INNER = [name for name in s3.WANTED_PORTS if name != "s3"]


@dataclass(frozen=True)
class Store:
    folder: Path
    ports: dict[str, int]
    running: Running


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("store")
    with ports.reserved(s3.WANTED_PORTS) as chosen:
        running = s3.start(folder, chosen)
        try:
            s3.wait_ready(folder, running, s3.endpoint(chosen))
            yield Store(folder, chosen, running)
        finally:
            throw_away(running, chosen)


def answers(host: str, port: int) -> bool:
    """Whether a port serves a stranger anything, by HTTP or by TLS without a certificate."""
    for scheme in ("http", "https"):
        try:
            # trust_env is off for this machine's certificates; whose certificate the server has does not matter here
            answer = httpx.get(f"{scheme}://{host}:{port}/", verify=False, timeout=5)  # noqa: S501
        except httpx.HTTPError:
            continue
        if answer.status_code != 400 or "HTTP request to an HTTPS server" not in answer.text:
            return True
    return False


def as_nobody(arguments: list[str], cwd: str = "/") -> subprocess.CompletedProcess[bytes]:
    """Run a program as the user ``nobody``; as this one, if it may not become another."""
    user = pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None
    return subprocess.run(
        arguments,
        cwd=cwd,
        user=user,
        env={"PATH": os.defpath, "HOME": "/"},
        capture_output=True,
        timeout=90,
        check=False,
    )


def test_the_inner_ports_serve_no_stranger_and_the_s3_port_wants_keys(store: Store):
    assert [name for name in INNER if answers(LOOPBACK, store.ports[name])] == []
    assert httpx.get(f"{s3.endpoint(store.ports)}/{s3.BUCKET}/.ready").status_code == 403
    assert httpx.put(f"{s3.endpoint(store.ports)}/{s3.BUCKET}/x", content=b"x").status_code == 403


def test_nothing_else_listens_and_nobody_may_connect_to_its_sockets(store: Store):
    server = psutil.Process(store.running.pid)
    heard = {(c.laddr.ip, c.laddr.port) for c in server.net_connections("tcp") if c.status == psutil.CONN_LISTEN}
    assert heard == {(LOOPBACK, port) for port in store.ports.values()}
    sockets = {Path(c.laddr) for c in server.net_connections("unix") if str(c.laddr).startswith("/tmp/")}  # noqa: S108
    assert len(sockets) >= 4  # one for each server, at a place that is fixed in SeaweedFS
    # Connecting takes the right to write (unix(7)).
    assert [path for path in sockets if path.stat().st_mode & 0o022] == []


def test_no_stranger_reads_the_inbox_or_writes_at_partners_through_the_filer(store: Store):
    client = s3.client(s3.endpoint(store.ports), s3.keys(store.folder))
    client.put_object(Bucket=s3.BUCKET, Key="inbox/x/2026-01-15/page-01.txt", Body=b"not out yet")
    filer = f"https://{LOOPBACK}:{store.ports['filer']}/buckets/{s3.BUCKET}"
    for ask in (
        lambda: httpx.get(f"{filer}/inbox/x/2026-01-15/page-01.txt", verify=False),  # noqa: S501 - see answers()
        lambda: httpx.put(f"{filer}/outlet/evil.txt", content=b"x", verify=False),  # noqa: S501
    ):
        with pytest.raises(httpx.HTTPError):
            ask()
    assert "Contents" not in client.list_objects_v2(Bucket=s3.BUCKET, Prefix="outlet/")


def test_a_shell_of_the_store_without_its_certificate_makes_no_keys(store: Store):
    weed = shutil.copy(Path(sys.executable).with_name("weed"), store.folder.parent / "weed")
    Path(weed).chmod(0o755)
    store.folder.parent.chmod(0o755)
    places = [f"-{n}={LOOPBACK}:{store.ports[n]}.{store.ports[f'{n}_grpc']}" for n in ("master", "filer")]
    order = "s3.configure -user=thief -access_key=thief -secret_key=thief -actions=Admin -apply"
    asked = ["/bin/sh", "-c", f"echo '{order}' | timeout 10 {weed} shell {' '.join(places)}"]
    done = as_nobody(asked)
    assert done.returncode != 0
    assert b"thief" not in done.stdout
    time.sleep(1)  # as long as the server takes to hear of keys that were made
    thief = s3.client(s3.endpoint(store.ports), s3.S3Keys("thief", "thief"))
    with pytest.raises(Exception, match=r"InvalidAccessKeyId|does not exist"):
        thief.list_buckets()


def test_nobody_else_reads_the_stores_files(store: Store):
    for path in (store.folder / "s3", store.folder / "s3" / "tls"):
        assert path.stat().st_mode & 0o077 == 0, path
    for path in (store.folder / "s3" / "security.toml", *(store.folder / "s3" / "tls").iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    assert as_nobody(["/bin/ls", str(store.folder / "s3")]).returncode != 0
    assert as_nobody(["/bin/cat", str(store.folder / "s3" / "security.toml")]).returncode != 0


def test_the_command_in_compose_opens_the_s3_port_alone(tmp_path: Path):
    """With ports of this machine and another loopback address for the network; where root may make networks,
    tests/deploy/test_compose_network.py has a real one.
    """
    network = "127.0.0.2"
    service = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]["store"]
    script = service["command"][0].replace("$$", "$").replace("/data", str(tmp_path / "data"))
    script = script.replace("/run/store", str(tmp_path / "run"))
    with ports.reserved(dict.fromkeys((*s3.WANTED_PORTS, "opened"), 0)) as chosen:
        opened = chosen.pop("opened")
        script = script.replace("0.0.0.0:8333", f"{network}:{opened}")
        script = script.replace("127.0.0.1:8334", f"{LOOPBACK}:{chosen['s3']}")
        options = [
            f"-{name.replace('_grpc', '.port.grpc') if '_grpc' in name else name + '.port'}={port}"
            for name, port in chosen.items()
        ]
        script = re.sub(r"(weed .*)", lambda m: f"{m[1]} {' '.join(options)}", script)
        (tmp_path / "data").mkdir()
        env = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
        env |= {"S3_ACCESS_KEY": "BSCOMPOSE", "S3_SECRET_KEY": "a-secret-of-compose"}
        running = process.start(["/bin/sh", "-c", script], cwd=tmp_path, log=tmp_path / "log", env=env)
        try:
            client = s3.client(f"http://{network}:{opened}", s3.S3Keys("BSCOMPOSE", "a-secret-of-compose"))
            deadline = time.monotonic() + s3.START_SECONDS
            while True:
                try:
                    client.create_bucket(Bucket="broadsheet")
                    client.put_object(Bucket="broadsheet", Key="x", Body=b"text")
                    break
                except Exception:
                    assert time.monotonic() < deadline, (tmp_path / "log").read_text()[-3000:]
                    time.sleep(0.5)
            assert client.get_object(Bucket="broadsheet", Key="x")["Body"].read() == b"text"
            assert httpx.get(f"http://{network}:{opened}/broadsheet/x").status_code == 403
            assert [name for name in INNER if answers(network, chosen[name])] == []
            assert [name for name in INNER if answers(LOOPBACK, chosen[name])] == []
        finally:
            throw_away(running, chosen)
