"""``python -m transforms.intake.pdf_child SECONDS MEMORY``: reads a PDF from standard input, writes JSON."""

from __future__ import annotations

import json
import sys

from transforms.errors import BadInput
from transforms.intake.apart import limit_this_process


def main() -> None:
    """The pages of the PDF on standard output, or ``{"error": reason}``."""
    limit_this_process(int(sys.argv[1]), int(sys.argv[2]))
    from transforms.intake.pdf import read_pages  # not before the limits

    try:
        pages = read_pages(sys.stdin.buffer.read())
        answer: object = {
            "pages": [
                {
                    "text": p.text,
                    "boxes": [(b.left, b.top, b.right, b.bottom, b.size) for b in p.boxes],
                    "fault": p.fault,
                    "drawn": p.drawn,
                    "illustrated": p.illustrated,
                    "size": p.size,
                }
                for p in pages
            ]
        }
    except BadInput as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
