"""Translates reasons that the core gives.

The core says in English why something failed, with values in the sentence. The table ``reason`` of each other
language has the same sentences, so that reasons stored earlier can be translated too.
``tests/desk/test_reasons.py`` checks that none is missing.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from broadsheet.texts import Words, words_of

DEEP = 4  # reasons within reasons
_FIELD = re.compile(r"\{\d?\}")


def reason_in(reason: str, language: str) -> str:
    """A reason in a language (a BCP 47 tag); in English if we have no translation."""
    return _said(reason, words_of(language, "reason"), DEEP)


@cache
def _sentences(language: str) -> list[tuple[list[str], str]]:
    """The fixed parts of each English sentence with values, and the whole one; those that say most come first."""
    found = [(english.split("{}"), english) for english in words_of(language, "reason").all_keys() if "{}" in english]
    return sorted(found, key=lambda pair: -sum(map(len, pair[0])))


def _said(reason: str, words: Words, deep: int) -> str:
    if words.has(reason):
        return words(reason)
    if not deep:
        return reason
    for parts, english in _sentences(words.language):
        values = _values(reason, parts)
        if values is not None:
            return _filled(words(english), [_said(value, words, deep - 1) for value in values])
    for between in ("\n", "; "):
        if between in reason and words.has("; "):
            said = [_said(one, words, deep - 1) for one in reason.split(between)]
            return (words(between) if between == "; " else between).join(said)
    return reason


def _values(reason: str, parts: list[str]) -> list[str] | None:
    """The values in a sentence between its fixed parts; None if it is another sentence."""
    first, *between, last = parts
    if not reason.startswith(first) or not reason.endswith(last):
        return None
    ends = [len(first)]  # where each value begins and ends
    for part in between:
        at = reason.find(part, ends[-1])
        if at < 0:
            return None
        ends += [at, at + len(part)]
    ends.append(len(reason) - len(last))
    if ends[-1] < ends[-2]:
        return None
    return [reason[start:end] for start, end in list(pairwise(ends))[::2]]


def _filled(text: str, values: list[str]) -> str:
    """The sentence with its values, which may hold braces of their own."""
    count = iter(range(len(values)))
    return _FIELD.sub(lambda field: values[int(field[0][1:-1] or next(count))], text)
