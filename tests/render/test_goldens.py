"""Every format of the invented issue, byte for byte. ``BROADSHEET_REGENERATE=1`` writes the goldens anew."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.render.sample import BASE, PARTNER, PUBLICATION, invented
from transforms.model import Edition, Status
from transforms.render import render_feeds, render_items

GOLDENS = Path(__file__).parent / "goldens"
REGENERATE = os.environ.get("BROADSHEET_REGENERATE") == "1"


def golden_edition() -> Edition:
    """The invented issue with its last article withdrawn, so that tombstones are in the goldens."""
    *kept, last = invented().items
    return replace(invented(), items=(*kept, replace(last, status=Status.CANCELED)))


def rendered() -> dict[str, bytes]:
    edition = golden_edition()
    files = (*render_items(edition, PARTNER, BASE), *render_feeds(PUBLICATION, PARTNER, edition.items, BASE))
    return {f.key: f.content for f in files}


def test_goldens_are_current() -> None:
    found = rendered()
    if REGENERATE:
        for key, content in found.items():
            (GOLDENS / key).parent.mkdir(parents=True, exist_ok=True)
            (GOLDENS / key).write_bytes(content)
    kept = {p.relative_to(GOLDENS).as_posix(): p.read_bytes() for p in GOLDENS.rglob("*") if p.is_file()}
    assert sorted(found) == sorted(kept)
    assert [key for key in found if found[key] != kept[key]] == []


def test_goldens_are_not_being_rewritten() -> None:
    assert not REGENERATE, "goldens were just written anew: look at the difference, then run without the switch"


_DIGEST = """
import hashlib, locale
locale.setlocale(locale.LC_ALL, "")
from tests.render.test_goldens import rendered
print(hashlib.sha256(b"".join(k.encode() + v for k, v in rendered().items())).hexdigest())
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "env",
    [
        {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4242"},
        {"TZ": "UTC", "LC_ALL": "POSIX", "PYTHONHASHSEED": "0", "PYTHONUTF8": "0"},
    ],
)
def test_other_zones_locales_and_hash_seeds_give_the_golden_bytes(env: dict[str, str]) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _DIGEST]
    runs = [
        subprocess.run(command, cwd=root, env=os.environ | e, capture_output=True, text=True, check=True).stdout
        for e in (env, {"PYTHONHASHSEED": "7"})
    ]
    assert runs[0] == runs[1]
