"""The object store: a small protocol, and S3 behind it. All that botocore raises is translated here.

A PUT carries the SHA-256 of its bytes, which the server verifies, and the ETag it answers is compared with their MD5
where the ETag is one (single PUT without KMS): a write that returns has been read back.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from delivery.errors import Unanswered, Unserved
from delivery.line import Line
from delivery.patience import Patience, patiently
from transforms.errors import Conflict, NotFound, StoreError
from transforms.model import File

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.loaders import Loader
    from mypy_boto3_s3.client import S3Client
    from obstore import GetResult, PutMode

T = TypeVar("T")

CONNECTIONS = 16
MOST_CONNECTIONS = 64  # the most uploads at once that a partner's record may ask for
PATIENCE = 60.0  # seconds that one request may take, however often it is made
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
REFUSED = frozenset({"412", "PreconditionFailed"})
LATER = frozenset({"408", "409", "429", "500", "502", "503", "504"})
UNSERVED = frozenset({"501", "NotImplemented"})
HEADERS = frozenset(
    {"Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Cache-Control", "Storage-Class"}
)
DIGEST = "sha256"  # the metadata that our objects carry, by which content is known where an ETag is no MD5


@dataclass(frozen=True, slots=True)
class Stat:
    """What the store knows of an object without its bytes. ``etag`` is without quotation marks.

    ``sha256`` is the digest that we wrote beside it; empty in listings, and for what others wrote.
    """

    key: str
    etag: str
    size: int
    modified: datetime
    sha256: str = ""

    def holds(self, file: File) -> bool:
        """Whether the object has these bytes. Where an ETag is no MD5 (encryption), our digest beside it counts."""
        if _is_md5(self.etag):
            return self.etag == _md5(file)
        return self.sha256 == hashlib.sha256(file.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Blob:
    """An object's bytes and what goes with them."""

    content: bytes
    etag: str
    media_type: str = ""
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """The condition that no object stands under the key yet (If-None-Match: *)."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The condition that the object is still the one that was seen (If-Match)."""

    etag: str


Condition = Absent | Unchanged | None


class Store(Protocol):
    """One bucket. Keys are UTF-8; a missing object raises NotFound, a lost race Conflict, the rest StoreError."""

    bucket: str  # its name; empty for a store without buckets

    @property
    def endpoint(self) -> str:
        """The address of the server that has the bucket; empty if nobody reaches it over a network."""
        ...

    def on(self, bucket: str, uploads: int = 0) -> Store:
        """Another bucket of the same server; ``uploads`` objects are written at once (0: as many as here)."""
        ...

    def make(self) -> None:
        """Create the bucket if it does not exist."""
        ...

    def set_policy(self, policy: Mapping[str, Any] | None) -> None:
        """Put a bucket policy in place of the one before; None takes it away."""
        ...

    def link(self, key: str, seconds: int) -> str:
        """An address that opens one object for so long, to whoever has it."""
        ...

    def get(self, key: str) -> Blob: ...

    def beginning(self, key: str, length: int) -> bytes:
        """The first bytes of an object that has some."""
        ...

    def copy(self, source: str, target: str, etag: str) -> None:
        """Copy an object inside the store; Conflict if it is no longer the one with that ETag."""
        ...

    def stat(self, key: str) -> Stat | None: ...

    def stat_all(self, keys: Sequence[str]) -> list[Stat | None]:
        """Many at once, in the order given."""
        ...

    def put(self, file: File, condition: Condition = None) -> str:
        """Store one object and return its ETag; nothing is left half-written."""
        ...

    def put_all(self, files: Iterable[tuple[File, Condition]]) -> list[tuple[File, str | StoreError]]:
        """Store many at once, with a bounded number in flight; each file comes back with its ETag or its error."""
        ...

    def delete(self, keys: Sequence[str]) -> None: ...

    def list(self, prefix: str) -> Iterator[Stat]:
        """All objects below a prefix, in the order of their keys."""
        ...

    def folders(self, prefix: str) -> Iterator[str]:
        """The names (without slashes) one level below a prefix."""
        ...

    def beside(self, prefix: str) -> Iterator[Stat]:
        """The objects one level below a prefix, those in folders left out."""
        ...


