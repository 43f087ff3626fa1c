"""Loads the product before Airflow forks its tasks, so that no task has to (``$PYTHONPATH`` leads Airflow here).

A task of ours takes about 2 s of processor time, more than half of it for imports, and one that reads takes half a
second more for its models. Only the processes that tasks are forked from need them: the scheduler with its local
executor, and Celery's workers. What is loaded here is in memory once, however many tasks run.
"""

import os
import sys

__all__: list[str] = []  # Airflow takes everything else here for settings of its own

if {"scheduler", "worker"} & set(sys.argv[1:3]):
    # The more threads a task's process has (obstore's one a core), the oftener its worker misses the process's end and
    # looks again only a heartbeat later: 18 times of 60 with two threads, 4 with one.
    os.environ.setdefault("TOKIO_WORKER_THREADS", "1")

    import airflow.providers.standard.operators.hitl
    import airflow.providers.standard.operators.trigger_dagrun  # noqa: F401
    import botocore.httpsession  # noqa: F401
    import obstore.store  # noqa: F401
    from airflow.sdk import Asset, Param, dag, get_current_context, task, task_group  # noqa: F401

    import broadsheet.airflow.inbox_trigger
    import broadsheet.airflow.lineage
    import broadsheet.airflow.metrics
    import broadsheet.airflow.prepare
    import broadsheet.airflow.review_task
    import broadsheet.steps.audit
    import broadsheet.steps.incidents
    import broadsheet.steps.ingest
    import broadsheet.steps.inspection
    import broadsheet.steps.notify
    import broadsheet.steps.rearm
    import broadsheet.steps.rights  # noqa: F401
    from broadsheet.airflow.warm_up import warm_up
    from broadsheet.settings import Settings

    Asset(name="warm", uri="broadsheet://warm")  # has the providers' handlers of addresses loaded
    warm_up(Settings.from_env())
