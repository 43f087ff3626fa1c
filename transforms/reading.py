"""From pages to articles: mend the text, restore the reading order, segment, classify. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from transforms.certainty import as_certain, certainties
from transforms.chinese import TRADITIONAL, in_simplified, script_of, simplified
from transforms.classify import SectionModel, classify
from transforms.errors import BadInput
from transforms.model import Article, Fate, Issue, Page, Reading, Refusal, Span
from transforms.repair import Repaired, repair
from transforms.restore.chains import Chain, adopt, chains_of, refine
from transforms.restore.confidence import confidence_of
from transforms.restore.continuation import seams
from transforms.restore.evidence import Floats
from transforms.restore.features import MOST_ENCODED, Piece, Sheet, features_of, pieces_of, sheet_of
from transforms.restore.lines import Line, lines_of
from transforms.restore.network import Scores, joined_lines, score
from transforms.restore.roles import APART, ROLES
from transforms.restore.shared_words import kinship
from transforms.segment.abreast import abreast
from transforms.segment.articles import charts_of, correction_of, drafts_of, finish, sign_alike
from transforms.segment.bare_heads import together
from transforms.segment.captions import captions_of
from transforms.segment.columns import signed_columns
from transforms.segment.crossheads import at_crossheads
from transforms.segment.decks import DOT, HEAD, Part, setting_of, settled, unwrapped, with_dot
from transforms.segment.draft import Draft, spans_of
from transforms.segment.form import by_form
from transforms.segment.given import given_drafts
from transforms.segment.headlines import headline_like
from transforms.segment.jumps import GoingOn, Rests, join_jumps, rests_of
from transforms.segment.marks import Marks, marks_of
from transforms.segment.running import runs_on
from transforms.segment.shared_heads import shared_heads
from transforms.segment.standing import Standing, standing
from transforms.segment.stray_kickers import with_stray_kickers
from transforms.segment.style import HouseStyle, general_style, style_for
from transforms.trained import Models
from transforms.width import measure

# Each two pieces are compared, so memory and time grow with the square; a full page has some 60, the fullest 135.
MOST_PIECES = 1200
OPENS = 9.0  # log odds that a piece known by its form opens a paragraph
FORMAL = 0.98  # confidence in an article that its form alone holds together


@dataclass(frozen=True)
class _Read:
    """What was made of a page: drafts in page order, captions, and the runs that are advertising."""

    source: Repaired
    drafts: list[Draft]
    captions: list[Piece]
    notices: list[Piece]


@dataclass(frozen=True)
class CutPage:
    """A page in pieces: as they stand there and ``shown`` as the network reads them; what is ``found`` by form.

    ``width``: characters of a column.
    """

    source: Repaired
    width: int
    pieces: list[Piece]
    shown: list[Piece]
    found: Standing

    @property
    def left(self) -> list[int]:
        """Numbers of the pieces that form does not place: the network's."""
        return [n for n in range(len(self.pieces)) if n not in self.found.placed]


def read_issue(issue: Issue, models: Models, style: HouseStyle | None = None) -> Reading:
    """Restore the articles of an issue, in page order; what jumps to another page is joined there.

    A page that cannot be put in order is refused, and the others are read.
    """
    style = style or general_style()
    given = given_drafts(issue.pages, style)
    marks = {page.number: marks_of(style_for(page.language, style)) for page in issue.pages}
    spoken = {page.number: page.language for page in issue.pages if page.language != style.language}
    rests = rests_of({p.number: [x.text for x in lines_of(p)] for p in issue.pages}, marks)
    read: list[_Read] = []
    refused: dict[int, Refusal] = {}
    for page in issue.pages:
        try:
            read.append(_cut_out(page, given) or _read(page, models, marks[page.number], rests))
        except BadInput as error:
            refused[page.number] = Refusal(page.name, str(error))
    sources = {r.source.page.number: r.source for r in read}
    drafts = join_jumps([draft for r in read for draft in r.drafts], going_on_by(models))
    scans = certainties(issue.pages)
    placed = [as_certain(_placed(a, sources), scans) for a in finish(drafts)]
    articles = [replace(_classified(a, models.sections), language=spoken.get(a.page, "")) for a in placed]
    found = [c for r in read for c in captions_of(r.captions, articles, marks[r.source.page.number])]
    captions = tuple(replace(c, spans=_back(c.spans, sources)) for c in found)
    adverts = _back([s for r in read for p in r.notices for s in spans_of(p)], sources)
    told = [(s, Fate.ARTICLE) for s in dict.fromkeys(s for a in articles for s in a.spans)]
    told += [(s, Fate.ADVERT) for s in adverts]
    told += [(s, Fate.REJECTED) for r in read for s in r.source.copies]
    told += [(Span(p.number, 0, len(p.text)), Fate.REJECTED) for p in issue.pages if p.number in refused]
    fates = tuple(_fates(issue.pages, told))
    return Reading(tuple(articles), fates, (*issue.refused, *refused.values()), captions)


