"""Photos for tests: sound ones with what cameras write into them, and hostile ones."""

import io
from typing import Any

from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from incidents.photo_reading import Examined, examine


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    minutes = abs(value) % 1 * 60
    return (
        IFDRational(int(abs(value))),
        IFDRational(int(minutes)),
        IFDRational(round(minutes % 1 * 60 * 10000), 10000),
    )


def exif(
    gps: tuple[float, float] | None = None, taken: str = "", offset: str = "", turned: int = 1
) -> Image.Exif:
    """What a camera writes: position (lon, lat), local time `YYYY:MM:DD HH:MM:SS`, how it was held."""
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = turned
    tags[ExifTags.Base.Make] = "Phone of Somebody"
    if gps:
        lon, lat = gps
        tags.get_ifd(ExifTags.IFD.GPSInfo).update(
            {
                ExifTags.GPS.GPSLatitudeRef: "N" if lat >= 0 else "S",
                ExifTags.GPS.GPSLatitude: _degrees(lat),
                ExifTags.GPS.GPSLongitudeRef: "E" if lon >= 0 else "W",
                ExifTags.GPS.GPSLongitude: _degrees(lon),
            }
        )
    if taken:
        block = tags.get_ifd(ExifTags.IFD.Exif)
        block[ExifTags.Base.DateTimeOriginal] = taken
        if offset:
            block[ExifTags.Base.OffsetTimeOriginal] = offset
    return tags


def encoded(kind: str = "JPEG", size: tuple[int, int] = (80, 60), **more: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def jpeg(gps: tuple[float, float] | None = None, **camera: Any) -> Examined:
    """An examined JPEG with what the camera wrote."""
    return examine(io.BytesIO(encoded(exif=exif(gps, **camera))), "IMG_1.jpg")


class Upload(io.BytesIO):
    """An uploaded file: bytes with the name that the sender gave them."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name
        self.size = len(content)
