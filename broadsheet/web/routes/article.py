"""An article's page, and what can be done with the article there."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote
from zoneinfo import ZoneInfo

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response

from broadsheet.web.serving import (
    MOST,
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
from broadsheet.web.views.article import article_view
from transforms.model import Section


def add(app: FastAPI, opened: Opener, start: Starter) -> None:
    """Add the routes."""

    @app.get("/article/{guid}", dependencies=[may_read], response_class=HTMLResponse)
    def article(request: Request, user: GetUserDep, guid: str, started: str = "") -> Response:
        with words_for_faults():
            view = article_view(opened(), guid)
            zone = ZoneInfo(view.publication.timezone)
            return page(request, user, "article.html", view=view, zone=zone, sections=list(Section), started=started)

    @app.post("/article/{guid}/correct", dependencies=[may_start("correct_article"), Depends(same_site)])
    def correct(
        user: GetUserDep,
        guid: str,
        headline: Text = "",
        kicker: Text = "",
        subhead: Text = "",
        section: Text = "",
        body: Text = "",
        reason: Text = "",
    ) -> Response:
        form = {"headline": headline, "kicker": kicker, "subhead": subhead, "section": section, "body": body}
        return back_to(_path(guid), start("correct_article", user, {"guid": guid, "reason": reason} | form))

    @app.post("/article/{guid}/withdraw", dependencies=[may_start("withdraw_article"), Depends(same_site)])
    def withdraw(
        user: GetUserDep, guid: str, reason: Annotated[str, Form(min_length=2, max_length=MOST)], message: Text = ""
    ) -> Response:
        conf = {"guid": guid, "reason": reason, "message": message}
        return back_to(_path(guid), start("withdraw_article", user, conf))

    @app.post("/article/{guid}/resend", dependencies=[may_start("resend_to_partner"), Depends(same_site)])
    def resend(user: GetUserDep, guid: str, partner: Short) -> Response:
        return back_to(_path(guid), start("resend_to_partner", user, {"guid": guid, "partner": partner}))

    @app.post("/article/{guid}/release", dependencies=[may_start("release_embargo"), Depends(same_site)])
    def release(user: GetUserDep, guid: str) -> Response:
        return back_to(_path(guid), start("release_embargo", user, {"guid": guid}))


def _path(guid: str) -> str:
    return f"/article/{quote(guid)}"
