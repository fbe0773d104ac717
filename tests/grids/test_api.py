"""The API of areas: scope, filters, tree, locate, and boundaries for maps that are light and fresh."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import shapely
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from accounts.models import ApiClient
from accounts.roles import Role
from grids.coordinates import from_wgs84
from grids.models import Area
from tests import factories
from tests.api.conftest import calling  # noqa: F401 — a fixture
from tests.grids.factories import area, district, square

pytestmark = pytest.mark.django_db
WEST = "120103001001001"


@pytest.fixture(autouse=True)
def _areas() -> None:
    district()
    area("120104", square(9, 9), name="南开区")


def caller(role: Role | str, place: str = "120103") -> APIClient:
    client = APIClient(headers={"Accept-Language": "en"})
    client.force_login(factories.person_with(role, place))
    return client


@pytest.fixture
def insider() -> APIClient:
    return caller(Role.DISPATCHER)


def get(client: APIClient, address: str, **query: Any) -> Any:
    return client.get(f"/api/v1/areas{address}", query)


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["code"] for row in answer.json()["results"]]


# --- list and detail --------------------------------------------------------------------------------


def test_the_list_holds_what_the_post_sees(insider: APIClient) -> None:
    assert "120104" not in codes(get(insider, ""))
    assert codes(get(caller(Role.COMMANDER, "120104"), "")) == ["1201", "120104"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"level": "subdistrict"}, ["120103001"]),
        ({"within": "120103001002", "level": "grid"}, ["120103001002001", "120103001002002"]),
        ({"q": "大营门"}, ["120103001"]),
        ({"q": "120103001001"}, ["120103001001", WEST, "120103001001002"]),
        ({"synthetic": "true"}, [WEST]),
        ({"without_boundary": "true"}, ["1201"]),
        ({"status": "retired"}, ["120103001002002"]),
    ],
)
def test_the_list_is_filtered(
    insider: APIClient, query: dict[str, str], expected: list[str]
) -> None:
    Area.objects.filter(code=WEST).update(synthetic=True)
    Area.objects.filter(code="120103001002002").update(status="retired", valid_to="2026-01-01")
    if query == {"within": "120103001002", "level": "grid"}:
        expected = ["120103001002001", "120103001002002"]
    assert codes(get(insider, "", **query)) == expected


def test_the_list_is_read_page_by_page(insider: APIClient) -> None:
    first = get(insider, "", size=5).json()
    rest = insider.get(first["next"]).json()
    assert len(first["results"]) == 5
    assert not {r["code"] for r in first["results"]} & {r["code"] for r in rest["results"]}


def test_a_wrong_filter_or_cursor_is_a_problem_with_a_sentence(insider: APIClient) -> None:
    for query in ({"level": "galaxy"}, {"cursor": "forged"}):
        answer = get(insider, "", **query)
        assert answer.status_code == 400
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["detail"]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    insider: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for serial in range(3, 40):
        area(f"120103001001{serial:03d}", square(0, 0))
    get(insider, "")
    with django_assert_max_num_queries(8):
        assert len(codes(get(insider, "", size=100))) == 46


def test_one_area_says_what_it_is(insider: APIClient) -> None:
    Area.objects.filter(code=WEST).update(plot_type="office", synthetic=True, name_en="Grid 01")
    found = get(insider, f"/{WEST}").json()
    assert found["name"] == "Grid 01"
    assert found["name_zh"] == "网格1"
    assert (found["parent"], found["plot_type"], found["synthetic"]) == (
        "120103001001",
        "office",
        True,
    )
    assert found["box"] == pytest.approx([117.2, 39.0, 117.21, 39.01])


def test_an_outsider_and_nobody_get_404_and_401(insider: APIClient) -> None:
    assert get(insider, "/120104").status_code == 404
    assert get(insider, "/999999").status_code == 404
    assert get(APIClient(), f"/{WEST}").status_code == 401


@pytest.mark.parametrize(
    "address", ["", f"/{WEST}", "/tree?root=120103", "/geojson", "/locate?lon=117&lat=39"]
)
def test_who_sees_no_areas_at_all_is_refused(address: str) -> None:
    for role in (Role.SECURITY_ADMIN, Role.AUDIT_ADMIN):
        assert caller(role).get(f"/api/v1/areas{address}").status_code == 403


# --- tree -------------------------------------------------------------------------------------------


def test_the_tree_goes_as_deep_as_asked(insider: APIClient) -> None:
    shallow = get(insider, "/tree", root="120103", depth=1).json()
    assert [child["code"] for child in shallow["children"]] == ["120103001"]
    assert shallow["children"][0]["children"] == []
    deep = get(insider, "/tree", root="120103", depth=3).json()
    communities = deep["children"][0]["children"]
    assert [len(c["children"]) for c in communities] == [2, 2]


def test_a_grid_of_a_park_stands_beside_the_communities(insider: APIClient) -> None:
    area("120103001000001")
    found = get(insider, "/tree", root="120103001", depth=1).json()
    assert [child["code"] for child in found["children"]] == [
        "120103001000001", "120103001001", "120103001002",
    ]  # fmt: skip


def test_a_tree_that_is_too_large_is_refused_with_a_sentence(
    insider: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grids.tree.MOST_AREAS", 3)
    answer = get(insider, "/tree", root="120103", depth=3)
    assert (answer.status_code, answer.json()["code"]) == (400, "tree_too_large")


def test_a_tree_of_nothing_or_of_others_is_not_found(insider: APIClient) -> None:
    assert get(insider, "/tree", root="120104").status_code == 404
    assert get(insider, "/tree").status_code == 400
    assert get(insider, "/tree", root="x").status_code == 400


# --- locate -----------------------------------------------------------------------------------------


def test_a_point_is_located_with_the_way_down_to_its_grid(insider: APIClient) -> None:
    found = get(insider, "/locate", lon=117.205, lat=39.005).json()
    assert (found["how"], found["grid"], found["approximate"]) == ("inside", WEST, False)
    assert [step["code"] for step in found["path"]] == ["120103", "120103001", "120103001001", WEST]


def test_a_point_outside_is_an_answer_too(insider: APIClient) -> None:
    near = get(insider, "/locate", lon=117.2, lat=38.999).json()
    assert (near["how"], near["approximate"]) == ("nearest", True)
    assert near["distance_m"] == pytest.approx(111, abs=1)
    far = get(insider, "/locate", lon=100, lat=10).json()
    assert (far["how"], far["grid"], far["path"]) == ("unplaced", None, [])


@pytest.mark.parametrize("crs", ["gcj02", "bd09"])
def test_shifted_coordinates_are_understood(insider: APIClient, crs: str) -> None:
    lon, lat = from_wgs84(117.205, 39.005, crs)
    found = get(insider, "/locate", lon=lon, lat=lat, crs=crs).json()
    assert found["lon"] == pytest.approx(117.205, abs=1e-7)
    assert found["grid"] == WEST


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lon": "117"},
        {"lon": "east", "lat": "39"},
        {"lon": "nan", "lat": "39"},
        {"lon": "inf", "lat": "39"},
        {"lon": "200", "lat": "39"},
        {"lon": "117", "lat": "-91"},
        {"lon": "117", "lat": "39", "crs": "utm"},
    ],
)
def test_a_bad_point_is_a_problem_that_names_the_field(
    insider: APIClient, query: dict[str, str]
) -> None:
    answer = get(insider, "/locate", **query)
    assert answer.status_code == 400
    problem = answer.json()
    assert {error["field"] for error in problem["errors"]} & {"lon", "lat", "crs"}


# --- boundaries for maps ----------------------------------------------------------------------------


def features(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    return {f["properties"]["code"]: f for f in json.loads(answer.content)["features"]}


def test_boundaries_come_as_geojson_and_say_which_are_synthetic(insider: APIClient) -> None:
    Area.objects.filter(code=WEST).update(synthetic=True)
    answer = get(insider, "/geojson", level="grid")
    assert answer["Content-Type"] == "application/geo+json"
    found = features(answer)
    assert len(found) == 4
    assert found[WEST]["properties"]["synthetic"]
    shape = shapely.from_geojson(json.dumps(found[WEST]["geometry"]))
    assert shape.symmetric_difference(square(0, 0)).area < 1e-12


def test_boundaries_are_those_in_the_box_and_under_the_parent(insider: APIClient) -> None:
    box = "117.201,39.001,117.202,39.002"
    assert set(features(get(insider, "/geojson", level="grid", bbox=box))) == {WEST}
    under = features(get(insider, "/geojson", parent="120103001002"))
    assert set(under) == {"120103001002", "120103001002001", "120103001002002"}
    assert "120104" not in features(get(insider, "/geojson"))


@pytest.mark.parametrize("bbox", ["1,2,3", "a,b,c,d", "117,40,116,39", "0,0,999,1", "nan,0,1,1"])
def test_a_bad_box_is_a_problem_with_a_sentence(insider: APIClient, bbox: str) -> None:
    answer = get(insider, "/geojson", bbox=bbox)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_box")


def test_what_has_not_changed_is_not_sent_again(insider: APIClient) -> None:
    first = get(insider, "/geojson")
    again = insider.get("/api/v1/areas/geojson", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Area.objects.filter(code=WEST).update(boundary=shapely.to_wkb(square(0, 0, 0.005)))
    fresh = insider.get("/api/v1/areas/geojson", headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert features(fresh)[WEST]["geometry"] != features(first)[WEST]["geometry"]


def test_one_persons_answer_is_not_anothers(insider: APIClient) -> None:
    everything = caller(Role.DISPATCHER, "")
    nothing = caller(Role.AUDIT_ADMIN, "")
    assert "120104" in features(get(everything, "/geojson"))
    assert "120104" not in features(get(insider, "/geojson"))
    assert get(nothing, "/geojson").status_code == 403


def test_the_second_answer_comes_out_of_the_cache(
    insider: APIClient, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    get(insider, "/geojson")
    with django_assert_max_num_queries(7):  # session (and saving it), user, posts, version
        get(insider, "/geojson")
    cache.clear()


def test_an_answer_never_weighs_more_than_half_a_megabyte(insider: APIClient) -> None:
    for serial in range(3, 120):
        curly = shapely.Point(117.2 + serial / 1000, 39.05).buffer(0.0005, quad_segs=200)
        area(f"120103001001{serial:03d}", curly)
    answer = get(insider, "/geojson", level="grid", zoom=20)
    assert len(answer.content) <= 500_000
    assert len(features(answer)) == 121


def test_neighbours_keep_their_common_border_when_they_are_simplified(insider: APIClient) -> None:
    wiggle = [(117.21 + (i % 2) * 0.00005, 39.0 + i * 0.0001) for i in range(101)]
    west = shapely.Polygon([(117.2, 39.0), *wiggle, (117.2, 39.01)])
    east = shapely.Polygon([(117.22, 39.0), *wiggle, (117.22, 39.01)])
    for code, shape in ((WEST, west), ("120103001001002", east)):
        Area.objects.filter(code=code).update(boundary=shapely.to_wkb(shape))
    found = features(get(insider, "/geojson", level="grid", zoom=12))
    one, two = (
        shapely.from_geojson(json.dumps(found[code]["geometry"]))
        for code in (WEST, "120103001001002")
    )
    assert shapely.get_num_coordinates(one) < 60
    assert one.intersection(two).area < 1e-12
    assert one.union(two).geom_type == "Polygon"


# --- partner systems ----------------------------------------------------------------------------------


def test_a_partner_needs_the_scope_and_sees_only_its_area(
    calling: Callable[..., APIClient],  # noqa: F811
) -> None:
    def partner(*scopes: str) -> ApiClient:
        return factories.api_client(roles=[Role.CLERK], allowed_scopes=list(scopes))

    allowed = calling(partner("areas:read"))
    assert codes(allowed.get("/api/v1/areas", {"level": "district"})) == ["120103"]
    assert allowed.get("/api/v1/areas/120104").status_code == 404
    refused = calling(partner("incidents:read"))
    for address in ("", f"/{WEST}", "/tree?root=120103", "/locate?lon=117&lat=39", "/geojson"):
        assert refused.get(f"/api/v1/areas{address}").status_code == 403
