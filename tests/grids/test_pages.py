"""The pages of areas: who may enter, what they show, and that nothing drawn or typed is lost."""

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries
from shapely.geometry import mapping

from accounts.actor import SYSTEM
from accounts.roles import Role
from grids import staffing
from grids.models import Area, Duty, Staffing
from journal.models import Event
from tests import factories
from tests.grids.factories import area, district, square

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOME = "120103001001"
WEST, EAST = f"{HOME}001", f"{HOME}002"


BOW_TIE = '{"type":"Polygon","coordinates":[[[117.2,39],[117.21,39.01],[117.21,39],[117.2,39.01],[117.2,39]]]}'


@pytest.fixture(autouse=True)
def _areas() -> None:
    district()
    area("120104", square(9, 9), name="南开区")


def browser(role: Role | str, place: str = "120103") -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(factories.person_with(role, place))
    return client


@pytest.fixture
def admin() -> Client:
    return browser(Role.SYSTEM_ADMIN)


def at(name: str, *args: Any) -> str:
    return reverse(f"grids:{name}", args=args)


def shape(column: int, row: int, size: float = 0.01) -> str:
    return json.dumps(mapping(square(column, row, size)))


def give(grid: str, duty: Duty, name: str = "张三丰", since: date = date(2026, 1, 1)) -> Staffing:
    return staffing.assign(
        grid_code=grid, person=factories.user(name=name), duty=duty, since=since, by=SYSTEM, now=NOW
    )


# --- who may enter ----------------------------------------------------------------------------------

MANAGED = ("describe", "border", "split", "merge", "retire")


def test_strangers_sign_in_first() -> None:
    for address in (at("areas"), at("area", WEST), at("border", WEST), at("staffing")):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "sign-in" in answer["Location"]


