"""``python -m transforms.intake.page_image_child SECONDS MEMORY KIND PLACE``: draws one page of a PDF or a scan.

The file comes from standard input. KIND is pdf or scan, PLACE counts from 0. Writes JSON with the page as JPEG.
"""

from __future__ import annotations

import base64
import io
import json
import sys

from transforms.errors import BadInput
from transforms.intake.apart import limit_this_process

SIDE = 1800  # pixels of the longer side: body type is legible, and a page takes about 600 KB


def main() -> None:
    """The page as a JPEG in base64 on standard output, or ``{"error": reason}``."""
    limit_this_process(int(sys.argv[1]), int(sys.argv[2]))
    from itertools import islice

    from PIL import Image

    from transforms.intake.images import drawn_pages, frames

    data, kind, place = sys.stdin.buffer.read(), sys.argv[3], int(sys.argv[4])
    try:
        found = drawn_pages(data, [place]) if kind == "pdf" else islice(frames(data), place, None)
        pixels = next(iter(found), None)
        if pixels is None:
            raise BadInput("the file has no such page")
        image = Image.fromarray(pixels[0][:, :, ::-1].copy())
        image.thumbnail((SIDE, SIDE))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=80)
        answer = {"image": base64.b64encode(out.getvalue()).decode("ascii")}
    except BadInput as error:
        answer = {"error": str(error)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
