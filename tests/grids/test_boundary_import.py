"""Every kind of defect is found by name, nothing sound is left behind, and nothing is written too early."""

import json
import os
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from accounts.actor import SYSTEM
from accounts.roles import Role
from config.refusal import SomebodyWasFirst
from grids.boundary_import.examining import Examination, Options, examine
from grids.boundary_import.findings import Finding, Kind, Outcome
from grids.boundary_import.reading import CannotRead
from grids.boundary_import.writing import import_boundaries
from grids.coordinates import from_wgs84
from grids.locate import locate
from grids.models import Area, Level
from journal.models import Event
from tests import factories
from tests.grids.factories import area, square

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PARENT = "120103001"


@pytest.fixture(autouse=True)
def _divisions() -> None:
    """One subdistrict of 4 × 1 squares; communities …001 to …004, and a fifth that will have no polygon."""
    area("1201", name="天津市")
    area("120103", name="河西区")
    area(PARENT, shapely.box(117.2, 39.0, 117.24, 39.01), name="大营门街道")
    for serial, name in enumerate(("甲", "乙", "丙", "丁", "戊"), start=1):
        area(f"{PARENT}{serial:03d}", name=f"{name}社区居委会")


def geojson(folder: Path, *features: tuple[Any, Any, Any], **top: Any) -> Path:
    """A file of (code, name, geometry) features; the geometry a shape, a mapping or None."""
    rows = []
    for code, name, shape in features:
        geometry = mapping(shape) if isinstance(shape, BaseGeometry) else shape
        rows.append(
            {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry}
        )
    path = folder / "boundaries.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows, **top}), "utf-8")
    return path


def same(one: BaseGeometry, two: BaseGeometry) -> bool:
    """The same ground, whatever the order of the points, to within a square decimetre."""
    return bool(one.symmetric_difference(two).area < 1e-12)


def code(serial: int) -> str:
    return f"{PARENT}{serial:03d}"


def sound(serials: Sequence[int] = (1, 2, 3, 4)) -> list[tuple[str, str, Any]]:
    """Communities as side-by-side squares under their official names."""
    names = {1: "甲", 2: "乙", 3: "丙", 4: "丁", 5: "戊"}
    return [(code(s), f"{names[s]}社区居委会", square(s - 1, 0)) for s in serials]


def look(
    path: Path, level: Level = Level.COMMUNITY, crs: str = "wgs84", **more: Any
) -> Examination:
    return examine(path, Options(level=level, crs=crs, **more))


def only(examination: Examination, kind: Kind) -> Finding:
    found = examination.report.of(kind)
    assert len(found) == 1, examination.report.findings
    return found[0]


def test_a_sound_file_has_nothing_but_the_division_without_a_polygon(tmp_path: Path) -> None:
    examination = look(geojson(tmp_path, *sound()))
    assert [f.kind for f in examination.report.findings] == [Kind.NO_POLYGON]
    missing = only(examination, Kind.NO_POLYGON)
    assert (missing.code, missing.name, missing.outcome) == (
        code(5),
        "戊社区居委会",
        Outcome.MISSING,
    )
    assert set(examination.boundaries) == {code(s) for s in (1, 2, 3, 4)}


def test_an_invalid_ring_is_repaired_and_its_area_told(tmp_path: Path) -> None:
    bow = shapely.Polygon([(117.2, 39), (117.21, 39.01), (117.21, 39), (117.2, 39.01)])
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", bow), *sound((2, 3, 4))))
    found = only(examination, Kind.INVALID)
    assert (found.outcome, found.name) == (Outcome.REPAIRED, "甲社区居委会")
    assert found.lon == pytest.approx(117.205)
    assert found.amount == pytest.approx(
        480_000, rel=0.01
    )  # two triangles where the rings cancelled out
    assert examination.boundaries[code(1)].shape.is_valid
    assert examination.boundaries[code(1)].repaired


def test_of_two_with_one_code_the_one_with_the_divisions_name_is_taken(tmp_path: Path) -> None:
    twin = (code(2), "戊社区", square(0, 0))
    examination = look(geojson(tmp_path, *sound((2, 3, 4)), twin))
    taken, left = examination.report.of(Kind.DUPLICATE_CODE)
    assert (taken.name, taken.outcome) == ("乙社区居委会", Outcome.KEPT)
    assert (left.name, left.outcome) == ("戊社区", Outcome.LEFT_OUT)
    assert left.other_code == code(5)  # whom it may be, by name
    assert same(examination.boundaries[code(2)].shape, square(1, 0))


