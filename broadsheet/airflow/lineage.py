"""What came from what, for OpenLineage: the inbox, the stored issues, each partner's part of the bucket.

Each is one dataset for a newspaper, whose version is the issue's: a dataset for each issue would drown a catalogue.
Where OpenLineage's provider is not installed or has no transport, this does nothing. docs/operators.md lists them.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any

from broadsheet.installation import Installation
from broadsheet.steps.pending import Work
from delivery import keys
from delivery.issues import Manifest
from delivery.keys import VersionKey
from delivery.plan import Receipt
from delivery.store import Store


def stored(installation: Installation, version: VersionKey, manifest: Manifest) -> None:
    """An issue from the inbox was stored: its articles, and the bytes of everything that is kept of it."""
    if not _is_wanted():
        return
    paper = version.issue.publication
    size = sum(o.size for o in manifest.objects)
    _emit(
        _dataset(installation.store, keys.inbox(paper).rstrip("/"), [version.issue.date.isoformat()]),
        _dataset(installation.store, _issues(paper), [_name(version)], {"rowCount": len(manifest.items), "size": size}),
    )


def published(installation: Installation, work: Work, receipt: Receipt) -> None:
    """Stored issues went to a partner: the objects that were written."""
    if not _is_wanted():
        return
    partner = installation.partner(work.partner)
    names = [_name(VersionKey.parse(v)) for v in work.versions]
    root = installation.root(partner, work.publication).rstrip("/")
    _emit(
        _dataset(installation.store, _issues(work.publication), names),
        _dataset(installation.shelf_of(partner), root, names, {"fileCount": receipt.written}),
    )


@cache
def _is_wanted() -> bool:
    if find_spec("airflow.providers.openlineage") is None:
        return False
    from airflow.providers.openlineage import conf

    return not conf.is_disabled()


def _issues(publication: str) -> str:
    return keys.all_issues(publication).rstrip("/")


def _name(version: VersionKey) -> str:
    return f"{version.issue.date}/v{version.number}"


def _dataset(store: Store, name: str, versions: list[str], amounts: dict[str, int] | None = None) -> Any:
    """A dataset by OpenLineage's rules for S3; with ``amounts`` one that was written."""
    from openlineage.client.event_v2 import InputDataset, OutputDataset
    from openlineage.client.facet_v2 import dataset_version_dataset, output_statistics_output_dataset

    bucket = f"s3://{store.bucket}"
    facets: Any = {"version": dataset_version_dataset.DatasetVersionDatasetFacet(", ".join(versions))}
    if amounts is None:
        return InputDataset(bucket, name, facets=facets)
    written = output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
        amounts.get("rowCount"), amounts.get("size"), amounts.get("fileCount")
    )
    return OutputDataset(bucket, name, facets=facets, outputFacets={"outputStatistics": written})


def _emit(source: Any, target: Any) -> None:
    from airflow.providers.openlineage.api import emit_dataset_lineage

    emit_dataset_lineage(inputs=[source], outputs=[target])
