"""
### Correct an article that is out

Fill in what is to be different; what stays empty stays as it is. Every partner that has the article gets the next
version of it (`sig:correction`, with a note of what changed), under the same guid. When the newspaper sends the page
again, the correction stays, except where the paper itself has printed something else by then.
"""

from __future__ import annotations

import logging

from airflow.sdk import Param, dag, get_current_context, task

from broadsheet.airflow import tasks
from broadsheet.airflow.tasks import ISSUES, on_red_run
from broadsheet.steps import changes
from transforms.model import Section

log = logging.getLogger(__name__)
EMPTY = ["null", "string"]  # Airflow's form wants a value for a plain string
PARTS = ("headline", "kicker", "subhead", "byline", "clear", "section", "body", "captions", "drop_pictures")
SECTIONS = [None, *(section.value for section in Section)]


@dag(
    dag_id="correct_article",
    dag_display_name="Correct article",
    schedule=None,
    catchup=False,
    max_active_runs=16,
    doc_md=__doc__,
    on_failure_callback=on_red_run,
    tags=["broadsheet", "life"],
    default_args=tasks.defaults(retries=3),
    params={
        "guid": Param("", type="string", minLength=12, title="Article", description="Its guid: urn:newsml:…"),
        "headline": Param(None, type=EMPTY, title="Headline", description="Empty: as it is"),
        "kicker": Param(None, type=EMPTY, title="Kicker", description="Empty: as it is"),
        "subhead": Param(None, type=EMPTY, title="Subhead", description="Empty: as it is"),
        "byline": Param(
            None,
            type=EMPTY,
            format="multiline",
            title="Byline",
            description="A person a line, role first. Empty: as it is",
        ),
        "clear": Param(
            None, type=EMPTY, title="Take out", description="Of kicker, subhead, byline, with commas between"
        ),
        "section": Param(
            None,
            type=EMPTY,
            enum=SECTIONS,
            values_display={"null": "as it is"},
            title="Section",
            description="Empty: as it is",
        ),
        "body": Param(
            None,
            type=EMPTY,
            format="multiline",
            title="Text",
            description="The whole text, an empty line between paragraphs, '## ' before a crosshead. Empty: as it is",
        ),
        "captions": Param(
            None,
            type=EMPTY,
            format="multiline",
            title="Captions of pictures",
            description="A picture a line: its number, caption and credit, as 1: caption | credit. Empty: as they are",
        ),
        "drop_pictures": Param(
            None,
            type=EMPTY,
            title="Pictures to take back",
            description="Their numbers, such as 1,3, or all. They are deleted at every partner. Empty: none",
        ),
        "reason": Param(None, type=EMPTY, title="Reason", description="For the record; it never leaves the house"),
        "note": Param(None, type=EMPTY, title="Note", description="A remark for partners, beside what changed"),
    },
)
def correct_article() -> None:
    @task(outlets=[ISSUES], doc_md="Makes the next version of the article; syndicate_issue sends it.")
    def correct() -> str:
        context = get_current_context()
        form = context["params"]
        tasks.label(article=form["guid"])
        with tasks.installation() as installation:
            fields = {name: form[name] or "" for name in PARTS}
            reason, note = form["reason"] or "", form["note"] or ""
            version = changes.correct_article(installation, form["guid"], fields, reason, tasks.by(context), note)
            item = changes.item_of(installation, form["guid"])
        log.info("%s: %s version %d, %s", version, item.guid, item.version, item.ed_note)
        return str(version)

    correct()


correct_article()
