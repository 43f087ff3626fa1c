"""Our DAGs for an existing Airflow: a DAG bundle of the folder that comes with the package."""

from __future__ import annotations

from typing import Any

from airflow.dag_processing.bundles.local import LocalDagBundle

from transforms.shipped import shipped


class BroadsheetBundle(LocalDagBundle):
    """Named in ``[dag_processor] dag_bundle_config_list``, beside the bundles that are there."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(path=str(shipped("dags")), **kwargs)
