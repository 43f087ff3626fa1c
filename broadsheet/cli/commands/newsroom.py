"""The newsroom on this machine: opened, closed, prepared, watched over."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def up() -> None:
    """Open a newsroom on this machine: an S3 server and Airflow; bring out the sample issue and say where to look.

    Everything listens on this machine only, on ports that are free, with keys made on the spot.
    All state lives in one folder, .broadsheet (or $BROADSHEET_HOME). A second `up` shows the addresses again.
    """
    from broadsheet.cli import up as command

    raise typer.Exit(0 if command.up() else 1)


@app.command()
def down() -> None:
    """Close the newsroom: stop all that `up` started. What was published is kept."""
    from broadsheet.cli import up as command

    command.down()


@app.command()
def status() -> None:
    """Show what runs and where to look. Exits with 1 if not everything runs."""
    from broadsheet.cli import up as command

    raise typer.Exit(0 if command.status() else 1)


@app.command()
def prepare(
    migrate: Annotated[bool, typer.Option("--migrate", help="Make or update Airflow's database first.")] = False,
    store_only: Annotated[bool, typer.Option("--store-only", help="Leave Airflow alone.")] = False,
) -> None:
    """Make what is missing: buckets, public partners' access, Airflow's pool and connection; name what only you can.

    Needed once, after an upgrade, and after a partner's access was changed; it may run at any time. `up` does it by
    itself. Run it where Airflow's parts run, with their environment.
    """
    from broadsheet.cli import prepare as command

    command.prepare(migrate, store_only)


@app.command()
def watchdog(
    every: Annotated[float, typer.Option(min=0, help="Seconds between two looks; 0: look once.")] = 60,
) -> None:
    """Look at Airflow from outside and alert people if its scheduler, triggerer or any other part is dead.

    Whom: Apprise addresses in $BROADSHEET_ALERTS, separated by spaces. Where: $BROADSHEET_AIRFLOW_URL, or the newsroom
    of this machine. An outage of two minutes is reported, again every six hours, and when it is over.

    [bold]Example[/bold]

      BROADSHEET_ALERTS="mailtos://user:password@mail.example?to=desk@paper.example" broadsheet watchdog
    """
    from broadsheet.cli import watchdog as command

    raise typer.Exit(0 if command.watchdog(every) else 1)
