"""The task that waits for a person: Airflow's human-in-the-loop operator, with the questions of ``steps.review``.

While it waits it holds no worker, no triggerer and no slot of a pool.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param
from airflow.sdk.definitions.param import ParamsDict

from broadsheet.airflow import tasks
from broadsheet.steps import review, review_form
from broadsheet.steps.review import HOLD, OPTIONS, Reply
from broadsheet.steps.revision import newest_items
from delivery.keys import VersionKey
from transforms.lifecycle.decision import Answer, neighbours
from transforms.model import Article

NOBODY = timedelta(seconds=1)  # what is left to answer in when the deadline has passed already


class AskEditor(HITLOperator):
    """Asks an editor about the article that the run's parameter ``article`` names.

    ``params`` is the form of any article, which tells Airflow what fields there are. Airflow keeps a question as it was
    first put, even where its task is cleared, so that asking again takes a run of its own.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(subject="An article waits", options=list(OPTIONS), **kwargs)

    def execute(self, context: Any) -> Any:
        """Put the question, then wait; comes back in ``execute_complete``."""
        now = datetime.now(UTC)
        with tasks.installation() as installation:
            asked, item = review.ask(installation, context["params"]["article"], context["run_id"], now)
            issue = VersionKey.parse(asked.version).issue
            publication = installation.publication(issue.publication)
            near = neighbours(newest_items(installation, issue), item.guid)
            self.subject = review_form.subject(item, publication)
            self.body = review_form.body(asked, item, near, review.pages_of(installation, issue), publication)
        words = review_form.words_of(publication.language)
        self.params = ParamsDict(form(item.article, publication.language))
        self.options = review_form.options(words)
        unanswered = Answer.ACCEPT.value if publication.review.unanswered == "publish" else HOLD
        self.defaults = [one for one in self.options if review_form.code_of(one) == unanswered]
        self.response_timeout = max(asked.until - now, NOBODY)
        context["ti"].xcom_push(key="question", value=asked.key)
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> dict[str, Any]:
        """The answer, as ``reply_of`` reads it."""
        if "chosen_options" in event:  # the operator knows the answers' codes only
            event = event | {"chosen_options": [review_form.code_of(one) for one in event["chosen_options"]]}
        payload = super().execute_complete(context, event)
        return {
            "question": context["ti"].xcom_pull(task_ids=self.task_id, key="question"),
            "answer": payload["chosen_options"][0],
            "actor": (payload["responded_by_user"] or {}).get("name", ""),
            "at": payload["responded_at"].isoformat(),
            "fields": dict(payload["params_input"]),
        }


def reply_of(record: Mapping[str, Any]) -> Reply:
    """What ``AskEditor`` handed on, as ``broadsheet.steps.review`` takes it."""
    return Reply(record["answer"], record["actor"], datetime.fromisoformat(record["at"]), record["fields"])


def form(article: Article, language: str = "en") -> dict[str, Param]:
    """The form's fields in the newspaper's language, filled with what was read."""
    fields = review_form.fields(article, review_form.words_of(language))
    return {name: Param(schema.pop("default"), **schema) for name, schema in fields.items()}
