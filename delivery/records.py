"""Newspapers and partners: one TOML file each, checked against these models before anything uses it.

``python -m delivery.schemas`` makes JSON Schemas of the models in ``schemas/``, for editors that complete and check
TOML.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from delivery.partner_record import PartnerRecord
from delivery.publication_record import PublicationRecord
from transforms import shape
from transforms.errors import BadRecord
from transforms.model import Partner, Publication

R = TypeVar("R", Publication, Partner)


def load_publications(folder: Path) -> dict[str, Publication]:
    """All newspapers of an installation, by id. Raises BadRecord, naming file and field."""
    return _load(folder, lambda record: PublicationRecord.model_validate_json(record).value())


def load_partners(folder: Path) -> dict[str, Partner]:
    """All partners of an installation, by id.

    Raises BadRecord, naming file and field, or if two have the same place.
    """
    partners = _load(folder, lambda record: PartnerRecord.model_validate_json(record).value())
    places: dict[tuple[str, str, str], str] = {}
    for partner in partners.values():
        first = places.setdefault(_place_of(partner), partner.id)
        if first != partner.id:
            raise BadRecord(_shared(folder, partner, first))
    return partners


Faults = dict[str, str]


def sound_publications(folder: Path) -> tuple[dict[str, Publication], Faults]:
    """The newspapers whose files are valid, and why the others are not, by file name without ``.toml``."""
    return _load_sound(folder, load_publication)


def sound_partners(folder: Path) -> tuple[dict[str, Partner], Faults]:
    """The partners whose files are valid, and why the others are not.

    If two have the same place, the first is valid.
    """
    found, faults = _load_sound(folder, load_partner)
    places: dict[tuple[str, str, str], str] = {}
    for partner in list(found.values()):
        first = places.setdefault(_place_of(partner), partner.id)
        if first != partner.id:
            faults[partner.id] = _shared(folder, partner, first)
            del found[partner.id]
    return found, faults


def _place_of(partner: Partner) -> tuple[str, str, str]:
    return partner.connection, partner.bucket, partner.prefix or partner.id


def _shared(folder: Path, partner: Partner, first: str) -> str:
    return f"{folder / partner.id}.toml: destination: {first} has this bucket and prefix already"


def _load_sound(folder: Path, load: Callable[[Path], R]) -> tuple[dict[str, R], Faults]:
    found: dict[str, R] = {}
    faults: Faults = {}
    for path in _files(folder):
        try:
            found[path.stem] = load(path)
        except (BadRecord, OSError) as error:
            faults[path.stem] = str(error)
    return found, faults


def load_publication(path: Path) -> Publication:
    """One newspaper's file. Raises BadRecord, naming file and field."""
    return _one(path, lambda record: PublicationRecord.model_validate_json(record).value())


def load_partner(path: Path) -> Partner:
    """One partner's file. Raises BadRecord, naming file and field."""
    return _one(path, lambda record: PartnerRecord.model_validate_json(record).value())


def _load(folder: Path, build: Callable[[str], R]) -> dict[str, R]:
    records: dict[str, R] = {}
    for path in _files(folder):
        value = _one(path, build)
        records[value.id] = value
    return records


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise BadRecord(f"folder {folder} does not exist")
    return sorted(folder.glob("*.toml"))


def _one(path: Path, build: Callable[[str], R]) -> R:
    record = _read(path)
    try:
        value = build(record)
    except ValidationError as error:
        raise BadRecord(_explain(path, error)) from error
    if value.id != path.stem:
        raise BadRecord(f"{path}: id: “{value.id}” must be the file's name, “{path.stem}”")
    return value


def _read(path: Path) -> str:
    """The file as JSON, in which pydantic's strict mode knows arrays and enumerations as such."""
    try:
        return json.dumps(tomllib.loads(path.read_text("utf-8")), default=str)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRecord(f"{path}: not TOML in UTF-8: {error}") from error


def _explain(path: Path, error: ValidationError) -> str:
    return "\n".join(f"{path}: {field}: {fault}" for field, fault in shape.faults(error))