@pytest.mark.parametrize("role", [Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_who_sees_no_areas_is_refused(role: Role) -> None:
    client = browser(role)
    for address in (at("areas"), at("area", WEST), at("border", WEST), at("staffing")):
        assert client.get(address).status_code == 403


def test_an_outsider_finds_nothing() -> None:
    client = browser(Role.SYSTEM_ADMIN, "120104")
    for name in ("area", *MANAGED):
        assert client.get(at(name, WEST)).status_code == 404
    assert client.get(at("areas") + f"?at={HOME}").status_code == 404
    assert client.get(at("draw", HOME)).status_code == 404


def test_a_colleague_looks_but_does_not_draw() -> None:
    client = browser(Role.COMMANDER)
    page = client.get(at("area", WEST))
    assert page.status_code == 200
    assert at("border", WEST) not in page.content.decode()
    for name in MANAGED:
        assert client.get(at(name, WEST)).status_code == 403
    assert client.get(at("draw", HOME)).status_code == 403


def test_a_worker_without_the_right_sees_no_staffing() -> None:
    give(WEST, Duty.CHIEF)
    client = browser(Role.GRID_WORKER, WEST)
    assert client.get(at("staffing")).status_code == 403
    assert "张三丰" not in client.get(at("area", WEST)).content.decode()


# --- the browser -------------------------------------------------------------------------------------


def test_the_tree_is_open_along_the_way_and_the_list_shows_the_children(admin: Client) -> None:
    text = admin.get(at("areas") + f"?at={HOME}").content.decode()
    assert 'aria-current="page"' in text
    assert "?at=120103001002" in text  # its sister in the tree
    assert at("area", WEST) in text
    assert "120103001002001" not in text


def test_the_browser_begins_at_the_top_of_what_one_sees() -> None:
    text = browser(Role.COMMUNITY, HOME).get(at("areas")).content.decode()
    assert "1号社区居委会" in text
    assert at("area", WEST) in text


def test_filters_search_the_whole_subtree_and_come_as_a_fragment(admin: Client) -> None:
    Area.objects.filter(code=WEST).update(synthetic=True)
    answer = admin.get(at("areas") + "?at=120103&synthetic=true", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert WEST in text
    assert EAST not in text
    assert "Synthetic" in text


def test_counts_stand_beside_every_area_and_cost_the_same_for_many(
    admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    give(WEST, Duty.CHIEF)
    text = admin.get(at("areas") + "?at=120103001").content.decode()
    assert "1/6" in text  # two grids, six duties, one filled
    for serial in range(3, 40):
        area(f"120103001{serial:03d}")
        area(f"120103001{serial:03d}001")
    with django_assert_max_num_queries(16):
        admin.get(at("areas") + "?at=120103001")


def test_an_empty_area_says_what_to_do_next(admin: Client) -> None:
    area("120103002")
    text = admin.get(at("areas") + "?at=120103002").content.decode()
    assert at("draw", "120103002") in text


# --- one area ----------------------------------------------------------------------------------------


def test_the_area_says_what_it_is_who_serves_it_and_what_happened(admin: Client) -> None:
    Area.objects.filter(code=WEST).update(synthetic=True)
    give(WEST, Duty.CHIEF)
    factories.post(factories.user(name="李书记"), Role.COMMANDER, "120103001")
    text = admin.get(at("area", WEST)).content.decode()
    for words in (WEST, " hectares", "Synthetic", "张三丰", "李书记", "became Grid chief"):
        assert words in text
    assert "2 duties without anybody" in text


def test_a_retired_grid_points_to_its_successor(admin: Client) -> None:
    old = Area.objects.get(code=WEST)
    old.status, old.valid_to = "retired", date(2026, 3, 1)
    old.save()
    old.successors.set([Area.objects.get(code=EAST)])
    text = admin.get(at("area", WEST)).content.decode()
    assert at("area", EAST) in text
    assert at("border", WEST) not in text


def test_a_description_is_changed_and_a_clash_keeps_what_was_typed(admin: Client) -> None:
    facts = {"name": "梅江网格", "name_en": "Meijiang", "plot_type": "office", "version": 1}
    assert admin.post(at("describe", WEST), facts).status_code == 302
    assert Area.objects.get(code=WEST).name == "梅江网格"
    second = admin.post(at("describe", WEST), facts | {"name": "后来者"})
    assert second.status_code == 409
    text = second.content.decode()
    assert "后来者" in text
    assert "梅江网格" in text  # what is stored now
    assert 'name="version" value="2"' in text
    again = admin.post(at("describe", WEST), facts | {"name": "后来者", "version": 2})
    assert again.status_code == 302


# --- drawing -----------------------------------------------------------------------------------------


def test_a_grid_is_founded(admin: Client) -> None:
    Area.objects.filter(code=EAST).update(status="retired", valid_to=date(2026, 1, 1))
    answer = admin.post(at("draw", HOME), {"shape": shape(1, 0), "name": "新网格"})
    assert answer["Location"] == at("area", f"{HOME}003")
    assert Area.objects.get(code=f"{HOME}003").name == "新网格"


@pytest.mark.parametrize(
    ("drawn", "sentence"),
    [
        (shape(0, 0), "belong to 网格1"),
        (BOW_TIE, "crosses itself"),
        ("nonsense", "cannot be read as JSON"),
        ("", "Nothing was drawn"),
    ],
)
def test_a_refused_drawing_comes_back_as_it_was_drawn(
    admin: Client, drawn: str, sentence: str
) -> None:
    answer = admin.post(at("draw", HOME), {"shape": drawn, "name": "我的网格"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert "我的网格" in text
    assert drawn.replace('"', "&quot;") in text
    assert Area.objects.filter(parent_id=HOME).count() == 2


def test_a_border_is_moved_and_the_second_is_told(admin: Client) -> None:
    page = admin.get(at("border", WEST)).content.decode()
    assert "117.2" in page  # the present border as text
    smaller = shape(0, 0, 0.005)
    assert admin.post(at("border", WEST), {"shape": smaller, "version": 1}).status_code == 302
    late = admin.post(at("border", WEST), {"shape": shape(0, 0, 0.008), "version": 1})
    assert late.status_code == 409
    assert "117.208" in late.content.decode()
    assert Area.objects.get(code=WEST).version == 2


def test_a_grid_is_split_merged_and_retired_by_pages(admin: Client) -> None:
    line = '{"type":"LineString","coordinates":[[117.205,38.9],[117.205,39.1]]}'
    assert admin.post(at("split", WEST), {"line": line, "version": 1}).status_code == 302
    page = admin.get(at("merge", f"{HOME}003")).content.decode()
    assert f"{HOME}004:1" in page
    assert f"{EAST}:1" not in page  # it does not touch the western part
    answer = admin.post(at("merge", f"{HOME}003"), {"codes": [f"{HOME}003:1", f"{HOME}004:1"]})
    assert answer["Location"] == at("area", f"{HOME}005")
    done = admin.post(at("retire", f"{HOME}005"), {"successors": [f"{EAST}:1"], "version": 1})
    assert done.status_code == 302
    assert [a.code for a in Area.objects.filter(parent_id=HOME, status="active")] == [EAST]


@pytest.mark.parametrize(
    ("name", "facts", "sentence"),
    [
        ("split", {"line": "", "version": 1}, "Nothing was drawn"),
        ("split", {"line": '{"type":"LineString","coordinates":[[1,1],[2,2]]}', "version": 1}, "from border to border"),
        ("merge", {"codes": [f"{WEST}:1"]}, "at least two"),
        ("merge", {"codes": ["120103001002001:1"]}, "120103001002001"),
        ("retire", {"version": 1}, "takes over"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_sentence(
    admin: Client, name: str, facts: dict[str, Any], sentence: str
) -> None:
    answer = admin.post(at(name, WEST), facts)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Area.objects.get(code=WEST).is_active


def test_merging_what_somebody_changed_meanwhile_is_refused(admin: Client) -> None:
    Area.objects.filter(code=EAST).update(version=5)
    answer = admin.post(at("merge", WEST), {"codes": [f"{WEST}:1", f"{EAST}:1"]})
    assert answer.status_code == 422
    assert "changed after you opened it" in answer.content.decode()


# --- staffing ------------------------------------------------------------------------------------------


def test_gaps_are_listed_filtered_and_summed(admin: Client) -> None:
    give(WEST, Duty.CHIEF)
    for duty in (Duty.CHIEF, Duty.POLICE, Duty.FULL_TIME):
        give(EAST, duty)
    text = admin.get(at("staffing")).content.decode()
    assert WEST in text
    assert EAST not in text  # complete
    assert EAST in admin.get(at("staffing") + "?lacks=").content.decode()
    assert EAST in admin.get(at("staffing") + "?lacks=none").content.decode()
    north = admin.get(at("staffing") + "?within=120103001002").content.decode()
    assert WEST not in north
    assert "120103001002001" in north
    assert WEST not in admin.get(at("staffing") + "?lacks=chief").content.decode()


def test_the_list_of_gaps_costs_the_same_for_many_grids(
    admin: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for serial in range(3, 45):
        area(f"{HOME}{serial:03d}")
    with django_assert_max_num_queries(15):
        assert admin.get(at("staffing")).status_code == 200


def test_the_excel_file_holds_what_the_list_shows_and_is_journaled(admin: Client) -> None:
    give(WEST, Duty.CHIEF, name="=1+1")
    answer = admin.get(at("staffing_export") + "?lacks=police")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "Code"
    assert [row[0] for row in rows[2:]] == [WEST, EAST, "120103001002001", "120103001002002"]
    assert rows[2][4] == "'=1+1"
    assert Event.objects.get(verb="staffing.exported").data == {"rows": 4, "cut": False}


def test_a_duty_is_given_and_ended_by_the_page() -> None:
    client = browser(Role.COMMUNITY, HOME)
    worker = factories.post(
        factories.user(username="wang", name="王五"), Role.GRID_WORKER, HOME
    ).user
    options = client.get(at("people_options") + "?person=王").content.decode()
    assert "wang 王五" in options
    facts = {"person": "wang 王五", "duty": "chief", "since": "2026-03-02"}
    assert client.post(at("assign", WEST), facts).status_code == 302
    held = Staffing.objects.get(person=worker)
    taken = client.post(at("assign", WEST), facts)
    assert taken.status_code == 422
    assert "王五" in taken.content.decode()
    assert client.post(at("end_duty", held.pk), {"last_day": "2026-04-01"}).status_code == 302
    held.refresh_from_db()
    assert held.valid_to == date(2026, 4, 1)


@pytest.mark.parametrize("person", ["", "nobody", "stranger"])
def test_who_does_not_serve_here_is_not_found(person: str) -> None:
    factories.post(factories.user(username="stranger"), Role.GRID_WORKER, "120104")
    client = browser(Role.COMMUNITY, HOME)
    facts = {"person": person, "duty": "chief", "since": "2026-03-02"}
    assert client.post(at("assign", WEST), facts).status_code == 422


def test_duties_of_others_are_not_touched() -> None:
    held = give(WEST, Duty.CHIEF)
    neighbour = browser(Role.COMMUNITY, "120103001002")
    assert neighbour.post(at("end_duty", held.pk)).status_code == 404
    assert browser(Role.GRID_CHIEF, HOME).post(at("end_duty", held.pk)).status_code == 403
    assert neighbour.post(at("assign", WEST), {}).status_code == 404
    held.refresh_from_db()
    assert held.valid_to is None