class S3Store:
    """A bucket behind any S3 API, addressed by path and signed with s3v4. Safe to share between threads."""

    def __init__(self, client: S3Client, bucket: str, uploads: int = CONNECTIONS, line: Line | None = None) -> None:
        """``line`` is a shorter way for single objects; without one they go through the client as the rest does."""
        self.client = client
        self.bucket = bucket
        self.uploads = uploads
        self._serves_conditions = True
        self._line = line
        self._lines: dict[str, Line] = {bucket: line} if line else {}

    @classmethod
    def connect(
        cls,
        endpoint: str,
        access_key: str,
        secret_key: str,
        bucket: str,
        *,
        region: str = "us-east-1",
        token: str = "",
        style: str = "path",
    ) -> S3Store:
        """Open a bucket. Empty keys leave the search for credentials to boto3 (roles, profiles).

        ``style`` is how the bucket is addressed: ``path``, ``virtual`` (in the host's name) or ``auto``.
        """
        config, session = client_config(style), _session(access_key, secret_key, token)
        client = session.client("s3", endpoint_url=endpoint or None, region_name=region, config=config)
        if style != "path" or session.get_credentials() is None:
            return cls(client, bucket)
        patience = Patience(PATIENCE, config.connect_timeout, config.read_timeout)
        return cls(client, bucket, line=Line(session, client.meta.endpoint_url, region, bucket, patience))

    def on(self, bucket: str, uploads: int = 0) -> S3Store:
        """Another bucket of the same store; ``uploads`` are written at once."""
        if self._line and bucket not in self._lines:
            self._lines[bucket] = self._line.to(bucket)
        other = S3Store(self.client, bucket, uploads or self.uploads, self._lines.get(bucket))
        other._lines = self._lines  # connections are kept for as long as any bucket of the store is
        return other

    @property
    def endpoint(self) -> str:
        return str(self.client.meta.endpoint_url)

    def make(self) -> None:
        def made() -> None:
            # Looked for in each attempt: one that was not answered may have made it.
            if self.bucket not in {b["Name"] for b in self.client.list_buckets()["Buckets"]}:
                self.client.create_bucket(Bucket=self.bucket)

        self.ask(f"make the bucket {self.bucket}", made)

    def set_policy(self, policy: Mapping[str, Any] | None) -> None:
        if policy is not None:
            change = partial(self.client.put_bucket_policy, Bucket=self.bucket, Policy=json.dumps(policy))
            self.ask(f"open {self.bucket} to readers", change)
            return
        with suppress(NotFound):  # there was no policy
            self.ask(f"close {self.bucket}", partial(self.client.delete_bucket_policy, Bucket=self.bucket))

    def link(self, key: str, seconds: int) -> str:
        target = {"Bucket": self.bucket, "Key": key}
        return str(self.client.generate_presigned_url("get_object", Params=target, ExpiresIn=seconds))

    def patiently(self, ask: Callable[[bool], T]) -> T:
        """What the store answers, if not at once, then within ``PATIENCE``."""
        return patiently(ask, PATIENCE)

    def ask(self, doing: str, call: Callable[[], T]) -> T:
        """What a call of boto3's answers that may be made again. Raises StoreError, saying what was attempted."""

        def attempt(again: bool) -> T:
            with _translated(doing):
                return call()

        return self.patiently(attempt)

    def get(self, key: str) -> Blob:
        return self.patiently(lambda again: self._get(key))

    def _get(self, key: str) -> Blob:
        if self._line and self._line.carries(key):
            content, seen = self._line.get(key)
            kind, described = _described(seen)
            return Blob(content, _etag(seen), kind, tuple(sorted(described.items())))
        with _translated(f"read {self.bucket}/{key}"):
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
            content, length = answer["Body"].read(), answer["ContentLength"]
            if len(content) != length:
                raise Unanswered(f"could not read {self.bucket}/{key}: {len(content)} bytes of {length} came")
            metadata = tuple(sorted(answer["Metadata"].items()))
            return Blob(content, answer["ETag"].strip('"'), answer.get("ContentType", ""), metadata)

    def beginning(self, key: str, length: int) -> bytes:
        with _translated(f"read {self.bucket}/{key}"):
            return self.client.get_object(Bucket=self.bucket, Key=key, Range=f"bytes=0-{length - 1}")["Body"].read()

    def copy(self, source: str, target: str, etag: str) -> None:
        with _translated(f"copy {self.bucket}/{source}"):
            self.client.copy_object(
                Bucket=self.bucket,
                Key=target,
                CopySource={"Bucket": self.bucket, "Key": source},
                CopySourceIfMatch=f'"{etag}"',
            )

    def stat(self, key: str) -> Stat | None:
        return self.patiently(lambda again: self._stat(key))

    def _stat(self, key: str) -> Stat | None:
        if self._line and self._line.carries(key):
            seen = self._line.head(key)
            return _stat_of(key, seen) if seen else None
        try:
            with _translated(f"look at {self.bucket}/{key}"):
                answer = self.client.head_object(Bucket=self.bucket, Key=key)
                digest = answer["Metadata"].get(DIGEST, "")
                return Stat(key, answer["ETag"].strip('"'), answer["ContentLength"], answer["LastModified"], digest)
        except NotFound:
            return None

    def stat_all(self, keys: Sequence[str]) -> list[Stat | None]:
        with ThreadPoolExecutor(min(self.uploads, len(keys)) or 1) as pool:
            return list(pool.map(self.stat, keys))

    def put(self, file: File, condition: Condition = None) -> str:
        if condition is not None and not self._serves_conditions:
            self._look_first(file.key, condition)
            condition = None
        try:
            etag = self.patiently(lambda again: self._attempted(file, condition, again)).strip('"')
        except Unserved:
            if condition is None:
                raise
            self._serves_conditions = False
            return self.put(file, condition)
        _check_receipt(file, etag)
        return etag

    def _attempted(self, file: File, condition: Condition, again: bool) -> str:
        try:
            return self._written(file, condition)
        except Conflict:
            # What stands there may be our own, from an attempt that was carried out and not answered.
            stat = self.stat(file.key) if again else None
            if stat is None or not stat.holds(file):
                raise
            return stat.etag

    def _written(self, file: File, condition: Condition) -> str:
        if self._line and self._line.carries(file.key):
            metadata = file.metadata | {DIGEST: hashlib.sha256(file.content).hexdigest()}
            return self._line.put(file, metadata, _mode(condition))
        with _translated(f"write {self.bucket}/{file.key}"):
            return self.client.put_object(**self._request(file), **_headers(condition))["ETag"]

    def _look_first(self, key: str, condition: Absent | Unchanged) -> None:
        """The condition tested by us, for a store that cannot: it keeps out what was there before, not a true race."""
        stat = self.stat(key)
        met = stat is None if isinstance(condition, Absent) else stat is not None and stat.etag == condition.etag
        if not met:
            raise Conflict(f"could not write {self.bucket}/{key}: somebody else wrote it first")

    def _request(self, file: File) -> Any:
        digest = hashlib.sha256(file.content).digest()
        return {
            "Bucket": self.bucket,
            "Key": file.key,
            "Body": file.content,
            "ContentType": file.media_type,
            "CacheControl": file.cache_control,
            "Metadata": file.metadata | {DIGEST: digest.hex()},
            "ChecksumSHA256": base64.b64encode(digest).decode("ascii"),
        }

    def put_all(self, files: Iterable[tuple[File, Condition]]) -> list[tuple[File, str | StoreError]]:
        done: list[tuple[File, str | StoreError]] = []
        flying: set[Future[tuple[File, str | StoreError]]] = set()
        with ThreadPoolExecutor(self.uploads) as pool:
            for file, condition in files:
                # The iterable may be a generator of many files: never hold more than the connections can carry.
                if len(flying) >= 2 * self.uploads:
                    landed, flying = wait(flying, return_when=FIRST_COMPLETED)
                    done += [f.result() for f in landed]
                flying.add(pool.submit(self._attempt, file, condition))
            done += [f.result() for f in flying]
        return sorted(done, key=lambda pair: pair[0].key)

    def _attempt(self, file: File, condition: Condition) -> tuple[File, str | StoreError]:
        try:
            return file, self.put(file, condition)
        except StoreError as error:
            return file, error

    def delete(self, keys: Sequence[str]) -> None:
        for start in range(0, len(keys), 1000):
            batch = [{"Key": k} for k in keys[start : start + 1000]]
            self.ask(f"delete {len(batch)} objects in {self.bucket}", partial(self._delete, batch))

    def _delete(self, batch: Any) -> None:
        answer = self.client.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
        if answer.get("Errors"):
            raise StoreError(f"could not delete in {self.bucket}: {answer['Errors']}")

    def list(self, prefix: str) -> Iterator[Stat]:
        for page in self._pages({"Prefix": prefix}):
            for entry in page.get("Contents", ()):
                yield Stat(entry["Key"], entry["ETag"].strip('"'), entry["Size"], entry["LastModified"])

    def folders(self, prefix: str) -> Iterator[str]:
        for page in self._pages({"Prefix": prefix, "Delimiter": "/"}):
            for entry in page.get("CommonPrefixes", ()):
                yield entry["Prefix"][len(prefix) :].rstrip("/")

    def beside(self, prefix: str) -> Iterator[Stat]:
        for page in self._pages({"Prefix": prefix, "Delimiter": "/"}):
            for entry in page.get("Contents", ()):
                yield Stat(entry["Key"], entry["ETag"].strip('"'), entry["Size"], entry["LastModified"])

    def _pages(self, wanted: dict[str, str]) -> Iterator[Any]:
        """The pages of a listing; one that was not answered is asked for again, not the whole listing."""
        client: Any = self.client  # mypy cannot match the keys of these dicts
        token: dict[str, str] = {}
        while True:
            page = partial(_page, client, {"Bucket": self.bucket} | wanted | token)
            answer = self.ask(f"list {self.bucket}/{wanted['Prefix']}", page)
            yield answer
            if not answer["IsTruncated"]:
                return
            token = {"ContinuationToken": answer["NextContinuationToken"]}


