"""The newspapers whose pages are read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="publication",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Set up the newspapers whose pages are read: one file each, in publications/.",
)


PublicationId = Annotated[str, typer.Argument(metavar="NEWSPAPER", help="Its id: lower case letters, digits, hyphens.")]


@app.command("add")
def publication_add(
    publication: PublicationId,
    name: Annotated[str, typer.Option(help="The newspaper's name as readers know it.")],
    provider: Annotated[str, typer.Option(help="A domain name of the newspaper; it is part of every article's guid.")],
    language: Annotated[str, typer.Option(help="zh-Hans, zh-Hant or another BCP 47 tag. Default: zh-Hans.")] = "",
    timezone: Annotated[str, typer.Option(help="For example Asia/Taipei. Default: Asia/Shanghai.")] = "",
    publishes_at: Annotated[str, typer.Option(help="When the day's issue is published, HH:MM. Default: 06:00.")] = "",
    expected_by: Annotated[str, typer.Option(help="HH:MM after which a missing issue is an incident.")] = "",
) -> None:
    """Write a new newspaper's file, with every field explained. An existing file is never overwritten.

    [bold]Example[/bold]

      broadsheet publication add linhe-evening --name 临河晚报 --provider linhe.example --expected-by 05:30
    """
    from broadsheet.cli import publication as command

    head = {"name": name, "provider": provider, "language": language, "timezone": timezone}
    given = {k: v for k, v in (head | {"publishes_at": publishes_at}).items() if v}
    style = {"style": {"extends": "zh-Hant"}} if language.startswith("zh-Hant") else {}
    command.add(publication, given | style | ({"watch": {"expected_by": expected_by}} if expected_by else {}))


@app.command("list")
def publication_list() -> None:
    """List all newspapers."""
    from broadsheet.cli import publication as command

    command.list_publications()


@app.command("check")
def publication_check(
    publication: PublicationId,
    pages: Annotated[list[Path], typer.Argument(help="Three or more of its pages: files, or folders of an issue.")],
) -> None:
    """Read some of its pages and show what its file lacks: signs, roles, jump marks, columns. Changes nothing.

    Exits with 3 if something should be added, or if a page could not be read.

    [bold]Example[/bold]

      broadsheet publication check linhe-evening page-01.txt page-02.txt page-03.txt
    """
    from broadsheet.cli import publication as command

    raise typer.Exit(0 if command.check(publication, pages) else 3)
