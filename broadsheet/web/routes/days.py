"""The calendar of a newspaper, and its backfill."""

from __future__ import annotations

import os
from typing import Annotated
from urllib.parse import quote

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from broadsheet.steps import backfill
from broadsheet.web.serving import ROOT, Opener, Short, may_read, may_start, page, same_site, today_of, words_for_faults
from broadsheet.web.views.days import latest_month, month_of
from delivery.key_parts import parse_date
from transforms.errors import BadInput


def add(app: FastAPI, opened: Opener) -> None:
    """Add the routes."""

    @app.get("/days", dependencies=[may_read], response_class=HTMLResponse)
    def days(request: Request, user: GetUserDep, publication: str = "", month: str = "", started: str = "") -> Response:
        with words_for_faults():
            installation = opened()
            papers = list(installation.publications.values())
            paper = installation.publication(publication) if publication else papers[0]
            newest = latest_month(installation, paper)
            first = parse_date(f"{month}-01") if month else newest or today_of(paper)
            return page(
                request, user, "days.html", paper=paper, papers=papers, month=month_of(installation, paper, first),
                today=today_of(paper), newest=newest, started=started,
            )  # fmt: skip

    @app.post("/backfill", dependencies=[may_start("ingest_issue"), Depends(same_site)])
    def start(publication: Short, first: Short, last: Short, notify: Annotated[bool, Form()] = False) -> Response:
        with words_for_faults():
            days = backfill.days_waiting(opened(), publication, parse_date(first), parse_date(last))
            if not days:
                raise BadInput(f"nothing of {publication} waits between {first} and {last}")
            backfill.start(publication, days[0], days[-1], notify, os.environ)
        started = quote("/dags/ingest_issue/backfills", safe="")
        return RedirectResponse(f"{ROOT}/days?publication={publication}&started={started}", status_code=303)
