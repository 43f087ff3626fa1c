"""Messages to partners' own endpoints: signed, sent to public addresses only, answered within seconds.

Webhooks follow Standard Webhooks (standardwebhooks.com): the headers ``webhook-id`` (stable over retries),
``webhook-timestamp`` (seconds since the epoch) and ``webhook-signature`` (``v1,`` and the base64 of HMAC-SHA256 over
``id.timestamp.body``). Hubs get a publish ping as WebSub's hubs take it.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ipaddress
import logging
import os
import socket
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlencode, urlsplit

from delivery.errors import Undelivered
from transforms.errors import BadRecord

if TYPE_CHECKING:
    import httpx

DEADLINE = 15.0  # seconds that an endpoint has, from the look-up of its name to the status of its answer
ALLOWED = "BROADSHEET_ALLOW_PRIVATE_WEBHOOKS"
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Python's tables call these global: site-local (RFC 3879) and local NAT64 (RFC 8215), which lead into a house.
LOCAL = (ipaddress.ip_network("fec0::/10"), ipaddress.ip_network("64:ff9b:1::/48"))
AGENT = "broadsheet"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Allowance:
    """The private hosts and networks to which the operator lets messages go.

    Otherwise only public addresses, over https.
    """

    hosts: frozenset[str] = frozenset()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Allowance:
        """From ``BROADSHEET_ALLOW_PRIVATE_WEBHOOKS``: host names and networks (CIDR), separated by commas.

        Raises BadRecord for a part that is neither.
        """
        parts = [p.strip() for p in (os.environ if env is None else env).get(ALLOWED, "").split(",") if p.strip()]
        hosts, networks = set(), []
        for part in parts:
            try:
                networks.append(ipaddress.ip_network(part))
            except ValueError:
                if "/" in part:
                    raise BadRecord(f"{ALLOWED}: “{part}” is not a network: write 10.1.0.0/16") from None
                hosts.add(part.lower())
        return cls(frozenset(hosts), tuple(networks))

    def admits(self, host: str, address: Address) -> bool:
        """Whether a message may go to this address of that host."""
        return host.lower() in self.hosts or any(address in n for n in self.networks) or is_public(address)

    def needs_tls(self, host: str, address: Address) -> bool:
        """Whether messages to this address of that host must be encrypted."""
        return host.lower() not in self.hosts and not any(address in n for n in self.networks)


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet.

    An IPv6 address that contains an IPv4 address is judged by the latter.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in network for network in LOCAL):
            return False
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` of a body. ``timestamp``: seconds since 1970.

    A secret that begins with ``whsec_`` is base64, as Standard Webhooks says.
    """
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(_key(secret), content, hashlib.sha256).digest()).decode("ascii")


def _key(secret: str) -> bytes:
    if not secret:
        raise BadRecord("the webhook's connection has no password, which is the secret that messages are signed with")
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise BadRecord("the webhook's secret begins with whsec_, but what follows is not base64") from None


def post_webhook(
    url: str, secret: str, message_id: str, body: bytes, now: datetime, allowance: Allowance, deadline: float = DEADLINE
) -> None:
    """Send one signed message. ``deadline``: seconds for all of it.

    Raises Undelivered if the endpoint does not answer 2xx in time, or its address is not allowed.
    """
    stamp = int(now.timestamp())
    headers = {
        "content-type": "application/json; charset=utf-8",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(secret, message_id, stamp, body),
    }
    _post(url, headers, body, allowance, deadline)


def ping_hub(hub: str, topics: Sequence[str], allowance: Allowance, deadline: float = DEADLINE) -> None:
    """Tell a WebSub hub which feeds have changed. Raises Undelivered if it does not answer 2xx in time."""
    body = urlencode([("hub.mode", "publish"), *(("hub.url", topic) for topic in topics)]).encode()
    _post(hub, {"content-type": "application/x-www-form-urlencoded"}, body, allowance, deadline)


def _post(url: str, headers: Mapping[str, str], body: bytes, allowance: Allowance, deadline: float) -> None:
    asyncio.run(_in_time(url, headers, body, allowance, deadline))


async def _in_time(url: str, headers: Mapping[str, str], body: bytes, allowance: Allowance, deadline: float) -> None:
    """One deadline for all of it: an endpoint that answers a byte at a time is cut off too."""
    try:
        await asyncio.wait_for(_send(url, headers, body, allowance), deadline)
    except TimeoutError:
        raise Undelivered(f"no answer within {deadline:.0f} s") from None


async def _send(url: str, headers: Mapping[str, str], body: bytes, allowance: Allowance) -> None:
    import httpx

    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs addresses, and some hold a token in their path
    try:
        parts, whole = urlsplit(url), httpx.URL(url)
        _ = parts.port
    except (ValueError, httpx.InvalidURL):
        raise BadRecord("the address of the endpoint cannot be read: look at host and port of its connection") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadRecord(f"“{parts.scheme}://{parts.hostname or ''}” is not a web address")
    address = await _address(parts, allowance)
    # The address that was judged is the one that is connected to; a second look-up could give another (DNS rebinding).
    there = whole.copy_with(host=str(address))
    extensions = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
    all_headers = {**headers, "host": _host_header(parts), "user-agent": AGENT}
    try:
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=DEADLINE) as client,
            client.stream("POST", there, content=body, headers=all_headers, extensions=extensions) as answer,
        ):
            _judge(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        # Its name only: what it says may hold the address, which may hold a token.
        raise Undelivered(f"it could not be reached ({type(error).__name__})") from None


def _host_header(parts: SplitResult) -> str:
    host = parts.hostname or ""
    name = f"[{host}]" if ":" in host else host
    return f"{name}:{parts.port}" if parts.port else name


async def _address(parts: SplitResult, allowance: Allowance) -> Address:
    """The first address of the host that a message may go to."""
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = await _looked_up(host, port)
    except (OSError, UnicodeError):
        raise Undelivered(f"the name {host} is not known") from None
    addresses = [ipaddress.ip_address(address.split("%")[0]) for address in found]
    admitted = [a for a in addresses if allowance.admits(host, a)]
    if not admitted:
        raise Undelivered(f"{host} is at a private address, which only the operator can allow ({ALLOWED})")
    if parts.scheme == "http" and allowance.needs_tls(host, admitted[0]):
        raise Undelivered(f"{host} is addressed by http: messages go over https only")
    return admitted[0]


async def _looked_up(host: str, port: int) -> list[str]:
    """The addresses of a name. Raises what ``socket.getaddrinfo`` raises.

    In a thread of its own that nobody waits for: asyncio's threads are joined when its loop ends, and a resolver that
    does not answer would outlast the deadline by minutes.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str], error: Exception | None) -> None:
        if answer.done():
            return  # the deadline has passed
        if error:
            answer.set_exception(error)
        else:
            answer.set_result(found)

    def look_up() -> None:
        found: list[str] = []
        problem: Exception | None = None
        try:
            found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            problem = error
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(settle, found, problem)

    threading.Thread(target=look_up, name=f"look up {host}", daemon=True).start()
    return await answer


def _judge(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    wait = seconds_to_wait(answer.headers.get("retry-after", ""), datetime.now(UTC))
    raise Undelivered(f"it answered {answer.status_code}", wait, answer.status_code == 410)


def seconds_to_wait(retry_after: str, now: datetime) -> float:
    """What a Retry-After header asks for, in seconds: at most a day, 0 if it is empty or invalid."""
    text = retry_after.strip()
    if text.isdecimal() and text.isascii():
        return min(float(text[:9]), 86_400.0)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), 86_400.0)
