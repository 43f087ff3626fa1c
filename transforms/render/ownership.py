"""Who owns a newspaper's articles and what a partner may do with them, as every format says it."""

from __future__ import annotations

from transforms.model import Partner, Publication


def holder_of(publication: Publication) -> str:
    """Who owns the copyright: the newspaper itself, unless its file names somebody else."""
    return publication.copyright_holder or publication.name


def notice_of(publication: Publication) -> str:
    """The copyright notice of the newspaper's file, otherwise one that names the holder."""
    return publication.copyright_notice or f"© {holder_of(publication)}"


def terms_for(partner: Partner, publication: Publication) -> str:
    """What the partner may do with the articles; empty if neither file says. Its own terms replace the newspaper's."""
    return partner.usage_terms or publication.usage_terms
