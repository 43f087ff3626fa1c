"""The newsroom on this machine: start, stop, prepare, watch."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def up() -> None:
    """Start a newsroom on this machine (an S3 server and Airflow), publish the sample issue and print the addresses.

    It listens on loopback only, on free ports, with newly generated keys.
    All state is in one folder, .broadsheet (or $BROADSHEET_HOME). A second `up` prints the addresses again.
    """
    from broadsheet.cli import up as command

    raise typer.Exit(0 if command.up() else 1)


@app.command()
def down() -> None:
    """Stop everything that `up` started. All data is kept."""
    from broadsheet.cli import up as command

    command.down()


@app.command()
def status() -> None:
    """Show what is running and the addresses. Exits with 1 if a part is not running."""
    from broadsheet.cli import up as command

    raise typer.Exit(0 if command.status() else 1)


@app.command()
def prepare(
    migrate: Annotated[bool, typer.Option("--migrate", help="Create or update Airflow's database first.")] = False,
    store_only: Annotated[bool, typer.Option("--store-only", help="Prepare the store only, not Airflow.")] = False,
) -> None:
    """Create what is missing: buckets, public partners' access, Airflow's pool and connection; list what only you can.

    Run it once, after an upgrade, and after changing a partner's access; it is safe at any time. `up` runs it by
    itself. Run it where Airflow's components run, with their environment.
    """
    from broadsheet.cli import prepare as command

    command.prepare(migrate, store_only)


@app.command()
def watchdog(
    every: Annotated[float, typer.Option(min=0, help="Seconds between two checks; 0: check once.")] = 60,
) -> None:
    """Check Airflow from outside and alert people if its scheduler, triggerer or another component is down.

    Recipients: Apprise addresses in $BROADSHEET_ALERTS, separated by spaces. Airflow: $BROADSHEET_AIRFLOW_URL, or the
    newsroom on this machine. An outage is reported after two minutes, then every six hours, and when it is over.

    [bold]Example[/bold]

      BROADSHEET_ALERTS="mailtos://user:password@mail.example?to=desk@paper.example" broadsheet watchdog
    """
    from broadsheet.cli import watchdog as command

    raise typer.Exit(0 if command.watchdog(every) else 1)
