"""The command line: what the commands are called, what they take, and how they explain themselves."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from transforms.errors import BadInput, BroadsheetError

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
    """Show what runs and where to look. Exits with 1 where not everything runs."""
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


PagesPath = Annotated[
    Path,
    typer.Argument(
        help="A page's file, or a folder of text, Markdown, PDF, scans, ALTO, PAGE-XML, hOCR, layout JSON, e-paper JSON"
        " or HTML, and pictures, in any mixture."
    ),
]
PublicationName = Annotated[
    str,
    typer.Option("--publication", "-p", help="The newspaper's id, as in publications/. Default: the folder's name."),
]
IssueDate = Annotated[
    datetime | None,
    typer.Option("--date", "-d", formats=["%Y-%m-%d"], help="The issue's day. Default: the folder's name."),
]


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None


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

    command.read(path, publication, _day(day), as_json, html)


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

    raise typer.Exit(0 if command.submit(path, publication, _day(day)) else 3)


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

    Exits with 3 where a file would not pass the check.

    [bold]Examples[/bold]

      broadsheet render samples/yunzhou-daily/2026-01-15 --out rendered

      broadsheet render page-01.txt --date 2026-02-01 --partner brief-wire --out rendered
    """
    from broadsheet.cli import render as command

    raise typer.Exit(0 if command.render(path, target, publication, _day(day), partner, base_url) else 3)


