"""An article's page, and what can be done with the article there."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from broadsheet.steps import changes, review
from broadsheet.web.serving import (
    MOST,
    Answerer,
    Opener,
    Short,
    Starter,
    Text,
    back_to,
    may_answer,
    may_read,
    may_start,
    page,
    same_site,
    words_for_faults,
)
from broadsheet.web.views.article import ArticleView, article_view
from broadsheet.web.views.progress import Follower, progress_of
from transforms.lifecycle.decision import MAX_HEADLINE
from transforms.model import Article, Section

MOST_PICTURES = 400  # of an article
Caption = Annotated[str, Field(max_length=2000)]


class Correction(BaseModel):
    """An article's parts as the form has them; it comes filled with what is there."""

    headline: str = Field("", max_length=MOST)
    kicker: str = Field("", max_length=MOST)
    subhead: str = Field("", max_length=MOST)
    byline: str = Field("", max_length=MOST)
    section: str = Field("", max_length=100)
    body: str = Field("", max_length=MOST)
    reason: str = Field("", max_length=MOST)
    note: str = Field("", max_length=MOST)
    caption: list[Caption] = Field([], max_length=MOST_PICTURES, description="Of each picture, in their order")
    credit: list[Caption] = Field([], max_length=MOST_PICTURES)
    drop: list[Caption] = Field([], max_length=MOST_PICTURES, description="Numbers of pictures to withdraw, from 1")


class Reply(BaseModel):
    """The answer to the question about an article, with the fields that Airflow's form has too."""

    run: str = Field(max_length=300)
    answer: str = Field(max_length=20)
    section: Section = Section.OTHER
    headline: str = Field("", max_length=MAX_HEADLINE)
    text: str = Field("", max_length=MOST)
    merge_with: str = Field("next", pattern="next|previous")
    split_at: str = Field("", pattern=r"\d{0,4}")
    second_headline: str = Field("", max_length=MAX_HEADLINE)
    second_section: Section = Section.OTHER


def add(app: FastAPI, opened: Opener, start: Starter, answer: Answerer, follow: Follower) -> None:
    """Add the routes."""

    @app.get("/article/{guid}", dependencies=[may_read], response_class=HTMLResponse)
    def article(request: Request, user: GetUserDep, guid: str, started: str = "") -> Response:
        with words_for_faults():
            installation = opened()
            view = article_view(installation, guid)
            zone = ZoneInfo(view.publication.timezone)
            progress = progress_of(installation, started, follow)
            return page(
                request, user, "article.html", view=view, zone=zone, sections=list(Section), started=started,
                progress=progress,
            )  # fmt: skip

    @app.post("/article/{guid}/correct", dependencies=[may_start("correct_article"), Depends(same_site)])
    def correct(user: GetUserDep, guid: str, form: Annotated[Correction, Form()]) -> Response:
        with words_for_faults():
            conf = _changed(form, article_view(opened(), guid))
        return back_to(_path(guid), start("correct_article", user, {"guid": guid} | conf))

    @app.post("/article/{guid}/answer", dependencies=[may_answer, Depends(same_site)])
    def reply(user: GetUserDep, guid: str, form: Annotated[Reply, Form()]) -> Response:
        if form.answer not in review.OPTIONS:
            raise HTTPException(400, "There is no such answer.")
        fields = form.model_dump(mode="json", exclude={"run", "answer", "split_at"})
        answer(form.run, user, form.answer, fields | {"split_at": int(form.split_at or 0) or None})
        return back_to(_path(guid), f"/dags/review_article/runs/{form.run}")

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

    @app.post("/article/{guid}/embargo", dependencies=[may_start("change_embargo"), Depends(same_site)])
    def embargo(user: GetUserDep, guid: str, until: Short) -> Response:
        with words_for_faults():
            installation = opened()
            moment = changes.moment_of(installation, guid, until)
            changes.check_embargo(installation, guid, moment, datetime.now(UTC))
        return back_to(_path(guid), start("change_embargo", user, {"guid": guid, "until": moment.isoformat()}))


def _changed(form: Correction, view: ArticleView) -> dict[str, Any]:
    """What of the form is different from the article, and which parts were emptied."""
    article = view.row.item.article
    there = {
        "headline": article.headline, "kicker": article.kicker, "subhead": article.subhead, "byline": view.names,
        "body": view.body, "section": article.section.value,
    }  # fmt: skip
    fields = form.model_dump(exclude={"caption", "credit", "drop"})
    said = {name: value.replace("\r\n", "\n").strip() for name, value in fields.items()}
    conf = {name: value for name, value in said.items() if value and value != there.get(name)}
    sent = form.model_fields_set
    cleared = [n for n in ("kicker", "subhead", "byline") if n in sent and there[n] and not said[n]]
    return conf | ({"clear": ", ".join(cleared)} if cleared else {}) | _pictures(form, article)


def _pictures(form: Correction, article: Article) -> dict[str, str]:
    """Which captions and credits have changed, and which pictures to withdraw."""
    lines = []
    for n, (one, *typed) in enumerate(zip(article.media, form.caption, form.credit, strict=False), 1):
        caption, credit = (" ".join(text.split()) for text in typed)
        is_same = [caption, credit] == [" ".join(text.split()) for text in (one.caption, one.credit)]
        lines += [] if is_same or str(n) in form.drop else [f"{n}: {caption} | {credit}"]
    conf = {"captions": "\n".join(lines), "drop_pictures": ", ".join(form.drop)}
    return {name: value for name, value in conf.items() if value}


def _path(guid: str) -> str:
    return f"/article/{quote(guid)}"
