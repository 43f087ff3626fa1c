"""Arguments and options that several commands take."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

PagesPath = Annotated[
    Path,
    typer.Argument(
        help="A page, or a folder of pages: text, Markdown, PDF, scans, ALTO, hOCR, e-paper JSON or HTML, and pictures,"
        " in any mixture."
    ),
]


PublicationName = Annotated[
    str,
    typer.Option(
        "--publication",
        "-p",
        help="The newspaper's id, as in publications/. Default: the name of the folder above the issue's.",
    ),
]


IssueDate = Annotated[
    datetime | None,
    typer.Option(
        "--date",
        "-d",
        formats=["%Y-%m-%d"],
        help="The issue's day. Default: the folder's name, or the date printed on the pages.",
    ),
]


def day_of(given: datetime | None) -> date | None:
    """The date that an option gives; None if it is not given."""
    return given.date() if given else None
