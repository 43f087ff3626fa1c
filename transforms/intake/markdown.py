"""Markdown and stray HTML tags from layout models and web editors: the markup is removed, the text stays."""

from __future__ import annotations

import re
from html import unescape

HEADING = re.compile(r"^ {0,3}#{1,6}[ \t　]+(?=\S)", re.MULTILINE)
IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,2000}\)")
LINK = re.compile(r"(?<!!)\[([^\]\n]{1,300})\]\((?:https?:|mailto:|[./#\w-])[^)\n]{0,2000}\)")
EMPHASIS = re.compile(r"(\*\*\*|\*\*|__)(?=\S)([^\n*_]{1,500})(?<=\S)\1")
ITEM = re.compile(r"^ {0,3}[*+-][ \t]+(?=\S)|^ {0,3}(?:>[ \t]?)+", re.MULTILINE)
RULE = re.compile(
    r"^ {0,3}(?:(?:-[ \t]{0,3}){3,80}|(?:\*[ \t]{0,3}){3,80}|(?:_[ \t]{0,3}){3,80}|`{3,10}[^\n`]{0,80})$", re.MULTILINE
)
TABLE_RULE = re.compile(r"^[ \t]*+\|?(?:[ \t]*+:?-{2,80}:?[ \t]*+\|){1,200}[ \t:-]*+$", re.MULTILINE)
TABLE_ROW = re.compile(r"^[ \t]*\|([^\n]*)\|[ \t]*$", re.MULTILINE)
ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!~>|-])")
COMMENT = re.compile(r"<!--[^<>]{0,2000}-->")
SCRIPT = re.compile(r"<(script|style)\b[^<>]{0,2000}>[^<]{0,20000}</\1>", re.IGNORECASE)
INLINE = (
    "b|i|u|s|a|em|strong|sup|sub|span|font|small|big|mark|del|ins|code|img|center|tbody|thead|tfoot|table|html|body"
)
BLOCK = "br|p|div|tr|li|ul|ol|hr|h[1-6]|section|article|caption|blockquote|pre"
INLINE_TAG = re.compile(rf"</?(?:{INLINE})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
BLOCK_TAG = re.compile(rf"</?(?:{BLOCK})(?:\s[^<>]{{0,2000}})?/?>", re.IGNORECASE)
CELL_TAG = re.compile(r"</?t[dh](?:\s[^<>]{0,2000})?/?>", re.IGNORECASE)
ENTITY = re.compile(
    r"&(?:nbsp|ensp|emsp|amp|lt|gt|quot|apos|[lr][sd]quo|middot|mdash|hellip|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
)


def is_markdown(text: str) -> bool:
    """Whether a text has headings or images in Markdown. Its other marks occur in plain text too."""
    return HEADING.search(text) is not None or IMAGE.search(text) is not None


def plain(text: str) -> str:
    """The text without Markdown, HTML tags and entities. A text without any is returned as it is."""
    if "<" in text:
        text = _without_tags(text)
    if "#" in text or "![" in text:
        text = _without_markdown(text) if is_markdown(text) else text
    return ENTITY.sub(lambda m: unescape(m[0]).replace("\xa0", " "), text) if "&" in text else text


def _without_tags(text: str) -> str:
    text = SCRIPT.sub("", COMMENT.sub("", text))
    text = BLOCK_TAG.sub("\n", CELL_TAG.sub(" ", text))
    return INLINE_TAG.sub("", text)


def _without_markdown(text: str) -> str:
    for pattern in (IMAGE, RULE, TABLE_RULE, HEADING, ITEM):
        text = pattern.sub("", text)
    text = LINK.sub(r"\1", text)
    text = EMPHASIS.sub(r"\2", text)
    text = TABLE_ROW.sub(lambda m: m[1].replace("|", " ").strip(), text)
    return ESCAPED.sub(r"\1", text)
