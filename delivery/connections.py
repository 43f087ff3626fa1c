"""Airflow connections: the only place for secrets of partners' stores and webhooks.

A task asks Airflow, which looks in its secrets backend, the environment and its database, in that order. The
command line runs outside Airflow and sees only the environment (``AIRFLOW_CONN_<ID>``, as JSON or as URI).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from delivery.errors import NoConnection
from transforms.errors import BadRecord


@dataclass(frozen=True, slots=True)
class Connection:
    """What an Airflow connection contains. Its repr omits secrets, so that no log shows them."""

    id: str
    kind: str = ""
    host: str = ""
    schema: str = ""
    port: int = 0
    login: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    extra: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        """The address that a connection of type http names. Raises BadRecord if it has none.

        ``secret_url`` in the extra is a whole address that contains a token; Airflow masks it wherever it shows it.
        """
        if self.extra.get("secret_url"):
            return str(self.extra["secret_url"])
        if not self.host:
            raise BadRecord(f"the Airflow connection “{self.id}” names no host")
        if "://" in self.host:
            return self.host
        web = ("http", "https")
        scheme = next((s for s in (self.schema, self.kind) if s in web), "https")
        path = str(self.extra.get("endpoint") or ("" if self.schema in web else self.schema)).lstrip("/")
        return f"{scheme}://{self.host}{f':{self.port}' if self.port else ''}/{path}"


_RUN = re.compile(r"[A-Za-z0-9]{16,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def names_token(connection: Connection) -> bool:
    """Whether a connection's address, apart from ``secret_url``, seems to contain a token.

    Airflow masks passwords and extras in its event log, but no hosts. Raises BadRecord if there is no address.
    """
    url = connection.url
    if connection.extra.get("secret_url"):
        return False
    parts = urlsplit(url)
    mixed = any(not run.isalpha() and not run.isdecimal() for run in _RUN.findall(parts.path))
    return bool("@" in parts.netloc or parts.query or mixed or _UUID.search(parts.path))


Resolver = Callable[[str], Connection]


def from_environment(connection_id: str, env: Mapping[str, str] | None = None) -> Connection:
    """The connection in ``AIRFLOW_CONN_<ID>``. ``env``: the environment; None for that of the process.

    Raises BadRecord if it is missing or invalid. The message says what to set, but not its value.
    """
    env = os.environ if env is None else env
    name = f"AIRFLOW_CONN_{connection_id.upper()}"
    text = env.get(name, "").strip()
    if not text:
        raise BadRecord(
            f"there is no Airflow connection “{connection_id}” here: set {name}, "
            "or make it in Airflow (Admin, Connections) where only Airflow needs it"
        )
    try:
        return _from_json(connection_id, text) if text.startswith("{") else _from_uri(connection_id, text)
    except (ValueError, TypeError, AttributeError):
        raise BadRecord(f"{name} is not a connection: write JSON or a URI as Airflow reads it") from None


def _from_json(connection_id: str, text: str) -> Connection:
    record = json.loads(text)
    extra = record.get("extra") or {}
    return Connection(
        connection_id,
        record.get("conn_type") or "",
        record.get("host") or "",
        record.get("schema") or "",
        int(record.get("port") or 0),
        record.get("login") or "",
        record.get("password") or "",
        json.loads(extra) if isinstance(extra, str) else dict(extra),
    )


def _from_uri(connection_id: str, text: str) -> Connection:
    parts = urlsplit(text)
    if not parts.scheme:
        raise ValueError("no scheme")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    extra = json.loads(query["__extra__"]) if "__extra__" in query else query
    return Connection(
        connection_id,
        parts.scheme.replace("-", "_"),
        unquote(parts.hostname or ""),
        unquote(parts.path.removeprefix("/")),
        parts.port or 0,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        extra,
    )


def from_airflow(connection_id: str) -> Connection:
    """The connection as Airflow finds it inside a task. Raises NoConnection if there is none with that id."""
    from airflow.sdk import Connection as AirflowConnection

    return _from(AirflowConnection.get, connection_id)


def from_airflows_database(connection_id: str) -> Connection:
    """The connection from Airflow's database, for its API server. Raises NoConnection if there is none with that id."""
    from airflow.models.connection import Connection as AirflowConnection

    return _from(AirflowConnection.get_connection_from_secrets, connection_id)


def _from(find: Callable[[str], Any], connection_id: str) -> Connection:
    """A connection of Airflow's, which has a class for it in its SDK and another in its server, as ours."""
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        found = find(connection_id)
    except AirflowNotFoundException:
        message = f"Airflow has no connection “{connection_id}”: make it under Admin, Connections"
        raise NoConnection(message) from None
    return Connection(
        connection_id,
        found.conn_type or "",
        found.host or "",
        found.schema or "",
        found.port or 0,
        found.login or "",
        found.password or "",
        dict(found.extra_dejson),
    )