@app.command()
def check(
    path: Annotated[
        Path | None, typer.Argument(help="A file, or a folder as `render` writes it or a bucket holds it.")
    ] = None,
    partner: Annotated[str, typer.Option(help="Instead of a path: all that this partner finds in the bucket.")] = "",
) -> None:
    """Look at files as a partner's importer would: well-formed, valid, links alive, no sentence cut.

    NewsML is validated against the IPTC's schema where $BROADSHEET_SCHEMAS names it. Exits with 3 where a file would
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

    command.held(publication, _day(day))


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


publication_app = typer.Typer(
    name="publication",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Set up the newspapers whose pages we read: one file each, in publications/.",
)
app.add_typer(publication_app)
PublicationId = Annotated[str, typer.Argument(metavar="NEWSPAPER", help="Its id: lower case letters, digits, hyphens.")]


@publication_app.command("add")
def publication_add(
    publication: PublicationId,
    name: Annotated[str, typer.Option(help="The newspaper's name as readers know it.")],
    provider: Annotated[str, typer.Option(help="A domain name of the newspaper's: it owns the articles' guids.")],
    language: Annotated[str, typer.Option(help="zh-Hans, zh-Hant or another BCP 47 tag. Default: zh-Hans.")] = "",
    timezone: Annotated[str, typer.Option(help="Such as Asia/Taipei. Default: Asia/Shanghai.")] = "",
    publishes_at: Annotated[str, typer.Option(help="When a day's issue is out, HH:MM. Default: 06:00.")] = "",
    expected_by: Annotated[str, typer.Option(help="HH:MM after which an issue counts as late.")] = "",
) -> None:
    """Write a new newspaper's file, with every field in it explained. An old file is never overwritten.

    [bold]Example[/bold]

      broadsheet publication add linhe-evening --name 临河晚报 --provider linhe.example --expected-by 05:30
    """
    from broadsheet.cli import publication as command

    head = {"name": name, "provider": provider, "language": language, "timezone": timezone}
    given = {k: v for k, v in (head | {"publishes_at": publishes_at}).items() if v}
    style = {"style": {"extends": "zh-Hant"}} if language.startswith("zh-Hant") else {}
    command.add(publication, given | style | ({"watch": {"expected_by": expected_by}} if expected_by else {}))


@publication_app.command("list")
def publication_list() -> None:
    """Show all newspapers."""
    from broadsheet.cli import publication as command

    command.list_publications()


@publication_app.command("check")
def publication_check(
    publication: PublicationId,
    pages: Annotated[
        list[Path], typer.Argument(help="Some of its pages, three or more: files, or folders of an issue.")
    ],
) -> None:
    """Read some of its pages and show what its file lacks: signs, roles, jump marks, columns. Changes nothing.

    Exits with 3 if something is proposed or could not be read.

    [bold]Example[/bold]

      broadsheet publication check linhe-evening page-01.txt page-02.txt page-03.txt
    """
    from broadsheet.cli import publication as command

    raise typer.Exit(0 if command.check(publication, pages) else 3)


partner_app = typer.Typer(
    name="partner",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Set up the outlets that take our articles: one record each, in partners/.",
)
app.add_typer(partner_app)
PartnerId = Annotated[str, typer.Argument(metavar="PARTNER", help="The partner's id, as in partners/.")]


@partner_app.command("add")
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


@partner_app.command("list")
def partner_list() -> None:
    """Show all partners: what they take, in which form, where it goes."""
    from broadsheet.cli import partner as command

    command.list_partners()


@partner_app.command("check")
def partner_check(
    partners: Annotated[list[str] | None, typer.Argument(metavar="[PARTNER]...", help="Default: all.")] = None,
) -> None:
    """Validate records, try each destination by a write, a read and a delete, and say what is to be done.

    Connections are looked for in the environment (AIRFLOW_CONN_...). Exits with 3 where something is to be done.
    """
    from broadsheet.cli import partner as command

    raise typer.Exit(0 if command.check(partners or []) else 3)


@partner_app.command("preview")
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
    from broadsheet.cli import partner as command

    command.preview(partner, path, publication, _day(day))


@partner_app.command("policy")
def partner_policy(partner: PartnerId) -> None:
    """Print the policy (AWS IAM's language) for credentials that read the partner's prefix and nothing else."""
    from broadsheet.cli import partner as command

    command.policy(partner)


@partner_app.command("link")
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


@partner_app.command("try")
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


@partner_app.command("remove")
def partner_remove(partner: PartnerId, files: WhatOfFiles) -> None:
    """Give a partner up: its record and keys go; you say what becomes of the files that it had.

    [bold]Example[/bold]

      broadsheet partner remove evening-site --files delete
    """
    from broadsheet.cli import partner as command

    command.remove(partner, _what_of_files(files))


@partner_app.command("move")
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


@partner_app.command("resend")
def partner_resend(partner: PartnerId) -> None:
    """Send the news again that did not reach the partner, given up or not. Exits with 3 where some still do not."""
    from broadsheet.cli import partner as command

    raise typer.Exit(0 if command.resend(partner) else 3)


Guid = Annotated[str, typer.Argument(metavar="GUID", help="The article's name: urn:newsml:...")]
ActReason = Annotated[str, typer.Option("--reason", "-r", help="Why, for the record; it never leaves the house.")]


@app.command()
def correct(
    guid: Guid,
    headline: Annotated[str, typer.Option(help="The new headline.")] = "",
    kicker: Annotated[str, typer.Option(help="The new kicker.")] = "",
    subhead: Annotated[str, typer.Option(help="The new subhead.")] = "",
    section: Annotated[str, typer.Option(help="feature, brief, commentary, training_notice or other.")] = "",
    text: Annotated[
        Path | None,
        typer.Option(help="A file with the whole text: an empty line between paragraphs, '## ' a crosshead."),
    ] = None,
    reason: ActReason = "",
    note: Annotated[
        str, typer.Option(help="A remark for partners; it stands in the note that says what changed.")
    ] = "",
) -> None:
    """Correct an article that is out. What is not given stays; every partner that has it gets the next version.

    Works on the store at once, beside Airflow or without it. Exits with 3 where a partner could not be served.

    [bold]Example[/bold]

      broadsheet correct urn:newsml:yunzhou.example:20260115:0a1b2c3d4e5f --headline 新标题 --reason 核实
    """
    from broadsheet.cli import life as command

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
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, for the record.")],
    message: Annotated[
        str, typer.Option(help="What partners show in its place. Default: a sentence without a reason.")
    ] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Take an article back everywhere it ever went, and prove it by reading back. It cannot be undone.

    Exits with 3 where something still tells of it.
    """
    from broadsheet.cli import life as command

    if not yes:
        from broadsheet.cli.screen import plain

        typer.confirm(f"Take {plain(guid)} back everywhere?", abort=True)
    raise typer.Exit(0 if command.withdraw(guid, reason, message) else 3)


@app.command()
def release(guid: Guid) -> None:
    """End an article's embargo now, and send it out."""
    from broadsheet.cli import life as command

    raise typer.Exit(0 if command.release(guid) else 3)


@app.command()
def embargo(
    guid: Guid,
    until: Annotated[
        str, typer.Option("--until", help="The new time, such as '2026-01-15 18:00', in the newspaper's time.")
    ],
) -> None:
    """Have an article's embargo end at another time. Its sidebars wait as long.

    [bold]Example[/bold]

      broadsheet embargo urn:newsml:yunzhou.example:20260115:0a1b2c3d4e5f --until '2026-01-15 18:00'
    """
    from broadsheet.cli import life as command

    raise typer.Exit(0 if command.embargo(guid, until) else 3)


@app.command()
def resend(
    partner: Annotated[str, typer.Argument(metavar="PARTNER", help="Its id.")],
    issue: Annotated[str, typer.Argument(metavar="ISSUE", help="Such as yunzhou-daily/2026-01-15.")],
) -> None:
    """Send an issue to one partner again. What is there and whole is not rewritten."""
    from broadsheet.cli import life as command

    raise typer.Exit(0 if command.resend(partner, issue) else 3)


@app.command()
def audit(deep: Annotated[bool, typer.Option(help="Read every byte, not only sizes.")] = False) -> None:
    """Compare the ledger, the manifests and the partners' buckets; mend what is missing, report what is extra.

    Exits with 3 where something is wrong that could not be made again.
    """
    from broadsheet.cli import life as command

    raise typer.Exit(0 if command.audit(deep) else 3)


@app.command()
def archive(
    path: Annotated[Path, typer.Argument(help="A folder of issues, one folder a day: .../yunzhou-daily/2026-01-15/")],
    publication: PublicationName = "",
) -> None:
    """Upload old issues for a backfill. Nothing starts by itself: the command to start it is printed."""
    from broadsheet.cli import life as command

    command.archive(path, publication)


@app.command()
def backfill(
    publication: Annotated[str, typer.Option("--publication", "-p", help="The newspaper's id.")],
    first: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")],
    last: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")],
    notify: Annotated[bool, typer.Option("--notify", help="Notify partners' webhooks of these issues.")] = False,
) -> None:
    """Bring out what `archive` has uploaded: a backfill in Airflow over a range of days, two at a time.

    Days that are stored already are left alone, so it may be started again at any time.

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
    publish: Annotated[bool, typer.Option("--publish", help="Publish what is different, as corrections.")] = False,
) -> None:
    """Read issues again, as after a newer model, and show what would be different.

    Nothing changes without --publish.
    """
    from broadsheet.cli import life as command

    raise typer.Exit(0 if command.again(publication, first.date(), last.date(), publish) else 3)


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
