"""The sandbox of a partner: each event as a reader meets it, and nothing left when it is cleared."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadsheet.steps import sandbox
from tests.support.issue import make_installation
from transforms.errors import BadInput
from transforms.gate import Schemas, Severity, check_files
from transforms.model import File

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PARTNER = "sample-outlet"
ROOT = f"{PARTNER}/{sandbox.NAME}/"


def there(installation) -> dict[str, File]:
    files = installation.shelf.files.items()
    return {key.removeprefix(ROOT): replace(f, key=key.removeprefix(ROOT)) for key, f in files if key.startswith(ROOT)}


def feed(installation) -> dict:
    return json.loads(there(installation)["feeds/all.json"].content)


def test_each_step_is_an_event_and_every_file_of_it_is_sound():
    installation = make_installation()
    steps = []
    for hours in range(3):
        sandbox.advance(installation, PARTNER, NOW + timedelta(hours=hours))
        files = there(installation)
        faults = check_files(tuple(files.values()), Schemas(), files)
        assert [f for f in faults if f.severity is Severity.ERROR] == []
        steps.append(feed(installation))
    with pytest.raises(BadInput, match="clear"):
        sandbox.advance(installation, PARTNER, NOW)

    names = [{i["id"].rpartition(":")[2]: i["_broadsheet"]["version"] for i in step["items"]} for step in steps]
    assert names[0] == {"stays": 1, "corrected": 1, "withdrawn": 1, "doubtful": 1}
    assert names[1] == names[0] | {"corrected": 2, "embargoed": 1}
    assert names[2].keys() == names[1].keys() - {"withdrawn"}
    assert [w["id"].rpartition(":")[2] for w in steps[2]["_broadsheet"]["withdrawn"]] == ["withdrawn"]
    assert steps[0]["_broadsheet"]["rights"] == "© 沙盒日报 全文转载，不得删改。"
    kept = {key: file.content.decode() for key, file in there(installation).items()}
    assert [key for key, text in kept.items() if "从所有地方消失" in text] == []
    doubtful = next(text for key, text in kept.items() if key.endswith("_doubtful/v1.json"))
    assert json.loads(doubtful)["ednote"] == "机器识读，未经编辑复核。"

    assert sandbox.clear(installation, PARTNER) == len(kept)
    assert there(installation) == {}
    sandbox.advance(installation, PARTNER, NOW)
    assert "embargoed" not in "".join(there(installation))
