"""A bucket behind any S3 API.

A PUT carries the SHA-256 of its bytes, which the server verifies. The ETag in the answer is compared with their MD5
if it is one (a single PUT without KMS). So a write that returns was verified.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from delivery.bucket_objects import BucketObjects
from delivery.errors import Unanswered, Unserved
from delivery.patience import UNCONDITIONAL, Attempt, Health, Patience, patiently
from transforms.errors import Conflict, NotFound, StoreError
from transforms.model import File

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from obstore import GetResult, PutMode
from delivery.s3_client import Hurried, client_config, session_of, translated
from delivery.store import DIGEST, Absent, Blob, Condition, Stat, Unchanged, is_md5, md5_of

T = TypeVar("T")
CONNECTIONS = 16
PATIENCE = 60.0  # seconds that one request may take, however often it is made
HEADERS = frozenset(
    {"Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Cache-Control", "Storage-Class"}
)


class S3Store:
    """A bucket behind any S3 API, addressed by path and signed with s3v4. Threads may share it.

    Its methods are those of ``Store``, and raise what that says.
    """

    def __init__(
        self,
        client: S3Client,
        bucket: str,
        uploads: int = CONNECTIONS,
        fast: BucketObjects | None = None,
        hurried: Hurried | None = None,
        health: Health | None = None,
    ) -> None:
        """``fast`` is a shorter way for single objects; without one they go through the client as the rest does.

        ``hurried``: clients that wait less for answers, for listings and deletions; without them, ``client`` is used.
        ``health`` limits how long a store that serves nothing is asked; without it, each request has its own limit.
        """
        self.client = client
        self._hurried = hurried or Hurried(lambda seconds: client)
        self._health = health or Health()
        self.bucket = bucket
        self.uploads = uploads
        self._serves_conditions = True
        self._fast = fast
        self._fast_by_bucket: dict[str, BucketObjects] = {bucket: fast} if fast else {}

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
        outage: float = 0.0,
    ) -> S3Store:
        """Open a bucket. With empty keys, boto3 looks for credentials itself (environment, roles, profiles).

        ``outage``: for how many seconds a store that serves no request is asked again; 0 for as long as any
        request. ``style``: how the bucket is addressed: ``path``, ``virtual`` (in the host name) or ``auto``.
        """
        from botocore.config import Config

        config, session = client_config(style), session_of(access_key, secret_key, token)
        opened = partial(session.client, "s3", endpoint_url=endpoint or None, region_name=region)
        client = opened(config=config)
        hurried = Hurried(lambda s: opened(config=config.merge(Config(read_timeout=min(s, config.read_timeout)))))
        health = Health(outage or math.inf)
        if style != "path" or session.get_credentials() is None:
            return cls(client, bucket, hurried=hurried, health=health)
        patience = Patience(PATIENCE, config.connect_timeout, config.read_timeout)
        fast = BucketObjects(session, client.meta.endpoint_url, region, bucket, patience)
        return cls(client, bucket, fast=fast, hurried=hurried, health=health)

    def on(self, bucket: str, uploads: int = 0) -> S3Store:
        """Another bucket of the same store. ``uploads``: how many objects are written at a time."""
        if self._fast and bucket not in self._fast_by_bucket:
            self._fast_by_bucket[bucket] = self._fast.to(bucket)
        fast = self._fast_by_bucket.get(bucket)
        other = S3Store(self.client, bucket, uploads or self.uploads, fast, self._hurried, self._health)
        other._fast_by_bucket = self._fast_by_bucket  # connections are kept for as long as any bucket of the store is
        return other

    def make_clients(self, buckets: Iterable[str]) -> None:
        """Make all clients for these buckets now, in a process from which others will be forked.

        A process makes them when it first needs them otherwise, which takes longer than most requests. Connects to
        nothing.
        """
        self._hurried.make_all()
        for fast in filter(None, (self.on(bucket)._fast for bucket in buckets)):
            fast.make_all()

    @property
    def endpoint(self) -> str:
        return str(self.client.meta.endpoint_url)

    def make(self) -> None:
        def made(client: S3Client) -> None:
            # Looked for in each attempt: one that was not answered may have made it.
            if self.bucket not in {b["Name"] for b in client.list_buckets()["Buckets"]}:
                client.create_bucket(Bucket=self.bucket)

        self.ask(f"make the bucket {self.bucket}", made)

    def set_policy(self, policy: Mapping[str, Any] | None) -> None:
        if policy is not None:
            text = json.dumps(policy)
            self.ask(f"open {self.bucket} to readers", lambda c: c.put_bucket_policy(Bucket=self.bucket, Policy=text))
            return
        with suppress(NotFound):  # there was no policy
            self.ask(f"close {self.bucket}", lambda c: c.delete_bucket_policy(Bucket=self.bucket))

    def link(self, key: str, seconds: int) -> str:
        target = {"Bucket": self.bucket, "Key": key}
        return str(self.client.generate_presigned_url("get_object", Params=target, ExpiresIn=seconds))

    def patiently(self, ask: Callable[[Attempt], T]) -> T:
        """What ``ask`` returns, repeated within ``PATIENCE`` if the store does not answer. Raises StoreError."""
        return patiently(ask, PATIENCE, self._health)

    def ask(self, doing: str, call: Callable[[S3Client], T]) -> T:
        """What a call of boto3 returns that may safely be repeated.

        ``doing``: what it does, for messages. Raises StoreError.
        """

        def once(attempt: Attempt) -> T:
            with self._hurried.pace.timed(), translated(doing):
                return call(self._hurried.client(attempt, UNCONDITIONAL))

        return self.patiently(once)

    def get(self, key: str) -> Blob:
        return self.patiently(lambda attempt: self._get(key, attempt))

    def _get(self, key: str, attempt: Attempt) -> Blob:
        if self._fast and self._fast.carries(key):
            content, seen = self._fast.get(key, attempt)
            kind, described = _described(seen)
            return Blob(content, _etag(seen), kind, tuple(sorted(described.items())))
        with translated(f"read {self.bucket}/{key}"):
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
            content, length = answer["Body"].read(), answer["ContentLength"]
            if len(content) != length:
                raise Unanswered(f"could not read {self.bucket}/{key}: {len(content)} bytes of {length} came")
            metadata = tuple(sorted(answer["Metadata"].items()))
            return Blob(content, answer["ETag"].strip('"'), answer.get("ContentType", ""), metadata)

    def beginning(self, key: str, length: int) -> bytes:
        with translated(f"read {self.bucket}/{key}"):
            return self.client.get_object(Bucket=self.bucket, Key=key, Range=f"bytes=0-{length - 1}")["Body"].read()

    def copy(self, source: str, target: str, etag: str) -> None:
        with translated(f"copy {self.bucket}/{source}"):
            self.client.copy_object(
                Bucket=self.bucket,
                Key=target,
                CopySource={"Bucket": self.bucket, "Key": source},
                CopySourceIfMatch=f'"{etag}"',
            )

    def stat(self, key: str) -> Stat | None:
        return self.patiently(lambda attempt: self._stat(key, attempt))

    def _stat(self, key: str, attempt: Attempt) -> Stat | None:
        if self._fast and self._fast.carries(key):
            seen = self._fast.head(key, attempt)
            return _stat_of(key, seen) if seen else None
        try:
            with translated(f"look at {self.bucket}/{key}"):
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
            etag = self.patiently(lambda attempt: self._attempted(file, condition, attempt)).strip('"')
        except Unserved:
            if condition is None:
                raise
            self._serves_conditions = False
            return self.put(file, condition)
        _check_receipt(file, etag)
        return etag

    def _attempted(self, file: File, condition: Condition, attempt: Attempt) -> str:
        try:
            return self._written(file, condition, attempt)
        except Conflict:
            # The object may be our own, from an attempt that succeeded without an answer.
            stat = self.stat(file.key) if attempt.again else None
            if stat is None or not stat.holds(file):
                raise
            return stat.etag

    def _written(self, file: File, condition: Condition, attempt: Attempt) -> str:
        if self._fast and self._fast.carries(file.key):
            metadata = file.metadata | {DIGEST: hashlib.sha256(file.content).hexdigest()}
            return self._fast.put(file, metadata, _mode(condition), attempt)
        with translated(f"write {self.bucket}/{file.key}"):
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
            self.patiently(partial(self._delete, batch))

    def _delete(self, batch: Any, attempt: Attempt) -> None:
        client = self._hurried.client(attempt, UNCONDITIONAL)
        with self._hurried.pace.timed(), translated(f"delete {len(batch)} objects in {self.bucket}"):
            answer = client.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
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
        token: dict[str, str] = {}
        while True:
            answer = self.patiently(partial(self._page, {"Bucket": self.bucket} | wanted | token))
            yield answer
            if not answer["IsTruncated"]:
                return
            token = {"ContinuationToken": answer["NextContinuationToken"]}

    def _page(self, wanted: dict[str, str], attempt: Attempt) -> dict[str, Any]:
        client: Any = self._hurried.client(attempt)  # mypy cannot match the keys of these dicts
        with self._hurried.pace.timed(), translated(f"list {self.bucket}/{wanted['Prefix']}"):
            answer: dict[str, Any] = client.list_objects_v2(**wanted)
            _ = answer["IsTruncated"]  # an answer without it is half of one, which must not pass for an empty listing
            return answer


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
    # An ETag of another form (multipart, KMS) is not an MD5 and proves nothing; the SHA-256 was verified by the server.
    if is_md5(etag) and etag != md5_of(file):
        raise StoreError(f"the store returned different bytes than were sent for {file.key}")