def going_on_by(models: Models) -> GoingOn:
    """How well texts go on from others, by the reader's encoders, which know simplified characters."""

    def going_on(lefts: list[str], rights: list[str]) -> Floats:
        return seams([simplified(t) for t in lefts], [simplified(t) for t in rights], models.continuation)

    return going_on


def _cut_out(page: Page, given: Mapping[int, list[Draft]]) -> _Read | None:
    """A page whose articles the input had cut out; None if they have to be restored."""
    return _Read(Repaired(page), given[page.number], [], []) if page.number in given else None


def _read(page: Page, models: Models, marks: Marks, rests: Rests) -> _Read:
    cut = cut_up(page, models, marks)
    drafts = _stories(cut.pieces, cut.found, marks) + _drafts(cut, models, marks, rests)
    drafts.sort(key=lambda d: d[0])
    flat = [draft for _, group in drafts for draft in group]
    sign_alike(flat)
    if DOT not in page.text:
        for draft in flat:
            draft.headlines = [with_dot(" ".join(draft.headlines))] if draft.headlines else []
    return _Read(cut.source, flat, _of(cut.pieces, cut.found.captions), _of(cut.pieces, cut.found.notices))


def cut_up(page: Page, models: Models, marks: Marks) -> CutPage:
    """Mend a page, cut it into pieces, and set aside what is known by its form.

    Raises BadInput if the pieces are more than can be put in order.
    """
    source = repair(page)
    sheet = sheet_of(_as_simplified(source.page), models.evidence)
    joined = joined_lines(sheet, models.evidence, models.joiner, models.continuation) | _leads(sheet.lines, marks)
    joined |= runs_on(sheet.lines, marks)
    joined -= _signatures(sheet.lines, marks)
    joined -= _headlines(sheet, marks)
    shown = [replace(p, text=marks.plain(p.text)) for p in pieces_of(sheet, joined)]
    pieces = pieces_of(replace(sheet, lines=lines_of(source.page)), joined)
    if len(pieces) > MOST_PIECES:
        raise BadInput(
            f"the page is in {len(pieces):,} separate pieces, more than the {MOST_PIECES:,} that can be put in order:"
            " send each printed page as a page of its own"
        )
    return CutPage(source, sheet.width, pieces, shown, standing(pieces, marks))


def _leads(lines: Sequence[Line], marks: Marks) -> set[int]:
    """Lines that hold the lead of a text alone, as other type makes extractors cut it off: the text goes on below."""
    return {n for n, (a, b) in enumerate(pairwise(lines)) if b.gap == 0 and marks.is_lead(a.text)}


def _signatures(lines: Sequence[Line], marks: Marks) -> set[int]:
    """Lines at which a marked byline that stands alone, □ 本报记者 某某, begins or ends: it belongs to no sentence."""

    def is_signature(text: str) -> bool:
        return marks.is_marked(text) and marks.is_byline(text) and not any(marks.parse_lead(text))

    alone = [is_signature(line.text) for line in lines]
    return {
        n
        for n, (a, b) in enumerate(pairwise(lines))
        if b.gap == 0
        and (alone[n] or (alone[n + 1] and not b.text.startswith(("（", "("))))
        and not marks.is_byline(a.text + b.text)
    }


def _headlines(sheet: Sheet, marks: Marks) -> set[int]:
    """Lines above the headline of a wrapped page, and the headline itself: shorter than a column, above a lead.

    The last line of a column that a text breaks off in is full. Where type sizes are known, they tell headlines.
    """
    out: set[int] = set()
    if sheet.lines and sheet.lines[0].box:
        return out
    for n, (line, below) in enumerate(pairwise(sheet.lines)):
        short = measure(line.text) + 4 * line.indented < sheet.width - 1
        if short and below.indented and headline_like(line.text) and any(marks.parse_lead(below.text)):
            out |= {n - 1, n}
    return out


def _of(pieces: list[Piece], numbers: set[int]) -> list[Piece]:
    return [pieces[n] for n in sorted(numbers)]


def _stories(pieces: list[Piece], found: Standing, marks: Marks) -> list[tuple[int, list[Draft]]]:
    """The articles and charts that are known by their form."""
    out = []
    stories = [(whole, drafts_of if len(whole) > 1 else correction_of) for whole in found.stories]
    for whole, made in [*stories, *((c, charts_of) for c in found.charts)]:
        roles = ["headline", *["body"] * (len(whole) - 1)]
        parts = [Part(pieces[n], role, OPENS) for n, role in zip(whole, roles, strict=True)]
        out.append((whole[0], made(parts, FORMAL, marks)))
    return out


