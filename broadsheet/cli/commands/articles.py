"""Published articles: correct, withdraw, release, resend, audit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transforms.errors import BadInput

app = typer.Typer()


Guid = Annotated[str, typer.Argument(metavar="GUID", help="The article's guid: urn:newsml:...")]


ActReason = Annotated[str, typer.Option("--reason", "-r", help="The reason, for the record; never published.")]


@app.command()
def correct(
    guid: Guid,
    headline: Annotated[str, typer.Option(help="The new headline.")] = "",
    kicker: Annotated[str, typer.Option(help="The new kicker.")] = "",
    subhead: Annotated[str, typer.Option(help="The new subhead.")] = "",
    section: Annotated[str, typer.Option(help="feature, brief, commentary, training_notice or other.")] = "",
    text: Annotated[
        Path | None,
        typer.Option(help="A file with the whole text: an empty line between paragraphs, '## ' before a crosshead."),
    ] = None,
    reason: ActReason = "",
    note: Annotated[str, typer.Option(help="A remark for partners, added to the note that says what changed.")] = "",
) -> None:
    """Correct a published article. Fields that are not given stay; every partner that has it gets the new version.

    Works on the store directly, with Airflow running or not. Exits with 3 if a partner could not be served.

    [bold]Example[/bold]

      broadsheet correct urn:newsml:yunzhou.example:20260115:0a1b2c3d4e5f --headline 新标题 --reason 核实
    """
    from broadsheet.cli import published as command

    body = _text_of(text) if text else ""
    fields = {"headline": headline, "kicker": kicker, "subhead": subhead, "section": section, "body": body}
    raise typer.Exit(0 if command.correct(guid, fields, reason, note) else 3)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not text in UTF-8. Save it as UTF-8 and try again.") from error


@app.command()
def withdraw(
    guid: Guid,
    reason: Annotated[str, typer.Option("--reason", "-r", help="The reason, for the record; never published.")],
    message: Annotated[
        str, typer.Option(help="The notice that partners show instead. Default: a sentence without a reason.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Withdraw an article everywhere it was ever published, and verify that it is gone. This cannot be undone.

    Exits with 3 if the text can still be read somewhere.
    """
    from broadsheet.cli import published as command

    if not yes:
        from broadsheet.cli.screen import plain
        from broadsheet.cli.speech import tr

        typer.confirm(tr("Withdraw {} everywhere?", plain(guid)), abort=True)
    raise typer.Exit(0 if command.withdraw(guid, reason, message) else 3)


@app.command()
def release(guid: Guid) -> None:
    """End an article's embargo now and publish it."""
    from broadsheet.cli import published as command

    raise typer.Exit(0 if command.release(guid) else 3)


@app.command()
def embargo(
    guid: Guid,
    until: Annotated[
        str, typer.Option("--until", help="The new time, such as '2026-01-15 18:00', in the newspaper's time.")
    ],
) -> None:
    """Change the time at which an article's embargo ends. Its sidebars wait with it.

    [bold]Example[/bold]

      broadsheet embargo urn:newsml:yunzhou.example:20260115:0a1b2c3d4e5f --until '2026-01-15 18:00'
    """
    from broadsheet.cli import published as command

    raise typer.Exit(0 if command.embargo(guid, until) else 3)


@app.command()
def resend(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id.")],
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="For example yunzhou-daily/2026-01-15.")],
) -> None:
    """Send an issue to one partner again. Files that are there and intact are not rewritten."""
    from broadsheet.cli import published as command

    raise typer.Exit(0 if command.send_issue_again(partner, issue) else 3)


@app.command()
def audit(deep: Annotated[bool, typer.Option(help="Compare contents, not only sizes.")] = False) -> None:
    """Compare the ledger and manifests with the partners' buckets; restore what is missing, report what is extra.

    Exits with 3 if something could not be restored.
    """
    from broadsheet.cli import published as command

    raise typer.Exit(0 if command.audit(deep) else 3)
