"""Files that are the same for all partners with the same settings, but for a partner's own id, name and address.

They are rendered once, with words that stand for these three, and then filled in for each partner. A partner whose
name or address would be written differently in XML or JSON than it stands is rendered by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape

from transforms.model import File, Partner
from transforms.render.text import clean

_SAFE_URL = re.compile(r"[A-Za-z0-9:/._~-]+")


@dataclass(frozen=True, slots=True)
class Own:
    """What a partner's files hold of itself. ``base_url`` is the address of its files, without a slash at the end."""

    id: str
    name: str
    base_url: str

    @property
    def is_plain(self) -> bool:
        """Whether each of these is written in every format as it stands."""
        name = escape(self.name) == self.name == clean(self.name) and "\\" not in self.name
        return name and bool(_SAFE_URL.fullmatch(self.base_url))


def blanks(word: str) -> Own:
    """Words that stand for a partner's own. ``word`` (letters and digits) must occur in no article."""
    return Own(f"id{word}", f"name{word}", f"https://{word}.invalid")


def settings(partner: Partner, own: Own) -> Partner:
    """What of a partner decides which articles it gets and how they are rendered; everything else is left out.

    Two partners with equal settings get equal files, which makes them a key to what was rendered.
    """
    return replace(
        partner,
        id=own.id,
        name=own.name,
        base_url=own.base_url,
        bucket="",
        prefix="",
        connection="",
        access="",
        webhooks=(),
        uploads=0,
        max_mb=0.0,
    )


def filled(file: File, blank: Own, own: Own) -> File:
    """The file with a partner's own words instead of those that stand for them."""
    content = file.content
    for before, after in ((blank.base_url, own.base_url), (blank.name, own.name), (blank.id, own.id)):
        content = content.replace(before.encode(), after.encode())
    return file if content is file.content or content == file.content else replace(file, content=content)
