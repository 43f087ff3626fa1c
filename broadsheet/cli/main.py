"""The command line: its commands in the order of their help, and how it ends when something goes wrong."""

from __future__ import annotations

import os
import sys

import typer

from broadsheet.cli.commands import articles, back_issues, newsroom, pages, partners, publications
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

for part in (newsroom, pages, articles, back_issues, publications, partners):
    app.add_typer(part.app)


def main() -> None:
    """Entry point of ``broadsheet``: what a user can mend is told in plain words, without a traceback."""
    from broadsheet.cli.screen import complain

    try:
        app()
    except BroadsheetError as error:
        complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing more can be said to `| head`
        sys.exit(1)
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
