"""Private numbers in text: mobile phones, identity cards, bank cards, in every form in which papers print them.

Digits may be full-width or Chinese numerals, and stand in groups that spaces, dashes or dots set apart; characters
without width count for nothing. A number that readers are meant to use (报名电话, 举报热线) is not private; nor is
an office's landline. Every step is linear in the text's length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

_HAN = {c: str(n % 10) for n, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "幺": "1"}
_WIDTHLESS = frozenset("\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
_DASHES = frozenset("-‐‑‒–—―−﹣－~～")
_DOTS = frozenset(".．·•・")
_SPACES = frozenset(
    " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"
)
SHOWN = 3  # digits at a number's beginning that a mask leaves: they tell a network or region, not a person
_WIDEST = 4  # characters between two groups of one number, beside those without width
# What announces a number that the public is asked to call. It stands right before it, a name may come between.
_PUBLIC = re.compile(
    r"(?:热线|(?:报名|咨询|举报|投诉|监督|服务|客服|预约|订票|报修|求助|值班|新闻|征稿|受理|招生|公开)电话)"
    r"(?:[（(][^）)]{0,12}[）)])?[^\d。；！？\n]{0,12}$"
)
_BETWEEN = re.compile(r"[\s、，,/／或和及;；]{1,3}")
_BEFORE = 24  # characters before a number that are looked through for such words
# Factors of GB 11643-1999, ISO 7064 MOD 11-2; its first two digits are a province's (GB/T 2260).
_FACTORS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_CARD_LENGTHS = range(16, 20)
_COUNTRY = ("0086", "86", "0")
_LONGEST = 22  # digits: two phone numbers without anything between them
_MOST_GROUPS = _LONGEST + 1
_USUAL = frozenset({(3, 4, 4), (2, 3, 4, 4), (4, 3, 4, 4), (3, 8), (7, 4), (6, 8, 4), (4, 4, 4, 4), (4, 4, 4, 4, 3)})


@dataclass(frozen=True, slots=True)
class PrivateNumber:
    """A number's kind (``phone``, ``identity``, ``card``) and where it stands in the text, ``[start, end)``."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits without anything visible between them, as ASCII, and the place of each in the text.

    ``sign`` is what sets them apart from the group before: space, dash or dot; empty if they do not go on from it.
    """

    digits: str
    places: tuple[int, ...]
    sign: str = ""


def private_numbers(text: str) -> tuple[PrivateNumber, ...]:
    """All private numbers of a text, in their order, none overlapping another."""
    found: list[PrivateNumber] = []
    called = -1  # where the last number ended that the public is asked to call
    groups = list(_groups(text))
    at = 0
    while at < len(groups):
        count, numbers = _begins(groups[at : at + _MOST_GROUPS])
        for kind, places in numbers:
            start, end = places[0], places[-1] + 1
            if kind == "phone" and _is_public(text, start, called):
                called = end
            else:
                found.append(PrivateNumber(kind, start, end))
        at += count
    return tuple(found)


def masked(text: str) -> str:
    """The text with each private number's digits but the first three as asterisks."""
    parts, end = [], 0
    for number in private_numbers(text):
        parts += [text[end : number.start], _stars(text, number)]
        end = number.end
    return "".join([*parts, text[end:]]) if parts else text


def _stars(text: str, number: PrivateNumber) -> str:
    """A number with asterisks for its digits after the first few; signs between them stay."""
    shown, out = 0, []
    for char in text[number.start : number.end]:
        digit = char.isalnum() or char in "〇○"
        shown += digit
        out.append("*" if digit and shown > SHOWN else char)
    return "".join(out)


def _is_public(text: str, start: int, called: int) -> bool:
    """Whether a phone number is announced as one to call, by words before it or beside another such number."""
    if called >= 0 and start - called <= 3 and _BETWEEN.fullmatch(text, called, start):
        return True
    return _PUBLIC.search(text, max(0, start - _BEFORE), start) is not None


_Places = tuple[int, ...]


