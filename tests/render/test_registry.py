"""A new output format is one module: rendering, the gate, records, pages and feeds find it there."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from delivery.records import load_partner
from delivery.schemas import schemas
from tests.render.sample import BASE, PARTNER, PUBLICATION, invented
from transforms.errors import BadRecord
from transforms.gate import Schemas, Severity, check_files
from transforms.model import File
from transforms.render import formats, registry, render_feeds, render_items

MODULE = """
from transforms.render.format import ItemFormat


def render(item, edition, partner):
    return f"{item.article.headline}\\n\\n{item.article.text}\\n".encode()


def check(file, around):
    if not file.content.endswith(b"\\n"):
        yield "the text does not end its last line"


FORMATS = (
    ItemFormat(name="invented", title="Text", extension="txt", media_type="text/plain", render=render, check=check),
)
"""


@pytest.fixture
def plain_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "invented.py").write_text(MODULE, "utf-8")
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    registry.all_formats.cache_clear()
    yield replace(PARTNER, formats=("invented", "rss", "html"))
    registry.all_formats.cache_clear()
    sys.modules.pop(f"{formats.__name__}.invented", None)


def test_a_new_module_is_rendered_checked_linked_and_accepted_in_records(plain_text, tmp_path):
    files = render_items(invented(), plain_text, BASE)
    keys = [f.key for f in files]
    assert keys == [f"items/linhe.example_20250304_a{n}/v{v}.txt" for n, v in ((1, 1), (2, 1), (3, 2), (4, 1))]
    assert {f.media_type for f in files} == {"text/plain; charset=utf-8"}
    pointers = render_feeds(PUBLICATION, plain_text, invented().items, BASE)
    page = next(f for f in pointers if f.key.startswith("articles/"))
    assert f'type="text/plain" href="{BASE}/items/'.encode() in page.content
    assert check_files((*files, *pointers), Schemas()) == ()
    cut = File(keys[0], b"no end", "text/plain", "")
    assert [(f.severity, f.reason) for f in check_files([cut], Schemas())] == [
        (Severity.ERROR, "the text does not end its last line")
    ]
    record = tmp_path / "outlet.toml"
    record.write_text('id = "outlet"\nname = "Outlet"\n[gets]\nformats = ["invented"]\n', "utf-8")
    assert load_partner(record).formats == ("invented",)
    assert (
        "invented"
        in json.loads(schemas()["partner.schema.json"])["$defs"]["Gets"]["properties"]["formats"]["items"]["enum"]
    )


def test_a_record_with_an_unknown_format_says_which_there_are(tmp_path):
    record = tmp_path / "outlet.toml"
    record.write_text('id = "outlet"\nname = "Outlet"\n[gets]\nformats = ["invented"]\n', "utf-8")
    with pytest.raises(
        BadRecord, match=r"unknown format “invented”: there are newsml, newsmessage, ninjs, ninjs1, rss"
    ):
        load_partner(record)


def test_every_file_of_every_format_is_known_by_its_key_and_by_the_mark_in_its_beginning():
    files = (*render_items(invented(), PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, invented().items, BASE))
    for file in files:
        by_key = registry.format_of(replace(file, content=b""))
        alone = registry.format_of(replace(file, key=file.key.rpartition("/")[2].replace("index", "page")))
        assert by_key is not None, file.key
        if not file.key.startswith("catalog/") and "/picture-" not in file.key:  # known by their folder or name
            assert alone is (by_key if by_key.mark else None), file.key
