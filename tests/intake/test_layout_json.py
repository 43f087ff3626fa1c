"""Our own form of recognised lines: blocks in order, or lines in none, with or without places."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from transforms.intake import SourceFile, read_source
from transforms.model import Box, Page

SCHEMA = Path(__file__).parents[2] / "schemas" / "layout.schema.json"
HEAD = {"text": "新桥今日通车", "box": [300, 400, 900, 500]}
FIRST = {"text": "昨日，新桥通车，两岸", "box": [300, 600, 800, 650], "certainty": 0.9}
SECOND = {"text": "不再绕行。", "box": [300, 660, 550, 710]}
RIGHT = {"text": "末班车八点发出。", "box": [1000, 600, 1400, 650], "certainty": 0.8}


def of(*pages: dict[str, Any]) -> dict[str, Any]:
    return {"format": "broadsheet-layout", "pages": list(pages)}


def read(record: Any, name: str = "page-02.json") -> tuple[tuple[Page, ...], dict[str, str]]:
    data = record if isinstance(record, bytes) else json.dumps(record, ensure_ascii=False).encode()
    pages, refused = read_source([SourceFile(name, data)])
    return pages, {r.name: r.reason for r in refused}


def test_blocks_stay_in_their_order() -> None:
    record = of({"width": 3000, "height": 4000, "blocks": [{"lines": [FIRST, SECOND]}, {"lines": [HEAD]}]})
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(record)
    (page,), refused = read(record)
    assert (page.number, page.encoding, page.size, refused) == (2, "layout", (720, 960), {})
    assert page.text == "昨日，新桥通车，两岸\n不再绕行。\n\n新桥今日通车"
    assert page.boxes[2] == Box(72, 96, 216, 120, 24)
    assert page.certainty == (0.9, 1.0, 1.0)


def test_lines_in_no_order_are_put_in_one_by_their_places() -> None:
    record = of({"number": 7, "lines": [RIGHT, SECOND, HEAD, FIRST]})
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(record)
    (page,), refused = read(record)
    assert (page.number, refused) == (7, {})
    assert page.text.split() == ["新桥今日通车", "昨日，新桥通车，两岸", "不再绕行。", "末班车八点发出。"]
    assert page.certainty == (1.0, 0.9, 1.0, 0.8)
    assert [box.left for box in page.boxes] == [72, 72, 72, 240]


def test_sizes_and_units_are_taken_as_said() -> None:
    (page,), _ = read(of({"unit": "point", "lines": [{**FIRST, "size": 48}]}))
    assert page.boxes == (Box(300, 600, 800, 650, 48),)
    (page,), _ = read(of({"dpi": 144, "lines": [{**FIRST, "size": 48}]}))
    assert page.boxes == (Box(150, 300, 400, 325, 24),)


def test_lines_without_places_are_text() -> None:
    (page,), _ = read(
        of({"blocks": [{"lines": [{"text": "昨日，新桥通车，两岸"}, {"text": " "}, {"text": "不再\n绕行。"}]}]})
    )
    assert (page.text, page.boxes, page.certainty) == ("昨日，新桥通车，两岸\n不再 绕行。", (), ())


def test_pages_of_one_file_count_from_its_number() -> None:
    pages, _ = read(of({"lines": [FIRST]}, {"lines": [RIGHT]}))
    assert [(p.number, p.name) for p in pages] == [(2, "page-02.json#1"), (3, "page-02.json#2")]


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ({}, "pages.0: give either blocks or lines"),
        ({"lines": [FIRST], "blocks": []}, "give either blocks or lines"),
        ({"lines": [{"text": "春"}]}, "lines in no order need a box each"),
        ({"lines": [{"text": "春", "box": [5, 5, 5, 9]}]}, "right must be more than left"),
        ({"lines": [{"text": "春", "box": [5, 5, 9]}]}, "pages.0.lines.0.box.3: Field required"),
        ({"lines": [{"text": "春", "box": [0, 0, 1e300, 9]}]}, "less than or equal to 200000"),
        ({"lines": [{"text": "春", "box": [0, 0, float("nan"), 9]}]}, "finite number"),
        ({"lines": [{**FIRST, "size": -1}]}, "size: Input should be greater than 0"),
        ({"lines": [{**FIRST, "certainty": 98}]}, "certainty: Input should be less than or equal to 1"),
        ({"lines": [{**FIRST, "font": "Song"}]}, "font: no such field"),
        ({"lines": [FIRST] * 3001}, "at most 3000 items"),
        ({"dpi": 0, "lines": [FIRST]}, "dpi: Input should be greater than or equal to 20"),
        ({"lines": []}, "the page has no text"),
    ],
)
def test_what_does_not_keep_to_the_schema_is_refused_with_its_place(page: dict[str, Any], words: str) -> None:
    pages, refused = read(of(page))
    assert pages == ()
    assert words in refused["page-02.json"]


def test_a_file_of_too_many_lines_in_no_order_is_refused() -> None:
    pages, refused = read(of(*[{"lines": [FIRST] * 3000}] * 7))
    assert pages == ()
    assert "more than 20,000 lines in no order" in refused["page-02.json"]
