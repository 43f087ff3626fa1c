"""How the command line speaks: one console, steps that tick, errors in one plain line."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def step(name: str) -> Iterator[Callable[[str], None]]:
    """Show a step while it runs and tick it off with its time; the yielded function says what it does just now.

    The last thing said stays beside the tick. On an exception the step is crossed, and the exception goes on.
    """
    begun, said = time.monotonic(), ""

    with out.status(f"{name} ...") as status:

        def say(detail: str) -> None:
            nonlocal said
            said = detail
            status.update(f"{name}: {detail}" if detail else f"{name} ...")

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
