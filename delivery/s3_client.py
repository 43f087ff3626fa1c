"""boto3 as the store uses it: its sessions, its settings, and its errors as ours."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from delivery.errors import Unanswered, Unserved
from delivery.patience import RUNGS, Attempt, Pace
from transforms.errors import Conflict, NotFound, StoreError

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.loaders import Loader
    from mypy_boto3_s3.client import S3Client


MOST_CONNECTIONS = 64  # the most uploads at once that a partner's record may ask for
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
REFUSED = frozenset({"412", "PreconditionFailed"})
LATER = frozenset({"408", "409", "429", "500", "502", "503", "504"})
# What S3, and servers that speak like it, call that: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
THROTTLED = frozenset({"SlowDown", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests"})
UNSERVED = frozenset({"501", "NotImplemented"})


@cache
def descriptions() -> Loader:
    """botocore's description of S3: megabytes of JSON, read once for all sessions, before Airflow forks its tasks."""
    from botocore.loaders import create_loader

    return create_loader(os.environ.get("AWS_DATA_PATH"))


def warm_up() -> None:
    """Read that description now, in a process from which others will be forked. Connects to nothing."""
    session_of("none", "none", "").client("s3", region_name="us-east-1")


def session_of(access_key: str, secret_key: str, token: str) -> Session:
    """A session. Without keys boto3 looks for credentials itself (environment, roles, profiles)."""
    import boto3
    import botocore.session

    core, loader = botocore.session.Session(), descriptions()
    core.register_component("data_loader", loader)
    session = boto3.session.Session(access_key or None, secret_key or None, token or None, botocore_session=core)
    loader.search_paths[:] = dict.fromkeys(loader.search_paths)  # each session adds boto3's folder
    return session


def client_config(style: Any = "path") -> Any:
    """botocore's settings: bounded waits, and no retries of its own (see ``delivery.patience``)."""
    from botocore.config import Config

    return Config(
        signature_version="s3v4",
        s3={"addressing_style": style},
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=5,
        read_timeout=10,
        max_pool_connections=MOST_CONNECTIONS,
    )


class Hurried:
    """Clients of one store that wait as long as its answers took lately, for calls that may be made again.

    botocore knows no time-outs of single calls, so each has its client, made when it is first needed. Safe to share
    between threads.
    """

    def __init__(self, opened: Callable[[float], S3Client]) -> None:
        """``opened`` makes a client that waits so many seconds."""
        self.pace = Pace()
        self._opened = opened
        self._by_rung: dict[int, S3Client] = {}
        self._lock = Lock()  # a session does not let two threads make clients at once

    def client(self, attempt: Attempt, least: int = 0) -> S3Client:
        """The client for an attempt, whose first one waits at least ``RUNGS[least]`` seconds."""
        rung = self.pace.rung(attempt, least)
        with self._lock:
            return self._made(rung)

    def make_all(self) -> None:
        """Make the clients of all rungs now."""
        with self._lock:
            for rung in range(len(RUNGS)):
                self._made(rung)

    def _made(self, rung: int) -> S3Client:
        if rung not in self._by_rung:
            self._by_rung[rung] = self._opened(RUNGS[rung])
        return self._by_rung[rung]


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """A context in which errors of botocore become ours. ``doing``: what is attempted, for the message.

    Raises NotFound, Conflict, Unserved, Unanswered or StoreError.
    """
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        ConnectTimeoutError,
        EndpointConnectionError,
        HTTPClientError,
        IncompleteReadError,
        ReadTimeoutError,
    )
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _from_answer(doing, error.response) from error
    except KeyError as error:  # the line was cut in the middle of the headers, which botocore does not notice
        raise Unanswered(f"could not {doing}: the answer has no {error}") from error
    except (HTTPClientError, IncompleteReadError, ResponseParserError) as error:
        connected = not isinstance(error, EndpointConnectionError)
        hung = isinstance(error, ReadTimeoutError | ConnectTimeoutError)
        raise Unanswered(f"could not {doing}: {error}", connected, hung=hung) from error
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
    reason = f"could not {doing}: {code or status} {said}".rstrip()
    if not later:
        return StoreError(reason)
    return Unanswered(reason, busy=status != "409", throttled=is_throttled(status, code))


def is_throttled(status: str, code: str) -> bool:
    """Whether a store turned a request away because we ask too much of it."""
    return status == "429" or code in THROTTLED
