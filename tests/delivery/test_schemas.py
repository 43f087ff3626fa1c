"""The schemas beside the code are those of the code, and what lies in the store keeps to them."""

import json

import pytest
from jsonschema import Draft202012Validator

from delivery.schemas import FOLDER, schemas
from tests.support.issue import CHANGED, DAY, NAME, PAGES, make_installation, submit
from transforms.intake import SourceFile


@pytest.mark.parametrize("path", sorted(schemas()))
def test_a_schema_is_current(path):
    assert (FOLDER / path).read_text("utf-8") == schemas()[path], "run: python -m delivery.schemas"


@pytest.mark.slow
def test_what_lies_in_the_store_keeps_to_its_schema():
    installation = make_installation()
    submit(installation, PAGES)
    submit(installation, [*CHANGED, SourceFile("page-03.txt", b"")])
    root = f"issues/{NAME}/{DAY}/v2"
    held = next(k for k in installation.store.files if k.endswith(".reason.json"))
    places = {
        "articles": f"{root}/articles.json",
        "held": held,
        "ledger": f"ledger/sample-outlet/{NAME}/{DAY}.json",
        "manifest": f"{root}/manifest.json",
        "reading": f"{root}/reading.json",
        "received": f"{root}/received.json",
    }
    for name, key in places.items():
        schema = json.loads((FOLDER / "store" / f"{name}.schema.json").read_text("utf-8"))
        Draft202012Validator.check_schema(schema)
        found = list(Draft202012Validator(schema).iter_errors(json.loads(installation.store.files[key].content)))
        assert found == [], f"{key}: {[e.message for e in found]}"
