"""``broadsheet render`` and ``check``: all files of all formats on disk, and files looked at as a partner would."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from broadsheet.cli.newsroom import opened
from broadsheet.cli.records import chosen_one
from broadsheet.cli.screen import show, writing
from broadsheet.cli.speech import doubt_line, finding_line, reason, tr
from broadsheet.cli.trial import trial
from broadsheet.settings import Settings
from delivery.records import load_partners, load_publications
from delivery.store import Store
from transforms.errors import BadInput
from transforms.gate import Finding, Severity, check_files, importer_findings, load_schemas
from transforms.model import File
from transforms.render.keys import INDEX, is_manifest


def render(path: Path, target: Path, publication_id: str, day: date | None, partner_id: str, base_url: str) -> bool:
    """Write the files that a partner would get of the issue at ``path``; False if a file fails the checks."""
    settings = Settings.from_env()
    publication = chosen_one(load_publications(settings.publications), publication_id, "--publication")
    partners = load_partners(settings.partners)
    partner = chosen_one(partners, partner_id, "--partner")
    made = trial(path, publication, partner, tuple(partners.values()), day, base_url, datetime.now(UTC))
    for refusal in made.refused:
        show("  refused {}: {}", refusal.name, reason(refusal.reason), style="yellow")
    for item in made.edition.items:
        if item.waits:
            why = tr("; ").join(map(doubt_line, item.waits.doubts)) or tr("its main story is waiting")
            show("  waiting for review: “{}”: {}", item.article.headline, why, style="yellow")
    for file in made.files:
        place = target / file.key
        with writing(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.content)
    if not made.files:
        show("{} does not take {}, so no file was written.", partner.name, publication.name, style="yellow")
        return True
    show("{} files in {}, as {} would get them.", len(made.files), target, partner.name)
    if (target / INDEX).is_file():
        show("Open {}.", target / INDEX)
    found = check_files(made.files, load_schemas(settings.schemas))
    return _report((*found, *importer_findings(made.files, partner.contracts)))


def check(path: Path) -> bool:
    """Check one file or all files below a folder as their readers would; False if one would be refused."""
    if not path.exists():
        raise BadInput(f"{path} does not exist.")
    root = path if path.is_dir() else path.parent
    places = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
    if not places:
        raise BadInput(f"{path} is empty.")
    known = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()} if path.is_dir() else set()
    files = [File(p.relative_to(root).as_posix(), p.read_bytes(), "", "") for p in places]
    show("{} files checked.", len(files))
    return _report(check_files(files, load_schemas(Settings.from_env().schemas), known))


def check_partner(partner_id: str) -> bool:
    """Check every object that a partner has in its bucket, and what its manifests list."""
    installation = opened()
    partner = installation.partner(partner_id)
    shelf, sound = installation.shelf_of(partner), True
    for publication in installation.publications.values():
        root = installation.root(partner, publication.id)
        known = {s.key[len(root) :] for s in shelf.list(root)}
        if not known:
            continue
        findings: list[Finding] = []
        for key in sorted(known):  # one at a time, so that memory does not grow with the bucket
            blob = shelf.get(root + key)
            if is_manifest(key):
                findings += _broken_promises(shelf, root, json.loads(blob.content)["objects"])
            else:
                files = [File(key, blob.content, blob.media_type, "")]
                findings += check_files(files, installation.schemas, known)
                findings += importer_findings(files, partner.contracts)
        show("{}: {} objects of {} checked.", publication.name, len(known), partner.name)
        sound &= _report(sorted(set(findings), key=lambda f: f.key))
    return sound


def _broken_promises(shelf: Store, root: str, objects: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Objects that a manifest lists and that are missing or different. A withdrawn article may differ."""
    for record in objects:
        stat = shelf.stat(root + record["key"])
        if stat is None:
            yield Finding(record["key"], Severity.ERROR, "a manifest lists it, but it is missing")
            continue
        content = shelf.get(root + record["key"]).content
        if hashlib.sha256(content).hexdigest() != record["sha256"] and b"stat:canceled" not in content:
            yield Finding(
                record["key"], Severity.WARNING, "it differs from what the manifest lists; run `audit` to repair it"
            )


def _report(findings: Sequence[Finding]) -> bool:
    for finding in findings:
        style = "red" if finding.severity is Severity.ERROR else "yellow"
        show("  {}", finding_line(finding), style=style)
    errors = sum(f.severity is Severity.ERROR for f in findings)
    if errors:
        show("{} would be refused.", errors)
    else:
        show("A partner's importer would accept all of them.")
    return not errors
