"""Two trees without circles, and editors who do not write over each other."""

import threading
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.actor import SYSTEM, Actor
from accounts.models import Organisation, User
from accounts.organisation_tree import nodes
from accounts.organisations import (
    OrganisationFacts,
    change_organisation,
    circle,
    create_organisation,
    deactivate_organisation,
    reactivate_organisation,
)
from accounts.roles import Role
from config.paging import BadCursor
from config.refusal import Refused, SomebodyWasFirst
from tests import factories
from tests.accounts.conftest import Verbs
from tests.factories import ABROAD, HOME

pytestmark = pytest.mark.django_db


def _facts(name: Any = "城管委", **more: Any) -> OrganisationFacts:
    given = {"name": name, "kind": "department", "area_code": HOME} | more
    return OrganisationFacts(**given)


@pytest.fixture
def by(db: None) -> Actor:
    return factories.actor(Role.SYSTEM_ADMIN)


def _code(refused: pytest.ExceptionInfo[Refused]) -> tuple[str, str]:
    return refused.value.code, refused.value.field


def test_creating_one_is_journaled(by: Actor, now: datetime, verbs: Verbs) -> None:
    made = create_organisation("HX-1", _facts(), by=by, now=now)

    assert made.version == 1
    assert verbs("organisation", made.pk) == ["organisation.created"]


