"""The outlets that take our articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.commands.arguments import IssueDate, PublicationName, day_of

app = typer.Typer(
    name="partner",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Set up the outlets that take our articles: one record each, in partners/.",
)


PartnerId = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id, as in partners/.")]


@app.command("add")
def partner_add(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Its id: lower case letters, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="The outlet's name.")],
    section: Annotated[
        list[str] | None, typer.Option(help="A section that it takes; more than once. Default: all.")
    ] = None,
    topic: Annotated[list[str] | None, typer.Option(help="A topic that it takes, such as medtop:04000000.")] = None,
    formats: Annotated[list[str] | None, typer.Option("--format", help="A format that it gets. Default: all.")] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Summaries in feeds instead of whole articles.")] = False,
    bucket: Annotated[str, typer.Option(help="Its own bucket. Default: the partners' bucket.")] = "",
    connection: Annotated[str, typer.Option(help="The Airflow connection of its own store.")] = "",
    hub: Annotated[str, typer.Option(help="The WebSub hub that its feeds name.")] = "",
    webhook: Annotated[list[str] | None, typer.Option(help="The Airflow connection of a webhook.")] = None,
    credentials: Annotated[
        bool, typer.Option("--credentials", help="Make keys that read its prefix only; nobody reads it without keys.")
    ] = False,
) -> None:
    """Write a new partner's record, with every field in it explained. An old record is never overwritten.

    [bold]Example[/bold]

      broadsheet partner add evening-site --name 晚报网 --section brief --format rss --summary
    """
    from broadsheet.cli import partner as command

    given: dict[str, dict[str, object]] = {
        "takes": {"sections": section, "topics": topic},
        "gets": {"formats": formats, "full_text": False if summary else None, "hub": hub, "webhooks": webhook},
        "destination": {"bucket": bucket, "connection": connection},
    }
    told = {table: {k: v for k, v in fields.items() if v not in (None, "", [])} for table, fields in given.items()}
    command.add(partner, name, told, credentials)


@app.command("list")
def partner_list() -> None:
    """Show all partners: what they take, in which form, where it goes."""
    from broadsheet.cli import partner as command

    command.list_partners()


@app.command("check")
def partner_check(
    partners: Annotated[list[str] | None, typer.Argument(metavar="[PARTNER]...", help="Default: all.")] = None,
) -> None:
    """Validate records, try each destination by a write, a read and a delete, and say what is to be done.

    Connections are looked for in the environment (AIRFLOW_CONN_...). Exits with 3 if something is to be done.
    """
    from broadsheet.cli import partner_check as command

    raise typer.Exit(0 if command.check(partners or []) else 3)


@app.command("preview")
def partner_preview(
    partner: PartnerId,
    path: Annotated[
        Path | None, typer.Argument(help="Pages to read, with nothing running. Default: the store.")
    ] = None,
    publication: PublicationName = "",
    day: IssueDate = None,
) -> None:
    """Show which articles and files a partner would get of an issue, and what it would not get and why.

    [bold]Examples[/bold]

      broadsheet partner preview brief-wire samples/yunzhou-daily/2026-01-15

      broadsheet partner preview brief-wire --date 2026-01-15
    """
    from broadsheet.cli import partner_preview as command

    command.preview(partner, path, publication, day_of(day))


@app.command("policy")
def partner_policy(partner: PartnerId) -> None:
    """Print the policy (AWS IAM's language) for credentials that read the partner's prefix and nothing else."""
    from broadsheet.cli import partner as command

    command.policy(partner)


@app.command("link")
def partner_link(
    partner: PartnerId,
    key: Annotated[str, typer.Argument(help="The file below its prefix: yunzhou-daily/feeds/all.rss")],
    hours: Annotated[int, typer.Option(help="How long the link is good, 168 at most.")] = 24,
) -> None:
    """Print a signed link to one file, for a reader without keys."""
    from broadsheet.cli import partner as command

    command.link(partner, key, hours)


WhatOfFiles = Annotated[
    str, typer.Option("--files", help="keep: they stay and hear of withdrawals; delete; abandon: out of our reach.")
]


@app.command("try")
def partner_try(
    partner: PartnerId,
    clear: Annotated[bool, typer.Option("--clear", help="Take the sandbox away.")] = False,
) -> None:
    """Make the next event happen in the partner's sandbox: new articles, a correction and a release, a withdrawal.

    [bold]Example[/bold]

      broadsheet partner try evening-site
    """
    from broadsheet.cli import partner as command

    command.try_out(partner, clear)


@app.command("remove")
def partner_remove(partner: PartnerId, files: WhatOfFiles) -> None:
    """Give a partner up: its record and keys go; you say what becomes of the files that it had.

    [bold]Example[/bold]

      broadsheet partner remove evening-site --files delete
    """
    from broadsheet.cli import partner as command

    command.remove(partner, _what_of_files(files))


@app.command("move")
def partner_move(partner: PartnerId, files: WhatOfFiles) -> None:
    """Take a partner's files to the destination that its record names now; you say what becomes of the old ones.

    Until then its files go where they went before.

    [bold]Example[/bold]

      broadsheet partner move evening-site --files delete
    """
    from broadsheet.cli import partner as command

    command.move(partner, _what_of_files(files))


def _what_of_files(files: str) -> str:
    if files not in ("keep", "delete", "abandon"):
        raise typer.BadParameter("--files: say keep, delete or abandon.")
    return files


@app.command("resend")
def partner_resend(partner: PartnerId) -> None:
    """Send the news again that did not reach the partner, given up or not. Exits with 3 if some still do not."""
    from broadsheet.cli import partner as command

    raise typer.Exit(0 if command.retry_messages(partner) else 3)
