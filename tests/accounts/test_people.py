"""Accounts of people: made, changed, searched, shown with care."""

import itertools
import threading
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.actor import SYSTEM, Actor
from accounts.identity import actor_of
from accounts.models import User
from accounts.passwords import fresh_initial_password
from accounts.people import (
    PersonFacts,
    change_own_password,
    change_person,
    create_person,
    deactivate_person,
    known_as,
    reset_password,
)
from accounts.posts import PostFacts, grant_post
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from tests import factories
from tests.accounts.conftest import Verbs
from tests.factories import ABROAD, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def by(db: None) -> Actor:
    return factories.actor(Role.SYSTEM_ADMIN)


def test_a_new_person_gets_a_password_that_is_kept_nowhere(
    by: Actor, now: datetime, verbs: Verbs
) -> None:
    facts = PersonFacts(name="张三", organisation=factories.organisation(), phone="138 1234 1234")
    made = create_person("Zhang.San", facts, by=by, now=now)

    assert made.user.username == "zhang.san"
    assert made.user.check_password(made.password)
    assert made.user.must_change_password
    assert list(known_as("13812341234")) == [made.user]
    (event,) = verbs.events("account", made.user.pk)
    assert event.verb == "account.created"
    assert "138" not in str(event.data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM accounts_user WHERE id = %s", [made.user.pk])
        assert "138" not in cursor.fetchone()[0]


def test_initial_passwords_keep_all_rules() -> None:
    password = fresh_initial_password()

    assert len(password) == 19
    assert password != fresh_initial_password()
    assert not set(password) & set("0O1lI")


@pytest.mark.parametrize(
    ("username", "name", "phone", "field"),
    [
        ("zhang san", "张三", "", "username"),
        ("-x", "张三", "", "username"),
        ("zhangsan", " ", "", "name"),
        ("zhangsan", "张三", "12", "phone"),
    ],
)
def test_wrong_input_names_its_field(
    username: str, name: str, phone: str, field: str, by: Actor, now: datetime
) -> None:
    facts = PersonFacts(name=name, organisation=factories.organisation(), phone=phone)
    with pytest.raises(Refused) as refused:
        create_person(username, facts, by=by, now=now)
    assert refused.value.field == field


def test_a_district_s_administrator_must_say_who_employs_the_person(
    by: Actor, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        create_person("zhangsan", PersonFacts(name="张三"), by=by, now=now)
    assert refused.value.field == "organisation"

    everywhere = factories.actor(Role.SYSTEM_ADMIN, "")
    assert create_person("zhangsan", PersonFacts(name="张三"), by=everywhere, now=now).password


def test_the_second_editor_loses_nothing_and_overwrites_nothing(by: Actor, now: datetime) -> None:
    office = factories.organisation()
    person = factories.user(organisation=office)
    same = User.objects.get(pk=person.pk)
    change_person(person, PersonFacts(name="甲", organisation=office), version=1, by=by, now=now)
    with pytest.raises(SomebodyWasFirst):
        change_person(same, PersonFacts(name="乙", organisation=office), version=1, by=by, now=now)
    assert User.objects.get(pk=person.pk).name == "甲"


def test_only_the_names_of_changed_fields_are_journaled(
    by: Actor, now: datetime, verbs: Verbs
) -> None:
    office = factories.organisation()
    person = factories.user(organisation=office, name="旧名")
    facts = PersonFacts(name="新名", organisation=office, phone="13900000000")
    change_person(person, facts, version=1, by=by, now=now)

    assert verbs.events("account", person.pk)[-1].data == {"fields": ["name", "phone"]}


def test_people_of_another_district_do_not_exist_here(client: Client, now: datetime) -> None:
    person = factories.user(organisation=factories.organisation(ABROAD))
    admin = factories.person_with(Role.SYSTEM_ADMIN)
    client.force_login(admin)

    assert client.get(f"/accounts/people/{person.pk}/").status_code == 404
    with pytest.raises(PermissionDenied):
        reset_password(person, by=actor_of(admin, now), now=now)


def test_a_reset_ends_every_session(client: Client, by: Actor, now: datetime) -> None:
    person = factories.post(factories.user(organisation=factories.organisation())).user
    client.force_login(person)
    assert client.get("/me/").status_code == 200
    made = reset_password(person, by=by, now=now)

    assert client.get("/me/").status_code == 302
    assert made.user.must_change_password


def test_leaving_ends_every_session_and_the_api_for_good(
    client: Client, by: Actor, now: datetime
) -> None:
    person = factories.post(factories.user(organisation=factories.organisation())).user
    client.force_login(person)
    assert client.get("/api/v1/me").status_code == 200
    deactivate_person(person, by=by, now=now)

    assert client.get("/api/v1/me").status_code == 401
    User.objects.filter(pk=person.pk).update(is_active=True)  # even if somebody turns it on again
    assert client.get("/api/v1/me").status_code == 401


# --- one's own password ----------------------------------------------------------------------


def test_choosing_ones_own_password(now: datetime, verbs: Verbs) -> None:
    person = factories.user(must_change_password=True)
    by = actor_of(person, now)
    changed = change_own_password(person, PASSWORD, "Neues-Passwort-1", by=by, now=now)

    assert changed.check_password("Neues-Passwort-1")
    assert not changed.must_change_password
    assert verbs("account", person.pk) == ["account.password_changed"]


@pytest.mark.parametrize(
    "weak", ["Short-1", "alllowercaseletters", "UPPERCASE12345", "Qwertyuiop123", "nutzer-77-Konto"]
)
def test_weak_passwords_are_refused(weak: str, now: datetime) -> None:
    person = factories.user(username="nutzer-77-konto")
    with pytest.raises(ValidationError):
        change_own_password(person, PASSWORD, weak, by=actor_of(person, now), now=now)


def test_none_of_the_last_five_is_chosen_again(now: datetime) -> None:
    person = factories.user()
    by = actor_of(person, now)
    used = [PASSWORD, *(f"Passwort-Nummer-{number}" for number in range(5))]
    for old, new in itertools.pairwise(used):
        person = change_own_password(person, old, new, by=by, now=now)

    for recent in used[1:]:
        with pytest.raises(ValidationError):
            change_own_password(person, used[-1], recent, by=by, now=now)
    assert change_own_password(person, used[-1], PASSWORD, by=by, now=now)


def test_the_old_password_is_asked_for(client: Client) -> None:
    person = factories.user()
    client.force_login(person)
    form = {
        "old_password": "wrong",
        "new_password": "Neues-Passwort-1",
        "again": "Neues-Passwort-1",
    }
    wrong = client.post("/accounts/password/", form)
    right = client.post("/accounts/password/", form | {"old_password": PASSWORD})

    assert wrong.status_code == 422
    assert right.status_code == 302
    assert client.get("/me/").status_code == 200  # still signed in


# --- posts of one person ---------------------------------------------------------------------


def test_the_union_of_posts_and_the_one_acted_under(now: datetime) -> None:
    person = factories.person_with(Role.CLERK)
    second = factories.post(person, Role.DISPATCHER)
    factories.post(person, Role.COMMANDER, valid_to=date(2026, 3, 8))
    factories.post(person, Role.SUPERVISOR, valid_from=date(2026, 3, 10))

    assert [p.role for p in actor_of(person, now).posts] == ["clerk", "dispatcher"]
    assert actor_of(person, now, acting=second.pk).acting == second.pk
    assert actor_of(person, now, acting=999999).acting is None


def test_a_post_begins_at_midnight_in_tianjin(now: datetime) -> None:
    person = factories.post(role=Role.CLERK, valid_from=date(2026, 3, 10)).user
    midnight = now.replace(hour=16, minute=0)

    assert not actor_of(person, midnight - timedelta(seconds=1)).posts
    assert actor_of(person, midnight).posts


def test_the_actor_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    person = factories.post(organisation=factories.organisation()).user
    factories.post(person, Role.CLERK, organisation=factories.organisation())
    with django_assert_num_queries(1):
        actor_of(person)


def test_choosing_a_post_in_the_header(client: Client) -> None:
    person = factories.person_with(Role.CLERK)
    second = factories.post(person, Role.DISPATCHER)
    foreign = factories.post()
    client.force_login(person)

    assert client.post("/accounts/acting/", {"post": foreign.pk}).status_code == 404
    assert client.post("/accounts/acting/", {"post": "x"}).status_code == 404
    client.post("/accounts/acting/", {"post": second.pk})
    assert client.get("/api/v1/me").json()["acting"] == second.pk
    client.post("/accounts/acting/", {"post": ""})
    assert client.get("/api/v1/me").json()["acting"] is None


def test_what_is_done_is_journaled_under_the_chosen_post(now: datetime, verbs: Verbs) -> None:
    admin = factories.person_with(Role.SYSTEM_ADMIN, "120103001")
    wide = factories.post(
        admin, Role.SYSTEM_ADMIN, organisation=factories.organisation(name="区中心")
    )
    holder = factories.user()
    facts = PostFacts(role=Role.CLERK, valid_from=date(2026, 3, 1), area_code="120103001")
    grant_post(holder, facts, by=actor_of(admin, now, acting=wide.pk), now=now)

    assert verbs.events("account", holder.pk)[-1].actor_post == "区中心 · 系统管理员"


@pytest.mark.django_db(transaction=True)
def test_two_administrators_grant_the_same_post_at_once(now: datetime) -> None:
    holder = factories.user()
    facts = PostFacts(role=Role.CLERK, valid_from=date(2026, 3, 1), area_code="120103")
    refused: list[str] = []
    start = threading.Barrier(2)

    def grant() -> None:
        start.wait()
        try:
            grant_post(holder, facts, by=SYSTEM, now=now)
        except Refused as error:
            refused.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=grant) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert refused == ["post_held"]
    assert holder.posts.count() == 1


# --- the pages ---------------------------------------------------------------------------------


@pytest.fixture
def admin(client: Client) -> User:
    user = factories.person_with(Role.SYSTEM_ADMIN)
    client.force_login(user)
    return user


def test_the_new_password_is_on_the_answer_and_only_there(client: Client, admin: User) -> None:
    office = factories.organisation()
    form = {"username": "zhang.san", "name": "张三", "organisation": office.code, "phone": ""}
    answer = client.post("/accounts/people/new/", form)
    person = User.objects.get(username="zhang.san")

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert person.check_password(answer.context["password"])
    assert answer.context["password"] in answer.content.decode()
    later = client.get(f"/accounts/people/{person.pk}/")
    assert answer.context["password"] not in later.content.decode()


def test_the_list_masks_phones_and_finds_whole_numbers(client: Client, admin: User) -> None:
    office = factories.organisation()
    factories.user(name="张三", phone="13812341234", organisation=office)
    factories.user(name="李四", phone="13899999999", organisation=office)
    found = client.get("/accounts/people/", {"q": "138-1234-1234"})

    html = found.content.decode()
    assert [p.name for p in found.context["slice"].items] == ["张三"]
    assert "138****1234" in html
    assert "13812341234" not in html


def test_the_list_narrows_by_role_state_and_want_of_a_post(client: Client, admin: User) -> None:
    office = factories.organisation()
    clerk = factories.post(factories.user(organisation=office), Role.CLERK).user
    idle = factories.user(organisation=office)
    off = factories.user(organisation=office, is_active=False)

    def names(**query: str) -> set[str]:
        items = client.get("/accounts/people/", query).context["slice"].items
        return {person.username for person in items}

    assert names(role="clerk") == {clerk.username}
    assert names(state="off") == {off.username}
    assert names(without="true") == {idle.username, off.username}


def test_the_list_takes_as_many_queries_for_fifty_as_for_one(
    client: Client, admin: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    office = factories.organisation()
    for _ in range(50):
        factories.post(factories.user(organisation=office), Role.CLERK, organisation=office)
    client.get("/accounts/people/")
    with django_assert_max_num_queries(12):
        client.get("/accounts/people/")


def test_a_clash_on_a_person_keeps_what_was_typed(client: Client, admin: User) -> None:
    office = factories.organisation()
    person = factories.user(organisation=office, name="原名")
    form = {"name": "我的", "organisation": office.code, "phone": "13900000000", "version": "1"}
    User.objects.filter(pk=person.pk).update(name="别人的", version=2, changed_by="王五")
    answer = client.post(f"/accounts/people/{person.pk}/edit/", form)

    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="我的"' in html
    assert 'value="13900000000"' in html
    assert "王五" in html
    assert "别人的" in html


def test_an_empty_phone_keeps_the_stored_one_and_a_dash_deletes_it(
    client: Client, admin: User
) -> None:
    office = factories.organisation()
    person = factories.user(organisation=office, phone="13812341234")
    form = {"name": "张三", "organisation": office.code, "phone": "", "version": "1"}
    client.post(f"/accounts/people/{person.pk}/edit/", form)
    person.refresh_from_db()
    assert person.phone == "13812341234"

    client.post(f"/accounts/people/{person.pk}/edit/", form | {"phone": "-", "version": "2"})
    person.refresh_from_db()
    assert (person.phone, person.phone_hash) == ("", "")


# --- phone numbers on request -----------------------------------------------------------------


def test_a_phone_is_shown_for_a_reason_and_journaled(
    client: Client, admin: User, verbs: Verbs
) -> None:
    person = factories.user(organisation=factories.organisation(), phone="13812341234")
    address = f"/accounts/personal/person.phone/{person.pk}/"
    asked = client.get(address, headers={"HX-Request": "true"})
    shown = client.post(address, {"reason": "核对联系方式"}, headers={"HX-Request": "true"})
    hidden = client.get(f"{address}?hide=1", headers={"HX-Request": "true"})

    assert "13812341234" not in asked.content.decode()
    assert "13812341234" in shown.content.decode()
    assert "load delay:60s" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "13812341234" not in hidden.content.decode()
    (event,) = verbs.events("account", person.pk)
    assert event.verb == "personal_data.revealed"
    assert event.data == {"kind": "person.phone", "reason": "核对联系方式"}


def test_without_a_reason_nothing_is_shown(client: Client, admin: User, verbs: Verbs) -> None:
    person = factories.user(organisation=factories.organisation(), phone="13812341234")
    answer = client.post(f"/accounts/personal/person.phone/{person.pk}/", {"reason": " x "})

    assert answer.status_code == 422
    assert "13812341234" not in answer.content.decode()
    assert verbs() == []


def test_without_javascript_the_browser_goes_back_by_itself(client: Client, admin: User) -> None:
    person = factories.user(organisation=factories.organisation(), phone="13812341234")
    address = f"/accounts/personal/person.phone/{person.pk}/"
    answer = client.post(address, {"reason": "核对联系方式"})

    assert answer["Refresh"] == f"60; url=/accounts/people/{person.pk}/"


@pytest.mark.parametrize("ident", ["0", "x", "9" * 40, "-1"])
def test_phones_of_nobody_are_not_found(ident: str, client: Client, admin: User) -> None:
    assert client.get(f"/accounts/personal/person.phone/{ident}/").status_code == 404
    assert client.get(f"/accounts/personal/person.shoe/{ident}/").status_code == 404
