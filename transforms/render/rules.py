"""The rules of a Schematron schema as XPath expressions, which find out quickly that a document violates none.

Schematron (ISO/IEC 19757-3) runs as XSLT and writes a report of each rule that fired. That takes longer than
everything else that the gate does to an item, and nearly every document is valid. So this only answers yes or no,
and Schematron is asked for the reasons if the answer is no. It supports what our own schemas use: rules with
assertions, abstract rules, ``current()``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

SCH = "{http://purl.oclc.org/dsdl/schematron}"


@dataclass(frozen=True, slots=True)
class _Rule:
    """``context`` is what a node matches that the rule is for; None if its name is enough. ``keeps``: whether a node
    keeps all of its assertions.
    """

    name: str
    context: etree.XPath | None
    keeps: etree.XPath


class Rules:
    """A schema's rules. In each pattern, the first rule whose context matches a node applies to it."""

    def __init__(self, schema: etree._ElementTree) -> None:
        spaces = {str(ns.get("prefix")): str(ns.get("uri")) for ns in schema.iter(f"{SCH}ns")}
        found = [_rules(pattern, spaces) for pattern in schema.iter(f"{SCH}pattern")]
        self._patterns = [(tuple(dict.fromkeys(r.name for r in rules)), rules) for rules in found]

    def keep(self, root: etree._Element) -> bool:
        """Whether a document violates none of them."""
        return all(_kept(root, names, rules) for names, rules in self._patterns)


def _kept(root: etree._Element, names: Sequence[str], rules: Sequence[_Rule]) -> bool:
    return all(_keeps(node, node.tag, rules) for node in root.iter(*names))


def _keeps(node: etree._Element, name: str, rules: Sequence[_Rule]) -> bool:
    for rule in rules:
        if rule.name == name and (rule.context is None or rule.context(node)):
            return bool(rule.keeps(node, current=[node]))
    return True


def _rules(pattern: etree._Element, spaces: dict[str, str]) -> list[_Rule]:
    abstract = {r.get("id"): r for r in pattern.iter(f"{SCH}rule") if r.get("abstract") == "true"}
    found = []
    for rule in (r for r in pattern.iter(f"{SCH}rule") if r.get("abstract") != "true"):
        parents = [abstract[e.get("rule")] for e in rule.iter(f"{SCH}extends")]
        tests = [str(a.get("test")) for r in (*parents, rule) for a in r.iter(f"{SCH}assert")]
        keeps = " and ".join(f"boolean({test.replace('current()', '$current')})" for test in tests)
        context = str(rule.get("context"))
        plain, predicate, _ = context.partition("[")
        prefix, _, name = plain.partition(":")
        found.append(
            _Rule(
                f"{{{spaces[prefix]}}}{name}",
                etree.XPath(f"boolean(self::{context})", namespaces=spaces) if predicate else None,
                etree.XPath(keeps, namespaces=spaces),
            )
        )
    return found
