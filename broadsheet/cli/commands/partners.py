"""The outlets that receive our articles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from broadsheet.cli.commands.arguments import IssueDate, PublicationName, day_of
from broadsheet.cli.speech import tr

app = typer.Typer(
    name="partner",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Set up the outlets that receive our articles: one file each, in partners/.",
)


PartnerId = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id, as in partners/.")]


@app.command("add")
def partner_add(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Its id: lower case letters, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="The outlet's name.")],
    section: Annotated[
        list[str] | None, typer.Option(help="A section that it takes; may be repeated. Default: all.")
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="A topic that it takes, such as medtop:04000000. Default: all.")
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="A format that it gets; may be repeated. Default: all common ones."),
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="Summaries in feeds instead of full text.")] = False,
    bucket: Annotated[str, typer.Option(help="Its own bucket. Default: the partners' bucket.")] = "",
    connection: Annotated[str, typer.Option(help="The Airflow connection of its own store.")] = "",
    hub: Annotated[str, typer.Option(help="The WebSub hub announced in its feeds.")] = "",
    webhook: Annotated[list[str] | None, typer.Option(help="The Airflow connection of a webhook.")] = None,
    credentials: Annotated[
        bool,
        typer.Option(
            "--credentials", help="Create keys that can read its prefix only; nobody can read it without keys."
        ),
    ] = False,
) -> None:
    """Write a new partner's file, with every field explained. An existing file is never overwritten.

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
    """List all partners: what they take, in which formats, and where it goes."""
    from broadsheet.cli import partner as command

    command.list_partners()


@app.command("check")
def partner_check(
    partners: Annotated[list[str] | None, typer.Argument(metavar="[PARTNER]...", help="Default: all.")] = None,
) -> None:
    """Validate partners' files, test each destination (write, read, delete), and say what needs fixing.

    Connections are looked up in the environment (AIRFLOW_CONN_...). Exits with 3 if something needs fixing.
    """
    from broadsheet.cli import partner_check as command

    raise typer.Exit(0 if command.check(partners or []) else 3)


@app.command("preview")
def partner_preview(
    partner: PartnerId,
    path: Annotated[
        Path | None, typer.Argument(help="Pages to read, without a running newsroom. Default: the store.")
    ] = None,
    publication: PublicationName = "",
    day: IssueDate = None,
) -> None:
    """Show which articles and files a partner would get of an issue, and why it would not get the others.

    [bold]Examples[/bold]

      broadsheet partner preview brief-wire samples/yunzhou-daily/2026-01-15

      broadsheet partner preview brief-wire --date 2026-01-15
    """
    from broadsheet.cli import partner_preview as command

    command.preview(partner, path, publication, day_of(day))


@app.command("policy")
def partner_policy(partner: PartnerId) -> None:
    """Print the AWS IAM policy for credentials that can read the partner's prefix only."""
    from broadsheet.cli import partner as command

    command.policy(partner)


@app.command("link")
def partner_link(
    partner: PartnerId,
    key: Annotated[str, typer.Argument(help="The file, relative to its prefix: yunzhou-daily/feeds/all.rss")],
    hours: Annotated[int, typer.Option(help="How many hours the link is valid, 168 at most.")] = 24,
) -> None:
    """Print a signed link to one file, for someone without keys."""
    from broadsheet.cli import partner as command

    command.link(partner, key, hours)


WhatOfFiles = Annotated[
    str,
    typer.Option("--files", help="keep: they stay and still get withdrawals; delete; abandon: we cannot reach them."),
]


@app.command("try")
def partner_try(
    partner: PartnerId,
    clear: Annotated[bool, typer.Option("--clear", help="Delete the sandbox.")] = False,
) -> None:
    """Run the next event in the partner's sandbox: new articles; a correction and a release; a withdrawal.

    [bold]Example[/bold]

      broadsheet partner try evening-site
    """
    from broadsheet.cli import partner as command

    command.try_out(partner, clear)


@app.command("remove")
def partner_remove(partner: PartnerId, files: WhatOfFiles) -> None:
    """Remove a partner: its file and keys are deleted; you say what happens to the articles that it has.

    [bold]Example[/bold]

      broadsheet partner remove evening-site --files delete
    """
    from broadsheet.cli import partner as command

    command.remove(partner, _what_of_files(files))


@app.command("move")
def partner_move(partner: PartnerId, files: WhatOfFiles) -> None:
    """Move a partner to the destination named in its file; you say what happens to the files at the old one.

    Until you run this, its articles go to the old destination.

    [bold]Example[/bold]

      broadsheet partner move evening-site --files delete
    """
    from broadsheet.cli import partner as command

    command.move(partner, _what_of_files(files))


def _what_of_files(files: str) -> str:
    if files not in ("keep", "delete", "abandon"):
        raise typer.BadParameter(tr("--files: keep, delete or abandon."))
    return files


@app.command("resend")
def partner_resend(partner: PartnerId) -> None:
    """Send all undelivered messages again, even after the last retry. Exits with 3 if any fails again."""
    from broadsheet.cli import partner as command

    raise typer.Exit(0 if command.retry_messages(partner) else 3)
