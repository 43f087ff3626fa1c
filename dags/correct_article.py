"""### Correct a published article

Fill in what should change; empty fields stay as they are. Every partner that has the article gets a new version under
the same guid (`sig:correction`, with a note that says what changed). If the newspaper sends the page again, the
correction stays, unless the newspaper itself has changed the text since.

**中文**：更正已发布的稿件。只填要改的部分，留空则不变。已收到此稿的每家媒体都会收到新稿次，guid 不变。
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
        "guid": Param(
            "", type="string", minLength=12, title="Article 稿件", description="Its guid 稿件的 guid: urn:newsml:…"
        ),
        "headline": Param(None, type=EMPTY, title="Headline 标题", description="Empty: unchanged 留空则不变"),
        "kicker": Param(None, type=EMPTY, title="Kicker 引题", description="Empty: unchanged 留空则不变"),
        "subhead": Param(None, type=EMPTY, title="Subhead 副题", description="Empty: unchanged 留空则不变"),
        "byline": Param(
            None,
            type=EMPTY,
            format="multiline",
            title="Byline 署名",
            description="One person per line, role first 一行一人，身份在前. Empty: unchanged 留空则不变",
        ),
        "clear": Param(
            None, type=EMPTY, title="Remove 删去", description="kicker, subhead, byline, separated by commas 以逗号分隔"
        ),
        "section": Param(
            None,
            type=EMPTY,
            enum=SECTIONS,
            values_display={"null": "as it is"},
            title="Section 栏目",
            description="Empty: unchanged 留空则不变",
        ),
        "body": Param(
            None,
            type=EMPTY,
            format="multiline",
            title="Text 正文",
            description="The whole text: an empty line between paragraphs, '## ' before a crosshead. Empty: unchanged. "
            "全文：段落之间空一行，小标题前加“## ”；留空则不变",
        ),
        "captions": Param(
            None,
            type=EMPTY,
            format="multiline",
            title="Captions 图片说明",
            description="One picture per line: 1: caption | credit. Empty: unchanged. "
            "一行一幅，序号: 图片说明 | 署名；留空则不变",
        ),
        "drop_pictures": Param(
            None,
            type=EMPTY,
            title="Withdraw pictures 撤回图片",
            description="Their numbers, such as 1,3, or all; deleted at every partner. "
            "图片序号，如 1,3，或 all；从每家媒体处删除",
        ),
        "reason": Param(
            None, type=EMPTY, title="Reason 原因", description="For the record, never published 仅内部记录"
        ),
        "note": Param(None, type=EMPTY, title="Note 说明", description="Public remark for partners 致媒体的说明，公开"),
    },
)
def correct_article() -> None:
    @task(outlets=[ISSUES], doc_md="Stores the new version of the article; syndicate_issue delivers it.")
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