def test_a_twin_is_taken_by_name_where_a_person_says_so(tmp_path: Path) -> None:
    twin = (code(2), "戊社区", square(0, 0))
    examination = look(geojson(tmp_path, *sound((2, 3, 4)), twin), by_name=True)
    assert same(examination.boundaries[code(5)].shape, square(0, 0))


def test_twins_of_one_name_are_the_parts_of_one_area(tmp_path: Path) -> None:
    parts = [(code(1), "甲社区", square(0, 0)), (code(1), "甲社区", square(1, 0))]
    examination = look(geojson(tmp_path, *parts, *sound((3, 4))))
    assert {f.outcome for f in examination.report.of(Kind.DUPLICATE_CODE)} == {Outcome.REPAIRED}
    assert same(examination.boundaries[code(1)].shape, shapely.box(117.2, 39, 117.22, 39.01))


def test_of_twins_that_nobody_can_tell_apart_none_is_taken(tmp_path: Path) -> None:
    parts = [(code(1), "某社区", square(0, 0)), (code(1), "别社区", square(1, 0))]
    examination = look(geojson(tmp_path, *parts, *sound((3, 4))))
    assert {f.outcome for f in examination.report.of(Kind.DUPLICATE_CODE)} == {Outcome.LEFT_OUT}
    assert set(examination.boundaries) == {code(3), code(4)}


def test_an_overlap_is_told_with_its_area_and_who_gets_its_points(tmp_path: Path) -> None:
    wide = shapely.box(117.2, 39.0, 117.211, 39.01)  # 0.001 degrees into its neighbour
    path = geojson(tmp_path, (code(1), "甲社区居委会", wide), *sound((2, 3, 4)))
    found = only(look(path), Kind.OVERLAP)
    assert (found.code, found.other_code) == (code(1), code(2))
    assert found.amount == pytest.approx(86.5 * 1110, rel=0.01)
    assert code(1) in found.done


def test_overlaps_with_what_stands_already_are_found_too(tmp_path: Path) -> None:
    Area.objects.filter(code=code(2)).update(boundary=shapely.to_wkb(square(0, 0)))
    found = only(look(geojson(tmp_path, *sound((1,)))), Kind.OVERLAP)
    assert found.other_code == code(2)


def test_a_division_that_keeps_its_synthetic_boundary_is_told_and_overlaps_nothing(
    tmp_path: Path,
) -> None:
    made = {"boundary": shapely.to_wkb(square(0, 0)), "synthetic": True}
    Area.objects.filter(code=code(5)).update(**made)
    examination = look(geojson(tmp_path, *sound()))
    assert only(examination, Kind.NO_POLYGON).code == code(5)
    assert examination.report.of(Kind.OVERLAP) == []


def test_tiny_overlaps_are_summed_up_not_hidden(tmp_path: Path) -> None:
    wide = shapely.box(117.2, 39.0, 117.21 + 1e-9, 39.01)
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", wide), *sound((2, 3, 4))))
    assert not examination.report.of(Kind.OVERLAP)
    assert only(examination, Kind.BELOW_TOLERANCE).amount == pytest.approx(0.1, rel=0.1)


def test_a_gap_is_told_with_its_neighbours(tmp_path: Path) -> None:
    found = only(look(geojson(tmp_path, *sound((1, 2, 4)))), Kind.GAP)
    assert found.code == PARENT
    assert found.amount == pytest.approx(960_000, rel=0.01)
    assert "乙社区居委会" in found.found
    assert "丁社区居委会" in found.found


def test_a_gap_names_the_shape_that_was_left_out_there(tmp_path: Path) -> None:
    stranger = (f"{PARENT}400", "无名社区", square(2, 0))
    examination = look(geojson(tmp_path, *sound((1, 2, 4)), stranger))
    assert "无名社区" in only(examination, Kind.GAP).done


