"""From the files of an issue to its pages: each file goes to its adapter, then pages get their numbers.

No page is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from transforms.errors import BadInput
from transforms.intake import loading
from transforms.intake.adapter import Contents, Head, SourceFile, SourcePage
from transforms.intake.beside import HELD, is_picture, wants_pictures, with_photos
from transforms.intake.books import bound
from transforms.intake.language import language_of
from transforms.intake.naming import natural
from transforms.intake.registry import adapter_for
from transforms.intake.soundness import fault
from transforms.intake.twins import without_twins
from transforms.model import GivenArticle, Page, Publication, Refusal, Span

FAULT = "reading this file failed by a fault of ours: send the page in another form"
MOST_PAGES = 999  # per issue
MOST_CHARACTERS = 10_000_000  # per issue; a hundred full pages have a million
MORE_THAN_AN_ISSUE = (
    f"an issue has {MOST_PAGES} pages and {MOST_CHARACTERS:,} characters at most, and this page comes after: send each"
    " issue by itself"
)


def read_source(
    files: Iterable[SourceFile], publication: Publication | None = None
) -> tuple[tuple[Page, ...], tuple[Refusal, ...]]:
    """Pages in the order of their numbers, and what could not be read, in the order of names.

    ``page-NN`` is page NN, and further pages of the same file follow it. Other files take the free numbers, in the
    order of their names. Each page of each file ends in exactly one of the two results; nothing is raised.
    ``files`` may be an iterator: apart from pictures, only one file has to be in memory at a time.
    """
    found, beside = _sorted_out(files, publication)
    found.sort(key=lambda pair: natural(pair[0]))
    books = [(name, contents.book) for name, contents in found if contents.book]
    sheets, lacking = bound(books, (sheet for _, contents in found for sheet in contents.sheets))
    refused = sorted((*(r for _, contents in found for r in contents.refused), *lacking), key=lambda r: natural(r.name))
    numbered, doubles = _number(_merged(sheets))
    unread = {p.number: Refusal(p.name, reason) for p in numbered if (reason := fault(p))}
    unread |= {p.number: Refusal(p.name, MORE_THAN_AN_ISSUE) for p in _beyond(numbered)}
    single, twins = without_twins([p for p in numbered if p.number not in unread])
    notes = [note for _, contents in found for note in contents.notes]
    pages, stray = with_photos(single, beside, notes) if wants_pictures(publication) else (single, [])
    return pages, (*refused, *doubles, *unread.values(), *twins, *stray)


def _sorted_out(
    files: Iterable[SourceFile], publication: Publication | None
) -> tuple[list[tuple[str, Contents]], list[SourceFile]]:
    """The contents of files that are pages, and the files that are pictures next to them."""
    found: list[tuple[str, Contents]] = []
    beside: list[SourceFile] = []
    for file in files:
        if is_picture(file) and sum(len(f.data) for f in beside) + len(file.data) <= HELD:
            beside.append(file)
        else:
            found.append((file.name, _contents(file, publication)))
    if not any(contents.sheets or contents.refused for _, contents in found):  # a scanned issue
        return [*found, *((file.name, _contents(file, publication)) for file in beside)], []
    return found, sorted(beside, key=lambda file: natural(file.name))


def _contents(file: SourceFile, publication: Publication | None) -> Contents:
    try:
        adapter = adapter_for(Head.of(file))
        if file.length > adapter.limit:
            raise BadInput(loading.too_large(adapter, file))
        return adapter.read(file, publication)
    except BadInput as error:
        return Contents(refused=(Refusal(file.name, str(error)),))
    except Exception as error:  # a file that breaks an adapter must not stop the others
        return Contents(refused=(Refusal(file.name, f"{FAULT} ({type(error).__name__}: {error}); report it"),))


def _beyond(pages: Iterable[Page]) -> Iterator[Page]:
    """The pages beyond what an issue may have."""
    characters = 0
    for count, page in enumerate(pages, 1):
        characters += len(page.text)
        if count > MOST_PAGES or characters > MOST_CHARACTERS:
            yield page


def _merged(sheets: Iterable[SourcePage]) -> list[SourcePage]:
    """Articles of one page that came in files of their own, as one page; the same file twice stays two."""
    merged: list[SourcePage] = []
    places: dict[int, int] = {}
    for sheet in sheets:
        place = places.get(sheet.number, -1)
        if sheet.given is None or not sheet.number or (place >= 0 and sheet.text in merged[place].text):
            merged.append(sheet)
        elif place >= 0:
            merged[place] = _both(merged[place], sheet)
        else:
            places[sheet.number] = len(merged)
            merged.append(sheet)
    return merged


def _both(one: SourcePage, other: SourcePage) -> SourcePage:
    """Two pages of articles as one, the second below the first."""
    offset = len(one.text) + 2
    moved = tuple(
        _moved(a, lambda s: replace(s, start=s.start + offset, end=s.end + offset)) for a in other.given or ()
    )
    boxes = one.boxes + other.boxes if one.boxes and other.boxes else ()
    return replace(one, text=f"{one.text}\n\n{other.text}", boxes=boxes, given=(*(one.given or ()), *moved))


def _number(sheets: Iterable[SourcePage]) -> tuple[tuple[Page, ...], list[Refusal]]:
    """Give pages their numbers; two files that claim one number cannot both be it."""
    pages: dict[int, Page] = {}
    doubles: list[Refusal] = []
    free: list[SourcePage] = []
    for sheet in sheets:
        if not sheet.number:
            free.append(sheet)
        elif sheet.number in pages:
            doubles.append(_double(sheet, pages[sheet.number]))
        else:
            pages[sheet.number] = _page(sheet, sheet.number)
    number = 1
    for sheet in free:
        while number in pages:
            number += 1
        pages[number] = _page(sheet, number)
    return tuple(pages[n] for n in sorted(pages)), doubles


def _page(sheet: SourcePage, number: int) -> Page:
    given = (
        None
        if sheet.given is None
        else tuple(_moved(article, lambda span: replace(span, page=span.page or number)) for article in sheet.given)
    )

    return Page(
        number,
        sheet.text,
        sheet.name,
        sheet.encoding,
        sheet.boxes,
        given,
        language_of(sheet.text),
        sheet.certainty,
        sheet.photos,
        sheet.size,
    )


def _moved(article: GivenArticle, move: Callable[[Span], Span]) -> GivenArticle:
    parts = (replace(part, lines=tuple(map(move, part.lines))) for part in article.parts)
    return replace(article, parts=tuple(parts))


def _double(sheet: SourcePage, held: Page) -> Refusal:
    return Refusal(
        sheet.name, f"page {held.number} has come twice, here and as {held.name}: rename or withdraw one of them"
    )
