"""Reading an uploaded photo: judged by its content, turned upright, made anew as JPEG without what it knew.

Position (WGS 84, longitude first) and time are taken from the EXIF before it is dropped. Everything here is
plain computing: call it outside of transactions.
"""

import hashlib
import io
import math
import struct
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import IO, Any

import pillow_heif
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from clocks.calendar import SHANGHAI
from config.refusal import Refused

pillow_heif.register_heif_opener()

LONGEST_EDGE, SMALL_EDGE = 2560, 480
# A picture is unpacked whole in memory. JPEG alone can be read at a fraction of its size.
MOST_PIXELS, MOST_PIXELS_JPEG = 50_000_000, 220_000_000
_QUALITY = 85


@dataclass(frozen=True)
class Examined:
    """A sound photo: made anew as JPEG, with a small one beside it. `sha256` is that of the file as sent.

    `position` is (longitude, latitude) in degrees, WGS 84; `taken_at` is aware. Either may be unknown.
    """

    name: str
    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    sha256: str
    position: tuple[float, float] | None = None
    taken_at: datetime | None = None


class PhotoRefused(Refused):
    """The file is no photo that can be kept; others of the same upload are."""

    def __init__(self, code: str, name: str, sentence: Promise) -> None:
        shown = name.replace("\\", "/").rsplit("/", 1)[-1][:60] or "?"
        super().__init__(code, f"{shown}: {sentence}", 422, field="photo")


def examine(file: IO[bytes], name: str = "") -> Examined:
    """Read an upload. Raises PhotoRefused: too large, not a photo, damaged, or too many pixels."""
    name = name or getattr(file, "name", "") or ""
    content = _content(file, name)
    with warnings.catch_warnings():
        # Pillow warns of large pictures and of nonsense in EXIF; what counts is decided here.
        warnings.simplefilter("ignore")
        return _read(content, name)


def examine_all(files: Iterable[Any]) -> tuple[list[Examined], list[str | Promise]]:
    """The sound photos of an upload, and a sentence for each of the others. Files have a `name`."""
    sound: list[Examined] = []
    faults: list[str | Promise] = []
    for file in files:
        try:
            sound.append(examine(file))
        except PhotoRefused as refused:
            faults.append(refused.sentence)
    return sound, faults


def _content(file: IO[bytes], name: str) -> bytes:
    most = settings.PHOTO_MAX_BYTES
    size = getattr(file, "size", None)
    too_large = PhotoRefused(
        "photo_too_large",
        name,
        _("The file is larger than %(most)s MB and was not kept.") % {"most": most // 2**20},  # type: ignore[arg-type]
    )
    if size is not None and size > most:
        raise too_large
    content = file.read(most + 1)
    if len(content) > most:
        raise too_large
    return content


def format_of(content: bytes) -> str | None:
    """The kind of picture by its first bytes, as Pillow names it; None for anything else."""
    if content[:3] == b"\xff\xd8\xff":
        return "JPEG"
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return "PNG"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    brands = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1")
    if content[4:8] == b"ftyp" and content[8:12] in brands:
        return "HEIF"
    return None


def _read(content: bytes, name: str) -> Examined:
    kind = format_of(content)
    if kind is None:
        raise PhotoRefused(
            "not_a_photo",
            name,
            _("This is no photo. JPEG, PNG, HEIC and WebP can be used. It was not kept."),
        )
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            _demand_size(picture, name)
            exif = _exif(picture)
            upright = _upright(picture)
    except (Image.DecompressionBombError, MemoryError) as error:
        raise _too_many_pixels(name) from error
    # Decoders meet hostile bytes here, and each has errors of its own.
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError) as error:
        raise _damaged(name) from error
    except (RuntimeError, IndexError, KeyError, struct.error) as error:
        raise _damaged(name) from error
    return Examined(
        name=name,
        jpeg=_jpeg(upright, LONGEST_EDGE),
        thumbnail=_jpeg(upright, SMALL_EDGE),
        width=_fitted(upright, LONGEST_EDGE)[0],
        height=_fitted(upright, LONGEST_EDGE)[1],
        sha256=hashlib.sha256(content).hexdigest(),
        position=position_in(exif),
        taken_at=time_in(exif),
    )


