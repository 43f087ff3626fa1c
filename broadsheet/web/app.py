"""The desk's routes. Each one needs a user of Airflow's who may read our DAGs; acting needs the right to start them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_dag
from airflow.utils.types import DagRunTriggeredByType
from fastapi import Depends, FastAPI, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.templating import Jinja2Templates

from broadsheet.installation import Installation, open_installation
from broadsheet.settings import Settings
from broadsheet.steps import backfill
from broadsheet.web import views
from broadsheet.web.words import preferred, words_of
from delivery.connections import from_environment
from delivery.keys import IssueKey, parse_date
from transforms.errors import BadInput, BroadsheetError, NotFound
from transforms.model import Section

HERE = Path(__file__).parent
ROOT = "/desk"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'self'; base-uri 'none'"
)
ACTIONS = ("correct_article", "withdraw_article", "resend_to_partner", "ingest_issue")
MOST = 200_000  # characters of a field of a form

templates = Jinja2Templates(HERE / "templates")
may_read = Depends(requires_access_dag("GET", param_dag_id="ingest_issue"))
Opener = Callable[[], Installation]


def may_start(dag: str) -> Any:
    """A dependency: the user may start runs of a DAG."""
    return Depends(requires_access_dag("POST", DagAccessEntity.RUN, dag))


def same_site(request: Request) -> None:
    """Refuse a form that another site sends in the user's name. Raises 403."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    host = urlsplit(origin).netloc if origin else request.headers.get("host")
    if site not in (None, "same-origin") or host != request.headers.get("host"):
        raise HTTPException(403, "This form was not sent from the desk.")


def installation_from_env() -> Installation:
    """The installation that the API server's environment names."""
    return open_installation(Settings.from_env(), from_environment)


