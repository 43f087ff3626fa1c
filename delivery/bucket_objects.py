"""Fast access to single objects of a bucket (GET, HEAD, PUT) through obstore, because an issue has thousands of
them.

botocore takes milliseconds of Python per request and holds the interpreter lock meanwhile. obstore takes a tenth of
that, in Rust, without the lock. Listing, deleting and everything rare stays with boto3, which finds the credentials
for both.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.errors import Unanswered, Unserved
from delivery.patience import RUNGS, UNCONDITIONAL, Attempt, Pace, Patience
from delivery.s3_client import is_throttled
from transforms.errors import Conflict, NotFound, StoreError
from transforms.model import File

if TYPE_CHECKING:
    from boto3.session import Session
    from obstore import GetResult, PutMode
    from obstore.store import ClientConfig, S3Credential
    from obstore.store import S3Store as ObstoreBucket

# Other keys (an uploader's spaces, two slashes in a row) are legal in S3 too, but not all of them with obstore.
_PLAIN = re.compile(r"[A-Za-z0-9._~=-]+(?:/[A-Za-z0-9._~=-]+)*")
_STATUS = re.compile(r"status code: (\d{3})")
_TIMED_OUT = re.compile("(?i)timed ?out")
_UNCONNECTED = re.compile(r"kind: Connect\b")  # not ConnectionReset, which a line has that broke
_LATER = re.compile("5..|408|409|429")  # 409: another write of the key is in progress
SMALL = 256 * 1024  # bytes, up to which a write is expected to be answered as fast as a read
_FRESH = timedelta(minutes=5)  # how long keys that a role lends are used before they are asked for again


class BucketObjects:
    """One bucket, addressed by path, with its own connections. Threads may share it; forked processes may not."""

    _process = 0  # the one in which obstore's threads run: those of a parent do not live on in a child

    def __init__(
        self, session: Session, endpoint: str, region: str, bucket: str, patience: Patience, pace: Pace | None = None
    ) -> None:
        self.bucket = bucket
        self._opened = (session, endpoint, region)
        self._patience = patience
        self._pace = pace or Pace()
        self._by_rung: dict[int, ObstoreBucket] = {}  # obstore knows no time-outs of single requests

    def to(self, bucket: str) -> BucketObjects:
        """The same for another bucket."""
        return BucketObjects(*self._opened, bucket, self._patience, self._pace)

    def _bucket(self, rung: int) -> ObstoreBucket:
        """The bucket with so much time for an answer. Two threads may open it twice at first, which does no harm."""
        if rung not in self._by_rung:
            session, endpoint, region = self._opened
            self._by_rung[rung] = _opened(self.bucket, session, endpoint, region, _hurried(self._patience, rung))
        return self._by_rung[rung]

    def make_all(self) -> None:
        """Open the bucket for every rung now. Connects to nothing and starts no thread."""
        for rung in range(len(RUNGS)):
            self._bucket(rung)

    def carries(self, key: str) -> bool:
        """Whether a key can be read this way: it needs no escapes, and no parent of this process has used obstore."""
        if not _PLAIN.fullmatch(key):
            return False
        BucketObjects._process = BucketObjects._process or os.getpid()
        return BucketObjects._process == os.getpid()

    def get(self, key: str, attempt: Attempt) -> tuple[bytes, GetResult]:
        """The bytes of an object and its metadata. Raises NotFound, Unanswered or StoreError."""
        with self._translated("read", key):
            with self._pace.timed(), self._translated("read", key):
                answer = self._bucket(self._pace.rung(attempt)).get(key)
            return bytes(answer.bytes()), answer

    def head(self, key: str, attempt: Attempt) -> GetResult | None:
        """The metadata of an object; None if it does not exist. Raises Unanswered or StoreError."""
        try:
            with self._pace.timed(), self._translated("look at", key):
                return self._bucket(self._pace.rung(attempt)).get(key, options={"head": True})
        except NotFound:
            return None

    def put(self, file: File, metadata: dict[str, str], mode: PutMode, attempt: Attempt) -> str:
        """Write an object and return its ETag.

        Raises Conflict if the condition ``mode`` is not met, and Unserved, Unanswered or StoreError.
        """
        headers = {"Content-Type": file.media_type, "Cache-Control": file.cache_control} | metadata
        given = {name: value for name, value in headers.items() if value}
        if len(file.content) > SMALL:  # the time includes that for sending it
            rung = len(RUNGS) - 1
        else:
            rung = self._pace.rung(attempt, UNCONDITIONAL if mode == "overwrite" else 0)
        with self._pace.timed(), self._translated("write", file.key):
            done = self._bucket(rung).put(file.key, file.content, attributes=given, mode=mode, use_multipart=False)
        return done["e_tag"] or ""

    @contextmanager
    def _translated(self, verb: str, key: str) -> Iterator[None]:
        from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError

        doing = f"{verb} {self.bucket}/{key}"
        try:
            yield
        except (AlreadyExistsError, PreconditionError) as error:
            if _status(error) == "409":  # not "exists already", as obstore takes it, but "ask again"
                raise Unanswered(f"could not {doing}: {_said(error)}") from error
            raise Conflict(f"could not {doing}: somebody else wrote it first") from error
        except FileNotFoundError as error:
            if _part(error, "Code") == "NoSuchBucket":
                raise StoreError(f"could not {doing}: there is no such bucket") from error
            raise NotFound(f"could not {doing}: nothing is there") from error
        except (BaseError, OSError) as error:
            raise _kind_of(error, f"could not {doing}: {_said(error)}") from error


def _hurried(patience: Patience, rung: int) -> Patience:
    return replace(patience, read=min(RUNGS[rung], patience.read))


def _opened(bucket: str, session: Session, endpoint: str, region: str, patience: Patience) -> ObstoreBucket:
    from obstore.store import S3Store

    return S3Store(
        bucket,
        endpoint=endpoint,
        region=region,
        virtual_hosted_style_request=False,
        checksum_algorithm="SHA256",
        credential_provider=lambda: _credentials(session),
        client_options=_client(endpoint, patience),
        retry_config={"max_retries": 0, "retry_timeout": timedelta(seconds=patience.total)},
    )


def _credentials(session: Session) -> S3Credential:
    """What boto3 finds, in obstore's form; keys that run out are asked for again in time."""
    from botocore.credentials import RefreshableCredentials

    found = session.get_credentials()
    if found is None:
        raise StoreError("there are no keys for the store: set them, or give this machine a role")
    keys = found.get_frozen_credentials()
    until = datetime.now(UTC) + _FRESH if isinstance(found, RefreshableCredentials) else None
    return {
        "access_key_id": keys.access_key or "",
        "secret_access_key": keys.secret_key or "",
        "token": keys.token,
        "expires_at": until,
    }


