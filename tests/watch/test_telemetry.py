"""Our numbers over OpenTelemetry, read by a collector that speaks its protocol."""

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

TELL = """
from broadsheet import numbers
numbers.undelivered("brief-wire", 3)
numbers.open_incidents([])
"""


class _Collector(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        plain = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
        for resource in ExportMetricsServiceRequest.FromString(plain).resource_metrics:
            for scope in resource.scope_metrics:
                self.server.metrics.update({m.name: m for m in scope.metrics})  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def collector() -> Iterator[tuple[str, dict]]:
    """Its address and the metrics that came, by name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Collector)
    server.metrics = {}  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.metrics  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


def test_numbers_reach_an_opentelemetry_collector_with_their_tags(tmp_path):
    with collector() as (address, metrics):
        env = {k: v for k, v in os.environ.items() if not k.startswith(("AIRFLOW", "BROADSHEET", "OTEL"))} | {
            "AIRFLOW_HOME": str(tmp_path),
            "AIRFLOW__METRICS__OTEL_ON": "True",
            "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
        }
        subprocess.run([sys.executable, "-c", TELL], env=env, check=True, capture_output=True, timeout=60)
    (undelivered,) = metrics["airflow.broadsheet.undelivered"].sum.data_points
    assert undelivered.as_int == 3
    assert [(a.key, a.value.string_value) for a in undelivered.attributes] == [("partner", "brief-wire")]
    kinds = {
        a.value.string_value for p in metrics["airflow.broadsheet.incidents"].gauge.data_points for a in p.attributes
    }
    assert kinds == {"missing", "review", "partner", "endpoint"}
