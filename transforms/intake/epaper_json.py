"""Our own format for e-papers: pages of articles that are already separate (``schemas/epaper.schema.json``)."""

from __future__ import annotations

import re

from transforms.intake.adapter import Adapter, Contents, Head, SourceFile
from transforms.intake.cut import sheet_of
from transforms.intake.encoding import decode
from transforms.intake.kinds import is_json
from transforms.model import Publication

LIMIT = 16 << 20
FORMAT = "broadsheet-epaper"
SAYS_SO = re.compile(rf'"format"\s{{0,20}}:\s{{0,20}}"{FORMAT}"')


def _is_epaper(head: Head) -> bool:
    return is_json(head) and SAYS_SO.search(head.text) is not None


def _read(file: SourceFile, publication: Publication | None) -> Contents:
    from transforms.intake.epaper_record import parse  # here, because pydantic takes a fifth of the start

    record = parse(decode(file.data).text)
    many = len(record.pages) > 1
    sheets = (
        sheet_of(f"{file.name}#{p.number}" if many else file.name, "epaper", p.number, (a.cut() for a in p.articles))
        for p in record.pages
    )
    return Contents(tuple(sheets))


ADAPTER = Adapter("epaper-json", "an e-paper file (JSON)", LIMIT, _is_epaper, _read)
