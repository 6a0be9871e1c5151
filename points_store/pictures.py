"""Pictures that people send: capped, decoded, drawn anew. What comes out carries no EXIF."""

from __future__ import annotations

import hashlib
import secrets
import warnings
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

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


@dataclass(frozen=True)
class Photo:
    """A picture drawn anew, with what finds it again.

    `content_hash` is of the file as it was sent; `look_hash` is 64 bits, signed, of how it looks:
    few of them differ where two pictures look alike. `taken_at` is what the camera said.
    """

    image: ContentFile[bytes]
    content_hash: str
    look_hash: int
    taken_at: datetime | None


def read_photo(upload: BinaryIO, *, max_side: int) -> Photo:
    """Return the picture as `redraw` does, with its hashes. Raises PictureRefused."""
    image = redraw(upload, max_side=max_side)
    upload.seek(0)
    return Photo(
        image=image,
        content_hash=hashlib.sha256(upload.read()).hexdigest(),
        look_hash=_look_hash(image),
        taken_at=_taken_at(upload),
    )


def _look_hash(picture: ContentFile[bytes]) -> int:
    """Each bit says whether one of 8 × 8 fields is darker than its right neighbour.

    So size, quality and brightness do not matter.
    """
    small = Image.open(BytesIO(picture.read())).convert("L").resize((9, 8), Image.Resampling.BOX)
    picture.seek(0)
    grey = small.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            place = 9 * row + column
            bits = bits << 1 | (grey[place] < grey[place + 1])
    return bits - (1 << 64) if bits >> 63 else bits


def _taken_at(upload: BinaryIO) -> datetime | None:
    upload.seek(0)
    try:
        exif = Image.open(upload, formats=FORMATS).getexif()
        said = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        naive = datetime.strptime(str(said), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - zone below
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return None
    return timezone.make_aware(naive, timezone.get_default_timezone())
