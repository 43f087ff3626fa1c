"""Which code runs: a digest of everything that a running newsroom has loaded or may still load."""

from __future__ import annotations

import hashlib
from importlib.metadata import distributions
from pathlib import Path

from transforms.shipped import ROOT

PARTS = ("broadsheet", "delivery", "transforms", "dags", "plugins", "models", "schemas")
LEFT_OUT = frozenset({"__pycache__"})


def digest() -> str:
    """Of the project's files and the names and versions of the installed packages."""
    found = hashlib.sha256()
    for name, version in sorted({(d.metadata["Name"], d.version) for d in distributions()}):
        found.update(f"{name}=={version}\n".encode())
    for path in _files():
        found.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _files() -> list[Path]:
    paths = (p for part in PARTS for p in (ROOT / part).rglob("*"))
    return sorted(p for p in paths if p.is_file() and not LEFT_OUT & set(p.parts))
