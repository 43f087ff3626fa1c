"""
### Correct an article that is out

Give the article's guid (it stands in every feed) and what should read otherwise; an empty field stays as it is. All
partners that have the article get a new version with a note that says what changed (`sig:correction`);
`syndicate_issue` starts by itself. A run that is tried again makes the same correction, not a second one.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from airflow.sdk import Asset, Param, dag, get_current_context, task

from broadsheet import airflow_tasks, life
from transforms.model import Section

log = logging.getLogger(__name__)
ISSUES = Asset(name="broadsheet_issues", uri="broadsheet://issues")


def _words(title: str, description: str, **more: str) -> Param:
    return Param(None, type=["null", "string"], title=title, description_md=description, **more)


@dag(
    dag_id="correct_article",
    dag_display_name="Correct an article",
    schedule=None,
    doc_md=__doc__,
    tags=["broadsheet", "article"],
    default_args={"retries": 2, "retry_delay": timedelta(seconds=5)},
    params={
        "guid": Param("", type="string", minLength=1, title="Article", description_md="Its guid: `urn:newsml:...`"),
        "headline": _words("Headline", "Empty: unchanged"),
        "kicker": _words("Kicker", "The line above the headline. Empty: unchanged"),
        "subhead": _words("Subhead", "The line below the headline. Empty: unchanged"),
        "section": Param(
            None,
            type=["null", "string"],
            enum=[None, *(s.value for s in Section)],
            title="Section",
            description_md="Empty: unchanged",
        ),
        "body": _words(
            "Text",
            "The whole text; blank lines part paragraphs, `## ` begins a crosshead. Empty: unchanged",
            format="multiline",
        ),
        "reason": _words("Reason", "Partners read it in the correction's note", format="multiline"),
    },
)
def correct_article() -> None:
    @task(outlets=[ISSUES], doc_md="Makes a version of the issue with the correction; syndicate_issue sends it.")
    def correct() -> str:
        context = get_current_context()
        with airflow_tasks.desk() as desk:
            version = life.correct(desk, context["params"], airflow_tasks.asked(context))
        log.info("corrected in %s", version)
        return str(version)

    correct()


correct_article()
