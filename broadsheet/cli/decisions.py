"""``broadsheet decisions``: what editors decided, as labelled texts."""

from __future__ import annotations

import os

from broadsheet.cli.newsroom import running
from broadsheet.cli.screen import write_json
from broadsheet.installation import Installation, open_installation
from broadsheet.settings import Settings
from broadsheet.steps import review


def decisions(publication: str) -> None:
    """Print a line for each decision that teaches something: of one newspaper, or (empty) of all."""
    if os.environ.get("BROADSHEET_S3_ENDPOINT"):
        _print(open_installation(Settings.from_env()), publication)
        return
    with running() as (installation, _):
        _print(installation, publication)


def _print(installation: Installation, publication: str) -> None:
    for ruling in review.rulings(installation.store, installation.publication(publication).id if publication else ""):
        told = review.lesson(ruling)
        if told:
            write_json(told)
