"""The partners' page."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from broadsheet.web.serving import Opener, may_read, page, words_for_faults
from broadsheet.web.views.partners import partner_views


def add(app: FastAPI, opened: Opener) -> None:
    """Add the routes."""

    @app.get("/partners", dependencies=[may_read], response_class=HTMLResponse)
    def partners(request: Request, user: GetUserDep) -> Response:
        with words_for_faults():
            views = partner_views(opened(), datetime.now(UTC))
            zones = {p.publication.timezone for view in views for p in view.papers}
            return page(
                request,
                user,
                "partners.html",
                partners=views,
                zone=ZoneInfo("UTC"),
                zones={name: ZoneInfo(name) for name in zones},
            )
