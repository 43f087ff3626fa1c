"""Our numbers over OpenTelemetry, read by a collector that speaks its protocol."""

import os
import subprocess
import sys

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from tests.support.receiver import receiving

pytestmark = pytest.mark.slow  # it takes seconds

TELL = """
from broadsheet.airflow import metrics
metrics.undelivered("brief-wire", 3)
metrics.open_incidents([])
"""


def metrics_in(body: bytes) -> dict:
    """The metrics of one export, by name."""
    scopes = (scope for r in ExportMetricsServiceRequest.FromString(body).resource_metrics for scope in r.scope_metrics)
    return {metric.name: metric for scope in scopes for metric in scope.metrics}


def test_numbers_reach_an_opentelemetry_collector_with_their_tags(tmp_path):
    with receiving() as collector:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "BROADSHEET", "OTEL"))} | {
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        }
        subprocess.run([sys.executable, "-c", TELL], env=env, check=True, capture_output=True, timeout=60)
    measured = {name: m for _, _, body in collector.got for name, m in metrics_in(body).items()}
    (undelivered,) = measured["airflow.broadsheet.undelivered"].sum.data_points
    assert undelivered.as_int == 3
    assert [(a.key, a.value.string_value) for a in undelivered.attributes] == [("partner", "brief-wire")]
    kinds = {
        a.value.string_value for p in measured["airflow.broadsheet.incidents"].gauge.data_points for a in p.attributes
    }
    assert kinds == {"missing", "review", "partner", "endpoint", "inbox", "record", "stuck", "connection"}
