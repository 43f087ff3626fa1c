"""The command line: its commands in the order of the help, and what happens on errors."""

from __future__ import annotations

import os
import sys

import typer

from broadsheet.cli.commands import articles, back_issues, newsroom, pages, partners, publications
from broadsheet.cli.help import HELP_OPTIONS, in_language
from broadsheet.cli.speech import reason
from transforms.errors import BroadsheetError

app = typer.Typer(
    name="broadsheet",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": HELP_OPTIONS},
    help="""From newspaper pages to partners' feeds.

    Reads newspaper pages, restores the articles on them, and sends each article to the outlets that subscribe to it.

    [bold]Start here[/bold]

      [cyan]broadsheet read PAGE.txt[/cyan]: show the articles of a page; nothing needs to be running

      [cyan]broadsheet up[/cyan]: start a newsroom on this machine: store and Airflow

      [cyan]broadsheet submit FOLDER[/cyan]: publish an issue through that newsroom

    中文：设置环境变量 BROADSHEET_LANGUAGE=zh
    """,
)

for part in (newsroom, pages, articles, back_issues, publications, partners):
    app.add_typer(part.app)


def main() -> None:
    """Entry point of ``broadsheet``. An error that the user can fix is one plain message, without a traceback."""
    from broadsheet.cli.screen import complain

    try:
        in_language(app)()
    except BroadsheetError as error:
        complain(reason(str(error)))
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # `| head` has closed the pipe
        sys.exit(1)
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}" if error.filename else str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
