"""Corrections, withdrawals and the like from a terminal: what the DAGs do, carried out at once."""

from __future__ import annotations

import getpass
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from broadsheet.cli.newsroom import opened, running
from broadsheet.cli.pages import from_folders, page_files
from broadsheet.cli.screen import called, show, step, tell
from broadsheet.cli.speech import reason, tr
from broadsheet.errors import NotRunning
from broadsheet.installation import Installation
from broadsheet.steps import audit as auditing
from broadsheet.steps import changes, ingest, proof, rearm, reprocess, rights
from broadsheet.steps.changes import By
from broadsheet.steps.notify import notify, quiet_versions
from broadsheet.steps.revision import find_issue
from broadsheet.steps.shared import Shared
from delivery.key_parts import date_in, parse_date
from delivery.keys import ARCHIVE, IssueKey
from delivery.ledger import partners_with
from delivery.notify import Allowance
from transforms.days import checked_day, today
from transforms.errors import BadInput, BroadsheetError

CACHED = 45.0  # seconds that caches may still show what was withdrawn: our web server's and one more


def correct(guid: str, fields: Mapping[str, str], reason: str, note: str = "") -> bool:
    """Correct an article and send it to every partner that has it; False if a partner could not be served."""
    if not any(fields.values()):
        raise BadInput("Say what to change: --headline, --kicker, --subhead, --section or --text FILE.")
    installation = opened()
    with step("Correcting") as say:
        changes.correct_article(installation, guid, fields, reason, _by("correct"), note)
        item = changes.item_of(installation, guid)
        say("version {}: {}", item.version, item.ed_note)
    return _send(installation) and _show(installation, guid)


def withdraw(guid: str, reason: str, message: str) -> bool:
    """Withdraw an article everywhere and verify that it is gone; False if its text can still be read somewhere."""
    installation = opened()
    began = datetime.now(UTC)
    with step("Withdrawing") as say:
        changes.withdraw_article(installation, guid, reason, message, _by("withdraw"))
        say("{}", changes.item_of(installation, guid).ed_note)
    sent = _send(installation)
    proofs = _proven(installation, guid, CACHED if sent else 0)
    for line in proof.telling_of(proofs, tr):
        show("  {}", line)
    show("  {} s until the last partner was verified", f"{(datetime.now(UTC) - began).total_seconds():.1f}")
    return sent and all(p.holds for p in proofs)


def _proven(installation: Installation, guid: str, patience: float) -> list[proof.Proof]:
    """The proof of a withdrawal, looked for again until it holds or ``patience`` (seconds) is over: caches run out."""
    deadline = time.monotonic() + patience
    while True:
        proofs = proof.prove_withdrawal(installation, guid)
        if all(p.holds for p in proofs) or time.monotonic() >= deadline:
            return proofs
        time.sleep(2)


def release(guid: str) -> bool:
    """End an article's embargo now."""
    installation = opened()
    with step("Releasing") as say:
        say("{}", changes.release_embargo(installation, guid, _by("release")))
    return _send(installation) and _show(installation, guid)


def embargo(guid: str, until: str) -> bool:
    """Change the time at which an embargo ends; a run in Airflow waits for it."""
    installation = opened()
    with step("Changing the embargo") as say:
        moment = changes.moment_of(installation, guid, until)
        version = changes.move_embargo(installation, guid, moment, _by("embargo"))
        say("until {}", moment.isoformat(timespec="minutes"))
    sent = _send(installation)
    try:
        with running() as (_, api):
            for run in rearm.of_embargoes(changes.embargoes(installation, version)):
                api.trigger(run.dag, run.run, run.conf)
    except NotRunning:
        show("Airflow picks up the new time within ten minutes.")
    return sent


def send_issue_again(partner: str, issue: str) -> bool:
    """Send an issue to one partner again; objects that are there and intact are not rewritten."""
    installation = opened()
    with step("Marking") as say:
        say("{}", changes.send_issue_again(installation, partner, IssueKey.parse(issue)))
    return _send(installation)


