"""Private numbers in articles: mobile phones, identity cards, bank cards. Found, and masked for partners that wish so.

A number that readers are meant to use (报名电话, 举报热线) is no private one; nor is an office's landline. Lengths stay
when a number is masked, so that spans still point at what they did.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from transforms.lifecycle.doubt import REVIEWED
from transforms.model import Article, Item, Partner, Status

SHOWN = 3  # digits at a number's beginning that stay: they tell a network or region, not a person
_NARROW = str.maketrans("０１２３４５６７８９－＋　Ｘｘ", "0123456789-+ Xx")
_GAP = r"[ -]?"
_MOBILE = re.compile(rf"(?<![\d.])(?:(?:\+|00)?86{_GAP})?(1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}})(?!\d)")
_IDENTITY = re.compile(r"(?<![\dA-Za-z])(\d{17}[\dXx])(?![\dA-Za-z])")
_CARD = re.compile(rf"(?<!\d)([3-6]\d{{3}}(?:{_GAP}\d{{4}}){{2,3}}(?:{_GAP}\d{{1,4}})?)(?!\d)")
# What announces a number that the public is asked to call. It stands right before it, a name may come between.
_PUBLIC = re.compile(
    r"(?:热线|(?:报名|咨询|举报|投诉|监督|服务|客服|预约|订票|报修|求助|值班|新闻|征稿|受理|招生|公开)电话)(?:[（(][^）)]{0,12}[）)])?[^\d。；！？\n]{0,12}$"
)
# Factors of GB 11643-1999, ISO 7064 MOD 11-2.
_FACTORS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class PrivateNumber:
    """A number's kind (``phone``, ``identity``, ``card``) and where it stands in the text, ``[start, end)``."""

    kind: str
    start: int
    end: int


def private_numbers(text: str) -> tuple[PrivateNumber, ...]:
    """All private numbers of a text, in their order, none overlapping another. Takes time in proportion to the text."""
    narrow = text.translate(_NARROW)
    taken = bytearray(len(narrow))  # 1 for each character that belongs to a number already
    kept: list[PrivateNumber] = []
    for found in (*_identities(narrow), *_cards(narrow), *_phones(narrow)):
        if not any(taken[found.start : found.end]):
            taken[found.start : found.end] = b"\1" * (found.end - found.start)
            kept.append(found)
    return tuple(sorted(kept, key=lambda n: n.start))


def masked(text: str) -> str:
    """The text with each private number's digits but the first three as asterisks."""
    parts, reached = [], 0
    for number in private_numbers(text):
        parts += [text[reached : number.start], _stars(text[number.start : number.end])]
        reached = number.end
    return "".join([*parts, text[reached:]])


def private_in(article: Article) -> int:
    """How many private numbers a reader of the article would see."""
    return sum(len(private_numbers(text)) for text in _texts(article))


def for_partner(item: Item, partner: Partner, language: str) -> Item:
    """The item as the partner is to have it: masked, with a note that says so, or as it is."""
    if partner.privacy != "mask" or item.status is Status.CANCELED:
        return item
    count = private_in(item.article)
    if not count:
        return item
    note = " ".join(part for part in (item.ed_note, _note(count, language)) if part)
    return replace(item, article=_masked_article(item.article), ed_note=note)


def needs_desk(item: Item, partner: Partner) -> bool:
    """Whether the partner may have the item only after the desk has seen it, since it holds private numbers."""
    if partner.privacy != "desk" or item.status is Status.CANCELED:
        return False
    seen = any(action.what in REVIEWED or action.what == "corrected" for action in item.history)
    return not seen and private_in(item.article) > 0


def _texts(article: Article) -> Iterator[str]:
    yield from (article.kicker, article.headline, article.subhead)
    yield from (p.text for p in article.body)


def _masked_article(article: Article) -> Article:
    return replace(
        article,
        kicker=masked(article.kicker),
        headline=masked(article.headline),
        subhead=masked(article.subhead),
        body=tuple(replace(p, text=masked(p.text)) for p in article.body),
    )


def _note(count: int, language: str) -> str:
    if language.startswith("zh"):
        return f"文中{count}处私人号码已隐去。"
    return f"Private numbers masked: {count}."


def _stars(number: str) -> str:
    shown = 0
    out = []
    for char in number:
        digit = char.isdigit() or char in "XxＸｘ"
        shown += digit
        out.append("*" if digit and shown > SHOWN else char)
    return "".join(out)


def _phones(text: str) -> Iterator[PrivateNumber]:
    for match in _MOBILE.finditer(text):
        if not _PUBLIC.search(text, max(0, match.start() - 24), match.start()):
            yield PrivateNumber("phone", match.start(1), match.end(1))


def _identities(text: str) -> Iterator[PrivateNumber]:
    for match in _IDENTITY.finditer(text):
        if _is_identity(match[1]):
            yield PrivateNumber("identity", match.start(1), match.end(1))


def _is_identity(number: str) -> bool:
    """Whether the check digit is right and the birthday is a day (GB 11643-1999)."""
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    check = "10X98765432"[sum(f * int(d) for f, d in zip(_FACTORS, number, strict=False)) % 11]
    return number[17].upper() == check


def _cards(text: str) -> Iterator[PrivateNumber]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[1])
        if 16 <= len(digits) <= 19 and _luhn(digits):
            yield PrivateNumber("card", match.start(1), match.end(1))


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B."""
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 * (d > 9) for d in doubled) % 10 == 0