def make_app(opened: Opener = installation_from_env) -> FastAPI:
    """The app that Airflow mounts at ``/desk``."""
    app = FastAPI(title="broadsheet desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_exception_handler(StarletteHTTPException, _on_refusal)
    _pages(app, opened)
    _actions(app)
    _backfills(app, opened)
    return app


def _pages(app: FastAPI, opened: Opener) -> None:
    @app.get("/", dependencies=[may_read], response_class=HTMLResponse)
    @app.get("/days", dependencies=[may_read], response_class=HTMLResponse)
    def days(request: Request, user: GetUserDep, publication: str = "", month: str = "", started: str = "") -> Response:
        with _words_for_faults():
            installation = opened()
            papers = list(installation.publications.values())
            paper = installation.publication(publication) if publication else papers[0]
            newest = views.latest_month(installation, paper)
            first = parse_date(f"{month}-01") if month else newest or _today(paper)
            month_shown = views.month_of(installation, paper, first)
            return _page(
                request, user, "days.html", paper=paper, papers=papers, month=month_shown,
                today=_today(paper), newest=newest, incidents=views.open_incidents(installation), started=started,
            )  # fmt: skip

    @app.get("/issue/{publication}/{day}", dependencies=[may_read], response_class=HTMLResponse)
    def issue(request: Request, user: GetUserDep, publication: str, day: str) -> Response:
        with _words_for_faults():
            view = views.issue_view(opened(), IssueKey(publication, parse_date(day)))
            return _page(request, user, "issue.html", view=view, zone=ZoneInfo(view.publication.timezone))

    @app.get("/article/{guid}", dependencies=[may_read], response_class=HTMLResponse)
    def article(request: Request, user: GetUserDep, guid: str, started: str = "") -> Response:
        with _words_for_faults():
            view = views.article_view(opened(), guid)
            zone = ZoneInfo(view.publication.timezone)
            return _page(request, user, "article.html", view=view, zone=zone, sections=list(Section), started=started)

    @app.get("/partners", dependencies=[may_read], response_class=HTMLResponse)
    def partners(request: Request, user: GetUserDep) -> Response:
        with _words_for_faults():
            return _page(request, user, "partners.html", partners=views.partner_views(opened()), zone=ZoneInfo("UTC"))


Text = Annotated[str, Form(max_length=MOST)]
Short = Annotated[str, Form(max_length=100)]


def _actions(app: FastAPI) -> None:
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
        return _start("correct_article", user, guid, {"guid": guid, "reason": reason} | form)

    @app.post("/article/{guid}/withdraw", dependencies=[may_start("withdraw_article"), Depends(same_site)])
    def withdraw(
        user: GetUserDep, guid: str, reason: Annotated[str, Form(min_length=2, max_length=MOST)], message: Text = ""
    ) -> Response:
        return _start("withdraw_article", user, guid, {"guid": guid, "reason": reason, "message": message})

    @app.post("/article/{guid}/resend", dependencies=[may_start("resend_to_partner"), Depends(same_site)])
    def resend(user: GetUserDep, guid: str, partner: Annotated[str, Form(max_length=100)]) -> Response:
        return _start("resend_to_partner", user, guid, {"guid": guid, "partner": partner})


def _backfills(app: FastAPI, opened: Opener) -> None:
    @app.post("/backfill", dependencies=[may_start("ingest_issue"), Depends(same_site)])
    def start(publication: Short, first: Short, last: Short, notify: Annotated[bool, Form()] = False) -> Response:
        with _words_for_faults():
            days = backfill.days_waiting(opened(), publication, parse_date(first), parse_date(last))
            if not days:
                raise BadInput(f"nothing of {publication} waits between {first} and {last}")
            backfill.start(publication, days[0], days[-1], notify, os.environ)
        started = quote("/dags/ingest_issue/backfills", safe="")
        return RedirectResponse(f"{ROOT}/days?publication={publication}&started={started}", status_code=303)


def _start(dag: str, user: Any, guid: str, conf: Mapping[str, str]) -> Response:
    """Start a run in the user's name and show the article with a link to it. Raises 400 for what the DAG refuses."""
    from airflow.api.common.trigger_dag import trigger_dag

    try:
        run = trigger_dag(
            dag,
            triggered_by=DagRunTriggeredByType.UI,
            triggering_user_name=user.get_name(),
            conf={name: value for name, value in conf.items() if value},
        )
    except ValueError as error:  # Airflow's for a parameter that the form of the DAG would not take
        raise HTTPException(400, str(error)) from error
    if run is None:
        raise HTTPException(503, f"Airflow could not start {dag}.")
    started = quote(f"/dags/{dag}/runs/{run.run_id}", safe="")
    return RedirectResponse(f"{ROOT}/article/{quote(guid)}?started={started}", status_code=303)


def _page(request: Request, user: Any, template: str, **values: Any) -> Response:
    """A page in the user's language; which buttons it has follows from the user's rights."""
    asked = request.query_params.get("lang", "")
    words = words_of(preferred(asked, request.cookies.get("desk_lang", ""), request.headers.get("accept-language", "")))
    other = request.url.include_query_params(lang="en" if words.language == "zh" else "zh")
    context = {"t": words, "other": f"{ROOT}{_below(request)}?{other.query}", "may": _rights(user), "root": ROOT}
    response = templates.TemplateResponse(request, template, context | values | {"moment": _moment})
    response.headers.update(
        {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-store", "Referrer-Policy": "same-origin"}
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    if asked:
        response.set_cookie("desk_lang", words.language, max_age=31_536_000, samesite="lax", path=ROOT)
    return response


def _below(request: Request) -> str:
    path = request.url.path
    return path[len(ROOT) :] if path.startswith(ROOT) else path


def _rights(user: Any) -> frozenset[str]:
    manager = get_auth_manager()
    return frozenset(
        dag
        for dag in ACTIONS
        if manager.is_authorized_dag(
            method="POST", access_entity=DagAccessEntity.RUN, details=DagDetails(id=dag), user=user
        )
    )


def _moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else ""


def _today(paper: Any) -> date:
    return datetime.now(ZoneInfo(paper.timezone)).date()


@contextmanager
def _words_for_faults() -> Any:
    try:
        yield
    except (BadInput, NotFound) as error:
        raise HTTPException(404, str(error)) from error
    except BroadsheetError as error:
        raise HTTPException(503, str(error)) from error


async def _on_refusal(request: Request, error: Any) -> Response:
    """A person without log-in goes to Airflow's; all else is told in words. ``error`` is Starlette's HTTPException."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if error.status_code == 401 and wants_page and request.method == "GET":
        here = quote(f"{ROOT}{_below(request)}", safe="/")
        return RedirectResponse(f"/auth/login/?next={here}", status_code=303)
    words = words_of(preferred("", request.cookies.get("desk_lang", ""), request.headers.get("accept-language", "")))
    context = {"t": words, "root": ROOT, "status": error.status_code, "detail": str(error.detail), "may": frozenset()}
    answer = templates.TemplateResponse(request, "refused.html", context | {"other": ""}, status_code=error.status_code)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
