"""The gate: before anything is uploaded, each file is checked as its reader would check it."""

from __future__ import annotations

from transforms.gate.checks import check_files
from transforms.gate.importers import importer_findings
from transforms.gate.model import Finding, Schemas, Severity, load_schemas

__all__ = ["Finding", "Schemas", "Severity", "check_files", "importer_findings", "load_schemas"]
