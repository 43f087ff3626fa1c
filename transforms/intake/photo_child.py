"""``python -m transforms.intake.photo_child SECONDS MEMORY [PAGE ...]``: makes pictures from standard input ready.

With page numbers, counted from 0, standard input is a PDF, and the pictures on these pages are taken; otherwise it
is the file of one picture. Writes JSON: for each page its pictures, and why others on it could not be extracted.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import TYPE_CHECKING, Any

from transforms.errors import BadInput
from transforms.intake.apart import limit_this_process
from transforms.model import Box, Photo

if TYPE_CHECKING:
    from transforms.intake.pdf_photos import Lost


def main() -> None:
    """The pictures on standard output, or ``{"error": reason}``."""
    limit_this_process(int(sys.argv[1]), int(sys.argv[2]))
    from transforms.intake.pdf_photos import Lost, photos_on
    from transforms.intake.photos import photo_of

    data, numbers = sys.stdin.buffer.read(), [int(n) for n in sys.argv[3:]]
    try:
        found = photos_on(data, numbers) if numbers else [[photo_of(data, "")]]
        answer: object = {
            "pages": [[_record(photo) for photo in page if not isinstance(photo, Lost)] for page in found],
            "lost": [[_lost(photo) for photo in page if isinstance(photo, Lost)] for page in found],
        }
    except BadInput as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


def _lost(photo: Lost) -> dict[str, Any]:
    return {"reason": photo.reason, "box": _sides(photo.box)}


def _sides(box: Box | None) -> list[float] | None:
    return [box.left, box.top, box.right, box.bottom, box.size] if box else None


def _record(photo: Photo) -> dict[str, Any]:
    return {
        "digest": photo.digest,
        "caption": photo.caption,
        "credit": photo.credit,
        "box": _sides(photo.box),
        "renditions": [
            (r.width, r.height, r.size, base64.b64encode(r.content).decode("ascii")) for r in photo.renditions
        ],
    }


if __name__ == "__main__":
    main()
