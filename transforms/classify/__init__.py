"""What kind of journalism an article is, from its form and a few hundred words, and why we think so."""

from transforms.classify.sections import SectionModel, classify, load_sections

__all__ = ["SectionModel", "classify", "load_sections"]
