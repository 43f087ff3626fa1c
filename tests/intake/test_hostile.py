"""Files that nobody should send: each is read or refused in words, within memory and time, by every way in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from broadsheet.steps.reasons import reason_in
from delivery.quarantine import held_of
from tests.intake import hostile
from tests.intake.hostile_samples import STORY, TONGUES
from tests.support.issue import make_installation, submit
from transforms.intake import SourceFile
from transforms.intake.pages import FAULT

pytestmark = pytest.mark.slow  # it takes seconds

ROOT = Path(__file__).parents[2]
WAYS_OUT = re.compile(
    "send|export|save|leave it out|rename|split it|write (?:it|the file) again|nothing to read|schema|name the",
    re.IGNORECASE,
)
ENGLISH = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")  # words in a row
IN_ENGLISH_ONLY = re.compile(
    r"（[^）]*）|不符合 schemas/.*|清单无法理解：.*|pip install '[^']*'"
)  # from libraries; commands
SMALL = 20_000  # bytes of those that go through the pipeline too


@pytest.fixture(scope="module")
def outcomes() -> dict[str, dict]:
    """What became of each file, in a process with limits of memory, and of processor time for each file."""
    command = [sys.executable, "-m", "tests.intake.hostile"]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # idle ones count as time too
    done = subprocess.run(command, cwd=ROOT, env=one_thread, capture_output=True, text=True, check=False, timeout=850)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout[-300:]
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


def test_each_is_read_or_refused_in_words(outcomes: dict[str, dict]) -> None:
    assert len(outcomes) >= 300
    for name, outcome in outcomes.items():
        assert outcome["pages"] or outcome["refused"], name
        for reason in outcome["refused"]:
            assert FAULT not in reason, f"{name}: {reason}"
            assert WAYS_OUT.search(reason), f"{name}: {reason}"


def test_each_refusal_is_said_in_chinese(outcomes: dict[str, dict]) -> None:
    for name, outcome in outcomes.items():
        for reason in outcome["refused"]:
            said = IN_ENGLISH_ONLY.sub("", reason_in(reason, "zh"))
            assert not ENGLISH.search(said), f"{name}: {said}"


def test_nothing_but_chinese_text_becomes_an_article(outcomes: dict[str, dict]) -> None:
    tongues = ("texts/" + tongue for tongue in TONGUES)
    for name in (n for n in outcomes if n.startswith((*tongues, "magics/", "archives/"))):
        assert outcomes[name]["articles"] == 0, name


def test_no_markup_and_nothing_of_this_machine_gets_into_an_article(outcomes: dict[str, dict]) -> None:
    hosts = Path("/etc/hosts").read_text("utf-8").strip() or "127.0.0.1"
    for name, outcome in outcomes.items():
        assert hosts not in outcome["text"], name
        assert "root:" not in outcome["text"], name
        if name.startswith(("xml/", "json/", "html/", "ocr/")):
            assert not any(sign in outcome["text"] for sign in ("</", "<!", '":', "<?")), name


def test_memory_stays_bounded(outcomes: dict[str, dict]) -> None:
    assert max(outcome["memory"] for outcome in outcomes.values()) < hostile.MEMORY >> 10


def test_the_pipeline_holds_them_and_brings_out_the_good_page() -> None:
    installation = make_installation()
    bad = {n.rpartition("/")[2]: d for n, d in hostile.files() if len(d) < SMALL and n.startswith(("xml/", "json/"))}
    good = SourceFile("page-77.txt", STORY.encode())
    version = submit(installation, [good, *(SourceFile(name, data) for name, data in bad.items())])
    held = {h.name.partition("#")[0] for h in held_of(installation.store, version)}
    assert len(held) > 40
    assert good.name not in held


def test_the_command_line_shows_no_traceback(tmp_path: Path) -> None:
    chosen = ("xml/laughs-alto.xml", "json/deep-list.json", "html/deep.html", "magics/jpeg.txt", "pdf/header.pdf")
    names = []
    for number, (name, data) in enumerate(((n, d) for n, d in hostile.files() if n in chosen), 1):
        names.append(f"page-{number:02}{Path(name).suffix}")
        (tmp_path / names[-1]).write_bytes(data)
    assert len(names) == len(chosen)
    command = [sys.executable, "-m", "broadsheet.cli", "read", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1
    assert "Traceback" not in said
    assert all(f"{name}: " in said for name in names)
