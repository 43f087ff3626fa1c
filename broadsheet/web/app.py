"""The desk as an app, which Airflow mounts at ``/desk``."""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from broadsheet.installation import Installation, open_installation
from broadsheet.settings import Settings
from broadsheet.web.routes import article, days, editor, issue, partners, search, today
from broadsheet.web.serving import HERE, Answerer, Opener, Starter, answer_run, follow_run, on_refusal, start_run
from broadsheet.web.views.progress import Follower
from delivery.connections import from_airflows_database

OUTAGE = 3.0  # seconds that a page waits for a partner's store that is down


def installation_from_env() -> Installation:
    """The installation that the API server's environment names."""
    opened = open_installation(Settings.from_env(), from_airflows_database)
    return replace(opened, outage=OUTAGE)


def make_app(
    opened: Opener = installation_from_env,
    start: Starter = start_run,
    answer: Answerer = answer_run,
    follow: Follower = follow_run,
) -> FastAPI:
    """The app; ``opened`` gives the installation that it shows, ``start`` starts a run, ``answer`` answers one.

    ``follow`` says what became of one.
    """
    app = FastAPI(title="broadsheet desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    app.add_exception_handler(HTTPException, on_refusal)
    for routes in (days, partners, search):
        routes.add(app, opened)
    issue.add(app, opened, follow)
    editor.add(app, opened, start)
    today.add(app, opened, start, follow)
    article.add(app, opened, start, answer, follow)
    return app
