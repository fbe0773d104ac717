"""A file of boundaries taken apart: GeoJSON, Shapefile (also zipped), KML or KMZ, GeoPackage, by GDAL."""

import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyogrio
import pyproj
import shapely
from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from grids.boundary_import.findings import Finding, Kind, Outcome

_CODE_NAMES: Final = (
    "code",
    "adcode",
    "gridcode",
    "xzqdm",
    "dm",
    "bm",
    "gb",
    "编码",
    "代码",
    "区划代码",
    "网格编码",
)
_NAME_NAMES: Final = ("name", "mc", "xzqmc", "名称", "区划名称", "网格名称", "gridname")
_ABOVE: Final = re.compile(r"parent|^p_|^sj|上级|父", re.IGNORECASE)
_GEOGRAPHIC: Final = frozenset({"EPSG:4326", "EPSG:4979", "EPSG:4490", "EPSG:4480", "OGC:CRS84"})
_ENCODINGS: Final = ("UTF-8", "GB18030")


class CannotRead(Exception):
    """The file cannot be examined at all. The text says why and what to do."""


@dataclass
class Feature:
    """One feature as it stands in the file; `number` counts from 1. Coordinates are still the file's own."""

    number: int
    code: str
    name: str
    shape: BaseGeometry | None
    unclosed: bool = False
    unreadable: bool = False

    @property
    def label(self) -> str:
        return self.name or self.code or f"#{self.number}"


@dataclass
class Source:
    """A file's features and how they were read."""

    layer: str
    code_field: str
    name_field: str
    features: list[Feature]
    findings: list[Finding] = field(default_factory=list)


def read(
    path: Path,
    *,
    layer: str = "",
    code_field: str = "",
    name_field: str = "",
    encoding: str = "",
) -> Source:
    """All features of one layer, longitude first, in degrees where the file says how to get there.

    The fields of code and name are found by their names and values unless given. Texts of a Shapefile are
    taken as UTF-8 or GB 18030, whichever fits, unless `encoding` says otherwise. Raises CannotRead.
    """
    if not path.exists():
        raise CannotRead(_("There is no file “%(path)s”.") % {"path": path})
    address = _address(path)
    chosen = _layer(address, layer)
    meta, shapes, columns = _raw(address, chosen, encoding)
    codes = _column(columns, code_field, _looks_like_codes, _CODE_NAMES)
    if not codes:
        raise CannotRead(
            _(
                "No field of the file holds codes. Name one with --code-field; there are: %(fields)s."
            )
            % {"fields": ", ".join(columns) or "—"}
        )
    names = _column(columns, name_field, _looks_like_names, _NAME_NAMES)
    features = [
        _feature(number, columns[codes][i], columns[names][i] if names else None, shapes[i])
        for i, number in enumerate(range(1, len(shapes) + 1))
    ]
    findings = _to_degrees(features, meta["crs"])
    return Source(chosen, codes, names, features, findings)


def _address(path: Path) -> str:
    """What GDAL is to open: for a zip the Shapefile, GeoPackage or other file inside it."""
    if path.suffix.lower() != ".zip":
        return str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            inner = [
                name
                for ending in (".shp", ".gpkg", ".geojson", ".json", ".kml")
                for name in sorted(archive.namelist())
                if name.lower().endswith(ending) and not name.startswith("__MACOSX")
            ]
    except zipfile.BadZipFile as error:
        raise CannotRead(_("“%(path)s” is no readable zip file.") % {"path": path.name}) from error
    if not inner:
        raise CannotRead(
            _("The zip file “%(path)s” has no Shapefile, GeoPackage, GeoJSON or KML in it.")
            % {"path": path.name}
        )
    return f"/vsizip/{path.resolve()}/{inner[0]}"


def _layer(address: str, wanted: str) -> str:
    try:
        layers = pyogrio.list_layers(address)
    except (DataSourceError, DataLayerError) as error:
        raise CannotRead(
            _("The file cannot be read as GeoJSON, Shapefile, KML or GeoPackage: %(reason)s")
            % {"reason": str(error).partition(";")[0]}
        ) from error
    names = [str(name) for name, kind in layers if kind is not None]
    if wanted and wanted not in names:
        raise CannotRead(
            _("The file has no layer “%(layer)s”; there are: %(layers)s.")
            % {"layer": wanted, "layers": ", ".join(names) or "—"}
        )
    if not names:
        raise CannotRead(_("The file has no layer with shapes."))
    if len(names) > 1 and not wanted:
        raise CannotRead(
            _("The file has several layers: %(layers)s. Name one with --layer.")
            % {"layers": ", ".join(names)}
        )
    return wanted or names[0]


