"""What the gate is given and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from lxml import etree


class Severity(StrEnum):
    ERROR = "error"  # the reader would refuse the file: it is quarantined
    WARNING = "warning"  # it is taken, but the operator should know


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one file; ``guid`` names the article if the file is one's."""

    key: str
    severity: Severity
    reason: str
    guid: str = ""


@dataclass(frozen=True, slots=True)
class Schemas:
    """The available schemas. Without the IPTC's, the gate checks everything else and warns about what it could not."""

    g2: etree.XMLSchema | None = None


def load_schemas(g2: Path | None) -> Schemas:
    """Compile the IPTC Power schema; xml.xsd is next to it. None: it is not on this machine."""
    if g2 is None:
        return Schemas()
    parser = etree.XMLParser(no_network=True, resolve_entities=False)
    return Schemas(etree.XMLSchema(etree.parse(g2, parser)))
