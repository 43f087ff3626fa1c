"""What `make install` needs is checked first, and all that is missing is named at once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "check_machine.sh"


def check(folder: Path, python: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(SCRIPT), python]
    return subprocess.run(command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False)


def pretend(folder: Path, name: str, prints: str) -> str:
    """A PATH on which a program prints something else than on this machine."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{prints}\n", "utf-8")
    (folder / name).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_a_machine_that_has_everything_passes(tmp_path: Path):
    done = check(tmp_path, sys.executable, BROADSHEET_INSTALL_MB="1")
    assert (done.returncode, done.stderr) == (0, "")


def test_all_that_is_missing_is_named_at_once(tmp_path: Path):
    done = check(tmp_path, "", BROADSHEET_INSTALL_MB=str(2**40))
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13 is missing" in done.stderr
    assert "are needed" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("system", "advice"), [("Darwin", "brew install python@3.13"), ("Linux", "apt install python3 python3-venv")]
)
def test_the_advice_is_for_the_system_at_hand(tmp_path: Path, system: str, advice: str):
    path = pretend(tmp_path / "bin", "uname", f'[ "$1" = -m ] && echo x86_64 || echo {system}')
    done = check(tmp_path, "", PATH=path, BROADSHEET_INSTALL_MB="1")
    assert advice in done.stderr


def test_a_machine_without_a_store_for_it_is_refused(tmp_path: Path):
    path = pretend(tmp_path / "bin", "uname", '[ "$1" = -m ] && echo riscv64 || echo Linux')
    done = check(tmp_path, sys.executable, PATH=path, BROADSHEET_INSTALL_MB="1")
    assert "Linux on riscv64" in done.stderr


def test_make_runs_it_before_anything_else(tmp_path: Path):
    for name in ("Makefile", "requirements.lock", "requirements.uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    env = os.environ | {"BROADSHEET_INSTALL_MB": str(2**40)}
    done = subprocess.run(["make", "install"], cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "Nothing was installed" in done.stderr
    assert not (tmp_path / ".venv").exists()
