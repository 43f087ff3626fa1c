"""All input adapters. To add one, write a module with an ``ADAPTER`` and add it to this list."""

from __future__ import annotations

from transforms.errors import BadInput
from transforms.intake import (
    alto,
    epaper_html,
    epaper_json,
    hocr,
    layout_json,
    mets,
    page_xml,
    pdf_adapter,
    pictures,
    scans,
    text,
)
from transforms.intake.adapter import Adapter, Head
from transforms.intake.kinds import binary_kind

# The first that recognises a file reads it; what none recognises is read as text.
ADAPTERS: tuple[Adapter, ...] = (
    pdf_adapter.ADAPTER,
    scans.ADAPTER,
    alto.ADAPTER,
    mets.ADAPTER,
    page_xml.ADAPTER,
    hocr.ADAPTER,
    layout_json.ADAPTER,
    epaper_json.ADAPTER,
    epaper_html.ADAPTER,
    pictures.ADAPTER,
)


def adapter_for(head: Head) -> Adapter:
    """The adapter that reads a file. Raises BadInput, naming what the file is, if there is none."""
    special = next((a for a in ADAPTERS if a.sniff(head)), None)
    reason = "" if special else binary_kind(head)
    if reason:
        raise BadInput(reason)
    return special or text.ADAPTER
