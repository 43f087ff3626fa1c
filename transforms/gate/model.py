"""What the gate takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lxml import etree


class Severity(StrEnum):
    """How serious a finding is."""

    ERROR = "error"  # the reader would refuse the file: it is quarantined
    WARNING = "warning"  # it is taken, but the operator should know


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one file. ``guid``: of the article, if the file belongs to one."""

    key: str
    severity: Severity
    reason: str
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Schemas:
    """The available schemas.

    Without IPTC's, the gate checks everything else and warns about what it could not check.
    """

    g2: etree.XMLSchema | None = None


def load_schemas(g2: Path | None) -> Schemas:
    """Compile the IPTC Power schema, which has xml.xsd next to it. ``g2``: None if it is not installed."""
    if g2 is None:
        return Schemas()
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return Schemas(etree.XMLSchema(etree.parse(g2, parser)))
