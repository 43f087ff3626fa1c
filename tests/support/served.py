"""The desk as a real browser meets it, without the rest of Airflow: its own log-in, rights and database, and our steps
at once instead of runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from broadsheet.installation import Installation
from broadsheet.steps import changes, mending, review
from broadsheet.steps.changes import By
from broadsheet.web.views.progress import Followed
from delivery.key_parts import parse_date
from delivery.keys import IssueKey
from tests.support.issue import make_installation, syndicate


@dataclass
class Served:
    """A desk that is being served; ``started`` are the runs that were asked for: DAG, user, form.

    ``state`` is what Airflow says of each of them. While it is "queued", what they do is kept in ``later``.
    """

    address: str = ""
    role: str = "admin"
    installation: Installation = field(default_factory=make_installation)
    started: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    state: str = "success"
    later: list[Callable[[], None]] = field(default_factory=list)

    def answer(self, run: str, user: Any, answer: str, fields: Mapping[str, Any]) -> None:
        """Do what a question's run does with its answer."""
        question = next(q for q in review.waiting(self.installation) if q.run == run)
        self.started.append(("review_article", user.get_name(), {"article": question.guid}))
        now = datetime.now(UTC).replace(microsecond=0)
        reply = review.Reply(answer, user.get_name(), now, fields)
        self._do(lambda: review.carry_out(self.installation, question, reply))

    def start(self, dag: str, user: Any, form: Mapping[str, Any]) -> str:
        """Do what a run of the DAG does."""
        self.started.append((dag, user.get_name(), form))
        run = f"run-{len(self.started)}"
        by = By(f"{dag}/{run}", user.get_name(), datetime.now(UTC).replace(microsecond=0))
        self._do(lambda: RUNS[dag](self.installation, form, by))
        return f"/dags/{dag}/runs/{run}"

    def _do(self, act: Callable[[], object]) -> None:
        def done() -> None:
            act()
            syndicate(self.installation, datetime.now(UTC))

        if self.state == "queued":
            self.later.append(done)
        else:
            done()

    def follow(self, dag: str, _: str) -> Followed:
        """What Airflow would know of the run that was started last of a DAG."""
        return Followed(self.state, next((form for name, _, form in reversed(self.started) if name == dag), {}))


PARTS = ("headline", "kicker", "subhead", "byline", "clear", "section", "body", "captions", "drop_pictures")


def _mend(installation: Installation, form: Mapping[str, Any], by: By) -> None:
    issue = IssueKey(form["publication"], parse_date(form["date"]))
    mending.mend_page(installation, issue, form["page"], mending.from_text(form["draft"]), by)


def _correct(installation: Installation, form: Mapping[str, Any], by: By) -> None:
    fields = {name: form.get(name, "") for name in PARTS}
    changes.correct_article(installation, form["guid"], fields, form.get("reason", ""), by, form.get("note", ""))


def _withdraw(installation: Installation, form: Mapping[str, Any], by: By) -> None:
    changes.withdraw_article(installation, form["guid"], form["reason"], form.get("message", ""), by)


def _release(installation: Installation, form: Mapping[str, Any], by: By) -> None:
    changes.release_embargo(installation, form["guid"], by)


def _change_embargo(installation: Installation, form: Mapping[str, Any], by: By) -> None:
    until = changes.moment_of(installation, form["guid"], form["until"])
    changes.move_embargo(installation, form["guid"], until, by)


def _resend(installation: Installation, form: Mapping[str, Any], by: By) -> None:
    changes.send_issue_again(installation, form["partner"], changes.find_issue(installation, form["guid"]))


RUNS = {
    "mend_page": _mend,
    "correct_article": _correct,
    "withdraw_article": _withdraw,
    "release_embargo": _release,
    "change_embargo": _change_embargo,
    "resend_to_partner": _resend,
}


@contextmanager
def serve(home: Path) -> Iterator[Served]:
    """Serve the desk to anybody as the user ``editor``; a test may change the role and put another store in place."""
    os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] = f"sqlite:///{home / 'airflow.db'}"
    os.environ["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"] = str(home / "passwords.json")
    os.environ.setdefault("AIRFLOW_HOME", str(home))
    import airflow.models
    import uvicorn
    from airflow import settings
    from airflow.api_fastapi.app import init_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from airflow.api_fastapi.core_api.security import get_user
    from airflow.models.base import Base
    from fastapi import FastAPI

    from broadsheet.web.app import make_app

    settings.configure_vars()
    settings.configure_orm()
    airflow.models.import_all_models()
    Base.metadata.create_all(settings.engine)
    init_auth_manager()
    desk = Served()
    app = make_app(lambda: desk.installation, desk.start, desk.answer, desk.follow)
    app.dependency_overrides[get_user] = lambda: SimpleAuthManagerUser(username="editor", role=desk.role)
    top = FastAPI()
    top.mount("/desk", app)
    server = uvicorn.Server(uvicorn.Config(top, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.05)
        port = server.servers[0].sockets[0].getsockname()[1]
        desk.address = f"http://127.0.0.1:{port}/desk"
        yield desk
    finally:
        server.should_exit = True
        thread.join()
        for name in ("SQL_ALCHEMY_CONN",):
            os.environ.pop(f"AIRFLOW__DATABASE__{name}", None)
        os.environ.pop("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", None)
