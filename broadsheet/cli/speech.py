"""The command line in its user's language.

The source has the English sentence, with ``{}`` for its values; ``language/cli/zh.toml`` has the same sentence in
Chinese. ``tests/commands/test_speech.py`` fails for a sentence that has no translation. Errors are raised with their
values filled in, so they are translated as the desk translates them (``steps/reasons.py``).
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from broadsheet.steps.reasons import reason_in
from broadsheet.texts import FOLDER, LANGUAGES, Words, words_of
from transforms.errors import BroadsheetError

if TYPE_CHECKING:  # --help must not wait for the libraries of these
    from transforms.gate.model import Finding
    from transforms.model import Doubt, Reading

CLI = FOLDER / "cli"
ONE = {  # of what is counted
    "addresses": "address",
    "articles": "article",
    "characters": "character",
    "differences": "difference",
    "files": "file",
    "issues": "issue",
    "objects": "object",
    "pages": "page",
    "pictures": "picture",
    "processes": "process",
}
_COUNTED = re.compile(r"\{\}(?: (\w+))?")
# What became of a page's characters, by the value of their Fate.
CHARACTERS = {"article": "in articles", "furniture": "furniture", "advert": "adverts", "rejected": "discarded"}
VARIABLES = ("BROADSHEET_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as POSIX has it


def language() -> str:
    """The language to speak, from the environment: ``zh`` or, for any other, ``en``."""
    wish = next(filter(None, map(os.environ.get, VARIABLES)), "")
    spoken = re.split(r"[-_.@]", wish, maxsplit=1)[0].lower()
    return spoken if spoken in LANGUAGES else LANGUAGES[0]


def tr(english: str, *values: object) -> str:
    """A sentence of ours in the user's language, with its values; errors among these are translated too."""
    text = translated(english, "say")
    if text == english:
        text = _singular(english, values)
    return text.format(*map(_value, values)) if values else text


def translated(english: str, table: str) -> str:
    """A text of ``language/cli/`` in the user's language; in English if it has no translation."""
    if language() == LANGUAGES[0]:
        return english
    words = Words(language(), table, CLI)
    return words(english) if words.has(english) else english


def reason(english: str) -> str:
    """A reason that the pipeline gave in English, such as a refusal's, in the user's language."""
    return reason_in(english, language())


def _singular(english: str, values: Sequence[object]) -> str:
    """An English sentence with “article” rather than “articles” after a value of 1."""
    given = iter(values)
    return _COUNTED.sub(lambda m: f"{{}} {ONE[m[1]]}" if next(given, 0) == 1 and m[1] in ONE else m[0], english)


def _value(value: object) -> object:
    return reason(str(value)) if isinstance(value, BroadsheetError) else value


def account_line(reading: Reading) -> str:
    """How many characters the pages have, and what became of them."""
    counts = reading.account()
    parts = [f"{counts[fate]:,} {tr(words)}" for fate, words in CHARACTERS.items() if counts.get(fate)]
    return tr("{} characters of source: {}", f"{counts['total']:,}", tr(", ").join(parts))


def doubt_line(doubt: Doubt) -> str:
    """Why an article is waiting for an editor: the kind of doubt and what was found."""
    desk, kind = words_of(language(), "desk"), f"doubt_{doubt.kind}"
    return tr("{}: {}", desk(kind) if desk.has(kind) else doubt.kind, reason(doubt.detail))


def stage_line(stage: str, partner: str) -> str:
    """At which stage something was held, as the desk says it."""
    desk = words_of(language(), "desk")
    return desk(f"held_{stage}", partner) if desk.has(f"held_{stage}") else stage


def finding_line(finding: Finding) -> str:
    """What is wrong with a file: how serious it is, the file unless it concerns all, and the reason."""
    grade, why = tr(finding.severity.value), reason(finding.reason)
    return tr("{}: {}: {}", grade, finding.key, why) if finding.key else tr("{}: {}", grade, why)