def test_a_code_is_taken_once(by: Actor, now: datetime) -> None:
    create_organisation("HX-1", _facts(), by=by, now=now)
    with pytest.raises(Refused) as refused:
        create_organisation("HX-1", _facts("另一家"), by=by, now=now)
    assert _code(refused) == ("organisation_code_taken", "code")


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("mit leer", _facts(), ("organisation_code_malformed", "code")),
        ("A", _facts("  "), ("organisation_nameless", "name")),
        ("A", _facts(kind="pub"), ("organisation_kind_unknown", "kind")),
        ("A", _facts(area_code="1201031"), ("area_malformed", "area_code")),
        ("A", _facts(department_kind="A b"), ("department_kind_malformed", "department_kind")),
        ("A", _facts(administrative_parent=999999), ("parent_gone", "administrative_parent")),
    ],
)
def test_wrong_input_names_its_field(
    code: str, facts: OrganisationFacts, expected: tuple[str, str], by: Actor, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        create_organisation(code, facts, by=by, now=now)
    assert _code(refused) == expected


@pytest.mark.parametrize("parent", ["administrative_parent", "professional_parent"])
def test_no_circle_in_either_tree(parent: str, by: Actor, now: datetime) -> None:
    top = create_organisation("TOP", _facts(), by=by, now=now)
    middle = create_organisation("MID", _facts(**{parent: top.pk}), by=by, now=now)
    bottom = create_organisation("BOT", _facts(**{parent: middle.pk}), by=by, now=now)
    with pytest.raises(Refused) as refused:
        change_organisation(top, _facts(**{parent: bottom.pk}), version=1, by=by, now=now)

    assert _code(refused) == ("parents_in_a_circle", parent)
    with pytest.raises(Refused):
        change_organisation(top, _facts(**{parent: top.pk}), version=1, by=by, now=now)


def test_above_in_one_tree_may_stand_below_in_the_other(by: Actor, now: datetime) -> None:
    street = create_organisation("STREET", _facts(), by=by, now=now)
    bureau = create_organisation("BUREAU", _facts(administrative_parent=street.pk), by=by, now=now)
    changed = change_organisation(
        street, _facts(professional_parent=bureau.pk), version=1, by=by, now=now
    )

    assert changed.professional_parent_id == bureau.pk


def test_the_second_editor_is_told_who_was_first(by: Actor, now: datetime) -> None:
    made = create_organisation("HX-1", _facts(), by=by, now=now)
    other = Organisation.objects.get(pk=made.pk)
    change_organisation(made, _facts("甲改的"), version=1, by=by, now=now)
    with pytest.raises(SomebodyWasFirst) as refused:
        change_organisation(other, _facts("乙改的"), version=1, by=by, now=now)

    assert by.label in str(refused.value.sentence)
    assert "2026-03-09 10:00" in str(refused.value.sentence)
    assert Organisation.objects.get().name == "甲改的"


def test_what_changed_is_in_the_journal(by: Actor, now: datetime, verbs: Verbs) -> None:
    made = create_organisation("HX-1", _facts("旧"), by=by, now=now)
    change_organisation(made, _facts("新"), version=1, by=by, now=now)

    assert verbs.events("organisation", made.pk)[-1].data == {"changes": {"name": ["旧", "新"]}}


def test_foreign_organisations_are_not_touched(now: datetime) -> None:
    mine = factories.organisation(HOME)
    outsider = factories.actor(Role.SYSTEM_ADMIN, ABROAD)
    colleague = factories.actor(Role.CLERK, HOME)
    for actor in (outsider, colleague):
        with pytest.raises(PermissionDenied):
            change_organisation(mine, _facts(), version=1, by=actor, now=now)
        with pytest.raises(PermissionDenied):
            deactivate_organisation(mine, by=actor, now=now)


def test_none_is_closed_while_something_hangs_on_it(by: Actor, now: datetime) -> None:
    top = create_organisation("TOP", _facts(), by=by, now=now)
    child = create_organisation("SUB", _facts(professional_parent=top.pk), by=by, now=now)
    held = factories.post(role=Role.DEPARTMENT, organisation=child)
    with pytest.raises(Refused) as refused:
        deactivate_organisation(top, by=by, now=now)
    assert refused.value.code == "organisation_has_children"
    with pytest.raises(Refused) as refused:
        deactivate_organisation(child, by=by, now=now)
    assert refused.value.code == "organisation_has_posts"

    held.valid_to = now.date().replace(day=1)
    held.save()
    deactivate_organisation(child, by=by, now=now)
    deactivate_organisation(top, by=by, now=now)
    with pytest.raises(SomebodyWasFirst):
        deactivate_organisation(top, by=by, now=now)
    reactivate_organisation(top, by=by, now=now)
    assert Organisation.objects.get(code="TOP").active


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_circle_are_not_closed_side_by_side(now: datetime) -> None:
    first = create_organisation("ONE", _facts("一"), by=SYSTEM, now=now)
    second = create_organisation("TWO", _facts("二"), by=SYSTEM, now=now)
    refused: list[str] = []
    start = threading.Barrier(2)

    def stand_under(below: Organisation, above: Organisation) -> None:
        start.wait()
        try:
            change_organisation(
                below,
                _facts(administrative_parent=above.pk),
                version=1,
                by=SYSTEM,
                now=now,
            )
        except Refused as error:
            refused.append(error.code)
        finally:
            connection.close()

    pairs = [(first, second), (second, first)]
    threads = [threading.Thread(target=stand_under, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["parents_in_a_circle"]


def test_circles_are_seen_and_other_peoples_circles_end() -> None:
    assert circle({1: 2, 2: 3, 3: 1}, 1)
    assert not circle({1: 2, 2: 3, 3: 2}, 1)
    assert not circle({1: None}, 1)


def test_the_tree_is_walked_depth_first_and_closes_every_level() -> None:
    def organisation(pk: int, parent: int | None) -> Organisation:
        return Organisation(pk=pk, code=str(pk), administrative_parent_id=parent)

    rows = [organisation(1, None), organisation(2, 1), organisation(3, 2), organisation(4, 99)]
    walked = nodes(rows, "administrative_parent")

    assert [(n.organisation.pk, n.children, len(n.closing)) for n in walked] == [
        (1, 1, 0),
        (2, 1, 0),
        (3, 0, 2),
        (4, 0, 0),
    ]


# --- by the pages -----------------------------------------------------------------------------


@pytest.fixture
def admin(client: Client) -> User:
    user = factories.person_with(Role.SYSTEM_ADMIN)
    client.force_login(user)
    return user


def _form(organisation: Organisation, **changes: str) -> dict[str, str]:
    return {
        "name": organisation.name,
        "kind": organisation.kind,
        "area_code": organisation.area_code,
        "version": str(organisation.version),
    } | changes


def test_a_clash_keeps_what_was_typed_and_shows_what_is_stored(
    client: Client, admin: User, now: datetime
) -> None:
    office = factories.organisation(name="原名")
    form = _form(office, name="我的名字", phone="022-1")
    change_organisation(office, _facts("别人的名字"), version=1, by=SYSTEM, now=now)
    answer = client.post(f"/accounts/organisations/{office.pk}/edit/", form)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="我的名字"' in html
    assert "别人的名字" in html
    assert "system" in html
    again = client.post(
        f"/accounts/organisations/{office.pk}/edit/",
        form | {"version": str(answer.context["form"]["version"].value())},
    )
    assert again.status_code == 302
    office.refresh_from_db()
    assert office.name == "我的名字"


def test_the_parent_is_picked_by_code_or_by_name(client: Client, admin: User) -> None:
    top = factories.organisation(code="TOP-1", name="河西区中心")
    for typed in ("TOP-1 河西区中心", "TOP-1", "河西区中心"):
        office = factories.organisation()
        form = _form(office, administrative_parent=typed)
        client.post(f"/accounts/organisations/{office.pk}/edit/", form)
        office.refresh_from_db()
        assert office.administrative_parent == top


def test_a_parent_that_is_not_there_gets_a_sentence(client: Client, admin: User) -> None:
    office = factories.organisation()
    form = _form(office, administrative_parent="没有这家")
    answer = client.post(f"/accounts/organisations/{office.pk}/edit/", form)

    assert answer.status_code == 422
    assert "没有这家" in answer.content.decode()


def test_an_area_of_others_comes_back_as_typed(client: Client, admin: User) -> None:
    form = {"code": "NEW-1", "name": "新机构", "kind": "department", "area_code": ABROAD}
    answer = client.post("/accounts/organisations/new/", form)

    assert answer.status_code == 403
    assert 'value="新机构"' in answer.content.decode()


def test_the_list_filters_sorts_and_pages(client: Client, admin: User) -> None:
    for number in range(55):
        factories.organisation(code=f"L-{number:02}", name=f"第{number}社区", kind="community")
    factories.organisation(ABROAD, name="外区第一社区", kind="community")
    first = client.get("/accounts/organisations/", {"q": "社区", "ordering": "-code"})
    second = client.get(
        "/accounts/organisations/",
        {"q": "社区", "ordering": "-code", "cursor": first.context["slice"].next_cursor},
    )

    assert first.context["slice"].items[0].code == "L-54"
    assert len(first.context["slice"].items) + len(second.context["slice"].items) == 55
    assert second.context["slice"].next_cursor is None


def test_a_forged_cursor_gets_a_sentence(client: Client, admin: User) -> None:
    answer = client.get("/accounts/organisations/", {"cursor": "forged"})
    assert str(BadCursor().sentence) in answer.content.decode()


def test_the_list_takes_as_many_queries_for_fifty_as_for_one(
    client: Client, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(50):
        factories.organisation()
    client.get("/accounts/organisations/")
    with django_assert_max_num_queries(12):
        client.get("/accounts/organisations/")


def test_suggestions_are_only_of_ones_own_areas(client: Client, admin: User) -> None:
    factories.organisation(code="HX-7", name="河西<局>")
    factories.organisation(ABROAD, code="NK-7", name="南开局")
    answer = client.get("/accounts/options/organisations/", {"organisation": "局"})

    assert "HX-7 河西&lt;局&gt;" in answer.content.decode()
    assert "NK-7" not in answer.content.decode()
