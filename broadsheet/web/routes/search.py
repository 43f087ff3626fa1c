"""Finding an article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, Response

from broadsheet.web.serving import Opener, may_read, page, words_for_faults
from broadsheet.web.views.search import DAYS, MOST, search


def add(app: FastAPI, opened: Opener) -> None:
    """Add the routes."""

    @app.get("/search", dependencies=[may_read], response_class=HTMLResponse)
    def find(request: Request, user: GetUserDep, q: Annotated[str, Query(max_length=200)] = "") -> Response:
        with words_for_faults():
            found = search(opened(), q, datetime.now(UTC).date())
            return page(request, user, "search.html", q=q, found=found, days=DAYS, most=MOST)
