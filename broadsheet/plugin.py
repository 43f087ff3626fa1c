"""The desk in Airflow's UI: a page in the navigation, and a link to it from each task of an issue's runs."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

from airflow.plugins_manager import AirflowPlugin
from airflow.sdk import BaseOperatorLink

ROOT = "/desk"
ISSUE = re.compile(r"\A([a-z0-9-]+)__(\d{4}-\d\d-\d\d)__")


def _app() -> Any:
    from broadsheet.web.app import make_app

    return make_app()


def _middleware() -> Any:
    from broadsheet.airflow.sqlite_backfills import RefuseSqliteBackfills

    return RefuseSqliteBackfills


def _serves_pages() -> bool:
    """Whether this process is an API server: all others load plugins too, and need no pages."""
    return "api-server" in sys.argv or "standalone" in sys.argv or "BROADSHEET_DESK" in os.environ


class DeskLink(BaseOperatorLink):
    """From a task in the grid to what it worked on: the issue that the run's id names, or the partners."""

    name = "Desk"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        """The path of the page; no link for DAGs that are not ours."""
        if ti_key.dag_id == "syndicate_issue":
            return f"{ROOT}/partners"
        if ti_key.dag_id != "ingest_issue":
            return ""
        named = ISSUE.match(ti_key.run_id)
        return f"{ROOT}/issue/{named[1]}/{named[2]}" if named else f"{ROOT}/"


class DeskPlugin(AirflowPlugin):
    """Registers the desk with Airflow."""

    name = "broadsheet_desk"
    fastapi_apps: list[Any] = (
        [{"app": _app(), "url_prefix": ROOT, "name": "broadsheet desk"}] if _serves_pages() else []
    )
    fastapi_root_middlewares: list[Any] = (
        [{"middleware": _middleware(), "args": [], "kwargs": {}, "name": "broadsheet backfills"}]
        if _serves_pages()
        else []
    )
    external_views: list[Any] = [  # noqa: RUF012
        {"name": "Desk", "href": f"{ROOT}/", "destination": "nav", "url_route": "desk", "nav_top_level": True}
    ]
    global_operator_extra_links: list[Any] = [DeskLink()]  # noqa: RUF012
