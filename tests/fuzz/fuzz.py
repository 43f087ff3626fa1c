"""Chance against intake, restoring, rendering and the gate: mutated files and texts, and what must hold of each.

An example is known by its target and number, so a find can be repeated:

    python -m tests.fuzz.fuzz --seconds 1800            # of processor time; prints each find and goes on
    python -m tests.fuzz.fuzz --target restore --number 4711

A find becomes a row of ``FOUND`` in test_fuzz.py.
"""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import count, pairwise
from pathlib import Path
from random import Random

from broadsheet.steps.reading import Reader
from tests.intake import hostile
from tests.reading.kinds import kinds
from tests.reading.test_account import issue_of
from tests.render.sample import BASE, OPENED, PARTNER, PUBLICATION, article, invented, item
from transforms.gate import Severity, check_files, load_schemas
from transforms.intake import SourceFile, read_source
from transforms.intake.pages import FAULT
from transforms.lifecycle.items import items_of
from transforms.model import Article, Edition, File, Issue, Review
from transforms.render import render_feeds, render_items
from transforms.repair import BULLET, IDEOGRAPHS

SAMPLE = Path(__file__).parents[2] / "samples" / "yunzhou-daily" / "2026-01-15"
DAY = date(2025, 3, 4)
LARGEST = 60_000  # bytes of a file that is mutated; larger ones only take longer
ODD = (
    "\0", "\x1b[2J", "\x85", "\u00ad", "\u200b", "\u202e", "\u2028", "\ufeff", "\ufffe", "\ud83d", "\U0001f600",
    "\ue000", "\u0301", "&", "<", ">", "]]>", "&#0;", "</p>", "<script>", "{{", '"', "'", "\\", "%s", "[/red]", "\t",
    "\r\n", "\f", "　", "“", "”", "（", "）", "记者", "本报讯", "下转第2版", "（上接第1版）", "責編", "㊣",
    "１３８００１３８０００",
)  # fmt: skip


class Find(AssertionError):
    """Something that must hold does not."""


@cache
def files() -> list[SourceFile]:
    """What files are mutated from: those of the hostile zoo, and the sample's pages."""
    zoo = [SourceFile(name.rpartition("/")[2], data) for name, data in hostile.files() if 0 < len(data) <= LARGEST]
    return zoo + [SourceFile(p.name, p.read_bytes()) for p in sorted(SAMPLE.glob("page-*.txt"))]


@cache
def texts() -> list[str]:
    pages = ["\n".join(lines) for kind in kinds() for lines in kind.pages]
    return pages + [p.read_text("utf-8") for p in sorted(SAMPLE.glob("page-*.txt"))]


@cache
def reader() -> Reader:
    return Reader.load()