def test_a_code_that_the_divisions_do_not_have_is_listed_and_not_invented(tmp_path: Path) -> None:
    stranger = (f"{PARENT}400", "无名社区", square(4, 0))
    examination = look(geojson(tmp_path, *sound(), stranger))
    found = only(examination, Kind.UNKNOWN_CODE)
    assert (found.code, found.name, found.outcome) == (
        f"{PARENT}400", "无名社区", Outcome.LEFT_OUT,
    )  # fmt: skip
    import_boundaries(examination, by=SYSTEM, now=NOW)
    assert not Area.objects.filter(code=f"{PARENT}400").exists()


def test_a_child_outside_its_parent_is_told_with_the_share(tmp_path: Path) -> None:
    tall = shapely.box(117.2, 39.0, 117.21, 39.0125)  # a fifth of it north of the subdistrict
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", tall), *sound((2, 3, 4))))
    found = only(examination, Kind.OUTSIDE_PARENT)
    assert found.share == pytest.approx(0.2, abs=0.001)
    assert found.outcome is Outcome.KEPT
    assert code(1) in examination.boundaries


def test_a_child_that_lies_mostly_elsewhere_is_left_out(tmp_path: Path) -> None:
    examination = look(
        geojson(tmp_path, (code(1), "甲社区居委会", square(9, 9)), *sound((2, 3, 4)))
    )
    assert only(examination, Kind.OUTSIDE_PARENT).outcome is Outcome.LEFT_OUT
    assert code(1) not in examination.boundaries


@pytest.mark.parametrize("geometry", [None, {"type": "Polygon", "coordinates": []}])
def test_a_feature_without_geometry_is_left_out(tmp_path: Path, geometry: Any) -> None:
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", geometry), *sound((2, 3, 4))))
    assert only(examination, Kind.EMPTY).outcome is Outcome.LEFT_OUT


@pytest.mark.parametrize(
    "geometry", [shapely.Point(117.2, 39), shapely.LineString([(117.2, 39), (117.3, 39)])]
)
def test_points_and_lines_are_no_boundaries(tmp_path: Path, geometry: Any) -> None:
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", geometry), *sound((2, 3, 4))))
    assert only(examination, Kind.WRONG_TYPE).outcome is Outcome.LEFT_OUT


def test_of_a_collection_the_polygons_are_taken(tmp_path: Path) -> None:
    mixed = shapely.GeometryCollection([shapely.Point(117.2, 39), square(0, 0)])
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", mixed), *sound((2, 3, 4))))
    assert only(examination, Kind.WRONG_TYPE).outcome is Outcome.REPAIRED
    assert same(examination.boundaries[code(1)].shape, square(0, 0))


def test_swapped_axes_are_turned_round(tmp_path: Path) -> None:
    swapped = shapely.transform(square(0, 0), lambda xy: xy[:, ::-1])
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", swapped), *sound((2, 3, 4))))
    assert only(examination, Kind.SWAPPED).outcome is Outcome.REPAIRED
    assert same(examination.boundaries[code(1)].shape, square(0, 0))


def test_a_shape_outside_china_is_left_out(tmp_path: Path) -> None:
    london = shapely.box(-0.1, 51, 0, 51.1)
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", london), *sound((2, 3, 4))))
    assert only(examination, Kind.OUTSIDE_CHINA).outcome is Outcome.LEFT_OUT


def test_metres_without_a_projection_are_not_taken_for_degrees(tmp_path: Path) -> None:
    far = shapely.box(39_580_000, 4_320_000, 39_581_000, 4_321_000)
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", far), *sound((2, 3, 4))))
    assert only(examination, Kind.NOT_DEGREES).outcome is Outcome.LEFT_OUT


def test_heights_are_dropped_and_told(tmp_path: Path) -> None:
    high = shapely.force_3d(square(0, 0), 12.5)
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", high), *sound((2, 3, 4))))
    assert "12.5" in only(examination, Kind.Z_VALUES).found
    assert not examination.boundaries[code(1)].shape.has_z


def test_a_ring_that_is_not_closed_is_closed(tmp_path: Path) -> None:
    ring = [[117.2, 39.0], [117.21, 39.0], [117.21, 39.01], [117.2, 39.01]]
    unclosed = {"type": "Polygon", "coordinates": [ring]}
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", unclosed), *sound((2, 3, 4))))
    assert only(examination, Kind.UNCLOSED).outcome is Outcome.REPAIRED
    assert same(examination.boundaries[code(1)].shape, square(0, 0))


