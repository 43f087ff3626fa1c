"""What is wrong with the structure of a JSON file, said so that its sender can correct it."""

from __future__ import annotations

from pydantic import ValidationError

MOST_FAULTS = 3


def explain(error: ValidationError, what: str, schema: str) -> str:
    """The first faults of a file that violates ``schema``, each with its place.

    ``what``: what the file is, with its article.
    """
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    said = "; ".join(f"{'.'.join(map(str, f['loc'])) or 'the file'}: {f['msg']}" for f in faults[:MOST_FAULTS])
    more = f"; and {len(faults) - MOST_FAULTS:,} more" if len(faults) > MOST_FAULTS else ""
    return f"this is {what} that does not keep to {schema}: {said}{more}"
