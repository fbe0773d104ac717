"""One chief, one police officer, one full-time worker, several part-time; and the list of what is missing."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from grids import staffing
from grids.models import Area, Duty, Staffing
from journal.models import Event
from tests import factories
from tests.grids.factories import district

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
GRID = "120103001001001"
NEXT = "120103001001002"


@pytest.fixture(autouse=True)
def _areas() -> None:
    district()


@pytest.fixture
def officer() -> Actor:
    return factories.actor(Role.COMMUNITY, "120103001001")


def give(by: Actor, person: User, duty: Duty, grid: str = GRID, since: date = TODAY) -> Staffing:
    return staffing.assign(grid_code=grid, person=person, duty=duty, since=since, by=by, now=NOW)


def test_a_person_gets_a_duty_and_the_journal_knows(officer: Actor) -> None:
    person = factories.user()
    held = give(officer, person, Duty.CHIEF)
    assert [one.person for one in staffing.serving(GRID, TODAY)] == [person]
    event = Event.objects.get(verb="staffing.assigned")
    assert (event.subject_id, event.data["staffing"], event.data["duty"]) == (
        GRID,
        held.pk,
        "chief",
    )


@pytest.mark.parametrize("duty", [Duty.CHIEF, Duty.POLICE, Duty.FULL_TIME])
def test_there_is_only_one_of_each(officer: Actor, duty: Duty) -> None:
    give(officer, factories.user(name="张三丰"), duty)
    with pytest.raises(Refused, match="张三丰"):
        give(officer, factories.user(), duty)


def test_there_may_be_several_part_time(officer: Actor) -> None:
    twice = factories.user()
    give(officer, twice, Duty.PART_TIME)
    give(officer, factories.user(), Duty.PART_TIME)
    with pytest.raises(Refused):
        give(officer, twice, Duty.PART_TIME)
    assert staffing.serving(GRID, TODAY).count() == 2


def test_one_person_may_serve_several_grids(officer: Actor) -> None:
    person = factories.user()
    give(officer, person, Duty.CHIEF)
    give(officer, person, Duty.CHIEF, NEXT)
    assert staffing.grids_of(person.pk, TODAY) == [GRID, NEXT]


def test_an_ended_duty_is_free_from_the_next_day(officer: Actor) -> None:
    held = give(officer, factories.user(), Duty.CHIEF, since=date(2026, 1, 1))
    staffing.end_duty(staffing_id=held.pk, last_day=TODAY, by=officer, now=NOW)
    with pytest.raises(Refused):
        give(officer, factories.user(), Duty.CHIEF)  # today still has the old one
    heir = factories.user()
    give(officer, heir, Duty.CHIEF, since=date(2026, 3, 3))
    assert [one.person for one in staffing.serving(GRID, date(2026, 3, 3))] == [heir]
    assert staffing.history(GRID).count() == 2


def test_a_duty_is_ended_once(officer: Actor) -> None:
    held = give(officer, factories.user(), Duty.CHIEF)
    staffing.end_duty(staffing_id=held.pk, last_day=None, by=officer, now=NOW)
    with pytest.raises(SomebodyWasFirst):
        staffing.end_duty(staffing_id=held.pk, last_day=None, by=officer, now=NOW)


def test_a_duty_does_not_end_before_it_began(officer: Actor) -> None:
    held = give(officer, factories.user(), Duty.CHIEF)
    with pytest.raises(Refused):
        staffing.end_duty(staffing_id=held.pk, last_day=date(2026, 3, 1), by=officer, now=NOW)


def test_who_is_switched_off_gets_no_duty(officer: Actor) -> None:
    with pytest.raises(Refused):
        give(officer, factories.user(is_active=False), Duty.CHIEF)


def test_a_retired_grid_and_what_is_no_grid_have_no_duties(officer: Actor) -> None:
    Area.objects.filter(code=GRID).update(status="retired", valid_to=TODAY)
    for code in (GRID, "120103001001", "120103001001999"):
        with pytest.raises(Refused):
            give(officer, factories.user(), Duty.CHIEF, code)


def test_only_who_manages_staffing_here_may(officer: Actor) -> None:
    held = give(officer, factories.user(), Duty.CHIEF)
    for actor in (
        factories.actor(Role.GRID_CHIEF, "120103001001"),
        factories.actor(Role.COMMUNITY, "120103001002"),
    ):
        with pytest.raises(PermissionDenied):
            give(actor, factories.user(), Duty.POLICE)
        with pytest.raises(PermissionDenied):
            staffing.end_duty(staffing_id=held.pk, last_day=None, by=actor, now=NOW)


def test_gaps_are_what_is_missing_today(officer: Actor) -> None:
    give(officer, factories.user(), Duty.CHIEF)
    give(officer, factories.user(), Duty.POLICE, since=date(2026, 3, 9))  # not yet
    grids = staffing.with_gaps(officer, TODAY)
    assert {g.code: g.duties for g in grids} == {GRID: ["chief"], NEXT: []}  # type: ignore[attr-defined]
    assert staffing.lacking(grids, [Duty.CHIEF]).get().code == NEXT
    assert all(crew.missing for crew in staffing.crews(grids, TODAY))


def test_an_outsider_sees_no_gaps_here() -> None:
    outsider = factories.actor(Role.COMMANDER, "120104")
    assert not staffing.with_gaps(outsider, TODAY).exists()


def test_crews_cost_the_same_however_many_grids(
    officer: Actor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for grid in (GRID, NEXT):
        give(officer, factories.user(), Duty.CHIEF, grid)
    with django_assert_num_queries(3):
        staffing.crews(staffing.with_gaps(officer, TODAY), TODAY)
