"""Pages and issues: read, submit, render, check; list what is held and what editors decided."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.commands.arguments import IssueDate, PagesPath, PublicationName, day_of
from broadsheet.cli.speech import tr

app = typer.Typer()


@app.command()
def read(
    path: PagesPath,
    publication: PublicationName = "",
    day: IssueDate = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything that was read as JSON.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write an HTML page that shows how the pieces were joined.")] = None,
) -> None:
    """Read a page or an issue and show its articles. Works without a running newsroom.

    [bold]Examples[/bold]

      broadsheet read samples/yunzhou-daily/2026-01-15

      broadsheet read page-01.txt --json > articles.json

      broadsheet read page-01.txt --html reading.html
    """
    from broadsheet.cli import read as command

    command.read(path, publication, day_of(day), as_json, html)


@app.command()
def submit(path: PagesPath, publication: PublicationName = "", day: IssueDate = None) -> None:
    """Put an issue into the inbox of the running newsroom and follow it to the partners' feeds.

    Pages that cannot be read are held in quarantine with the reason; the rest is published. Submitting the same pages
    again writes nothing; changed pages make a new version, which reaches partners as corrections.

    Exits with 0 if everything was published, with 3 if something is held, with 1 if nothing could be published.

    [bold]Examples[/bold]

      broadsheet submit samples/yunzhou-daily/2026-01-15

      broadsheet submit page-01.txt --publication yunzhou-daily --date 2026-02-01
    """
    from broadsheet.cli import submit as command

    raise typer.Exit(0 if command.submit(path, publication, day_of(day)) else 3)


@app.command()
def render(
    path: PagesPath,
    target: Annotated[Path, typer.Option("--out", "-o", help="The folder to write to; created if missing.")],
    publication: PublicationName = "",
    day: IssueDate = None,
    partner: Annotated[str, typer.Option(help="The partner's id, as in partners/.")] = "sample-outlet",
    base_url: Annotated[str, typer.Option(help="The address at which the files will be served.")] = (
        "https://news.example.org/yunzhou-daily"
    ),
) -> None:
    """Write all files that a partner would get of an issue. Works without a running newsroom.

    Exits with 3 if a file would fail the check.

    [bold]Examples[/bold]

      broadsheet render samples/yunzhou-daily/2026-01-15 --out rendered

      broadsheet render page-01.txt --date 2026-02-01 --partner brief-wire --out rendered
    """
    from broadsheet.cli import render as command

    raise typer.Exit(0 if command.render(path, target, publication, day_of(day), partner, base_url) else 3)


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A file, or a folder as written by `render` or copied from a bucket.")
    ] = None,
    partner: Annotated[
        str, typer.Option(help="Instead of a path: everything that this partner has in its bucket.")
    ] = "",
) -> None:
    """Check files as a partner's importer would: well-formed, valid, no broken links, no sentence cut off.

    NewsML is validated against the IPTC schema if $BROADSHEET_SCHEMAS names it. Exits with 3 if a file would be
    refused.
    """
    from broadsheet.cli import render as command

    if (path is None) == (not partner):
        raise typer.BadParameter(tr("Give a file or a folder, or a partner with --partner."))
    raise typer.Exit(0 if (command.check(path) if path else command.check_partner(partner)) else 3)


@app.command()
def schema(
    folder: Annotated[Path, typer.Argument(help="The folder to put it in; created if missing.", file_okay=False)],
) -> None:
    """Download the IPTC NewsML-G2 schema, with which NewsML files are checked before they are published.

    It is licensed CC BY 4.0 and not part of this product. A download is used only if its digest is the expected one.
    """
    from broadsheet import schema_store
    from broadsheet.cli.screen import show

    path = schema_store.fetch(folder)
    show("The schema is in {}. Set BROADSHEET_SCHEMAS={} for every part of Airflow.", path, path.resolve())


@app.command()
def held(
    publication: Annotated[str, typer.Option("--publication", "-p", help="The newspaper's id. Default: all.")] = "",
    day: Annotated[
        datetime | None, typer.Option("--date", "-d", formats=["%Y-%m-%d"], help="The issue's day. Default: all.")
    ] = None,
) -> None:
    """List what is held back and why: pages and articles in quarantine, and articles waiting for an editor.

    Needs the running newsroom, or $BROADSHEET_S3_ENDPOINT and its keys.

    [bold]Example[/bold]

      broadsheet held -p yunzhou-daily --date 2026-01-15
    """
    from broadsheet.cli import held as command

    command.held(publication, day_of(day))


@app.command()
def decisions(
    publication: Annotated[str, typer.Option("--publication", "-p", help="The newspaper's id. Default: all.")] = "",
) -> None:
    """Print the editors' decisions as labelled texts for training: one JSON object per line.

    Only articles accepted by a person are printed, with the accepted section and text and the section as read. Needs
    the running newsroom, or $BROADSHEET_S3_ENDPOINT and its keys.

    [bold]Example[/bold]

      broadsheet decisions > decisions.jsonl
    """
    from broadsheet.cli import decisions as command

    command.decisions(publication)
