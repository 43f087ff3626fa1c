"""Renders once for all partners with the same settings, whose files differ only in a partner's id, name and
address.

Files are rendered with placeholders for these three, which are then filled in for each partner. A partner whose
name or address needs escapes in XML or JSON is rendered by itself.
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
    """What differs between partners with the same settings.

    ``base_url``: the address of the partner's files, without a slash at its end.
    """

    id: str
    name: str
    base_url: str

    @property
    def is_plain(self) -> bool:
        """Whether all three are written the same way in every format, without escapes."""
        name = escape(self.name) == self.name == clean(self.name) and "\\" not in self.name
        return name and bool(_SAFE_URL.fullmatch(self.base_url))


def blanks(word: str) -> Own:
    """Placeholders. ``word`` (letters and digits) must not occur in any article."""
    return Own(f"id{word}", f"name{word}", f"https://{word}.invalid")


def settings(partner: Partner, own: Own) -> Partner:
    """The partner with ``own`` in place of its id, name and address, and without whatever has no effect on its
    files.

    Partners with equal settings get equal files, so settings can be the key under which rendered files are kept.
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
    """The file with a partner's own values in place of the placeholders."""
    content = file.content
    for before, after in ((blank.base_url, own.base_url), (blank.name, own.name), (blank.id, own.id)):
        content = content.replace(before.encode(), after.encode())
    return file if content is file.content or content == file.content else replace(file, content=content)
