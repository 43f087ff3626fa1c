"""Where the files are that come with the code: beside the packages in a checkout, inside ``broadsheet`` in a wheel."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WHEEL = ROOT / "broadsheet" / "shipped"
IS_WHEEL = WHEEL.is_dir()


def shipped(name: str) -> Path:
    """A folder that comes with the code: dags, models, partners, plugins, publications, samples or schemas."""
    return (WHEEL if IS_WHEEL else ROOT) / name
