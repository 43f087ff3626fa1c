"""A few hundred examples of chance at each push; ``make fuzz`` runs for half an hour. What it finds stays here."""

import pytest

from tests.fuzz.fuzz import TARGETS, example

EXAMPLES = {"intake": 60, "restore": 4, "render": 4, "write": 30, "gate": 200}
FOUND: dict[str, tuple[int, ...]] = {"gate": (920389,)}  # by target: the numbers of examples that failed once


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_whatever_chance_makes_of_it(target: str) -> None:
    for number in (*FOUND.get(target, ()), *range(EXAMPLES[target])):
        example(target, number)