def test_another_name_is_told_and_the_divisions_name_stays(tmp_path: Path) -> None:
    examination = look(geojson(tmp_path, (code(1), "旧名社区", square(0, 0)), *sound((2, 3, 4))))
    found = only(examination, Kind.NAME_DIFFERS)
    assert (found.name, found.other_name) == ("旧名社区", "甲社区居委会")
    import_boundaries(examination, by=SYSTEM, now=NOW)
    assert Area.objects.get(code=code(1)).name == "甲社区居委会"


@pytest.mark.parametrize("bad", ["", "12", "1201030010010", "120103001abc", f"{PARENT}000"])
def test_a_missing_or_malformed_code_is_left_out(tmp_path: Path, bad: str) -> None:
    examination = look(geojson(tmp_path, (bad, "无码", square(0, 0)), *sound((2, 3, 4))))
    kind = Kind.NO_CODE if not bad else Kind.MALFORMED_CODE
    assert only(examination, kind).outcome is Outcome.LEFT_OUT


def test_a_retired_area_gets_no_new_boundary(tmp_path: Path) -> None:
    Area.objects.filter(code=code(1)).update(status="retired", valid_to=NOW.date())
    examination = look(geojson(tmp_path, *sound()))
    assert only(examination, Kind.RETIRED_CODE).code == code(1)
    assert code(1) not in examination.boundaries


def test_long_codes_of_subdistricts_are_shortened(tmp_path: Path) -> None:
    path = geojson(tmp_path, (f"{PARENT}000", "大营门街道", shapely.box(117.2, 39, 117.24, 39.01)))
    examination = look(path, Level.SUBDISTRICT)
    assert set(examination.boundaries) == {PARENT}
    assert only(examination, Kind.CODE_TRIMMED).outcome is Outcome.NOTE
    assert only(examination, Kind.NO_PARENT_BOUNDARY).code == "120103"


def test_holes_between_children_are_gaps_where_the_parent_is_not_known(tmp_path: Path) -> None:
    Area.objects.filter(code=PARENT).update(boundary=None)
    ring = shapely.box(117.2, 39, 117.21, 39.01).difference(
        shapely.box(117.203, 39.003, 117.207, 39.007)
    )
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", ring)))
    assert only(examination, Kind.GAP).amount == pytest.approx(0.16 * 960_000, rel=0.01)


@pytest.mark.parametrize("crs", ["gcj02", "bd09", "cgcs2000"])
def test_shifted_coordinates_come_back_to_where_they_belong(tmp_path: Path, crs: str) -> None:
    moved = shapely.transform(
        square(0, 0), lambda xy: np.column_stack(from_wgs84(xy[:, 0].copy(), xy[:, 1].copy(), crs))
    )
    examination = look(geojson(tmp_path, (code(1), "甲社区居委会", moved)), crs=crs)
    assert same(examination.boundaries[code(1)].shape, square(0, 0))


def test_grids_of_a_file_are_founded_under_a_known_community(tmp_path: Path) -> None:
    rows = [
        (f"{code(1)}001", "第一网格", square(0, 0, 0.005)),
        (f"{PARENT}000001", "", square(1, 0, 0.005)),
        (f"{PARENT}999001", "无家网格", square(2, 0, 0.005)),
    ]
    examination = look(geojson(tmp_path, *rows), Level.GRID)
    assert only(examination, Kind.UNKNOWN_CODE).name == "无家网格"
    written = import_boundaries(examination, by=SYSTEM, now=NOW)
    assert (written.added, written.changed) == (2, 0)
    park = Area.objects.get(code=f"{PARENT}000001")
    assert (park.parent_id, park.name, park.synthetic) == (PARENT, "第01专属网格", False)
    assert locate(117.201, 39.001).grid_code == f"{code(1)}001"


