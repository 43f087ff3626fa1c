"""The command line: what the commands are called, what they take, and how they explain themselves."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from transforms.errors import BroadsheetError

app = typer.Typer(
    name="broadsheet",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""From the printed page to partners' feeds.

    Reads the text that was extracted from newspaper pages, puts the articles together again,
    and sends each to the outlets that subscribe to it.

    [bold]Begin here[/bold]

      [cyan]broadsheet read PAGE.txt[/cyan]     the articles of a page, at once, with nothing running

      [cyan]broadsheet up[/cyan]                a whole newsroom on this machine: store and Airflow

      [cyan]broadsheet submit FOLDER[/cyan]     an issue through that newsroom, to the partners' feeds
    """,
)


@app.command()
def up() -> None:
    """Open a newsroom on this machine: an S3 server and Airflow; bring out the sample issue and say where to look.

    Everything listens on this machine only, on ports that are free, with keys made on the spot.
    All state lives in one folder, .broadsheet (or $BROADSHEET_HOME). A second `up` shows the addresses again.
    """
    from broadsheet.commands import up as command

    raise typer.Exit(0 if command.up() else 1)


@app.command()
def down() -> None:
    """Close the newsroom: stop all that `up` started. What was published is kept."""
    from broadsheet.commands import up as command

    command.down()


@app.command()
def status() -> None:
    """Show what runs and where to look. Exits with 1 where not everything runs."""
    from broadsheet.commands import up as command

    raise typer.Exit(0 if command.status() else 1)


PagesPath = Annotated[Path, typer.Argument(help="A page's file, or a folder of page-01.txt, page-02.txt ...")]
PublicationName = Annotated[
    str,
    typer.Option("--publication", "-p", help="The newspaper's id, as in publications/. Default: the folder's name."),
]
IssueDate = Annotated[
    datetime | None,
    typer.Option("--date", "-d", formats=["%Y-%m-%d"], help="The issue's day. Default: the folder's name."),
]


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


@app.command()
def read(
    path: PagesPath,
    publication: PublicationName = "",
    day: IssueDate = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all that was read as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page that shows how the pieces were joined.")] = None,
) -> None:
    """Read a page or an issue and show its articles. Needs nothing that runs.

    [bold]Examples[/bold]

      broadsheet read samples/yunzhou-daily/2026-01-15

      broadsheet read page-01.txt --json > articles.json

      broadsheet read page-01.txt --html reading.html
    """
    from broadsheet.commands import read as command

    command.read(path, publication, _day(day), as_json, html)


@app.command()
def submit(path: PagesPath, publication: PublicationName = "", day: IssueDate = None) -> None:
    """Put an issue into the inbox of the running newsroom and follow it to the partners' feeds.

    Pages that cannot be read are held in quarantine with the reason; the rest goes out. The same pages again write
    nothing; changed pages make a new version, which reaches partners as corrections.

    Exits with 0 when all is out, with 3 when something is held, with 1 when nothing could be published.

    [bold]Examples[/bold]

      broadsheet submit samples/yunzhou-daily/2026-01-15

      broadsheet submit page-01.txt --publication yunzhou-daily --date 2026-02-01
    """
    from broadsheet.commands import submit as command

    raise typer.Exit(0 if command.submit(path, publication, _day(day)) else 3)


@app.command()
def render(
    path: PagesPath,
    target: Annotated[Path, typer.Option("--out", "-o", help="The folder to write into; made if missing.")],
    publication: PublicationName = "",
    day: IssueDate = None,
    partner: Annotated[str, typer.Option(help="The partner's id, as in partners/.")] = "sample-outlet",
    base_url: Annotated[str, typer.Option(help="The address under which the files will be read.")] = (
        "https://news.example.org/yunzhou-daily"
    ),
) -> None:
    """Write all files that a partner would get of an issue. Needs nothing that runs.

    Exits with 3 where a file would not pass the check.

    [bold]Examples[/bold]

      broadsheet render samples/yunzhou-daily/2026-01-15 --out rendered

      broadsheet render page-01.txt --date 2026-02-01 --partner brief-wire --out rendered
    """
    from broadsheet.commands import render as command

    raise typer.Exit(0 if command.render(path, target, publication, _day(day), partner, base_url) else 3)


@app.command()
def check(
    path: Annotated[Path, typer.Argument(help="A file, or a folder as `render` writes it or a bucket holds it.")],
) -> None:
    """Look at files as a partner's importer would: well-formed, valid, links alive, no sentence cut.

    NewsML is validated against the IPTC's schema where $BROADSHEET_SCHEMAS names it. Exits with 3 where a file would
    be refused.
    """
    from broadsheet.commands import render as command

    raise typer.Exit(0 if command.check(path) else 3)


@app.command()
def decisions(
    publication: Annotated[str, typer.Option("--publication", "-p", help="The newspaper's id. Default: all.")] = "",
) -> None:
    """Print what the desk has decided, as labelled texts to learn from: one JSON object a line.

    Only what a person has accepted is printed, with the section and text as accepted and the section as read. Needs
    the running newsroom, or $BROADSHEET_S3_ENDPOINT and its keys.

    [bold]Example[/bold]

      broadsheet decisions > decisions.jsonl
    """
    from broadsheet.commands import decisions as command

    command.decisions(publication)


def main() -> None:
    """Entry point of ``broadsheet``: an error of ours is told in plain words, without a traceback."""
    from broadsheet.commands.screen import complain

    try:
        app()
    except BroadsheetError as error:
        complain(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
