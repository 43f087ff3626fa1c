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
from rich.text import Text

from transforms.errors import BadInput

# C0 without tab and line feed, DEL, C1, marks that turn the direction of text, halves of surrogate pairs.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """Text that does nothing to a terminal but stand there."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


class Screen(Console):
    """A console that shows every string as it is, without markup, emoji codes and control characters."""

    def __init__(self, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
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


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Explain why a file or folder that the user named cannot be written. Raises BadInput."""
    try:
        yield
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror or error}. Name another place.") from error


@contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Show a step while it runs and tick it off with its time; the yielded function says what it does just now.

    The last thing said stays beside the tick. On an exception the step is crossed, and the exception goes on.
    """
    begun, said = time.monotonic(), ""

    with out.status(Text(f"{name} ...")) as status:

        def say(detail: str) -> None:
            nonlocal said
            said = detail
            status.update(Text(f"{name}: {detail}" if detail else f"{name} ..."))

        try:
            yield say
        except BaseException:
            out.print(_line("✗", "red", name, said, begun), soft_wrap=True)
            raise
    out.print(_line("✓", "green", name, said, begun), soft_wrap=True)


def _line(mark: str, style: str, name: str, detail: str, begun: float) -> Text:
    seconds = f"{time.monotonic() - begun:.0f} s"
    return Text.assemble("  ", (mark, style), f" {name:<18} ", (f"{detail}  ", ""), (seconds, "dim"))


def tell(rows: list[tuple[str, str]]) -> None:
    """Print pairs of a label and what it names, aligned; an address stays on one line, so that it can be copied."""
    wide = max(cell_len(label) for label, _ in rows)
    for label, value in rows:
        out.print(Text.assemble("  ", (label, "dim"), " " * (wide - cell_len(label) + 2), value), soft_wrap=True)


def called() -> str:
    """The command as it was called, so that what we suggest can be typed as it stands."""
    return sys.argv[0] if Path(sys.argv[0]).name == "broadsheet" else "broadsheet"


def complain(message: str) -> None:
    """Say on standard error what is wrong."""
    err.print(Text.assemble(("broadsheet: ", "bold red"), message))
