"""Makes text fit for every format: what XML 1.0 cannot carry is removed once, before any format sees it.

Control characters are noise of extractors and are dropped. Lone surrogates and noncharacters stood for something
that is lost, so U+FFFD replaces them and the loss stays visible. Everything else stays, marks of direction
included.
"""

from __future__ import annotations

import re
from dataclasses import replace

from transforms.model import Article, Credit, Item, Paragraph, Publication
from transforms.multilingual import note_in


def spoken(publication: Publication, article: Article) -> Publication:
    """The newspaper with the article's language, if the article has one of its own."""
    return replace(publication, language=article.language) if article.language else publication


# XML 1.0 fifth edition, production [2] Char; C1 controls and DEL are allowed there but never meant in print.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LOST = re.compile("[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\u2028\u2029\ufffe\uffff]")
_BREAKS = re.compile("\r\n?|\x85|\u2028|\u2029")
_SPACES = re.compile(r"\s+")
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_FAR_HAN = re.compile("[\U00020000-\U0003ffff]")
_HAN_ROWS = bytes([*range(0x34, 0xA0), 0xF9, 0xFA])  # high bytes of the rest of Han, which fills whole rows of 256
_WORD = re.compile(rf"[^\W_{_HAN}]+(?:['’.-][^\W_{_HAN}]+)*")
_CHINESE = re.compile("[\n\u3000-\u3003\u3008-\u3011\u3400-\u9fff“”《》！（），：；？]+")  # no part of any word


def clean(text: str) -> str:
    """The text as XML, JSON and HTML can all carry it, with ``\\n`` as line end.

    Cleaning it twice changes nothing more.
    """
    # Printable text has neither control characters nor blanks other than the space, and isprintable() is fast.
    if text.isprintable() or not _UNFIT.search(text):
        return text
    return _LOST.sub("\ufffd", _CONTROL.sub("", _BREAKS.sub("\n", text)))


def clean_line(text: str) -> str:
    """Clean text on one line, for headlines, names and notes."""
    return text.strip() if _is_plain(text) else _SPACES.sub(" ", clean(text)).strip()


def _is_plain(line: str) -> bool:
    return line.isprintable() and "  " not in line


def clean_item(item: Item) -> Item:
    """The item with every string that reaches a reader cleaned. Renderers expect such items."""
    if _is_clean(item):  # nearly all are, and building each again takes time
        return item
    return replace(
        item,
        article=clean_article(item.article),
        ed_note=clean_line(item.ed_note),
        history=tuple(replace(a, actor=clean_line(a.actor), what=clean_line(a.what)) for a in item.history),
    )


def _is_clean(item: Item) -> bool:
    """Whether cleaning would change nothing; False for what only a closer look can tell."""
    article = item.article
    if item.history or article.media or article.label:
        return False
    kept = [c.name for c in article.byline] + [*article.people, *article.organisations, *article.keywords]
    lines = [item.ed_note, article.headline, article.kicker, article.subhead, article.dateline, *kept]
    lines += [c.role for c in article.byline]
    lines += [s.name for s in article.subjects] + [p.name for p in article.places]
    if not all(kept) or lines != list(map(str.strip, lines)) or not all(map(_is_plain, lines)):
        return False  # what is empty is dropped
    body = [p.text for p in article.body]
    return all(body) and "".join(body).isprintable() and body == list(map(str.strip, body))


def clean_article(article: Article) -> Article:
    """The article as it is published. Empty paragraphs are dropped."""
    return replace(
        article,
        headline=clean_line(article.headline),
        kicker=clean_line(article.shown_kicker),
        subhead=clean_line(article.subhead),
        dateline=clean_line(article.dateline),
        byline=tuple(Credit(clean_line(c.name), clean_line(c.role)) for c in article.byline if clean_line(c.name)),
        body=tuple(_paragraphs(article.body)),
        media=tuple(replace(m, caption=clean_line(m.caption), credit=clean_line(m.credit)) for m in article.media),
        subjects=tuple(replace(s, name=clean_line(s.name)) for s in article.subjects),
        places=tuple(replace(p, name=clean_line(p.name)) for p in article.places),
        people=_clean_all(article.people),
        organisations=_clean_all(article.organisations),
        keywords=_clean_all(article.keywords),
    )


def _clean_all(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(w for w in map(clean_line, words) if w)


def clean_publication(publication: Publication) -> Publication:
    """The publication with its name and its legal texts clean, each on one line."""
    return replace(
        publication,
        name=clean_line(publication.name),
        copyright_holder=clean_line(publication.copyright_holder),
        copyright_notice=clean_line(publication.copyright_notice),
        usage_terms=clean_line(publication.usage_terms),
    )


def withdrawn_notice(language: str) -> str:
    """The text that replaces a withdrawn article if the editor gave none. ``language``: a BCP 47 tag."""
    return note_in(language, "withdrawn")


def word_count(text: str) -> int:
    """Words as newsrooms count them: each Chinese character is one, and so is each run of other letters or digits."""
    # One expression for both kinds would stop at each comma of a Chinese text, which takes four times as long.
    return _han_count(text) + len(_WORD.findall(_CHINESE.sub(" ", text)))


def _han_count(text: str) -> int:
    units = text.encode("utf-16-be", "surrogatepass")
    high = units[::2]
    near = len(high) - len(high.translate(None, _HAN_ROWS))
    return near if len(high) == len(text) else near + len(_FAR_HAN.findall(text))


def summary(article: Article, limit: int = 120) -> str:
    """The beginning of the story, at most ``limit`` characters, cut at the end of a sentence if one is near enough."""
    text = next((p.text for p in article.body if p.kind == "text"), article.subhead or article.headline)
    text = _SPACES.sub(" ", text).strip()
    if len(text) <= limit:
        return text
    end = max(text.rfind(mark, 0, limit) for mark in "。！？.!?")
    return text[: end + 1] if end >= limit // 3 else text[: limit - 1].rstrip("，、；,; ") + "…"


def _paragraphs(body: tuple[Paragraph, ...]) -> list[Paragraph]:
    cleaned = ((p, clean(p.text).strip()) for p in body)
    return [p if p.text == text else replace(p, text=text) for p, text in cleaned if text]
