"""How the command line speaks: one console, steps that tick, errors in one plain line.

Pages, names and keys are other people's text. The console shows them as text, whatever they hold: it knows no markup,
and no control character of theirs reaches the terminal.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from broadsheet.cli.speech import tr
from transforms.errors import BadInput

# C0 without tab and line feed, DEL, C1, marks that turn the direction of text, halves of surrogate pairs.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

STEP_WIDTH = 18  # cells for a step's name, so that details are aligned


def plain(text: str) -> str:
    """Text without anything that a terminal would act on."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


class Screen(Console):
    """A console that shows every string as it is, without markup, emoji codes and control characters."""

    def __init__(self, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As in Rich, without control characters in what is shown."""
        for segment in super().render(renderable, options):
            if segment.control or not _UNSAFE.search(segment.text):
                yield segment
            else:
                yield Segment(plain(segment.text), segment.style)


out = Screen()
err = Screen(stderr=True)


def write_json(value: Any, indent: int | None = None) -> None:
    """Print a value as JSON, for programs. Control characters are escaped, so that it may be looked at as well."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    sys.stdout.write(_UNSAFE.sub(_escaped, text) + "\n")


def _escaped(match: re.Match[str]) -> str:
    # Between values JSON has only line feeds for a control character, and those are not unsafe.
    return f"\\u{ord(match[0]):04x}"


def show(english: str, *values: object, style: str = "") -> None:
    """Print a sentence in the user's language. The terminal folds it, so that what it names can be copied whole."""
    out.print(tr(english, *values), style=style, soft_wrap=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Explain why a file or folder that the user named cannot be written. Raises BadInput."""
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error


@contextmanager
def step(name: str, *values: object) -> Iterator[Callable[..., None]]:
    """Show a step while it runs and tick it off with its time; the yielded function says what it is doing.

    Name and details are English sentences with their values, shown in the user's language. The last detail stays beside
    the tick. If an exception ends the step, it is crossed instead, and the exception goes on.
    """
    begun, title, said = time.monotonic(), tr(name, *values), ""

    with out.status(Text(f"{title} ...")) as status:

        def say(detail: str, *about: object) -> None:
            nonlocal said
            said = tr(detail, *about)
            status.update(Text(f"{title}: {said}" if said else f"{title} ..."))

        try:
            yield say
        except BaseException:
            out.print(_line("✗", "red", title, said, begun), soft_wrap=True)
            raise
    out.print(_line("✓", "green", title, said, begun), soft_wrap=True)


def _line(mark: str, style: str, name: str, detail: str, begun: float) -> Text:
    seconds = tr("{} s", f"{time.monotonic() - begun:.0f}")
    padding = " " * max(0, STEP_WIDTH - cell_len(name))
    return Text.assemble("  ", (mark, style), f" {name}{padding} ", (f"{detail}  ", ""), (seconds, "dim"))


def tell(rows: list[tuple[str, str]]) -> None:
    """Print pairs of a label and what it names, aligned; an address stays on one line, so that it can be copied."""
    wide = max(cell_len(label) for label, _ in rows)
    for label, value in rows:
        out.print(Text.assemble("  ", (label, "dim"), " " * (wide - cell_len(label) + 2), value), soft_wrap=True)


def table(*columns: str) -> Table:
    """An empty table without lines whose columns have names in the user's language."""
    return Table(*map(tr, columns), box=None, pad_edge=False)


def called() -> str:
    """The command as the user called it, so that a suggested command can be typed as printed."""
    return sys.argv[0] if Path(sys.argv[0]).name == "broadsheet" else "broadsheet"


def complain(message: str) -> None:
    """Print on standard error what is wrong; the message is in the user's language already."""
    err.print(Text.assemble(("broadsheet: ", "bold red"), message))