def test_a_shapefile_in_chinese_encoding_and_projection_is_read_even_zipped(tmp_path: Path) -> None:
    metres = pyogrio_square(tmp_path, encoding="GB18030")
    (tmp_path / "s.cpg").unlink(missing_ok=True)
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as archive:
        for part in metres.parent.glob("s.*"):
            if part.suffix != ".zip":
                archive.write(part, f"导出/{part.name}")
    for path in (metres, tmp_path / "s.zip"):
        examination = look(path, crs="cgcs2000")
        assert only(examination, Kind.REPROJECTED).outcome is Outcome.NOTE
        assert same(examination.boundaries[code(1)].shape, square(0, 0))
        assert examination.report.name_field == "MC"
        assert not examination.report.of(Kind.NAME_DIFFERS)


def pyogrio_square(folder: Path, encoding: str) -> Path:
    """A Shapefile in CGCS2000 / 3-degree Gauss-Kruger zone 39 with text in `encoding`."""
    import pyproj

    there = pyproj.Transformer.from_crs(4490, 4527, always_xy=True)
    flat = shapely.transform(
        square(0, 0), lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
    )
    path = folder / "s.shp"
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(flat)], dtype=object),
        [np.array(["甲社区居委会"], dtype=object), np.array([code(1)], dtype=object)],
        ["MC", "DM"],
        geometry_type="Polygon",
        crs="EPSG:4527",
        encoding=encoding,
        driver="ESRI Shapefile",
    )
    return path


def test_kml_is_read_with_its_heights_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "b.kml"
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
        f'<name>甲社区居委会</name><ExtendedData><Data name="code"><value>{code(1)}</value></Data></ExtendedData>'
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>117.2,39,0 117.21,39,0 117.21,39.01,0 117.2,39.01,0"
        " 117.2,39,0</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>",
        "utf-8",
    )
    examination = look(path)
    assert same(examination.boundaries[code(1)].shape, square(0, 0))
    assert not examination.report.of(Kind.Z_VALUES)


def test_geopackages_with_several_layers_want_to_be_told_which(tmp_path: Path) -> None:
    path = tmp_path / "b.gpkg"
    for layer, append in (("shequ", False), ("jiedao", True)):
        pyogrio.raw.write(
            path,
            np.array([shapely.to_wkb(square(0, 0))], dtype=object),
            [np.array([120103001001.0]), np.array(["甲社区居委会"], dtype=object)],
            ["gid", "title"],
            geometry_type="Polygon",
            crs="EPSG:4490",
            layer=layer,
            append=append,
            driver="GPKG",
        )
    with pytest.raises(CannotRead, match="jiedao"):
        look(path)
    examination = look(
        path, layer="shequ"
    )  # a code out of a number, fields found by what is in them
    assert (examination.report.code_field, examination.report.name_field) == ("gid", "title")
    assert set(examination.boundaries) == {code(1)}


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.geojson", b"no json"), ("x.zip", b"PK"), ("x.shp", b"\0" * 200), ("x.kml", b"<kml>")],
)
def test_what_is_no_map_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CannotRead):
        look(tmp_path / name)


def test_fields_that_are_not_there_are_named(tmp_path: Path) -> None:
    path = geojson(tmp_path, ("a", "甲", square(0, 0)))
    with pytest.raises(CannotRead, match="code, name"):
        look(path)
    with pytest.raises(CannotRead, match="code, name"):
        look(path, code_field="nothing")


def test_writing_is_journaled_and_twice_changes_nothing(tmp_path: Path) -> None:
    path = geojson(tmp_path, *sound())
    first = import_boundaries(look(path), by=SYSTEM, now=NOW)
    again = import_boundaries(look(path), by=SYSTEM, now=NOW)
    assert (first.changed, again.changed, again.unchanged) == (4, 0, 4)
    stored = Area.objects.get(code=code(1))
    assert (stored.version, stored.synthetic, stored.min_lon, stored.max_lat) == (
        2,
        False,
        117.2,
        39.01,
    )
    event = Event.objects.get(verb="area.boundary_imported", subject_id=code(1))
    assert event.data["file"] == "boundaries.geojson"
    assert event.data["area_m2"] == pytest.approx(960_000, rel=0.01)


