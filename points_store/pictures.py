"""Pictures that people send: capped, decoded, drawn anew. What comes out carries no EXIF."""

from __future__ import annotations

import secrets
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 82


@dataclass
class PictureRefused(Exception):
    """Not a picture we take: `why` is "bytes", "pixels" or "kind"."""

    why: str


def redraw(upload: BinaryIO, *, max_side: int) -> ContentFile[bytes]:
    """Return the picture as JPEG, at most `max_side` pixels long, under a random name.

    The picture is turned as its EXIF says, then all metadata is left behind. Sizes are checked
    before anything is decoded. Raises PictureRefused.
    """
    upload.seek(0, 2)
    if upload.tell() > MAX_BYTES:
        raise PictureRefused("bytes")
    upload.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our cap is lower
            picture = Image.open(upload, formats=FORMATS)
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureRefused("pixels")
            picture.draft("RGB", (max_side, max_side))
            turned = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as broken:
        raise PictureRefused("kind") from broken
    except Image.DecompressionBombError as bomb:
        raise PictureRefused("pixels") from bomb
    turned.thumbnail((max_side, max_side))
    drawn = BytesIO()
    turned.save(drawn, "JPEG", quality=QUALITY, optimize=True)
    return ContentFile(drawn.getvalue(), name=f"{secrets.token_hex(16)}.jpg")