def _damaged(name: str) -> PhotoRefused:
    return PhotoRefused(
        "photo_damaged",
        name,
        _("The photo is damaged or incomplete and was not kept. Send it again."),
    )


def _demand_size(picture: Image.Image, name: str) -> None:
    most = MOST_PIXELS_JPEG if picture.format == "JPEG" else MOST_PIXELS
    if picture.width * picture.height > most:
        raise _too_many_pixels(name)


def _too_many_pixels(name: str) -> PhotoRefused:
    return PhotoRefused(
        "too_many_pixels",
        name,
        _("The picture has too many pixels to be a photo and was not kept."),
    )


def _upright(picture: Image.Image) -> Image.Image:
    """Decoded in full (a truncated file fails here), turned as the camera was held, in plain colours on white."""
    picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
    picture.load()
    small = picture.copy()
    small.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    small.info["exif"] = picture.info.get("exif", b"")
    turned = ImageOps.exif_transpose(small)
    if turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info:
        seen = turned.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("RGB")
    return turned.convert("RGB")


def _fitted(picture: Image.Image, edge: int) -> tuple[int, int]:
    share = min(1.0, edge / max(picture.size))
    return max(1, round(picture.width * share)), max(1, round(picture.height * share))


def _jpeg(picture: Image.Image, edge: int) -> bytes:
    """A new JPEG of the pixels alone, its longer side at most `edge`."""
    size = _fitted(picture, edge)
    made = picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS)
    clean = Image.new("RGB", made.size)
    clean.paste(made)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()


# --- what the photo knew ---------------------------------------------------------------------------


def _exif(picture: Image.Image) -> Mapping[int, Any]:
    """Main tags, with those of the Exif and GPS blocks under their own numbers; {} where they are unreadable."""
    try:
        exif = picture.getexif()
        blocks = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo)
        return {**exif, **{int(block): dict(exif.get_ifd(block)) for block in blocks}}
    except Exception:  # noqa: BLE001 — a camera's nonsense must not cost the photo
        return {}


def position_in(exif: Mapping[int, Any]) -> tuple[float, float] | None:
    """(longitude, latitude) in degrees, WGS 84, or None where there is none that can be believed."""
    gps = exif.get(ExifTags.IFD.GPSInfo) or {}
    try:
        lat = _degrees(gps[ExifTags.GPS.GPSLatitude], gps.get(ExifTags.GPS.GPSLatitudeRef), "S")
        lon = _degrees(gps[ExifTags.GPS.GPSLongitude], gps.get(ExifTags.GPS.GPSLongitudeRef), "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, IndexError):
        return None
    if not (abs(lat) <= 90 and abs(lon) <= 180) or (lat == 0 and lon == 0):
        return None
    return lon, lat


def _degrees(parts: Any, ref: Any, negative: str) -> float:
    numbers = [float(part) for part in parts]
    degrees = numbers[0] + numbers[1] / 60 + numbers[2] / 3600
    if not math.isfinite(degrees):
        raise ValueError("not a number")
    side = ref.decode("ascii", "ignore") if isinstance(ref, bytes) else str(ref or "")
    return -degrees if side.strip("\x00 ").upper() == negative else degrees


def time_in(exif: Mapping[int, Any]) -> datetime | None:
    """When the photo was taken (UTC). Cameras write local time; without an offset it is Asia/Shanghai's."""
    block = exif.get(ExifTags.IFD.Exif) or {}
    written = block.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    offset = str(block.get(ExifTags.Base.OffsetTimeOriginal) or "")
    try:
        naive = datetime.strptime(str(written)[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
        taken = naive.replace(tzinfo=_zone(offset) or SHANGHAI).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return taken if taken.year >= 1990 else None


def _zone(offset: str) -> timezone | None:
    try:
        hours, minutes = offset.strip("\x00 ").split(":")
        ahead = timedelta(hours=abs(int(hours)), minutes=int(minutes))
        return timezone(-ahead if hours.startswith("-") else ahead)
    except ValueError:
        return None
