"""The section of an article, from its form and a few hundred words, with the evidence for it."""

from transforms.classify.sections import SectionModel, classify, load_sections

__all__ = ["SectionModel", "classify", "load_sections"]
