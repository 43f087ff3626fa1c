"""Arguments and options that several commands take."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

PagesPath = Annotated[
    Path,
    typer.Argument(
        help="A page's file, or a folder of text, Markdown, PDF, scans, ALTO, hOCR, e-paper JSON or HTML, and pictures,"
        " in any mixture."
    ),
]


PublicationName = Annotated[
    str,
    typer.Option("--publication", "-p", help="The newspaper's id, as in publications/. Default: the folder's name."),
]


IssueDate = Annotated[
    datetime | None,
    typer.Option("--date", "-d", formats=["%Y-%m-%d"], help="The issue's day. Default: the folder's name."),
]


def day_of(given: datetime | None) -> date | None:
    return given.date() if given else None
