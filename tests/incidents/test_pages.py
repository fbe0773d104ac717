"""The pages of cases: what they show to whom, what they refuse, and that nothing typed is lost."""

import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from incidents.choices import PhotoKind, State
from incidents.models import Incident, Photo
from incidents.report import Position
from journal.models import Event
from tests.incidents.photo_samples import encoded
from tests.incidents.town import (
    GARBAGE,
    IN_GRID,
    START,
    Town,
    a_case,
    a_photo,
    a_report,
    ticked,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_work() -> Iterator[None]:
    """Pages take the time themselves: it is noon of the town's Monday."""
    with time_machine.travel(START.replace(hour=4), tick=True):
        yield


def browser(here: Town, name: str, language: str = "en") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(here.people[name])
    return client


def at(name: str, *args: Any) -> str:
    return reverse(f"incidents:{name}", args=args)


def text_of(answer: Any) -> str:
    text: str = answer.content.decode()
    return text


def jpg(colour: str = "a", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{colour}.jpg", content or encoded(), "image/jpeg")


# --- desks -----------------------------------------------------------------------------------------


def test_the_clerk_sees_the_reports_and_the_dispatcher_the_filed_cases(here: Town) -> None:
    new, filed = a_report(here), a_case(here, State.FILED)
    clerk = text_of(browser(here, "clerk").get(at("inbox")))
    assert new.number in clerk
    assert filed.number not in clerk
    dispatcher = text_of(browser(here, "dispatcher").get(at("inbox")))
    assert filed.number in dispatcher
    assert new.number not in dispatcher


def test_a_unit_sees_what_it_was_sent_and_no_other_unit_does(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    assert case.number in text_of(browser(here, "handler").get(at("todo")))
    assert case.number not in text_of(browser(here, "helper").get(at("todo")))
    assert case.number not in text_of(browser(here, "foreign_handler").get(at("todo")))


def test_a_desk_is_refused_to_who_has_none(here: Town) -> None:
    assert browser(here, "worker").get(at("inbox")).status_code == 403
    assert browser(here, "clerk").get(at("todo")).status_code == 403
    assert browser(here, "citizen").get(at("search")).status_code == 403


def test_a_pile_comes_as_a_fragment_of_the_same_page(here: Town) -> None:
    case = a_report(here)
    answer = browser(here, "clerk").get(
        at("inbox") + "?queue=to_file", headers={"HX-Request": "true"}
    )
    assert "<html" not in text_of(answer)
    assert case.number in text_of(answer)


def test_an_inbox_of_thirty_costs_what_one_of_three_costs(here: Town) -> None:
    client = browser(here, "clerk")
    client.get(at("inbox"))
    counted = []
    for many in (3, 27):
        for _each in range(many):
            a_report(here, photos=())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = client.get(at("inbox"))
        assert text_of(answer).count("data-row>") == (3 if many == 3 else 30)
        counted.append(len(queries))
    assert counted[0] == counted[1]
    assert counted[0] <= 16


def test_a_case_with_twelve_photos_costs_what_one_with_two_costs(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    client = browser(here, "handler")
    client.get(at("case", case.number))
    counted = []
    for colours in (
        ["green"],
        ["navy", "teal", "gold", "pink", "gray", "lime", "cyan", "plum", "snow", "tan"],
    ):
        for colour in colours:
            a_photo(here, case, here.handler, PhotoKind.AFTER, colour)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(at("case", case.number))
        assert answer.status_code == 200
        counted.append(len(queries))
    assert case.photos.count() == 12
    assert counted[0] == counted[1]


# --- search, map, export --------------------------------------------------------------------------------


def test_two_characters_find_a_case_and_strangers_find_nothing(here: Town) -> None:
    case = a_report(here, text="水泥路面上有油漆桶")
    other = a_report(here, text="树枝断了")
    found = text_of(browser(here, "clerk").get(at("search"), {"q": "油漆"}))
    assert case.number in found
    assert other.number not in found
    assert case.number not in text_of(
        browser(here, "foreign_clerk").get(at("search"), {"q": "油漆"})
    )


def test_filters_that_mean_nothing_are_no_fault(here: Town) -> None:
    a_report(here)
    odd = {
        "state": "nowhere",
        "lamp": "pink",
        "reported_from": "soon",
        "area": "x",
        "flag": "-",
        "ordering": "?",
    }
    for address in (at("search"), at("inbox"), at("map")):
        assert browser(here, "clerk").get(address, odd).status_code == 200


@pytest.mark.parametrize("page", ["search", "inbox"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_forged_cursor_is_told_so_and_gives_the_first_page(
    here: Town, page: str, language: str
) -> None:
    case = a_report(here)
    answer = browser(here, "clerk", language).get(at(page), {"cursor": "forged:cursor"})
    assert answer.status_code == 200
    assert case.number in text_of(answer)
    said = "Start again from the first page" if language == "en" else "第一页"
    assert said in text_of(answer)


def test_points_are_those_of_the_box_and_of_the_scope(here: Town) -> None:
    case = a_report(here)
    a_report(here, position=Position(117.215, 39.005))
    box = {"box": "117.200,39.000,117.208,39.010"}
    (point,) = browser(here, "clerk").get(at("points"), box).json()["points"]
    assert (point["n"], point["x"], point["y"]) == (case.number, *IN_GRID)
    assert browser(here, "foreign_clerk").get(at("points"), box).json()["points"] == []


@pytest.mark.parametrize("box", ["", "1,2,3", "a,b,c,d", "nan,0,1,1", "10,0,1,1"])
def test_a_box_that_is_none_is_refused_with_a_sentence(here: Town, box: str) -> None:
    answer = browser(here, "clerk").get(at("points"), {"box": box})
    assert answer.status_code == 400
    assert "four numbers" in answer.json()["detail"]


def test_an_export_names_nobody_starts_no_formula_and_is_on_record(here: Town) -> None:
    a_report(
        here,
        by=here.clerk,
        source="hotline",
        text="=HYPERLINK(1)",
        address="+86",
        reporter_name="张三丰",
        reporter_phone="13912345678",
    )
    answer = browser(here, "clerk").get(at("search"), {"export": "xlsx"})
    assert answer["Content-Disposition"].startswith("attachment")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert not [cell for cell in cells if "张三丰" in cell or "13912345678" in cell]
    assert not [cell for cell in cells if cell[0] in "=+-@"]
    assert here.people["clerk"].name in cells[0]
    event = Event.objects.get(verb="incidents.exported")
    assert event.data["rows"] == 1


# --- the street -------------------------------------------------------------------------------------------


def typed(**more: Any) -> dict[str, Any]:
    return {
        "text": "路边有暴露垃圾",
        "item": GARBAGE,
        "lon": IN_GRID[0],
        "lat": IN_GRID[1],
        "placed": "gps",
        "key": str(uuid4()),
        **more,
    }


def test_my_tasks_show_what_i_am_sent_to_see_and_what_i_reported(here: Town) -> None:
    own = a_report(here)
    to_see = a_case(here, State.PRECHECKING, by=here.clerk, source="hotline")
    text = text_of(browser(here, "worker").get(at("field_home")))
    assert own.number in text
    assert to_see.number in text
    other = text_of(browser(here, "neighbour").get(at("field_home")))
    assert own.number not in other
    assert to_see.number not in other


def test_a_report_with_photos_becomes_a_case_in_its_grid(here: Town) -> None:
    client = browser(here, "worker")
    assert client.get(at("report")).status_code == 200
    answer = client.post(at("report"), typed(photos=[jpg("a"), jpg("b", encoded(size=(90, 60)))]))
    case = Incident.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == at("case", case.number)
    assert case.grid_code == "120103001001001"
    assert case.photos.count() == 2
    assert case.number in text_of(client.get(answer["Location"]))


def test_the_same_form_sent_twice_makes_one_case(here: Town) -> None:
    client, form = browser(here, "worker"), typed()
    first, second = (client.post(at("report"), form) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Incident.objects.count() == 1


def test_a_text_file_that_calls_itself_a_photo_costs_a_sentence_and_not_the_report(
    here: Town,
) -> None:
    client = browser(here, "worker")
    fake = jpg("fake", b"this is no picture")
    answer = client.post(at("report"), typed(photos=[fake, jpg("real")]), follow=True)
    case = Incident.objects.get()
    assert case.text == "路边有暴露垃圾"
    assert case.photos.count() == 1
    assert "fake.jpg: " in text_of(answer)


def test_a_report_without_words_comes_back_as_it_was_typed(here: Town) -> None:
    answer = browser(here, "worker").post(at("report"), typed(text="", address="解放南路1号"))
    assert answer.status_code == 422
    assert "解放南路1号" in text_of(answer)
    assert "Say in a few words" in text_of(answer)
    assert not Incident.objects.exists()


def test_a_citizen_sees_the_own_report_and_no_other(here: Town) -> None:
    foreign = a_report(here)
    client = browser(here, "citizen")
    own = client.post(at("report"), typed())
    assert client.get(own["Location"]).status_code == 200
    assert client.get(at("case", foreign.number)).status_code == 404


# --- one case and its steps ---------------------------------------------------------------------------------


def test_outsiders_find_neither_case_nor_step_nor_photo(here: Town) -> None:
    case = a_report(here)
    photo = Photo.objects.get()
    addresses = [at("case", case.number), at("step", case.number, "file")]
    addresses += [at("photo", photo.pk, size) for size in ("full", "thumb")]
    for name in ("foreign_clerk", "other_citizen", "system_admin", "audit_admin"):
        for address in addresses:
            assert browser(here, name).get(address).status_code == 404, (name, address)
    shown = browser(here, "clerk").get(at("photo", photo.pk, "thumb"))
    assert shown["Content-Type"] == "image/jpeg"
    assert "private" in shown["Cache-Control"]
    assert browser(here, "clerk").get(at("photo", 10**25, "full")).status_code == 404


def test_a_step_of_another_role_is_refused_already_when_its_form_is_asked_for(here: Town) -> None:
    case = a_report(here)
    assert browser(here, "clerk").get(at("step", case.number, "file")).status_code == 200
    assert browser(here, "supervisor").get(at("step", case.number, "file")).status_code == 403
    assert browser(here, "clerk").get(at("step", case.number, "fly")).status_code == 404


def test_a_step_is_taken_and_leads_back_to_the_case(here: Town) -> None:
    case = a_report(here)
    form = {"standards": ticked(case), "version": case.version}
    answer = browser(here, "clerk").post(at("step", case.number, "file"), form)
    assert answer["Location"] == at("case", case.number)
    case.refresh_from_db()
    assert case.state == State.FILED


def test_a_refused_step_shows_what_was_typed(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    form = {"suspension_reason": "season", "until": "2020-01-01", "reason": "冬季不能施工"}
    answer = browser(here, "handler").post(
        at("step", case.number, "ask_suspension"), form | {"version": case.version}
    )
    assert answer.status_code == 422
    assert "冬季不能施工" in text_of(answer)
    case.refresh_from_db()
    assert not case.asks.exists()


def test_the_second_dispatcher_is_told_who_was_first_and_keeps_the_words(here: Town) -> None:
    case = a_case(here, State.FILED)
    form = {"instruction": "请尽快", "version": case.version}
    first = browser(here, "dispatcher").post(at("step", case.number, "dispatch"), form)
    assert first.status_code == 302
    second = browser(here, "second_dispatcher").post(at("step", case.number, "dispatch"), form)
    assert second.status_code == 409
    assert here.people["dispatcher"].name in text_of(second)
    assert "请尽快" in text_of(second)


def test_a_photo_that_is_none_leaves_the_step_untaken_and_the_words_kept(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    form = {"text": "已清理", "version": case.version, "photo_after": jpg("x", b"no picture")}
    answer = browser(here, "handler").post(at("step", case.number, "answer"), form)
    assert answer.status_code == 422
    assert "已清理" in text_of(answer)
    assert "x.jpg: " in text_of(answer)
    case.refresh_from_db()
    assert case.state == State.HANDLING


# --- several at once -----------------------------------------------------------------------------------------


def test_several_cases_are_asked_about_and_then_dispatched(here: Town) -> None:
    cases = [a_case(here, State.FILED) for _ in range(2)]
    client = browser(here, "dispatcher")
    asked = client.post(
        at("bulk_dispatch"), {"number": [case.number for case in cases], "go": "ask"}
    )
    assert all(case.number in text_of(asked) for case in cases)
    assert here.sanitation.name in text_of(asked)
    assert Incident.objects.filter(state=State.FILED).count() == 2
    chosen = [f"{case.number}:{case.version}" for case in cases]
    done = client.post(at("bulk_dispatch"), {"number": chosen, "go": "do"})
    assert done.status_code == 200
    assert Incident.objects.filter(state=State.DISPATCHED).count() == 2
    again = client.post(at("bulk_dispatch"), {"number": chosen, "go": "do"})
    assert "field-error" in text_of(again)


def test_nobody_else_dispatches_in_bulk_and_foreign_numbers_are_nothing(here: Town) -> None:
    case = a_case(here, State.FILED)
    form = {"number": [case.number], "go": "do"}
    assert browser(here, "clerk").post(at("bulk_dispatch"), form).status_code == 403
    foreign = browser(here, "foreign_dispatcher").post(at("bulk_dispatch"), form)
    assert case.number not in text_of(foreign)
    case.refresh_from_db()
    assert case.state == State.FILED


# --- languages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Inbox", "To file")), ("zh-hans", ("待立案",))]
)
def test_pages_speak_the_reader_s_language(
    here: Town, language: str, words: tuple[str, ...]
) -> None:
    a_report(here)
    text = text_of(browser(here, "clerk", language).get(at("inbox")))
    assert all(word in text for word in words)
