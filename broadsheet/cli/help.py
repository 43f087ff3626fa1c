"""``--help`` and complaints about usage in the user's language.

The English texts are the commands' docstrings and the options' ``help``; ``language/cli/zh.toml`` has each paragraph in
Chinese, in its table ``help``. What Typer says for itself is there too: it offers no translations of its own.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import typer

from broadsheet.cli.speech import language, reason, translated
from broadsheet.texts import LANGUAGES

TITLES = (
    "ARGUMENTS_PANEL_TITLE", "OPTIONS_PANEL_TITLE", "COMMANDS_PANEL_TITLE", "ERRORS_PANEL_TITLE",
    "ABORTED_TEXT", "DEFAULT_STRING", "REQUIRED_LONG_STRING", "RICH_HELP",
)  # fmt: skip
USAGE = "Usage: "
HELP_OPTIONS = ["-h", "--help"]


def in_language(app: typer.Typer) -> Callable[[], Any]:
    """The app as a command whose help and usage errors are in the user's language."""
    root = typer.main.get_command(app)
    for command in all_commands(root):
        command.help = paragraphs_in(command.help or "", _help)
    if language() == LANGUAGES[0]:
        return root
    for command in all_commands(root):
        for parameter in (
            *command.params,
            command.get_help_option(typer.Context(command, help_option_names=HELP_OPTIONS)),
        ):
            if getattr(parameter, "help", None):
                parameter.help = _help(parameter.help)
    _translate_typer(root)
    return root


def all_commands(command: Any) -> Iterator[Any]:
    """A command and every command below it."""
    yield command
    for inner in getattr(command, "commands", {}).values():
        yield from all_commands(inner)


def paragraphs_in(text: str, say: Callable[[str], str]) -> str:
    """A docstring with each paragraph said by ``say``, which gets it on one line; examples stay as they are."""
    parts = inspect.cleandoc(text).split("\n\n")
    return "\n\n".join(part if is_example(part) else _indent(part) + say(" ".join(part.split())) for part in parts)


def is_example(paragraph: str) -> bool:
    """Whether a paragraph of help is a command to type."""
    return paragraph.lstrip().startswith(("broadsheet ", "BROADSHEET_"))


def _indent(part: str) -> str:
    return part[: len(part) - len(part.lstrip())]


def _help(english: str) -> str:
    return translated(english, "help")


def _translate_typer(root: Any) -> None:
    from typer import rich_utils  # here, because Typer itself loads it only to show help or a complaint

    for name in TITLES:
        setattr(rich_utils, name, _help(getattr(rich_utils, name)))
    formatter = root.context_class.formatter_class  # Typer does not export it
    formatter.write_usage = functools.partialmethod(formatter.write_usage, prefix=_help(USAGE))
    usage_error = typer.BadParameter.__mro__[1]
    for kind in (usage_error, *usage_error.__subclasses__(), *typer.BadParameter.__subclasses__()):
        if "format_message" in vars(kind) or kind is usage_error:
            kind.format_message = _translating(kind.format_message)  # type: ignore[attr-defined]


def _translating(said: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda error: reason(said(error))