def _drafts(cut: CutPage, models: Models, marks: Marks, rests: Rests) -> list[tuple[int, list[Draft]]]:
    """The articles that the network puts together from all other pieces, with the number of the first of each."""
    numbers, pieces, found = cut.left, cut.pieces, cut.found
    if all(n in found.apart for n in numbers):
        return []
    own, left = [cut.shown[n] for n in numbers], [pieces[n] for n in numbers]
    features = features_of(own, cut.width, models.evidence, models.continuation)
    # A page too full for the encoders is read by one network: two would take it over the time that a page may take.
    networks = models.networks if len(own) <= MOST_ENCODED else models.networks[:1]
    setting = setting_of(pieces, cut.width)
    told = score(features, networks)
    scores = by_form(told, left, numbers, marks, found, rests, parted=setting.paragraphs)
    roles = [ROLES[r] for r in scores.roles.argmax(axis=1)]
    texts = [p.text for p in own]
    kin = replace(scores, same=scores.same + kinship(texts, models.evidence))
    chains = together(adopt(refine(chains_of(kin), kin), kin), roles, numbers, [len(t) for t in texts])
    chains, roles = signed_columns(chains, roles, texts, marks)
    chains, roles = at_crossheads(chains, roles, texts, scores, marks)
    chains, roles = with_stray_kickers(chains, roles, texts, scores)
    stories: list[list[Part]] = []
    begun: list[tuple[int, float]] = []  # where each begins, and the confidence in it
    for chain in abreast(chains, roles, texts, marks):
        if all(roles[n] in (*APART, "label") for n in chain.pieces):
            _learnt(chain, numbers, roles, found)
            continue
        taken, margin = settled(
            chain.pieces,
            left,
            scores.roles,
            roles,
            features.states,
            models.judgement,
            parted=setting.paragraphs,
        )
        stories.append(unwrapped(_parts(chain, numbers, taken, scores, pieces, found), setting))
        begun.append((numbers[min(chain.pieces)], confidence_of(chain, margin, scores, models.judgement)))
    headed = shared_heads(stories, marks)
    return [
        (first, drafts_of(parts, confidence, marks)) for parts, (first, confidence) in zip(headed, begun, strict=True)
    ]


def _learnt(chain: Chain, numbers: list[int], roles: list[str], found: Standing) -> None:
    """Add to what form told what the network alone takes for a caption or a notice."""
    found.captions |= {numbers[n] for n in chain.pieces if roles[n] == "caption"}
    found.notices |= {numbers[n] for n in chain.pieces if roles[n] == "notice"}


def _as_simplified(page: Page) -> Page:
    """A page in the characters that the models were trained on; offsets stay."""
    return replace(page, text=simplified(page.text)) if script_of(page.text) == TRADITIONAL else page


def _parts(
    chain: Chain,
    numbers: list[int],
    roles: list[str],
    scores: Scores,
    pieces: list[Piece],
    found: Standing,
) -> list[Part]:
    """A chain with the rows of its tables below their lines and numbers above theirs, which were not put in order."""
    below = {above: row for row, above in found.follows.items()}
    out = []
    for n in chain.pieces:
        if (counted := found.numbers.get(numbers[n])) is not None and roles[n] not in HEAD:
            out.append(Part(pieces[counted], "crosshead", OPENS))
        out.append(Part(pieces[numbers[n]], roles[n], float(scores.opens[n])))
        row = below.get(numbers[n])
        while row is not None:
            out.append(Part(pieces[row], "body", OPENS))
            row = below.get(row)
    return out


def _back(spans: Sequence[Span], sources: dict[int, Repaired]) -> tuple[Span, ...]:
    return tuple(sources[s.page].source(s) for s in spans)


def _placed(article: Article, sources: dict[int, Repaired]) -> Article:
    """The article with its runs where they stand in the source as it came."""
    return replace(
        article,
        body=tuple(replace(p, spans=_back(p.spans, sources)) for p in article.body),
        pieces=_back(article.pieces, sources),
        spans=_back(article.spans, sources),
    )


def _classified(article: Article, model: SectionModel) -> Article:
    verdict = classify(in_simplified(article), model)
    return replace(
        article,
        section=verdict.section,
        section_confidence=round(verdict.confidence, 4),
        evidence=verdict.evidence,
    )


def _fates(pages: tuple[Page, ...], told: list[tuple[Span, Fate]]) -> list[tuple[Span, Fate]]:
    """Every character once; what has no fate yet is furniture."""
    out: list[tuple[Span, Fate]] = []
    told = sorted(told, key=lambda t: (t[0].page, t[0].start))
    for page in pages:
        at = 0
        for span, fate in (t for t in told if t[0].page == page.number):
            start = max(at, span.start)
            if start > at:
                out.append((Span(page.number, at, start), Fate.FURNITURE))
            if span.end > start:
                out.append((Span(page.number, start, span.end), fate))
                at = span.end
        if at < len(page.text):
            out.append((Span(page.number, at, len(page.text)), Fate.FURNITURE))
    return out
