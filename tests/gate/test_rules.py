"""The quick answer whether an item keeps our rules is the one that Schematron gives."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

import pytest
from lxml import etree

from tests.render.sample import BASE, PARTNER, invented
from transforms.model import Status
from transforms.render import render_items
from transforms.render.profiles import FOLDER, schematron
from transforms.render.rules import Rules

RULES = Rules(etree.parse(FOLDER / "newsml-profile.sch"))


def documents() -> dict[str, etree._Element]:
    """A document of each kind that the rules speak of: new, corrected, withdrawn, a picture's, packages, messages."""
    partner = replace(PARTNER, formats=("newsml", "newsmessage"))
    made = invented()
    corrected = tuple(replace(i, version=2, ed_note="更正。") for i in made.items)
    withdrawn = tuple(replace(i, version=2, status=Status.CANCELED, ed_note="撤回。") for i in made.items)
    found = {}
    for name, items in {"new": made.items, "corrected": corrected, "withdrawn": withdrawn}.items():
        for file in render_items(replace(made, items=items), partner, BASE):
            if file.key.endswith(".xml"):
                found[f"{name} {file.key}"] = etree.fromstring(file.content)
    return found


def spoiled(root: etree._Element) -> Iterator[etree._Element]:
    """The document without each of its elements, without each attribute, with another value of each."""
    for n, element in enumerate(root.iter()):
        for name in (*element.keys(), "", "text"):
            for value in (None, "x"):
                whole = deepcopy(root)
                one = list(whole.iter())[n]
                if name == "text":
                    one.text = value
                elif not name and value is None and one.getparent() is not None:
                    one.getparent().remove(one)
                elif name and value is None:
                    del one.attrib[name]
                elif name:
                    one.set(name, value)
                yield whole


@pytest.mark.slow
def test_the_quick_rules_say_what_schematron_says_of_every_document_with_one_fault():
    refused = 0
    for name, root in documents().items():
        assert RULES.keep(root), name
        assert schematron().validate(root), name
        for bad in spoiled(root):
            sound = bool(schematron().validate(bad))
            assert RULES.keep(bad) == sound, etree.tostring(bad)
            refused += not sound
    assert refused > 100
