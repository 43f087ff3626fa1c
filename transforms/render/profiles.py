"""Our own promises to partners, from ``schemas/``: always at hand, whatever else a machine lacks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from lxml import etree, isoschematron  # type: ignore[attr-defined] # stubs lack isoschematron

from transforms.shipped import shipped

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FOLDER = shipped("schemas")
_NEWS_ITEM = "{http://iptc.org/std/nar/2006-10-01/}newsItem"
_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


def json_reasons(name: str, value: Any) -> Iterator[str]:
    """Where ``value`` does not keep to ``schemas/<name>.schema.json``; values are not repeated, they can be long."""
    for error in _json(name).iter_errors(value):
        yield f"{error.json_path}: {error.message[:200]}"


def atom_reasons(root: etree._Element) -> Iterator[str]:
    """Where an Atom feed does not keep to ``schemas/atom.rng``."""
    grammar = _grammar("atom")
    if not grammar.validate(root):
        log: Any = grammar.error_log  # iterable, which its stub does not know
        yield from (f"line {e.line}: {e.message}" for e in log)


def newsml_reasons(root: etree._Element) -> Iterator[str]:
    """Where an item does not keep to our profile: the grammar of a story (.rng), then the rules (.sch)."""
    if root.tag == _NEWS_ITEM:
        grammar = _grammar("newsml-profile")
        if not grammar.validate(root):
            log: Any = grammar.error_log
            yield from (f"line {e.line}: {e.message}" for e in log)
    rules = _newsml()
    if not rules.validate(root):
        for failed in rules.validation_report.iter(_FAILED):
            yield " ".join("".join(failed.itertext()).split())


@cache
def _json(name: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # slow to load, and most work needs none

    return Draft202012Validator(json.loads((FOLDER / f"{name}.schema.json").read_text("utf-8")))


@cache
def _grammar(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(FOLDER / f"{name}.rng"))


@cache
def _newsml() -> Any:
    return isoschematron.Schematron(etree.parse(FOLDER / "newsml-profile.sch"), store_report=True)
