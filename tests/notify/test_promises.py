"""The guides promise the retries that the code makes."""

import re

import pytest

from broadsheet.steps import dead_letters
from tests.support.issue import ROOT

MINUTES = r"after ([\d, and]+) minutes,? (?:and|then) after ([\d, and]+)\s+hours"
GUIDES = {
    "partners.md": MINUTES,
    "importing.md": MINUTES,
    "zh/partners.md": r"在 ([\d、]+) 分钟，([\d、]+) 小时后重发",
    "zh/importing.md": r"在 ([\d、]+) 分钟，([\d、]+) 小时之后重发",
}


@pytest.mark.parametrize("name", GUIDES)
def test_the_retries_are_those_that_each_guide_promises(name: str):
    guide = (ROOT / "docs" / name).read_text("utf-8")
    minutes, hours = re.search(GUIDES[name], guide).groups()
    promised = [int(m) for m in re.findall(r"\d+", minutes)] + [60 * int(h) for h in re.findall(r"\d+", hours)]
    assert tuple(promised) == dead_letters.RETRY_AFTER_MINUTES


def test_runs_are_close_enough_together_for_the_shortest_step():
    every = re.search(r'schedule="\*/(\d+) ', (ROOT / "dags" / "resend_notifications.py").read_text("utf-8"))[1]
    assert int(every) <= min(dead_letters.RETRY_AFTER_MINUTES)
