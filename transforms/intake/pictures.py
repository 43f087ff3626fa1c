"""``pictures.toml`` next to the pages: what each picture shows, who made it, and which story it belongs to."""

from __future__ import annotations

import re

from transforms.intake.adapter import Adapter, Contents, Head, SourceFile
from transforms.intake.encoding import decode
from transforms.model import Publication

LIMIT = 1 << 20
OPENS = re.compile(r"\A(?:[ \t]*(?:#[^\n]{0,500})?\n){0,200}[ \t]*\[\[picture\]\][ \t]*(?:#[^\n]{0,500})?\r?\n")


def _is_list(head: Head) -> bool:
    return OPENS.match(head.text) is not None


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    from transforms.intake.pictures_record import parse  # here, because pydantic takes a fifth of the start

    record = parse(decode(file.data).text)
    return Contents(notes=tuple(picture.note() for picture in record.picture))


ADAPTER = Adapter("pictures", "a list of pictures (TOML)", LIMIT, _is_list, _read)