def _page(client: Any, wanted: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] = client.list_objects_v2(**wanted)
    _ = answer["IsTruncated"]  # an answer without it is half of one, which must not pass for an empty listing
    return answer


@cache
def _descriptions() -> Loader:
    """What botocore knows of S3: megabytes of JSON, read once for all sessions, and before Airflow forks its tasks."""
    from botocore.loaders import create_loader

    return create_loader(os.environ.get("AWS_DATA_PATH"))


def warm_up() -> None:
    """Read those descriptions now, in a process that others will be forked from. Connects to nothing."""
    _session("none", "none", "").client("s3", region_name="us-east-1")


def _session(access_key: str, secret_key: str, token: str) -> Session:
    import boto3
    import botocore.session

    core, loader = botocore.session.Session(), _descriptions()
    core.register_component("data_loader", loader)
    session = boto3.session.Session(access_key or None, secret_key or None, token or None, botocore_session=core)
    loader.search_paths[:] = dict.fromkeys(loader.search_paths)  # each session adds boto3's folder
    return session


def client_config(style: Any = "path") -> Any:
    """botocore's settings: bounded waits, and no retries of its own (``delivery.patience`` says why)."""
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": style},
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=5,
        read_timeout=10,
        max_pool_connections=MOST_CONNECTIONS,
    )


