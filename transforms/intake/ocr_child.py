"""``python -m transforms.intake.ocr_child SECONDS MEMORY [PAGE ...]``: reads scans from standard input, writes
JSON.

With page numbers, counted from 0, standard input is a PDF, and these pages are read; otherwise it is an image.
"""

from __future__ import annotations

import json
import sys

from transforms.errors import BadInput
from transforms.intake.apart import limit_this_process


def main() -> None:
    """The text of each page or image on standard output, or ``{"error": reason}``."""
    limit_this_process(int(sys.argv[1]), int(sys.argv[2]))
    from transforms.intake.images import drawn_pages, frames
    from transforms.intake.ocr import recognise

    data, numbers = sys.stdin.buffer.read(), [int(n) for n in sys.argv[3:]]
    try:
        images = drawn_pages(data, numbers) if numbers else frames(data)
        pages = [(recognise(pixels, points), pixels.shape, points) for pixels, points in images]
        answer: object = {
            "pages": [
                {
                    "text": p.text,
                    "boxes": [(b.left, b.top, b.right, b.bottom, b.size) for b in p.boxes],
                    "certainty": p.certainty,
                    "size": (round(shape[1] * points, 2), round(shape[0] * points, 2)),
                }
                for p, shape, points in pages
            ]
        }
    except BadInput as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
