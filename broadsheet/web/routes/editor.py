"""A page mended by hand. Each act is a form that is sent, so that no script is needed and the keyboard is enough."""

from __future__ import annotations

from typing import Annotated, Any
from zoneinfo import ZoneInfo

from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, Field

from broadsheet.installation import Installation
from broadsheet.steps import mending
from broadsheet.web.serving import MOST, Opener, Starter, back_to, may_start, page, same_site, words_for_faults
from broadsheet.web.views.editor import (
    MARKS,
    EditorView,
    Steps,
    done,
    editor_view,
    read_steps,
    step_of,
    written,
)
from delivery.key_parts import parse_date
from delivery.keys import IssueKey
from transforms.errors import BadInput

PATH = "/issue/{publication}/{day}/page/{number}"
may_mend = may_start("mend_page")


class Asked(BaseModel):
    """The form: the version that the page was opened from, the steps so far, and what is to be done next."""

    base: str = Field("", max_length=200)
    steps: str = Field("", max_length=MOST)
    act: str = Field("", max_length=40)
    before: int = -1
    line: list[int] = Field([], max_length=5000)


def add(app: FastAPI, opened: Opener, start: Starter) -> None:
    """Add the routes."""

    @app.get(PATH, dependencies=[may_mend], response_class=HTMLResponse)
    def editor(request: Request, user: GetUserDep, publication: str, day: str, number: int) -> Response:
        with words_for_faults():
            view = editor_view(opened(), IssueKey(publication, parse_date(day)), number)
            return _shown(request, user, view)

    @app.post(PATH, dependencies=[may_mend, Depends(same_site)], response_class=HTMLResponse)
    def act(
        request: Request, user: GetUserDep, publication: str, day: str, number: int, form: Annotated[Asked, Form()]
    ) -> Response:
        with words_for_faults():
            installation, key = opened(), IssueKey(publication, parse_date(day))
            steps = read_steps(form.steps)
            try:
                view = editor_view(installation, key, number, steps, form.line)
            except BadInput:  # the issue has changed so much that the steps no longer fit
                return _shown(request, user, editor_view(installation, key, number), fault="stale")
            if form.base != view.version:
                return _shown(request, user, editor_view(installation, key, number), fault="stale")
            if not form.act:
                return _shown(request, user, view)
            if form.act == "save":
                return _save(request, user, installation, view, start)
            return _acted(request, user, installation, view, form)


def _acted(request: Request, user: Any, installation: Installation, view: EditorView, form: Asked) -> Response:
    number = view.page.number
    if form.act == "undo":
        return _shown(request, user, editor_view(installation, view.key, number, Steps(view.steps.steps[:-1])))
    if not form.line and not form.act.startswith("merge:"):
        return _shown(request, user, view, fault="choose")
    try:
        step = step_of(form.act, form.line, form.before, view.draft)
        after = editor_view(installation, view.key, number, done(view.steps, step))
    except BadInput as error:
        return _shown(request, user, view, said=str(error))
    return _shown(request, user, after)


def _save(request: Request, user: Any, installation: Installation, view: EditorView, start: Starter) -> Response:
    key, number = view.key, view.page.number
    if not view.ready:
        return _shown(request, user, view, fault="not_ready")
    try:
        mending.check(mending.opened(installation, key, number, (view.page,)), view.draft)
    except BadInput as error:
        return _shown(request, user, view, said=str(error))
    draft = mending.to_text(view.draft)
    conf = {"publication": key.publication, "date": key.date.isoformat(), "page": number, "draft": draft}
    return back_to(f"/issue/{key}", start("mend_page", user, conf))


def _shown(request: Request, user: Any, view: EditorView, fault: str = "", said: str = "") -> Response:
    """The editor; ``fault`` is a key of our words, ``said`` a sentence, of what could not be done."""
    status = 422 if fault or said else 200
    return page(
        request, user, "editor.html", status=status, view=view, steps=written(view.steps), marks=MARKS, fault=fault,
        said=said, zone=ZoneInfo(view.publication.timezone),
    )  # fmt: skip
