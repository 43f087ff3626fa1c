"""Refuses Airflow's own backfill form on SQLite, with the way that works.

There, Airflow 3.3 answers a backfill over REST with 503 while anything else writes, and its API server then goes on
with a connection that is stuck in the past: tasks fail until it is restarted. ``broadsheet backfill`` and the desk
start backfills in a process of their own.
"""

from __future__ import annotations

import json
from typing import Any

from broadsheet.texts import LANGUAGES, words_of

# Airflow does not say which language its page is shown in.
HINT = " ".join(words_of(language, "airflow")("sqlite_backfill") for language in LANGUAGES)


class RefuseSqliteBackfills:
    """ASGI middleware in front of Airflow's API server."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        asked = scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith("/api/v2/backfills")
        if not asked or not _is_sqlite():
            await self._app(scope, receive, send)
            return
        body = json.dumps({"detail": HINT}, ensure_ascii=False).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 409, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _is_sqlite() -> bool:
    from airflow.configuration import conf

    return str(conf.get("database", "sql_alchemy_conn")).startswith("sqlite")
