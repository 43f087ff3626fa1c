"""An issue's page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from broadsheet.web.serving import Opener, may_read, page, words_for_faults
from broadsheet.web.views.issue import issue_view
from broadsheet.web.views.pages import picture_of_page
from broadsheet.web.views.progress import Follower, progress_of
from delivery.key_parts import parse_date
from delivery.keys import IssueKey


def add(app: FastAPI, opened: Opener, follow: Follower) -> None:
    """Add the routes."""

    @app.get("/issue/{publication}/{day}", dependencies=[may_read], response_class=HTMLResponse)
    def issue(request: Request, user: GetUserDep, publication: str, day: str, started: str = "") -> Response:
        with words_for_faults():
            installation = opened()
            view = issue_view(installation, IssueKey(publication, parse_date(day)))
            progress = progress_of(installation, started, follow)
            zone = ZoneInfo(view.publication.timezone)
            return page(request, user, "issue.html", view=view, zone=zone, progress=progress)

    @app.get("/issue/{publication}/{day}/page/{number}/picture", dependencies=[may_read])
    def picture(publication: str, day: str, number: int) -> Response:
        with words_for_faults():
            content = picture_of_page(opened(), IssueKey(publication, parse_date(day)), number)
            return Response(content, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=300"})
