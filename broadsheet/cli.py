"""The command line: what the commands are called, what they take, and how they explain themselves."""

from __future__ import annotations

import sys
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

      [cyan]broadsheet up[/cyan]                a whole newsroom on this machine: store, Airflow, a sample issue

      [cyan]broadsheet submit FOLDER[/cyan]     your own pages, all the way to the feeds
    """,
)


@app.command()
def up(
    sample: Annotated[bool, typer.Option(help="Bring out the sample issue once all runs.")] = True,
) -> None:
    """Open a newsroom on this machine: an S3 server and Airflow, ready to use.

    Everything listens on this machine only, on ports that are free, with keys made on the spot.
    All state lives in one folder, .broadsheet (or $BROADSHEET_HOME). A second `up` shows the addresses again.
    """
    from broadsheet.commands import up as command

    command.up(sample)


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


def main() -> None:
    """Entry point of ``broadsheet``: an error of ours is told in plain words, without a traceback."""
    from broadsheet.commands.screen import complain

    try:
        app()
    except BroadsheetError as error:
        complain(str(error))
        sys.exit(1)
