"""Makes pictures ready to be published: decoded, checked, turned upright, without metadata, in the sizes that are
sent.

Runs in a child process with limits (``photo_child.py``), because image decoders are written in C and their input
may be hostile.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageFile, ImageOps, IptcImagePlugin, UnidentifiedImageError

from transforms.errors import BadInput
from transforms.model import Photo, Rendition

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")
SIDES = (2048, 1024, 400)  # pixels of the longer side: for print and large screens, for pages, for lists
FEWEST_PIXELS = 120  # of the shorter side; smaller pictures are icons
MOST_PIXELS = 120_000_000  # a 100-megapixel camera's
QUALITY = 85
MOST_WORDS = 2000  # characters of a caption
CAPTION, BYLINE, CREDIT = (2, 120), (2, 80), (2, 110)  # IPTC-IIM 4.2, record 2
CHARSET, UTF8 = (1, 90), b"\x1b%G"

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def photo_of(data: bytes, name: str) -> Photo:
    """A picture as it is published, with the caption and credit in its file.

    Raises BadInput if it is damaged, too large, or smaller than ``FEWEST_PIXELS``.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            _check_size(picture.width, picture.height)
            caption, credit = _words(picture)
            picture.draft("RGB", (SIDES[0], SIDES[0]))  # JPEG is decoded at a half or a quarter if that is enough
            upright = ImageOps.exif_transpose(picture)
            renditions = tuple(renditions_of(_in_srgb(upright)))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise BadInput("this picture is damaged or incomplete: export it again") from error
    return Photo(name, hashlib.sha256(data).hexdigest(), renditions, caption=caption, credit=credit)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise BadInput(
            f"this picture has {width:,} by {height:,} pixels, more than the {MOST_PIXELS:,} that one may have:"
            " send a smaller copy"
        )
    if min(width, height) < FEWEST_PIXELS:
        raise BadInput(
            f"this picture has {width:,} by {height:,} pixels, too few to be printed: send one with at least"
            f" {FEWEST_PIXELS} on its shorter side"
        )


def renditions_of(picture: Image.Image) -> Iterator[Rendition]:
    """An RGB picture in all sizes, the largest first. None is larger than the picture itself."""
    for side in SIDES:
        if side != SIDES[0] and max(picture.size) <= side:
            continue
        picture = picture.copy()
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        yield Rendition(picture.width, picture.height, len(out.getvalue()), out.getvalue())


def _in_srgb(picture: Image.Image) -> Image.Image:
    """The picture in sRGB, on white where it is transparent, without metadata."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            picture = converted or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that does not fit: the colours are used as they are
    if "A" in picture.getbands() or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    plain = picture.convert("RGB")
    plain.info = {}
    return plain


def _words(picture: ImageFile.ImageFile) -> tuple[str, str]:
    """Caption and credit as picture desks write them into a file (IPTC-IIM); empty if there are none."""
    try:
        found = IptcImagePlugin.getiptcinfo(picture) or {}
    except (SyntaxError, OSError, ValueError, KeyError, TypeError, IndexError):
        return "", ""
    encodings = ("utf-8",) if found.get(CHARSET) == UTF8 else ("utf-8", "gb18030")
    named = [_text(found.get(field), encodings) for field in (CAPTION, BYLINE, CREDIT)]
    return named[0], " ".join(dict.fromkeys(filter(None, named[1:])))


def _text(value: bytes | list[bytes] | None, encodings: tuple[str, ...]) -> str:
    data = b" ".join(value) if isinstance(value, list) else value or b""
    for encoding in encodings:
        try:
            return " ".join(data[: 4 * MOST_WORDS].decode(encoding).split())[:MOST_WORDS]
        except UnicodeDecodeError:
            continue
    return ""
