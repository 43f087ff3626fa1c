"""The photographs of a PDF, page by page. Each one that cannot be extracted is refused by name."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.errors import BadInput
from transforms.intake.adapter import SourceFile
from transforms.intake.apart import read_apart
from transforms.intake.beside import MEMORY, SECONDS, photo_from
from transforms.model import Box, Photo, Refusal

SECONDS_A_PAGE = 10  # of processor time
POINTS_A_CENTIMETRE = 72 / 2.54


def pictures_of(file: SourceFile, names: Mapping[int, str]) -> tuple[dict[int, list[Photo]], list[Refusal]]:
    """The photographs of these pages, and a refusal for each that could not be extracted.

    ``names``: of the pages, by their numbers counted from 0. The text of a page is published even if none of its
    pictures can be extracted; nothing is raised.
    """
    if not names:
        return {}, []
    seconds = SECONDS + SECONDS_A_PAGE * len(names)
    try:
        answer = read_apart(
            "transforms.intake.photo_child", file.data, seconds, MEMORY, "this PDF", [str(n) for n in names]
        )
    except BadInput as error:
        return {}, [Refusal(f"{file.name}#pictures", f"its pictures cannot be taken out: {error}")]
    photos = {
        n: [photo_from(record, file.name) for record in page] for n, page in zip(names, answer["pages"], strict=True)
    }
    refused = [
        Refusal(f"{name}#picture-{count}", _why(lost["reason"], Box(*lost["box"])))
        for name, page in zip(names.values(), answer["lost"], strict=True)
        for count, lost in enumerate(page, 1)
    ]
    return photos, refused


def _why(reason: str, box: Box) -> str:
    """The reason, with the picture's place on the page, by which an editor finds it."""
    sides = (box.right - box.left, box.bottom - box.top, box.left, box.top)
    wide, high, left, top = (f"{points / POINTS_A_CENTIMETRE:.1f}" for points in sides)
    return (
        f"this picture, {wide} by {high} cm, {left} cm from the left edge and {top} cm from the top, is left out:"
        f" {reason}. Export the page again, or send the picture as a file beside it"
    )
