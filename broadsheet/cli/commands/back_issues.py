"""Old issues: upload, backfill, read again."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.commands.arguments import PublicationName

app = typer.Typer()


@app.command()
def archive(
    path: Annotated[Path, typer.Argument(help="A folder with one folder per day: .../yunzhou-daily/2026-01-15/")],
    publication: PublicationName = "",
) -> None:
    """Upload old issues for a backfill. Nothing starts by itself; the command to start the backfill is printed."""
    from broadsheet.cli import published as command

    command.archive(path, publication)


@app.command()
def backfill(
    publication: Annotated[str, typer.Option("--publication", "-p", help="The newspaper's id.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    notify: Annotated[bool, typer.Option("--notify", help="Notify partners' webhooks of these issues.")] = False,
) -> None:
    """Publish issues uploaded with `archive`: a backfill in Airflow over a range of days, two days at a time.

    Days that are already stored are skipped, so it is safe to start it again.

    [bold]Example[/bold]

      broadsheet backfill -p yunzhou-daily --from 2020-01-01 --to 2020-12-31
    """
    from broadsheet.cli import backfill as command

    command.backfill(publication, first.date(), last.date(), notify)


@app.command()
def reprocess(
    publication: Annotated[str, typer.Option("--publication", "-p", help="The newspaper's id.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    publish: Annotated[bool, typer.Option("--publish", help="Publish the differences as corrections.")] = False,
) -> None:
    """Read issues again, for example with a newer model, and show what would change.

    Nothing is changed without --publish.
    """
    from broadsheet.cli import published as command

    raise typer.Exit(0 if command.again(publication, first.date(), last.date(), publish) else 3)
