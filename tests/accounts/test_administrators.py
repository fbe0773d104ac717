"""Three administrators are three people, and each changes only what is theirs."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.actor import SYSTEM, Actor
from accounts.identity import actor_of
from accounts.models import Post, User
from accounts.people import deactivate_person, reactivate_person, reset_password
from accounts.posts import PostFacts, end_post, grant_post
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from tests import factories
from tests.accounts.conftest import Verbs
from tests.factories import ABROAD, HOME

pytestmark = pytest.mark.django_db


def _facts(role: Role, area_code: str = HOME, **more: object) -> PostFacts:
    return PostFacts(role=role, valid_from=date(2026, 3, 1), area_code=area_code, **more)  # type: ignore[arg-type]


def _user(actor: Actor) -> User:
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


@pytest.fixture
def system(db: None) -> Actor:
    return factories.actor(Role.SYSTEM_ADMIN)


@pytest.fixture
def security(db: None) -> Actor:
    return factories.actor(Role.SECURITY_ADMIN)


def test_the_system_administrator_grants_a_post(system: Actor, now: datetime, verbs: Verbs) -> None:
    holder = factories.user(organisation=factories.organisation())
    made = grant_post(holder, _facts(Role.DISPATCHER), by=system, now=now)

    assert [p.role for p in actor_of(holder, now).posts] == ["dispatcher"]
    (event,) = verbs.events("account", holder.pk)
    assert event.verb == "post.granted"
    assert event.data["post"] == made.pk
    assert event.actor_id == system.id
    assert event.actor_post.endswith("系统管理员")


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_only_the_security_administrator_appoints_administrators(
    role: Role, system: Actor, security: Actor, now: datetime
) -> None:
    holder = factories.user()
    with pytest.raises(PermissionDenied):
        grant_post(holder, _facts(role), by=system, now=now)

    assert grant_post(holder, _facts(role), by=security, now=now).role == role


def test_the_security_administrator_grants_no_work(security: Actor, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        grant_post(factories.user(), _facts(Role.CLERK), by=security, now=now)


def test_nobody_grants_a_post_to_themself(system: Actor, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        grant_post(_user(system), _facts(Role.CLERK), by=system, now=now)
    assert refused.value.code == "own_post"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN),
        (Role.CLERK, Role.AUDIT_ADMIN),
        (Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN),
    ],
)
def test_an_administrator_holds_nothing_beside(
    first: Role, second: Role, security: Actor, now: datetime
) -> None:
    holder = factories.person_with(first)
    with pytest.raises(Refused) as refused:
        grant_post(holder, _facts(second), by=security, now=now)
    assert refused.value.code == "administrators_are_apart"


def test_an_administrator_gets_no_business_role(system: Actor, now: datetime) -> None:
    holder = factories.person_with(Role.AUDIT_ADMIN)
    with pytest.raises(Refused) as refused:
        grant_post(holder, _facts(Role.CLERK), by=system, now=now)
    assert refused.value.code == "administrators_are_apart"


def test_who_was_an_administrator_may_work_afterwards(system: Actor, now: datetime) -> None:
    holder = factories.post(role=Role.AUDIT_ADMIN, valid_to=date(2026, 2, 28)).user

    assert grant_post(holder, _facts(Role.CLERK), by=system, now=now).pk


def test_the_database_keeps_administrators_apart_too(db: None) -> None:
    holder = factories.person_with(Role.SYSTEM_ADMIN)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.post(holder, Role.CLERK)


def test_an_administrator_of_another_district_grants_nothing_here(now: datetime) -> None:
    outsider = factories.actor(Role.SYSTEM_ADMIN, ABROAD)
    with pytest.raises(PermissionDenied):
        grant_post(factories.user(), _facts(Role.CLERK), by=outsider, now=now)


def test_an_administrator_of_a_district_appoints_nobody_over_the_city(
    system: Actor, now: datetime
) -> None:
    with pytest.raises(PermissionDenied):
        grant_post(factories.user(), _facts(Role.CLERK, "1201"), by=system, now=now)


def test_the_same_post_is_not_held_twice_at_a_time(system: Actor, now: datetime) -> None:
    holder = factories.person_with(Role.CLERK)
    with pytest.raises(Refused) as refused:
        grant_post(holder, _facts(Role.CLERK), by=system, now=now)
    assert refused.value.code == "post_held"


def test_a_department_handler_needs_a_department(system: Actor, now: datetime) -> None:
    with pytest.raises(Refused) as refused:
        grant_post(factories.user(), _facts(Role.DEPARTMENT), by=system, now=now)
    assert refused.value.field == "organisation"


def test_a_clerk_needs_an_area(now: datetime) -> None:
    everywhere = factories.actor(Role.SYSTEM_ADMIN, "")
    with pytest.raises(Refused) as refused:
        grant_post(factories.user(), _facts(Role.CLERK, ""), by=everywhere, now=now)
    assert refused.value.field == "area_code"


def test_a_post_ended_at_once_counts_no_more_the_same_moment(
    system: Actor, now: datetime, verbs: Verbs
) -> None:
    held = factories.post(role=Role.CLERK)
    end_post(held, last_day=None, by=system, now=now)

    assert actor_of(held.user, now).posts == ()
    assert verbs("account", held.user_id) == ["post.ended"]
    with pytest.raises(SomebodyWasFirst):
        end_post(held, last_day=None, by=system, now=now)


def test_a_post_with_a_last_day_is_held_on_that_day(system: Actor, now: datetime) -> None:
    held = factories.post(role=Role.CLERK)
    end_post(held, last_day=date(2026, 3, 9), by=system, now=now)

    assert actor_of(held.user, now).posts
    assert actor_of(held.user, now + timedelta(hours=14)).posts == ()  # midnight in Tianjin


def test_a_last_day_that_has_passed_is_refused(system: Actor, now: datetime) -> None:
    held = factories.post(role=Role.CLERK)
    with pytest.raises(Refused) as refused:
        end_post(held, last_day=date(2026, 3, 8), by=system, now=now)
    assert refused.value.code == "post_end_passed"


def test_the_only_security_administrator_cannot_be_dismissed(now: datetime) -> None:
    the_only_one = factories.person_with(Role.SECURITY_ADMIN)
    post = Post.objects.get(user=the_only_one)
    with pytest.raises(Refused) as refused:
        end_post(post, last_day=None, by=SYSTEM, now=now)
    assert refused.value.code == "last_security_administrator"
    with pytest.raises(Refused):
        deactivate_person(the_only_one, by=SYSTEM, now=now)

    factories.person_with(Role.SECURITY_ADMIN, "1201")
    assert end_post(post, last_day=None, by=SYSTEM, now=now).ended_at == now


def test_a_security_administrator_elsewhere_does_not_count(now: datetime) -> None:
    here = factories.person_with(Role.SECURITY_ADMIN, HOME)
    factories.person_with(Role.SECURITY_ADMIN, ABROAD)
    with pytest.raises(Refused):
        end_post(Post.objects.get(user=here), last_day=None, by=SYSTEM, now=now)


def test_the_system_administrator_does_not_touch_accounts_of_administrators(
    system: Actor, security: Actor, now: datetime
) -> None:
    auditor = factories.person_with(Role.AUDIT_ADMIN)
    with pytest.raises(PermissionDenied):
        reset_password(auditor, by=system, now=now)

    assert reset_password(auditor, by=security, now=now).password


def test_leaving_disables_everything_the_same_moment(
    system: Actor, now: datetime, verbs: Verbs
) -> None:
    leaver = factories.post(role=Role.CLERK).user
    factories.post(leaver, Role.GRID_WORKER, "120103001001", valid_from=date(2026, 6, 1))
    before = leaver.get_session_auth_hash()
    deactivate_person(leaver, by=system, now=now)

    leaver.refresh_from_db()
    assert not leaver.is_active
    assert leaver.get_session_auth_hash() != before
    assert not leaver.has_usable_password()
    assert actor_of(leaver, now).posts == ()
    assert not leaver.posts.filter(ended_at=None).exists()
    assert verbs("account", leaver.pk) == ["post.ended", "post.ended", "account.deactivated"]


def test_coming_back_brings_a_new_password_and_no_old_posts(system: Actor, now: datetime) -> None:
    leaver = factories.post(role=Role.CLERK).user
    deactivate_person(leaver, by=system, now=now)
    boss = factories.actor(Role.SYSTEM_ADMIN, "")
    again = reactivate_person(leaver, by=boss, now=now)

    assert again.user.is_active
    assert again.user.must_change_password
    assert again.user.check_password(again.password)
    assert actor_of(again.user, now).posts == ()


def test_nobody_switches_their_own_account_off(system: Actor, now: datetime) -> None:
    boss = factories.actor(Role.SECURITY_ADMIN)
    factories.person_with(Role.SECURITY_ADMIN)
    with pytest.raises(Refused) as refused:
        deactivate_person(_user(boss), by=boss, now=now)
    assert refused.value.code == "own_account"