def _raw(
    address: str, layer: str, encoding: str
) -> tuple[dict[str, Any], npt.NDArray[np.object_], dict[str, npt.NDArray[Any]]]:
    """(metadata, geometries as WKB or None, columns by name)."""
    guessed = _ENCODINGS if _guesses_encoding(address, layer) else (None,)
    for attempt in (encoding,) if encoding else guessed:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)  # each is found again, by name
                meta, _fids, shapes, values = pyogrio.raw.read(
                    address, layer=layer, encoding=attempt
                )
        except (UnicodeDecodeError, LookupError):
            continue
        except (DataSourceError, DataLayerError, ValueError) as error:
            reason = {"reason": error}
            raise CannotRead(_("The file cannot be read: %(reason)s") % reason) from error
        if shapes is None:
            raise CannotRead(_("The layer has no shapes."))
        return meta, shapes, dict(zip(meta["fields"], values, strict=True))
    raise CannotRead(_("The texts of the file are in no known encoding; name it with --encoding."))


def _guesses_encoding(address: str, layer: str) -> bool:
    """Whether GDAL would guess: a Shapefile without word of its encoding is taken for Latin-1."""
    info = pyogrio.read_info(address, layer=layer)
    return info["driver"] == "ESRI Shapefile" and info["encoding"] in (None, "ISO-8859-1")


def _column(
    columns: dict[str, npt.NDArray[Any]], given: str, fits: Any, likely: Sequence[str]
) -> str:
    """The field to use: the given one, else a likely name whose values fit, else the best fitting one."""
    if given:
        if given not in columns:
            raise CannotRead(
                _("The file has no field “%(field)s”; there are: %(fields)s.")
                % {"field": given, "fields": ", ".join(columns)}
            )
        return given
    scores = {
        name: fits([_text(value) for value in values])
        for name, values in columns.items()
        if not _ABOVE.search(name)
    }
    for wanted in likely:
        for name, score in scores.items():
            if name.lower() == wanted and score > 0:
                return name
    best = max(scores, key=lambda name: scores[name], default="")
    return best if best and scores[best] > 0.5 else ""


def _looks_like_codes(values: Sequence[str]) -> float:
    return _share(values, lambda value: re.fullmatch(r"\d{4,18}", value) is not None)


def _looks_like_names(values: Sequence[str]) -> float:
    return _share(values, lambda value: not value.replace(".", "").isdigit())


def _share(values: Sequence[str], test: Any) -> float:
    filled = [value for value in values if value]
    return sum(1 for value in filled if test(value)) / len(filled) if filled else 0.0


def _text(value: Any) -> str:
    """A field's value as text; `120103002000.0` out of a numeric field is `120103002000`."""
    if value is None or (isinstance(value, float | np.floating) and not np.isfinite(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _feature(number: int, code: Any, name: Any, wkb: bytes | None) -> Feature:
    feature = Feature(number, _text(code), _text(name), None)
    if wkb is None:
        return feature
    try:
        feature.shape = shapely.from_wkb(wkb)
    except shapely.GEOSException:
        feature.shape = shapely.from_wkb(wkb, on_invalid="fix")
        feature.unclosed = feature.shape is not None
        feature.unreadable = feature.shape is None
    return feature


def _to_degrees(features: list[Feature], declared: str | None) -> list[Finding]:
    """Bring projected coordinates, and those on older Chinese datums, to degrees on CGCS2000."""
    if not declared or declared in _GEOGRAPHIC:
        return []
    crs = pyproj.CRS.from_user_input(declared)
    target = pyproj.CRS.from_epsg(4490)
    if crs.is_geographic and crs.geodetic_crs and crs.geodetic_crs.datum == target.datum:
        return []
    transformer = pyproj.Transformer.from_crs(crs, target, always_xy=True)
    for feature in features:
        if feature.shape is not None and not feature.shape.is_empty:
            feature.shape = shapely.transform(
                feature.shape, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))
            )
    return [
        Finding(
            kind=Kind.REPROJECTED,
            outcome=Outcome.NOTE,
            found=_("The file is in %(crs)s.") % {"crs": crs.name},
            done=_("All coordinates were brought to degrees first."),
        )
    ]
