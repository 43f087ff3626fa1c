"""
### One doubtful article before the desk

`ingest_issue` starts a run for each article of which the reading or the section is less sure than the newspaper's
thresholds (`[review]` in `publications/<id>.toml`). The others are out meanwhile.

1. **ask_desk** waits for a person (*Required actions*, in the list on the left and on this DAG's page), who sees the
   article and the page that it was read from, and answers:
   - `accept`: it goes out, with the section and headline of the form
   - `reject`: it does not; what partners have of an earlier version stays
   - `merge`: it is the beginning of the next article, or the end of the previous one
   - `split`: from a numbered paragraph on it is another article
   - `hold`: it stays withheld
2. **apply_decision** carries it out: `syndicate_issue` sends it on. Who decided, and when, goes into the item's
   history.

An answer that cannot be carried out is asked again with the reason. Without an answer in the newspaper's time the
article goes out as it was read, or stays withheld, as its file says; **then the run is red**: start this DAG by hand
with the article's guid to ask again, as you would to take back a rejection.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from airflow.sdk import Asset, Param, dag, task

from broadsheet import airflow_tasks, review
from broadsheet.review_task import AskDesk, form, reply_of
from transforms.model import Article

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


@dag(
    dag_id="review_article",
    dag_display_name="Review article",
    schedule=None,
    catchup=False,
    max_active_runs=1000,  # runs that wait cost nothing, and none may stand in another's way
    doc_md=__doc__,
    tags=["broadsheet", "desk"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
    params={"article": Param("", type="string", description="The guid of the article to ask about")},
)
def review_article() -> None:
    ask_desk = AskDesk(
        task_id="ask_desk",
        params=form(Article("", ())),
        retries=50,  # each is one more question
        retry_delay=timedelta(seconds=1),
        doc_md="Waits for a person's answer, at no cost. The question is under Required actions.",
    )

    @task(outlets=[ISSUES], doc_md="Carries the answer out; syndicate_issue takes it from there.")
    def apply_decision(record: dict[str, Any]) -> None:
        from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

        reply = reply_of(record)
        with airflow_tasks.desk() as desk:
            question = review.load(desk.store, record["question"])
            version = review.carry_out(desk, question, reply)
        if version:
            log.info("%s: %s by %s makes %s", question.guid, reply.answer, reply.actor or "nobody, in time", version)
        elif reply.actor:
            raise AirflowSkipException(f"{question.guid} stays withheld, says {reply.actor}")
        else:
            raise AirflowFailException(f"nobody answered in time, so {question.guid} stays withheld")

    apply_decision(ask_desk.output)


review_article()