def _headers(condition: Condition) -> Any:
    """The condition as botocore takes it."""
    if isinstance(condition, Absent):
        return {"IfNoneMatch": "*"}
    if isinstance(condition, Unchanged):
        return {"IfMatch": f'"{condition.etag}"'}
    return {}


def _mode(condition: Condition) -> PutMode:
    """The condition as obstore takes it."""
    if isinstance(condition, Absent):
        return "create"
    if isinstance(condition, Unchanged):
        return {"e_tag": f'"{condition.etag}"'}
    return "overwrite"


def _stat_of(key: str, seen: GetResult) -> Stat:
    return Stat(key, _etag(seen), seen.meta["size"], seen.meta["last_modified"], _described(seen)[1].get(DIGEST, ""))


def _etag(seen: GetResult) -> str:
    return (seen.meta["e_tag"] or "").strip('"')


def _described(seen: GetResult) -> tuple[str, dict[str, str]]:
    """Content type and metadata of an object, which obstore tells in one."""
    metadata = {str(name): value for name, value in seen.attributes.items() if name not in HEADERS}
    return seen.attributes.get("Content-Type", ""), metadata


def _check_receipt(file: File, etag: str) -> None:
    # An ETag of another form (multipart, KMS) is no MD5 and proves nothing; the SHA-256 was verified by the server.
    if _is_md5(etag) and etag != _md5(file):
        raise StoreError(f"the store kept other bytes than were sent for {file.key}")


def _is_md5(etag: str) -> bool:
    return len(etag) == 32 and all(c in "0123456789abcdef" for c in etag)


def _md5(file: File) -> str:
    return hashlib.md5(file.content, usedforsecurity=False).hexdigest()


@contextmanager
def _translated(doing: str) -> Iterator[None]:
    """Turns what botocore raises into our errors, naming what was attempted."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        EndpointConnectionError,
        HTTPClientError,
        IncompleteReadError,
    )
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _from_answer(doing, error.response) from error
    except KeyError as error:  # the line was cut in the middle of the headers, which botocore does not notice
        raise Unanswered(f"could not {doing}: the answer has no {error}") from error
    except (HTTPClientError, IncompleteReadError, ResponseParserError) as error:
        raise Unanswered(f"could not {doing}: {error}", not isinstance(error, EndpointConnectionError)) from error
    except BotoCoreError as error:
        raise StoreError(f"could not {doing}: {error}") from error


def _from_answer(doing: str, response: Any) -> StoreError:
    code = str(response.get("Error", {}).get("Code", ""))
    status = str(response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    if code in MISSING or (status == "404" and code != "NoSuchBucket"):
        return NotFound(f"could not {doing}: nothing is there")
    if code in REFUSED or status == "412":
        return Conflict(f"could not {doing}: somebody else wrote it first")
    if code in UNSERVED or status == "501":
        return Unserved(f"could not {doing}: the store does not serve this")
    said = response.get("Error", {}).get("Message", "")
    later = (status in LATER or code in LATER) and not code.startswith("Bucket")
    return (Unanswered if later else StoreError)(f"could not {doing}: {code or status} {said}".rstrip())