def mutated_bytes(data: bytes, other: bytes, dice: Random) -> bytes:
    """Some bytes flipped, cut out, repeated, or put in from another file."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randint(0, len(out))
        end = min(len(out), at + int(dice.expovariate(1 / 40)) + 1)
        match dice.randrange(6):
            case 0 if at < len(out):
                out[at] ^= 1 << dice.randrange(8)
            case 1:
                del out[at:end]
            case 2:
                out[at:at] = out[at:end] * dice.choice([1, 2, 50])
            case 3:
                start = dice.randint(0, len(other))
                out[at:end] = other[start : start + dice.randint(0, 200)]
            case 4:
                out[at:at] = dice.choice(ODD).encode("utf-8", "surrogatepass")
            case _:
                out[at:end] = dice.choice([b"0", b"-1", b"9" * 30, b"1e309", b"NaN", b"null", b"[]", b"{}", b""])
    return bytes(out)


def mutated_text(text: str, other: str, dice: Random) -> str:
    """Pieces swapped, cut, repeated, or taken from another page, with odd characters between."""
    for _ in range(dice.randint(1, 10)):
        lines = text.split("\n")
        n = dice.randrange(len(lines))
        at = dice.randint(0, len(text))
        match dice.randrange(7):
            case 0:
                dice.shuffle(lines)
                text = "\n".join(lines)
            case 1:
                text = "\n".join(lines[:n] + lines[n + 1 :])
            case 2:
                text = "\n".join([*lines[:n], *[lines[n]] * dice.choice([2, 3, 20]), *lines[n:]])
            case 3:
                start = dice.randint(0, len(other))
                text = text[:at] + other[start : start + dice.randint(0, 400)] + text[at:]
            case 4:
                text = text[:at] + text[at + dice.randint(0, 200) :]
            case 5:
                text = text.replace("\n\n", "\n", dice.randint(1, 20))
            case _:
                text = text[:at] + dice.choice(ODD) * dice.choice([1, 1, 3, 200]) + text[at:]
    return text


def intake(dice: Random) -> None:
    """A file is read or refused with a reason, never by a fault of ours, and the same each time."""
    first, second = dice.choice(files()), dice.choice(files())
    file = replace(first, data=mutated_bytes(first.data, second.data, dice))
    pages, refused = read_source([file])
    if not pages and not refused:
        raise Find(f"nothing became of {file.name}")
    if faults := [r.reason for r in refused if FAULT in r.reason]:
        raise Find(f"{file.name}: {faults[0]}")


def _pages(dice: Random) -> Issue:
    chosen = [mutated_text(dice.choice(texts()), dice.choice(texts()), dice) for _ in range(dice.randint(1, 2))]
    files = [SourceFile(f"page-{n:02}.txt", t.encode("utf-8", "surrogatepass")) for n, t in enumerate(chosen, 1)]
    pages, refused = read_source(files)
    return replace(issue_of(), pages=tuple(pages), refused=tuple(refused))


def restore(dice: Random) -> None:
    """Every character of a page has one fate, and reading the page again gives the same."""
    issue = _pages(dice)
    reading = reader().enriched(reader().read(issue))
    for page in issue.pages:
        runs = sorted((span.start, span.end) for span, _ in reading.fates if span.page == page.number)
        if any(start < end for (_, end), (start, _) in pairwise(runs)):
            raise Find("a character has two fates")
    if reading.account()["total"] != sum(len(page.text) for page in issue.pages):
        raise Find("a character has no fate")
    sources = {page.number: page.text for page in issue.pages}
    for one in reading.articles:
        source = "".join(sources[s.page][s.start : s.end] for s in one.spans)
        known = {*source, *(IDEOGRAPHS.get(c, c) for c in source), BULLET}
        if invented := {c for p in one.body for c in p.text if not c.isspace()} - known:
            raise Find(f"{one.headline} holds {sorted(invented)}, which its runs of the page do not")
    if reader().enriched(reader().read(issue)) != reading:
        raise Find("read twice, it is not the same")


def _checked(edition: Edition) -> Sequence[File]:
    files = (*render_items(edition, PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, edition.items, BASE))
    found = [f for f in check_files(files, load_schemas(None)) if f.severity is Severity.ERROR]
    if found:
        raise Find(f"{found[0].key}: {found[0].reason}")
    return files


def render(dice: Random) -> None:
    """Whatever is read goes out in every format, past the gate, with the same bytes each time."""
    reading = reader().enriched(reader().read(_pages(dice)))
    items = items_of(reading.articles, replace(PUBLICATION, review=Review()), DAY, OPENED)
    edition = Edition(PUBLICATION, DAY, 1, OPENED, items)
    if items and _checked(edition) != _checked(edition):
        raise Find("rendered twice, it is not the same")


def write(dice: Random) -> None:
    """An article of any characters, as an editor's form could hold it, goes out in every format, past the gate."""

    def words(most: int) -> str:
        source = dice.choice(texts())
        at = dice.randint(0, len(source))
        mixed = [*source[at : at + dice.randint(0, most)], *dice.choices(ODD, k=dice.randint(0, 6))]
        dice.shuffle(mixed)
        return "".join(mixed)

    fields = {name: words(20) for name in ("kicker", "subhead", "dateline") if dice.random() < 0.5}
    story: Article = article(f"题{words(30)}", *(f"文{words(200)}" for _ in range(dice.randint(1, 4))), **fields)
    _checked(Edition(PUBLICATION, DAY, 1, OPENED, (item("z1", story),)))


@cache
def _rendered() -> tuple[File, ...]:
    edition = invented()
    return (*render_items(edition, PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, edition.items, BASE))


def gate(dice: Random) -> None:
    """The gate judges any bytes under any of our names, and does not fail itself."""
    one, other = dice.choice(_rendered()), dice.choice(_rendered())
    check_files([replace(one, content=mutated_bytes(one.content, other.content, dice))], load_schemas(None))


TARGETS: dict[str, Callable[[Random], None]] = {f.__name__: f for f in (intake, restore, render, write, gate)}


def example(target: str, number: int) -> None:
    """Run one example. Raises whatever is wrong."""
    TARGETS[target](Random(f"{target} {number}"))  # noqa: S311 - chance for tests


def is_find(target: str, number: int) -> bool:
    """Whether an example shows a fault, which is printed."""
    try:
        example(target, number)
    except Exception:
        print(f"--- {target} {number}\n{traceback.format_exc(limit=-4)}", flush=True)
        return True
    return False


def processor_time() -> float:
    """Seconds of this process and of those that it started and has seen end, as text recognition is."""
    return sum(os.times()[:4])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=1800.0, help="processor time, over all targets")
    options.add_argument("--target", choices=TARGETS, action="append", help="default: each in turn")
    options.add_argument("--number", type=int, help="run this example only, and let it raise")
    options.add_argument("--first", type=int, default=0, help="number to begin with")
    asked = options.parse_args()
    targets = asked.target or list(TARGETS)
    if asked.number is not None:
        for target in targets:
            example(target, asked.number)
        return 0
    spent = dict.fromkeys(targets, 0.0)
    ran, finds = dict.fromkeys(targets, 0), 0
    with suppress(KeyboardInterrupt):  # what was found until then counts
        for _ in count():
            target = min(spent, key=lambda t: spent[t])  # each gets as much time as the others
            begun = processor_time()
            finds += is_find(target, asked.first + ran[target])
            ran[target] += 1
            spent[target] += processor_time() - begun
            if sum(spent.values()) >= asked.seconds:
                break
    print(f"{finds} finds; " + ", ".join(f"{t}: {ran[t]:,} examples in {spent[t]:.0f} s" for t in targets))
    return min(finds, 1)


if __name__ == "__main__":
    sys.exit(main())