def test_a_real_boundary_takes_the_place_of_a_synthetic_one(tmp_path: Path) -> None:
    Area.objects.filter(code=code(1)).update(boundary=shapely.to_wkb(square(0, 0)), synthetic=True)
    area(f"{code(1)}001", square(0, 0), synthetic=True)
    examination = look(geojson(tmp_path, *sound()))
    assert only(examination, Kind.STALE_CHILDREN).code == code(1)
    import_boundaries(examination, by=SYSTEM, now=NOW)
    assert not Area.objects.get(code=code(1)).synthetic


def test_an_area_retired_in_the_meantime_stops_the_whole_import(tmp_path: Path) -> None:
    examination = look(geojson(tmp_path, *sound()))
    Area.objects.filter(code=code(2)).update(status="retired", valid_to=NOW.date())
    with pytest.raises(SomebodyWasFirst):
        import_boundaries(examination, by=SYSTEM, now=NOW)
    assert Area.objects.get(code=code(1)).boundary is None


def test_somebody_without_the_right_writes_nothing(tmp_path: Path) -> None:
    examination = look(geojson(tmp_path, *sound()))
    for actor in (
        factories.actor(Role.COMMUNITY, PARENT),
        factories.actor(Role.SYSTEM_ADMIN, "120104"),
    ):
        with pytest.raises(PermissionDenied):
            import_boundaries(examination, by=actor, now=NOW)
    assert Area.objects.get(code=code(1)).boundary is None


def command(path: Path, *more: str) -> str:
    out = StringIO()
    call_command(
        "import_boundaries", str(path), "--level", "community", "--crs", "wgs84", *more,
        stdout=out, stderr=StringIO(),
    )  # fmt: skip
    return out.getvalue()


def test_a_dry_run_prints_the_report_and_writes_nothing(tmp_path: Path) -> None:
    said = command(geojson(tmp_path, *sound()), "--dry-run", "--report", str(tmp_path / "r.json"))
    assert "戊社区居委会" in said
    assert Area.objects.get(code=code(1)).boundary is None
    kept = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert kept["taken"] == 4
    assert kept["findings"][0]["kind"] == "no_polygon"


def test_the_command_writes_and_reports_to_a_spreadsheet(tmp_path: Path) -> None:
    command(geojson(tmp_path, *sound()), "--report", str(tmp_path / "r.csv"))
    assert Area.objects.get(code=code(1)).boundary is not None
    assert (
        (tmp_path / "r.csv")
        .read_text("utf-8-sig")
        .startswith("kind,outcome,found,done,feature,code")
    )


def test_the_command_says_in_a_sentence_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.shp"):
        command(tmp_path / "nowhere.shp")


@pytest.mark.skipif(
    "YIWANG_REAL_BOUNDARIES" not in os.environ,
    reason="the real boundaries may not be redistributed; the variable names their folder",
)
def test_the_real_district_shows_every_defect_that_is_known_in_it() -> None:
    from grids.demonstration import demonstration_divisions
    from grids.divisions import import_divisions

    folder = Path(os.environ["YIWANG_REAL_BOUNDARIES"])
    import_divisions(demonstration_divisions(), root="120103", source="t", by=SYSTEM, now=NOW)
    made_up = Area.objects.filter(code__in=[code(serial) for serial in (1, 2, 3, 4, 5)])
    made_up.exclude(code=code(1)).exclude(code=code(4)).update(
        status="retired", valid_to=NOW.date()
    )
    Area.objects.update(boundary=None)
    streets = look(folder / "hexi_streets_14.geojson", Level.SUBDISTRICT)
    assert import_boundaries(streets, by=SYSTEM, now=NOW).changed == 14
    report = look(folder / "hexi_communities_141.geojson").report
    assert {kind: len(report.of(kind)) for kind in Kind if report.of(kind)} == {
        Kind.INVALID: 1,
        Kind.UNKNOWN_CODE: 8,
        Kind.DUPLICATE_CODE: 2,
        Kind.NAME_DIFFERS: 7,
        Kind.NO_POLYGON: 17,
        Kind.OVERLAP: 7,
        Kind.GAP: 30,
        Kind.OUTSIDE_PARENT: 5,
        Kind.SEVERAL_PARTS: 6,
        Kind.BELOW_TOLERANCE: 2,
    }
    assert report.taken == 132
    assert report.of(Kind.INVALID)[0].name == "长达公寓社区居委会"
