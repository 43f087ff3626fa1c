"""What every route of the desk shares: who may act, in which language a page speaks, how faults are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
from airflow.api_fastapi.core_api.security import requires_access_dag
from airflow.utils.types import DagRunTriggeredByType
from fastapi import Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from broadsheet.installation import Installation
from broadsheet.steps import review_form
from broadsheet.steps.reasons import reason_in
from broadsheet.texts import Words
from broadsheet.web.language import doubts, preferred, words_of
from broadsheet.web.views.progress import Followed
from transforms.errors import BadInput, BroadsheetError, NotFound
from transforms.model import Publication

HERE = Path(__file__).parent
ROOT = "/desk"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'self'; base-uri 'none'"
)
ACTIONS = (
    "correct_article", "withdraw_article", "resend_to_partner", "ingest_issue", "mend_page", "release_embargo",
    "review_article", "change_embargo",
)  # fmt: skip
UNITS = (("days_n", 86400), ("hours_n", 3600), ("minutes_n", 60), ("seconds_n", 1))
MOST = 200_000  # characters of a field of a form

templates = Jinja2Templates(HERE / "templates")
may_read = Depends(requires_access_dag("GET", param_dag_id="ingest_issue"))
Opener = Callable[[], Installation]
Starter = Callable[[str, Any, Mapping[str, Any]], str]  # starts a run of a DAG, for a user, with a form: ``start_run``
Text = Annotated[str, Form(max_length=MOST)]
Short = Annotated[str, Form(max_length=100)]


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


def start_run(dag: str, user: Any, conf: Mapping[str, Any]) -> str:
    """Start a run in the user's name: its path in Airflow. Raises 400 for what the DAG refuses."""
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
    return f"/dags/{dag}/runs/{run.run_id}"


Answerer = Callable[[str, Any, str, Mapping[str, Any]], None]  # the answer to a question's run: ``answer_run``
may_answer = Depends(requires_access_dag("PUT", DagAccessEntity.HITL_DETAIL, "review_article"))


def answer_run(run: str, user: Any, answer: str, fields: Mapping[str, Any]) -> None:
    """Answer the question of a run of ``review_article`` as Airflow's own form does. Raises 404, 403, 409."""
    from airflow.api_fastapi.core_api.datamodels.hitl import UpdateHITLDetailPayload
    from airflow.api_fastapi.core_api.routes.public.hitl import get_hitl_detail, update_hitl_detail
    from airflow.utils.session import create_session

    with create_session() as session:
        asked = get_hitl_detail("review_article", run, "ask_desk", session)
        chosen = [option for option in asked.options if review_form.code_of(option) == answer]
        payload = UpdateHITLDetailPayload(chosen_options=chosen or [answer], params_input=dict(fields))
        update_hitl_detail("review_article", run, "ask_desk", payload, user, session)


def follow_run(dag: str, run: str) -> Followed:
    """What Airflow knows of a run."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session

    with create_session() as session:
        found = DagRun.find(dag_id=dag, run_id=[run], session=session)
        return Followed(str(found[0].state), found[0].conf or {}) if found else Followed()


def back_to(path: str, started: str) -> Response:
    """Show a page of the desk again, with a link to the run that was started."""
    return RedirectResponse(f"{ROOT}{path}?started={quote(started, safe='')}", status_code=303)


def page(request: Request, user: Any, template: str, status: int = 200, **values: Any) -> Response:
    """A page in the user's language; which buttons it has follows from the user's rights."""
    asked = request.query_params.get("lang", "")
    words = words_of(preferred(asked, request.cookies.get("desk_lang", ""), request.headers.get("accept-language", "")))
    other = request.url.include_query_params(lang="en" if words.language == "zh" else "zh")
    context = {"t": words, "other": f"{ROOT}{_below(request)}?{other.query}", "may": _rights(user), "root": ROOT}
    response = templates.TemplateResponse(
        request,
        template,
        context | values | HELPERS | {"reason": partial(reason_in, language=words.language)},
        status_code=status,
    )
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


def _span(words: Words, span: timedelta) -> str:
    """A time span in its largest unit that counts at least two: 90 minutes, 3 hours."""
    seconds = int(span.total_seconds())
    unit, length = next((u for u in UNITS if seconds >= 2 * u[1]), UNITS[-1])
    return words(unit, seconds // length)


HELPERS = {"moment": _moment, "doubts": doubts, "span": _span}  # functions that templates call


def today_of(paper: Publication) -> date:
    """The date at the newspaper's place."""
    return datetime.now(ZoneInfo(paper.timezone)).date()


@contextmanager
def words_for_faults() -> Iterator[None]:
    """Turn our errors into the answer that a person reads."""
    try:
        yield
    except (BadInput, NotFound) as error:
        raise HTTPException(404, str(error)) from error
    except BroadsheetError as error:
        raise HTTPException(503, str(error)) from error


async def on_refusal(request: Request, error: Any) -> Response:
    """Redirect to the log-in if it is missing; otherwise show the error, Starlette's HTTPException."""
    wants_page = "text/html" in request.headers.get("accept", "")
    if error.status_code == 401 and wants_page and request.method == "GET":
        here = quote(f"{ROOT}{_below(request)}", safe="/")
        return RedirectResponse(f"/auth/login/?next={here}", status_code=303)
    words = words_of(preferred("", request.cookies.get("desk_lang", ""), request.headers.get("accept-language", "")))
    context = {
        "t": words,
        "root": ROOT,
        "status": error.status_code,
        "detail": reason_in(str(error.detail), words.language),
        "may": frozenset(),
    }
    answer = templates.TemplateResponse(request, "refused.html", context | {"other": ""}, status_code=error.status_code)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer
