"""The sample's newspaper without questions to editors: no benchmark waits for an answer."""

from __future__ import annotations

import shutil
from pathlib import Path

from transforms.shipped import ROOT

UNASKED = "\n[review]\norder = 0\nsection = 0\n"


def unasked(folder: Path) -> str:
    """A copy of the newspapers' files in ``folder`` in which no article waits; the value of BROADSHEET_PUBLICATIONS."""
    papers: Path = shutil.copytree(ROOT / "publications", folder / "publications")
    for file in papers.glob("*.toml"):
        file.write_text(file.read_text("utf-8") + UNASKED, "utf-8")
    return str(papers)
