"""JSON Schemas of our own records, made from the models. ``python -m delivery.schemas`` writes them again.

``schemas/publication`` and ``partner`` describe the TOML files, for editors; ``epaper`` and ``layout`` pages as
newspapers send them; ``schemas/store/`` what is in the store.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel, TypeAdapter

from delivery.issues import Manifest, Received
from delivery.ledger import LedgerPage
from delivery.partner_record import PartnerRecord
from delivery.publication_record import PublicationRecord
from delivery.quarantine import Held
from transforms.intake.epaper_record import Epaper
from transforms.intake.layout_record import LayoutFile
from transforms.model import Item, Reading
from transforms.shipped import shipped

FOLDER = shipped("schemas")
# By the file in the store that it describes.
STORED: dict[str, Any] = {
    "articles": tuple[Item, ...],
    "held": Held,
    "ledger": LedgerPage,
    "manifest": Manifest,
    "reading": Reading,
    "received": Received,
}


def schemas() -> dict[str, str]:
    """Every schema, by its path below ``schemas/``."""
    records: dict[str, type[BaseModel]] = {
        "publication": PublicationRecord,
        "partner": PartnerRecord,
        "epaper": Epaper,
        "layout": LayoutFile,
    }
    found = {f"{name}.schema.json": kind.model_json_schema() for name, kind in records.items()}
    for name, kind in STORED.items():
        found[f"store/{name}.schema.json"] = TypeAdapter(kind).json_schema(mode="serialization")
    return {path: json.dumps(schema, ensure_ascii=False, indent=1) + "\n" for path, schema in found.items()}


def main() -> None:
    """Write all of them."""
    for path, text in schemas().items():
        place = FOLDER / path
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
