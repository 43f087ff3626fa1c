"""Pages and issues: read, submitted, rendered, checked; what is held of them and what was decided."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.commands.arguments import IssueDate, PagesPath, PublicationName, day_of

app = typer.Typer()


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
    from broadsheet.cli import read as command

    command.read(path, publication, day_of(day), as_json, html)


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
    from broadsheet.cli import submit as command

    raise typer.Exit(0 if command.submit(path, publication, day_of(day)) else 3)


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

    Exits with 3 if a file would not pass the check.

    [bold]Examples[/bold]

      broadsheet render samples/yunzhou-daily/2026-01-15 --out rendered

      broadsheet render page-01.txt --date 2026-02-01 --partner brief-wire --out rendered
    """
    from broadsheet.cli import render as command

    raise typer.Exit(0 if command.render(path, target, publication, day_of(day), partner, base_url) else 3)


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A file, or a folder as `render` writes it or a bucket holds it.")
    ] = None,
    partner: Annotated[str, typer.Option(help="Instead of a path: all that this partner finds in the bucket.")] = "",
) -> None:
    """Look at files as a partner's importer would: well-formed, valid, links alive, no sentence cut.

    NewsML is validated against the IPTC's schema where $BROADSHEET_SCHEMAS names it. Exits with 3 if a file would
    be refused.
    """
    from broadsheet.cli import render as command

    if (path is None) == (not partner):
        raise typer.BadParameter("Name a file or a folder, or a partner by --partner.")
    raise typer.Exit(0 if (command.check(path) if path else command.check_partner(partner)) else 3)


@app.command()
def schema(
    folder: Annotated[Path, typer.Argument(help="Where to put it; made if it does not exist.", file_okay=False)],
) -> None:
    """Fetch the IPTC's NewsML-G2 schema, against which NewsML is checked before it goes out.

    It is CC BY 4.0 and not part of this product. What is fetched is used only if it has the digest that we know.
    """
    from broadsheet import schema_store
    from broadsheet.cli.screen import out

    path = schema_store.fetch(folder)
    out.print(f"The schema is in {path}. Set it for every part: BROADSHEET_SCHEMAS={path.resolve()}", soft_wrap=True)


@app.command()
def held(
    publication: Annotated[str, typer.Option("--publication", "-p", help="The newspaper's id. Default: all.")] = "",
    day: Annotated[
        datetime | None, typer.Option("--date", "-d", formats=["%Y-%m-%d"], help="The issue's day. Default: all.")
    ] = None,
) -> None:
    """List what does not go out and why: pages and articles in quarantine, and articles that wait for an editor.

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
    """Print what the desk has decided, as labelled texts to learn from: one JSON object a line.

    Only what a person has accepted is printed, with the section and text as accepted and the section as read. Needs
    the running newsroom, or $BROADSHEET_S3_ENDPOINT and its keys.

    [bold]Example[/bold]

      broadsheet decisions > decisions.jsonl
    """
    from broadsheet.cli import decisions as command

    command.decisions(publication)
