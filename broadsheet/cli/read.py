"""``broadsheet read``: the articles of a page or an issue, with nothing running."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from broadsheet.cli.pages import from_folders, issue_at, known_paper, page_files
from broadsheet.cli.screen import err, out, show, write_json, writing
from broadsheet.cli.speech import account_line, reason, tr
from transforms.errors import BadInput
from transforms.intake.page_images import is_pictured, page_image
from transforms.model import Article, Caption, Issue, PlacedPhoto, Reading, Refusal, Span


def read(path: Path, publication: str, day: date | None, as_json: bool, html: Path | None) -> None:
    """Read what is at ``path`` and show it. Raises BadInput if none of its pages can be read."""
    from broadsheet.steps.reading import reading_of

    paper = known_paper(publication or from_folders(path)[0])
    issue = issue_at(path, publication, day, paper)
    if not issue.pages:
        raise BadInput(_all_refused(issue.refused))
    reading = reading_of(issue, paper)
    if not {page.name for page in issue.pages} - {refusal.name for refusal in reading.refused}:
        raise BadInput(_all_refused(reading.refused))
    if html:
        from broadsheet.cli.report import report

        with writing(html):
            html.write_text(report(issue, reading, _pictures(path, issue)), encoding="utf-8")
        err.print(
            tr("Wrote {}: the source in the colours of its articles, with the pieces numbered in reading order.", html)
        )
    if as_json:
        write_json(record(reading), indent=1)
    elif not html:
        _show(issue, reading)


def _pictures(path: Path, issue: Issue) -> dict[int, bytes]:
    """Images of the pages as JPEG, by page number; a page that cannot be drawn is shown as text."""
    files = page_files(path)
    found = {}
    for page in filter(is_pictured, issue.pages):
        name = page.name if page.name in files.names else page.name.rpartition("#")[0]
        try:
            found[page.number] = page_image(files[files.names.index(name)], page.name)
        except BadInput as error:
            err.print(tr("{} is shown as text: {}", page.name, error))
    return found


def record(reading: Reading) -> dict[str, Any]:
    """The reading as ``--json`` prints it. ``guid`` is null: an article gets its guid when its issue is stored."""
    articles = [_article(a, reading.articles) for a in reading.articles]
    pictures = [_photo(p, reading.articles) for p in reading.photos]
    refused = [{"name": r.name, "reason": r.reason} for r in reading.refused]
    captions = [_caption(c, reading.articles) for c in reading.captions]
    return {
        "articles": articles,
        "captions": captions,
        "pictures": pictures,
        "account": reading.account(),
        "refused": refused,
    }


def _caption(caption: Caption, articles: Sequence[Article]) -> dict[str, Any]:
    return {
        "text": caption.text,
        "credit": [credit.name for credit in caption.credits],
        "article": articles[caption.article].headline if caption.article >= 0 else None,
        "spans": [_span(span) for span in caption.spans],
    }


def _photo(photo: PlacedPhoto, articles: Sequence[Article]) -> dict[str, Any]:
    box = photo.box
    return {
        "name": photo.name,
        "page": photo.page,
        "sha256": photo.digest,
        "article": articles[photo.article].headline if photo.article >= 0 else None,
        "area": {"left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom} if box else None,
    }


def _article(article: Article, others: Sequence[Article]) -> dict[str, Any]:
    return {
        "guid": None,
        "headline": article.headline,
        "kicker": article.kicker,
        "label": article.label,
        "subhead": article.subhead,
        "byline": [credit.name for credit in article.byline],
        "dateline": article.dateline,
        "section": article.section.value,
        "confidence": round(min(article.section_confidence, article.order_confidence), 4),
        "section_confidence": round(article.section_confidence, 4),
        "order_confidence": round(article.order_confidence, 4),
        "column": article.column,
        "subjects": [{"qcode": s.qcode, "name": s.name, "confidence": s.confidence} for s in article.subjects],
        "places": [{"name": p.name, "region": p.region, "code": p.code} for p in article.places],
        "people": list(article.people),
        "organisations": list(article.organisations),
        "keywords": list(article.keywords),
        "body": [paragraph.text for paragraph in article.body],
        "part_of": others[article.parent].headline if article.parent >= 0 else None,
        "jump_to": article.jump_to,
        "spans": [_span(span) for span in article.spans],
        "pieces": [_span(span) for span in article.pieces],
    }


def _span(span: Span) -> dict[str, int]:
    return {"page": span.page, "start": span.start, "end": span.end}


def _all_refused(refused: Sequence[Refusal]) -> str:
    return "\n".join([tr("No page could be read."), *(f"  {r.name}: {reason(r.reason)}" for r in refused)])


def _show(issue: Issue, reading: Reading) -> None:
    table = Table(title=_title(issue, reading), title_justify="left", title_style="bold", expand=False)
    table.add_column(tr("Page"), justify="right", style="dim")
    table.add_column(tr("Article"), overflow="fold", ratio=1)
    table.add_column(tr("Section"), no_wrap=True)
    table.add_column(tr("Sure"), justify="right")
    table.add_column(tr("Pieces"), justify="right")
    table.add_column(tr("Characters"), justify="right")
    for article in reading.articles:
        table.add_row(
            str(article.page or ""),
            _headline(article),
            tr(article.section.value),
            f"{min(article.section_confidence, article.order_confidence):.0%}",
            str(len(article.pieces)),
            str(sum(len(p.text) for p in article.body)),
        )
    out.print(
        table if reading.articles else tr("No article was found: no line reads like a headline with text below it.")
    )
    if reading.photos:
        placed = sum(photo.article >= 0 for photo in reading.photos)
        show("{} pictures, {} of them with a story.", len(reading.photos), placed, style="dim")
    out.print(Text(account_line(reading), style="dim"))
    for refusal in reading.refused:
        out.print(Text.assemble((tr("refused"), "bold red"), f" {refusal.name}: {reason(refusal.reason)}"))


def _headline(article: Article) -> Text:
    """The headline, and below it, dimmer, whatever else helps to recognise the story."""
    by = " ".join(credit.name for credit in article.byline)
    jump = tr("continues on page {}", article.jump_to) if article.jump_to else ""
    second = " · ".join(filter(None, [article.shown_kicker, article.subhead, by, jump]))
    arrow = "↳ " if article.parent >= 0 else ""
    return Text.assemble(arrow + article.headline, ("\n" + second if second else "", "dim"))


def _title(issue: Issue, reading: Reading) -> str:
    name = f"{issue.publication}, " if issue.publication else ""
    return tr("{}{}: {} articles on {} pages", name, issue.date, len(reading.articles), len(issue.pages))
