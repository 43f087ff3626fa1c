"""The gate: before anything is uploaded, each file is checked by its format."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from transforms.errors import InvalidOutput
from transforms.gate.model import Finding, Schemas, Severity
from transforms.model import File
from transforms.render.common import MAX_FEED_BYTES
from transforms.render.format import Format, Surroundings
from transforms.render.keys import guid_of_key, is_feed
from transforms.render.registry import format_of

# libxml2 readers refuse a text node of 10 MB, so what comes near it is refused here with a clear reason.
MAX_ITEM_BYTES = 10_000_000
NO_G2_SCHEMA = (
    "the IPTC NewsML-G2 schema is not on this machine, so no NewsML file was checked against it: "
    "`broadsheet schema` fetches it"
)


@dataclass(frozen=True, slots=True)
class _Links:
    """What a link may lead to: a file that is checked beside it, or one that already exists."""

    files: frozenset[str]
    known: Container[str]

    def __contains__(self, key: object) -> bool:
        return key in self.files or key in self.known


def check_files(files: Sequence[File], schemas: Schemas, known: Container[str] = ()) -> tuple[Finding, ...]:
    """Everything that is wrong with ``files``; empty if every reader would accept all of them.

    ``known``: keys that are in the store already, to which links may lead. It is never asked for a key among
    ``files``.
    """
    around = Surroundings(_Links(frozenset(f.key for f in files), known), schemas.g2)
    findings: list[Finding] = []
    unchecked = False
    for file in files:
        guid = guid_of_key(file.key)
        form = format_of(file)
        if form is None:
            findings.append(Finding(file.key, Severity.ERROR, "partners do not get this kind of file", guid))
            continue
        unchecked |= form.uses_g2 and schemas.g2 is None
        findings += [Finding(file.key, Severity.ERROR, r, guid) for r in _reasons(file, form, around)]
        findings += [Finding(file.key, Severity.WARNING, r, guid) for r in form.doubts(file)]
    if unchecked:
        findings.append(Finding("", Severity.WARNING, NO_G2_SCHEMA))
    return tuple(findings)


def _reasons(file: File, form: Format, around: Surroundings) -> Iterator[str]:
    limit = MAX_FEED_BYTES if is_feed(file.key) else MAX_ITEM_BYTES
    if len(file.content) >= limit:
        yield f"{len(file.content):,} bytes are more than the {limit:,} that readers take"
        return
    try:
        yield from form.check(file, around)
    except InvalidOutput as error:
        yield str(error)
