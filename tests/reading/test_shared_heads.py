"""Two headlines in one line: the story without a head gets the one that its lead speaks of."""

from __future__ import annotations

from transforms.restore.features import Piece
from transforms.restore.lines import Line
from transforms.segment.decks import Part
from transforms.segment.marks import marks_of
from transforms.segment.shared_heads import shared_heads
from transforms.segment.style import general_style

MARKS = marks_of(general_style())
BRIDGE = "本报讯（记者 江南雁）老渡口上的新桥昨天通车，两岸的村民头一回不必等船。"
ORCHARD = "本报讯（记者 苏晚晴）果园今年头一回用上滴灌，一亩地省下三成水。"


def part(text: str, role: str, start: int = 0) -> Part:
    return Part(Piece((Line(1, start, start + len(text), text, 1, False),), text), role, 0.0)


def told(headline: str, *texts: str) -> list[list[str]]:
    first, second = texts
    stories = [[part(headline, "headline"), part(first, "body", 100)], [part(second, "body", 200)]]
    return [[p.piece.text for p in story] for story in shared_heads(stories, MARKS)]


def test_each_story_gets_the_headline_that_its_lead_speaks_of():
    both = "老渡口新桥通车 果园用上滴灌"
    assert told(both, BRIDGE, ORCHARD) == [["老渡口新桥通车", BRIDGE], ["果园用上滴灌", ORCHARD]]
    assert told(both, ORCHARD, BRIDGE) == [["果园用上滴灌", ORCHARD], ["老渡口新桥通车", BRIDGE]]


def test_the_runs_of_both_keep_their_places_on_the_page():
    stories = [
        [part("老渡口新桥通车 果园用上滴灌", "headline"), part(BRIDGE, "body", 100)],
        [part(ORCHARD, "body", 200)],
    ]
    (kept, *_), (given, *_) = shared_heads(stories, MARKS)
    assert [(p.piece.lines[0].start, p.piece.lines[0].end) for p in (kept, given)] == [(0, 7), (8, 14)]


def test_a_headline_of_two_parts_that_speaks_of_one_story_stays_whole():
    whole = "老渡口新桥通车 两岸村民不必等船"
    assert told(whole, BRIDGE, ORCHARD) == [[whole, BRIDGE], [ORCHARD]]


def test_a_text_without_a_lead_gets_no_headline():
    plain = "果园今年头一回用上滴灌，一亩地省下三成水。"
    both = "老渡口新桥通车 果园用上滴灌"
    assert told(both, BRIDGE, plain) == [[both, BRIDGE], [plain]]
