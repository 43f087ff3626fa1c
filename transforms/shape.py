"""What is wrong with the structure of a record or a JSON file, said so that its author can correct it."""

from __future__ import annotations

from pydantic import ValidationError

MOST_FAULTS = 3


def faults(error: ValidationError) -> list[tuple[str, str]]:
    """Field and fault, for each field that does not keep to its model; the field is empty for the whole record.

    A table or list is not named if something in it is: pydantic says of a list that it is empty if none of its
    entries is valid.
    """
    errors = error.errors(include_url=False, include_input=False, include_context=False)
    found = [(".".join(map(str, one["loc"])), _said(one["type"], one["msg"])) for one in errors]
    places = [place for place, _ in found]
    return [(place, fault) for place, fault in found if not any(p.startswith(f"{place}.") for p in places)]


def explain(error: ValidationError, what: str, schema: str) -> str:
    """The first faults of a file that violates ``schema``, each with its place.

    ``what``: what the file is, with its article.
    """
    found = faults(error)
    said = "; ".join(f"{place or 'the file'}: {fault}" for place, fault in found[:MOST_FAULTS])
    more = f"; and {len(found) - MOST_FAULTS:,} more" if len(found) > MOST_FAULTS else ""
    return f"this is {what} that does not keep to {schema}: {said}{more}"


def _said(kind: str, message: str) -> str:
    return "no such field" if kind == "extra_forbidden" else message.removeprefix("Value error, ")