def _client(endpoint: str, patience: Patience) -> ClientConfig:
    options: ClientConfig = {
        "allow_http": endpoint.startswith("http://"),
        "connect_timeout": timedelta(seconds=patience.connect),
        "read_timeout": timedelta(seconds=patience.read),
        "timeout": timedelta(seconds=4 * patience.read),
    }
    bundle = os.environ.get("AWS_CA_BUNDLE", "")  # as boto3 does for a store whose certificate is a house's own
    if bundle and endpoint.startswith("https://"):
        options["root_certificate"] = Path(bundle).read_bytes()
    return options


def _kind_of(error: Any, reason: str) -> StoreError:
    status = _status(error)
    if status == "501":
        return Unserved(reason)
    if not status or _LATER.fullmatch(status):
        hung = not status and _TIMED_OUT.search(str(error)) is not None
        connected = not _UNCONNECTED.search(str(error))
        busy, throttled = status not in ("", "409"), is_throttled(status, _part(error, "Code"))
        return Unanswered(reason, connected, hung=hung, busy=busy, throttled=throttled)
    return StoreError(reason)


def _said(error: Any) -> str:
    """The store's own words out of obstore's report, which ends in a dump of its insides."""
    words = f"{_part(error, 'Code') or _status(error)} {_part(error, 'Message')}".strip()
    return words or str(error).partition("\n")[0]


def _status(error: Any) -> str:
    match = _STATUS.search(str(error))
    return match[1] if match else ""


def _part(error: Any, name: str) -> str:
    match = re.search(rf"<{name}>([^<]*)</{name}>", str(error))
    return match[1] if match else ""
