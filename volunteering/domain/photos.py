"""Photos that people send each other: drawn anew, upright and smaller, with nothing left of the camera's notes."""

import struct
from dataclasses import dataclass, field
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from volunteering.errors import Refused

LARGEST_FILE = 10 * 1024 * 1024
# By format: a JPEG is read at a fraction of its size, the others take all their pixels in memory.
MOST_PIXELS = {"JPEG": 50_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
LONGEST_SIDE = 1600
QUALITY = 80
# What Pillow raises at files that are broken, or made to break readers.
BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    ArithmeticError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True)
class Redrawn:
    """A photo as JPEG, with nothing in it but the picture."""

    content: bytes = field(repr=False)
    width: int
    height: int


def redraw(file):
    """The same picture in our own format. `file`: what was uploaded, with `size`. Raises Refused where it is no photo,
    or more than we take. Slow (up to a second): never inside a transaction."""
    if file.size > LARGEST_FILE:
        raise Refused(_("This photo is too large: send one of at most 10 MB."))
    try:
        with Image.open(file, formats=list(MOST_PIXELS)) as picture:
            return _draw(picture)
    except BROKEN as error:
        raise Refused(_("This file cannot be read as a photo. Send a JPEG, PNG or WebP picture.")) from error


def _draw(picture):
    # The header alone is read so far: what would fill the memory is refused before it is unpacked.
    if picture.width * picture.height > MOST_PIXELS[picture.format]:
        raise Refused(_("This photo has too many pixels. Send a smaller one."))
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        with_alpha = upright.convert("RGBA")
        drawn.paste(with_alpha, mask=with_alpha)
    else:
        drawn.paste(upright.convert("RGB"))
    target = BytesIO()
    drawn.save(target, "JPEG", quality=QUALITY, optimize=True)
    return Redrawn(target.getvalue(), *drawn.size)