def _begins(groups: Sequence[_Group]) -> tuple[int, list[tuple[str, _Places]]]:
    """The longest private number that the groups begin with: how many groups it takes, and its kind and places."""
    digits, places, lengths, signs = "", (), [], set()  # type: tuple[str, _Places, list[int], set[str]]
    best: tuple[int, list[tuple[str, _Places]]] = (1, [])
    for count, group in enumerate(groups, start=1):
        if count > 1 and not group.sign:
            break
        digits, places = digits + group.digits, places + group.places
        lengths.append(len(group.digits))
        signs |= {group.sign} if count > 1 else set()
        if len(digits) > _LONGEST:
            break
        if _is_grouping(tuple(lengths), len(signs) <= 1) and (numbers := _numbers(digits, places)):
            best = count, numbers
    return best


def _is_grouping(lengths: tuple[int, ...], uniform: bool) -> bool:
    """Whether one number may be printed in such groups: digit by digit, or in a few groups of two and more.

    If the signs between them differ, as in scores and dates, only the groups that everybody writes are one number.
    """
    if not uniform:
        return lengths in _USUAL
    return set(lengths) == {1} or (len(lengths) <= 7 and min(lengths[:-1], default=2) >= 2)


def _numbers(digits: str, places: _Places) -> list[tuple[str, _Places]]:
    if _is_identity(digits):
        return [("identity", places)]
    digits = digits.removesuffix("X")
    places = places[: len(digits)]
    if len(digits) in _CARD_LENGTHS and digits[0] in "3456" and _luhn(digits):
        return [("card", places)]
    for country in _COUNTRY:
        if digits.startswith(country) and _is_mobile(digits[len(country) :]):
            return [("phone", places[len(country) :])]
    if digits and len(digits) % 11 == 0 and all(_is_mobile(digits[n : n + 11]) for n in range(0, len(digits), 11)):
        return [("phone", places[n : n + 11]) for n in range(0, len(digits), 11)]
    return []


def _is_mobile(digits: str) -> bool:
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789" and digits.isdigit()


def _is_identity(number: str) -> bool:
    """Whether it is a number of GB 11643-1999, its check digit right, or of the 15 digits that came before it."""
    if not _PROVINCES.match(number):
        return False
    if len(number) == 15:
        return number.isdigit() and _is_day(f"19{number[6:12]}")
    if len(number) != 18 or not number[:17].isdigit() or not _is_day(number[6:14]):
        return False
    check = "10X98765432"[sum(f * int(d) for f, d in zip(_FACTORS, number, strict=False)) % 11]
    return number[17] == check


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    if not digits.isdigit():
        return False
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 * (d > 9) for d in doubled) % 10 == 0


def _groups(text: str) -> Iterator[_Group]:
    """All groups of digits of a text, each with what sets it apart from the one before."""
    end = -1
    for digits, places in _digits(text):
        yield _Group(digits, places, _sign(text, end, places[0]) if end >= 0 else "")
        end = places[-1] + 1


def _sign(text: str, start: int, end: int) -> str:
    """The kind of what stands between two groups: space, dash or dot; empty if it sets two numbers apart."""
    if end - start > 12:
        return ""
    signs = [c for c in text[start:end] if c not in _WIDTHLESS]
    kinds = {"dash" if c in _DASHES else "dot" if c in _DOTS else "space" if c in _SPACES else "" for c in signs}
    if not signs or len(signs) > _WIDEST or "" in kinds:
        return ""
    return next(iter(kinds - {"space"}), "space") if len(kinds - {"space"}) <= 1 else ""


def _digits(text: str) -> Iterator[tuple[str, _Places]]:
    """Runs of digits of one writing, Arabic or Chinese; X closes the number of an identity card."""
    digits: list[str] = []
    places: list[int] = []
    han = False
    for place, char in enumerate(text):
        if char in _WIDTHLESS:
            continue
        digit, chinese = _digit(char)
        if digit and digits and chinese == han:
            digits.append(digit)
            places.append(place)
            continue
        if char in "XxＸｘ" and digits and not han and places[-1] == place - 1:
            digits.append("X")
            places.append(place)
            digit = ""
        if digits:
            yield "".join(digits), tuple(places)
        digits, places, han = ([digit], [place], chinese) if digit else ([], [], False)
    if digits:
        yield "".join(digits), tuple(places)


def _digit(char: str) -> tuple[str, bool]:
    """The ASCII digit that a character stands for, and whether it is a Chinese numeral."""
    if char in _HAN:
        return _HAN[char], True
    # str.isdecimal knows the digits of every writing, full-width and mathematical ones among them.
    return (str(int(char)), False) if char.isdecimal() else ("", False)
