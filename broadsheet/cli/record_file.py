"""A newspaper's or partner's record as a new TOML file, in which every field is explained."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from broadsheet.cli.screen import writing
from broadsheet.cli.speech import translated
from delivery.publication_record import ColumnTable
from transforms.errors import BadRecord
from transforms.shape import faults

Given = Mapping[str, Any]


def record_text(record: type[BaseModel], given: Given) -> str:
    """A record as TOML. Fields that are not given are comments that show the default."""
    kind = record.__name__.removesuffix("Record").lower()
    tables = {name: f.default for name, f in record.model_fields.items() if isinstance(f.default, BaseModel)}
    head = {name: f for name, f in record.model_fields.items() if name not in tables and name not in LISTS}
    lines = [f"#:schema ../schemas/{kind}.schema.json", *_fields(head, given)]
    for name in record.model_fields:
        if name in tables:
            model = type(tables[name])
            lines += ["", f"# {translated((model.__doc__ or '').strip(), 'record')}", f"[{name}]"]
            lines += _fields(model.model_fields, given.get(name, {}))
        elif name in LISTS:
            lines += ["", *(f"# {line}" for line in _example(name))]
    return "\n".join(lines) + "\n"


# A list of tables has no default to show, so the file gets an example.
LISTS: dict[str, tuple[str, type[BaseModel], Given]] = {
    "sections": (
        "The newspaper's own sections, one table each, in addition to those that all newspapers share.",
        ColumnTable,
        {"id": "countryside", "name": "乡村", "base": "feature", "marks": ["乡村周刊"]},
    )
}


def _example(name: str) -> list[str]:
    said, model, given = LISTS[name]
    return [translated(said, "record"), f"[[{name}]]", *_fields(model.model_fields, given)]


def _fields(fields: Mapping[str, Any], given: Given) -> list[str]:
    lines = []
    for name, field in fields.items():
        mark = "" if name in given else "# "
        lines.append(
            f"{mark}{name} = {_toml(given.get(name, field.default))}  # {translated(field.description, 'record')}"
        )
    return lines


def _toml(value: Any) -> str:
    # JSON's strings, numbers, booleans and arrays are TOML's too, except that TOML wants DEL escaped.
    text = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return text.replace("\x7f", "\\u007f")


def write_record(path: Path, record: type[BaseModel], given: Given) -> None:
    """Write a new record. Raises BadRecord, naming the field, and writes nothing if a value is not valid."""
    text = record_text(record, given)
    try:
        record.model_validate_json(json.dumps(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise BadRecord(f"{path.name} was not written: a value cannot be written as TOML: {error}") from error
    except ValidationError as error:
        said = "; ".join(f"{field}: {fault}" for field, fault in faults(error))
        raise BadRecord(f"{path.name} was not written: {said}") from error
    path.parent.mkdir(parents=True, exist_ok=True)
    with writing(path), path.open("x", encoding="utf-8") as file:
        file.write(text)
