"""What we promise partners about our own files, as schemas in ``schemas/``.

They are part of the package, so they always apply.

Each ``…_reasons`` yields one sentence per violation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import etree, isoschematron  # type: ignore[attr-defined] # stubs lack isoschematron

from transforms.render.rules import Rules
from transforms.render.xml import G2
from transforms.shipped import shipped

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FOLDER = shipped("schemas")
_NEWS_ITEM = f"{{{G2}}}newsItem"
_IS_PICTURE = etree.XPath("(g:itemMeta/g:itemClass)[1]/@qcode = 'ninat:picture'", namespaces={"g": G2})
_RNG = "{http://relaxng.org/ns/structure/1.0}"
_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


def json_reasons(name: str, value: Any) -> Iterator[str]:
    """Where ``value`` violates ``schemas/<name>.schema.json`` (JSON Schema 2020-12).

    Messages are cut at 200 characters.
    """
    for error in _json(name).iter_errors(value):
        yield f"{error.json_path}: {error.message[:200]}"


def atom_reasons(root: etree._Element) -> Iterator[str]:
    """Where an Atom feed violates ``schemas/atom.rng`` (RELAX NG)."""
    grammar = _grammar("atom")
    if not grammar.validate(root):
        log: Any = grammar.error_log  # iterable, which its stub does not know
        yield from (f"line {e.line}: {e.message}" for e in log)


def newsml_reasons(root: etree._Element) -> Iterator[str]:
    """Where an item violates our profile: the grammar of a story (RELAX NG), then the rules (Schematron)."""
    if root.tag == _NEWS_ITEM:
        grammar = _item_grammar(bool(_IS_PICTURE(root)))
        if not grammar.validate(root):
            log: Any = grammar.error_log
            yield from (f"line {e.line}: {e.message}" for e in log)
    rules = schematron()
    if not _quick_newsml().keep(root) and not rules.validate(root):
        for failed in rules.validation_report.iter(_FAILED):
            yield " ".join("".join(failed.itertext()).split())


def warm_up() -> None:
    """Load the schemas of items and feeds now, in a process from which others will be forked."""
    for name in ("jsonfeed", "ninjs", "ninjs1"):
        _json(name)
    _grammar("atom")
    for picture in (False, True):
        _item_grammar(picture)
    schematron()
    _quick_newsml()


@cache
def _json(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # slow to load, and most work needs none

    return Draft202012Validator(json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8")))


@cache
def _grammar(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(FOLDER / f"{name}.rng"))


@cache
def _item_grammar(picture: bool) -> etree.RelaxNG:
    """The grammar of one kind of item: libxml2 tries every alternative, and one of the two is known to be wrong."""
    grammar = etree.parse(FOLDER / "newsml-profile.rng")
    for kinds in grammar.iterfind(f"{_RNG}start/{_RNG}choice"):
        for ref in kinds.findall(f"{_RNG}ref"):
            if (ref.get("name") == "pictureItem") is not picture:
                kinds.remove(ref)
    return etree.RelaxNG(grammar)


@cache
def schematron() -> Any:
    """The rules of the NewsML profile, as lxml runs them, with a report of those that fail."""
    return isoschematron.Schematron(etree.parse(FOLDER / "newsml-profile.sch"), store_report=True)


@cache
def _quick_newsml() -> Rules:
    return Rules(etree.parse(FOLDER / "newsml-profile.sch"))
