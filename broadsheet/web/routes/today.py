"""Today: what needs a person, over all newspapers, with what can be done about it there."""

from __future__ import annotations

from datetime import UTC, datetime

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from broadsheet.steps import attention
from broadsheet.web.serving import (
    ROOT,
    Opener,
    Short,
    Starter,
    Text,
    back_to,
    may_read,
    may_start,
    page,
    same_site,
    words_for_faults,
)
from broadsheet.web.views.progress import Follower, progress_of
from broadsheet.web.views.today import today_view
from delivery.key_parts import parse_date
from delivery.keys import IssueKey


def add(app: FastAPI, opened: Opener, start: Starter, follow: Follower) -> None:
    """Add the routes."""

    @app.get("/", dependencies=[may_read], response_class=HTMLResponse)
    def today(request: Request, user: GetUserDep, started: str = "", dismissed: bool = False) -> Response:
        with words_for_faults():
            installation = opened()
            shown = today_view(installation, datetime.now(UTC))
            progress = progress_of(installation, started, follow)
            return page(request, user, "today.html", shown=shown, progress=progress, dismissed=dismissed)

    @app.post("/dismiss", dependencies=[may_start("correct_article"), Depends(same_site)])
    def dismiss(user: GetUserDep, name: Text) -> Response:
        with words_for_faults():
            attention.dismiss(opened(), name, user.get_name(), datetime.now(UTC))
        return RedirectResponse(f"{ROOT}/?dismissed=1", status_code=303)

    @app.post("/issue/{publication}/{day}/send", dependencies=[may_start("resend_to_partner"), Depends(same_site)])
    def send(user: GetUserDep, publication: str, day: str, partner: Short) -> Response:
        with words_for_faults():
            key = IssueKey(publication, parse_date(day))
            opened().partner(partner)
        conf = {"partner": partner, "publication": key.publication, "date": key.date.isoformat()}
        return back_to("/", start("resend_to_partner", user, conf))
