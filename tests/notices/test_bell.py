"""Telling people once, and letting them read it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.roles import Role
from config.paging import BadCursor
from journal.models import Event
from notices import wording
from notices.models import Notice
from notices.tell import tell
from notices.wording import register
from tests.factories import organisation, person_with
from tests.journal.factories import NOW, happened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_register(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "_kinds", {})
    register("case.overdue", "Case %(number)s is overdue", icon="alarm", tone="red")
    register("case.yes", _("Yes"))


@pytest.fixture
def dispatcher() -> User:
    return person_with(Role.DISPATCHER, organisation=organisation())


@pytest.fixture
def signed_in(client: Client, dispatcher: User) -> Client:
    client.force_login(dispatcher)
    return client


def told(
    *people: User, number: str = "7", kind: str = "case.overdue", link: str = "/cases/7"
) -> Event:
    event = happened(("case", number))
    tell(event, [p.pk for p in people], kind=kind, facts={"number": number}, link=link, now=NOW)
    return event


def words(answer: object) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())  # type: ignore[attr-defined]


def test_nobody_is_told_of_one_event_twice(dispatcher: User) -> None:
    event = told(dispatcher)
    tell(event, [dispatcher.pk] * 2, kind="case.yes", facts={}, link="", now=NOW)
    assert [n.kind for n in Notice.objects.all()] == ["case.overdue"]


def test_telling_many_is_one_look_at_their_wishes_and_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = [person_with(Role.DISPATCHER) for _n in range(5)]
    event = happened()
    with django_assert_num_queries(2):
        tell(event, [p.pk for p in people], kind="case.yes", facts={}, link="", now=NOW)
    assert Notice.objects.count() == 5


def test_the_bell_counts_what_is_unread_and_stops_at_99(
    signed_in: Client, dispatcher: User
) -> None:
    assert signed_in.get("/notices/badge/").content == b""
    told(dispatcher)
    assert signed_in.get("/notices/badge/").content == b"1"
    for number in range(100):
        told(dispatcher, number=f"{number}00")
    assert signed_in.get("/notices/badge/").content == b"99+"


def test_the_badge_costs_one_look_into_an_index_and_reads_nobodys_posts(
    signed_in: Client, dispatcher: User
) -> None:
    told(dispatcher)
    signed_in.get("/notices/badge/")
    with CaptureQueriesContext(connection) as queries:
        signed_in.get("/notices/badge/")
    tables = re.findall(r'FROM "(\w+)"', " ".join(q["sql"] for q in queries))
    assert sorted(tables) == ["accounts_user", "notices_notice"]


def test_everybody_sees_their_own_messages_only(signed_in: Client, dispatcher: User) -> None:
    other = person_with(Role.DISPATCHER)
    told(other, number="8")
    told(dispatcher, number="9")
    page = words(signed_in.get("/notices/"))
    assert "Case 9 is overdue" in page
    assert "Case 8" not in page
    foreign = Notice.objects.get(recipient=other)
    assert signed_in.get(f"/notices/{foreign.pk}/").status_code == 404
    assert signed_in.post(f"/notices/{foreign.pk}/read").status_code == 404
    foreign.refresh_from_db()
    assert foreign.read_at is None


def test_the_sentence_is_made_in_the_readers_language(signed_in: Client, dispatcher: User) -> None:
    told(dispatcher, kind="case.yes")
    for language, word in (("zh-hans", "是"), ("en", "Yes")):
        with translation.override(language):
            notice = Notice.objects.get()
            assert wording.lines([notice])[0].text == word


def test_opening_a_message_reads_it_and_leads_to_what_it_is_about(
    signed_in: Client, dispatcher: User
) -> None:
    told(dispatcher)
    notice = Notice.objects.get()
    answer = signed_in.get(f"/notices/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, "/cases/7")
    notice.refresh_from_db()
    assert notice.read_at is not None


@pytest.mark.parametrize("link", ["", "https://elsewhere.example/", "//elsewhere.example/"])
def test_no_message_leads_out_of_the_house(signed_in: Client, dispatcher: User, link: str) -> None:
    told(dispatcher, link=link)
    assert signed_in.get(f"/notices/{Notice.objects.get().pk}/")["Location"] == "/notices/"


def test_marking_all_as_read_leaves_what_came_in_since(signed_in: Client, dispatcher: User) -> None:
    told(dispatcher)
    newest = Notice.objects.get().pk
    told(dispatcher, number="8")
    signed_in.post("/notices/read", {"newest": newest})
    assert [n.read_at is None for n in Notice.objects.order_by("id")] == [False, True]


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 40])
def test_a_forged_mark_marks_nothing_and_breaks_nothing(
    signed_in: Client, dispatcher: User, newest: str
) -> None:
    told(dispatcher)
    assert signed_in.post("/notices/read", {"newest": newest}).status_code == 302
    assert Notice.objects.get().read_at is None


def test_one_message_can_be_marked_without_opening_it(signed_in: Client, dispatcher: User) -> None:
    told(dispatcher)
    signed_in.post(f"/notices/{Notice.objects.get().pk}/read")
    assert signed_in.get("/notices/badge/").content == b""


def test_unread_messages_can_be_shown_alone(signed_in: Client, dispatcher: User) -> None:
    told(dispatcher, number="8")
    signed_in.get(f"/notices/{Notice.objects.get().pk}/")
    told(dispatcher, number="9")
    page = words(signed_in.get("/notices/?show=unread"))
    assert "Case 9" in page
    assert "Case 8" not in page
    assert "Case 8" in words(signed_in.get("/notices/"))


def pop_up(client: Client) -> str:
    return words(client.get("/notices/bell/", headers={"HX-Request": "true"}))


def test_the_pop_up_shows_the_newest_unread(signed_in: Client, dispatcher: User) -> None:
    for number in range(3):
        told(dispatcher, number=f"{number}")
    assert all(f"Case {number} is overdue" in pop_up(signed_in) for number in range(3))


def test_many_of_one_kind_are_one_line_of_the_pop_up(
    signed_in: Client, dispatcher: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    register("case.overdue", "Case %(number)s is overdue", many="%(count)s cases overdue")
    for number in range(300):
        told(dispatcher, number=f"{number}")
    told(dispatcher, kind="case.yes")
    with django_assert_max_num_queries(7):
        page = pop_up(signed_in)
    assert "300 cases overdue" in page
    assert "是" in page
    assert "is overdue" not in page
    leads = signed_in.get("/notices/?show=unread&kind=case.overdue")
    assert "Case 299 is overdue" in words(leads)
    assert "是 ·" not in words(leads)


def test_an_open_page_learns_what_came_in_and_else_gets_no_body(
    signed_in: Client, dispatcher: User
) -> None:
    nothing = signed_in.get("/notices/live/")
    assert nothing.json()["count"] == ""
    again = {"If-None-Match": nothing["ETag"]}
    assert signed_in.get("/notices/live/", headers=again).status_code == 304
    told(dispatcher)
    notice = Notice.objects.get()
    news = signed_in.get("/notices/live/", headers=again)
    assert news.json() == {
        "count": "1",
        "newest": notice.pk,
        "text": "Case 7 is overdue",
        "url": f"/notices/{notice.pk}/",
        "tone": "red",
    }
    signed_in.post(f"/notices/{notice.pk}/read")
    assert signed_in.get("/notices/live/").json()["newest"] == 0


def test_asking_for_news_costs_looks_into_indexes_only(signed_in: Client, dispatcher: User) -> None:
    told(dispatcher)
    etag = signed_in.get("/notices/live/")["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert signed_in.get("/notices/live/", headers={"If-None-Match": etag}).status_code == 304
    tables = re.findall(r'FROM "(\w+)"', " ".join(q["sql"] for q in queries))
    assert sorted(tables) == ["accounts_user", "notices_notice", "notices_notice"]


def test_long_lists_come_in_pages_of_constant_cost(
    signed_in: Client, dispatcher: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(70):
        told(dispatcher, number=f"{number}")
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        with django_assert_max_num_queries(8):
            answer = signed_in.get("/notices/", {"cursor": cursor})
        seen += [line.notice.pk for line in answer.context["lines"]]
        cursor = answer.context["slice"].next_cursor
    assert seen == list(Notice.objects.order_by("-id").values_list("pk", flat=True))


def test_a_forged_page_link_is_a_sentence(signed_in: Client) -> None:
    answer = signed_in.get("/notices/?cursor=x")
    assert str(BadCursor().sentence) in answer.content.decode()


@pytest.mark.parametrize("page", ["", "badge/", "bell/", "1/"])
def test_strangers_sign_in_first(client: Client, page: str) -> None:
    assert client.get(f"/notices/{page}").status_code == 302