def audit(deep: bool) -> bool:
    """End expired rights, then compare ledger and buckets and repair them; False if something could not be repaired."""
    installation = opened()
    now = datetime.now(UTC)
    with step("Rights") as say:
        say("{}", ", ".join(rights.end_rights(installation, now)) or tr("none have expired"))
    with step("Ledger and buckets") as say:
        found = auditing.audit(installation, now.date(), deep)
        say("{} objects checked", sum(f.looked_at for f in found))
    for one in found:
        counts = (len(one.missing), len(one.damaged), len(one.repaired), len(one.extra))
        show("  {} {}: {} missing, {} damaged, {} repaired, {} extra", one.partner, one.publication, *counts)
        for key in one.lost:
            show("    could not be repaired: {}", key, style="red")
    return not any(one.lost for one in found)


def archive(path: Path, publication: str) -> None:
    """Upload a folder of issues (one folder a day) for a backfill; nothing starts by itself."""
    installation = opened()
    if not path.is_dir():
        raise BadInput(f"There is no folder {path}.")
    folders = [path] if date_in(path.name) else sorted(p for p in path.iterdir() if p.is_dir() and date_in(p.name))
    if not folders:
        raise BadInput(f"{path} has no issues: name each issue's folder by its day, such as 2026-01-15.")
    days = []
    with step("Archive") as say:
        for folder in folders:
            guessed, _ = from_folders(folder)
            name = installation.publication(publication or guessed).id
            here = today(datetime.now(UTC), installation.publication(name).timezone)
            days.append(checked_day(parse_date(folder.name), here, archive=True))
            ingest.put_in_inbox(installation.store, name, days[-1], page_files(folder), ARCHIVE)
            say("{} of {} issues, {}", len(days), len(folders), folder.name)
    show("They are published by a backfill. Start it on the desk, or with:")
    show("  {} backfill -p {} --from {} --to {}", called(), name, min(days), max(days))


def again(publication: str, first: date, last: date, publish: bool) -> bool:
    """Read issues again and show what would change; publish the changes only if asked to."""
    installation = opened()
    now = datetime.now(UTC).replace(microsecond=0)
    found = reprocess.issues_between(installation, publication, first, last)
    if not found:
        raise BadInput(f"No issue of {publication} was received between {first} and {last}.")
    changed = []
    for issue in found:
        with step("{}", issue) as say:
            differences = reprocess.compare(installation, issue, now)
            say("{} differences", len(differences))
        for one in differences:
            show("    {}", reason(str(one).removeprefix(f"{issue} ")))
        changed += [issue] if differences else []
    if not changed or not publish:
        if changed:
            show("Nothing was changed. To publish the differences, add --publish.")
        return True
    for issue in changed:
        with step("Storing {}", issue) as say:
            say("{}", reprocess.publish(installation, issue, now))
    return _send(installation)


def _by(act: str) -> By:
    """This person, now; every call is an act of its own."""
    now = datetime.now(UTC)
    return By(f"command/{act}/{now.isoformat()}", getpass.getuser(), now.replace(microsecond=0))


def _send(installation: Installation) -> bool:
    """Serve every partner that has something pending, as ``syndicate_issue`` does; False if one could not be served."""
    work = ingest.pending_work(installation)
    quiet = quiet_versions(installation, sorted({v for w in work for v in w.versions}))
    served, shared, now = True, Shared(installation), datetime.now(UTC)
    for one in work:
        try:
            with step("To {}", one.partner) as say:
                _, receipt = ingest.serve(installation, one, now, shared)
                told = notify(installation, one, datetime.now(UTC), Allowance.from_env(), quiet)
                failed = "".join(f"; {reason(failure)}" for failure in told.failed)
                say("{} objects written{}", receipt.written, failed)
        except BroadsheetError as error:
            show("    {}", error, style="red")
            served = False
    ingest.finish(installation, work)
    return served


def _show(installation: Installation, guid: str) -> bool:
    """Where the article is now."""
    issue = find_issue(installation, guid)
    rows = []
    for page in partners_with(installation.store, issue, guid):
        entry = next(e for e in page.entries if e.guid == guid)
        state = "version {}, delivered" if page.delivered else "version {}, not delivered yet"
        rows.append((page.partner, tr(state, entry.version)))
    if rows:
        tell(rows)
    return True
