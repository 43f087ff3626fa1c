"""How the command line speaks: one console, steps that tick, errors in one plain line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
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
            out.print(_line("✗", "red", name, said, begun))
            raise
    out.print(_line("✓", "green", name, said, begun))


def _line(mark: str, style: str, name: str, detail: str, begun: float) -> Text:
    seconds = f"{time.monotonic() - begun:.0f} s"
    return Text.assemble("  ", (mark, style), f" {name:<18} ", (f"{detail}  ", ""), (seconds, "dim"))


def facts(rows: list[tuple[str, str]]) -> Table:
    """Pairs of a label and what it names, aligned; long addresses are never cut."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in rows:
        table.add_row(f"  {label}", value)
    return table


def complain(message: str) -> None:
    """Say on standard error what is wrong."""
    err.print(Text.assemble(("broadsheet: ", "bold red"), message))
