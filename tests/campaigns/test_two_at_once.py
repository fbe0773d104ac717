"""Two people at the same moment: real connections, one effect, and figures that stay exact."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from accounts.actor import Actor
from campaigns.choices import Found
from campaigns.door import ASSIGNMENTS, CAMPAIGNS, TARGETS
from campaigns.models import Tally, Target, Visit
from campaigns.tallying import sum_of
from campaigns.telling import tell_people
from clocks.models import Clock
from clocks.sweep import sweep
from config.refusal import Refused, SomebodyWasFirst
from incidents.models import Incident
from notices.models import Notice
from tests.campaigns.ground import (
    LIST,
    PROBLEM,
    STREET,
    VISITED,
    drafted,
    ground,
    launched,
    on_assignment,
    on_campaign,
    on_target,
    swept,
    target,
    zone_of,
)
from tests.clocks.factories import seeded
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import Town
from tests.journal.factories import settle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Iterator[Town]:
    """The ground in real transactions, with the calendar that an emptied database has lost."""
    seeded()
    yield ground()
    connections.close_all()


def test_two_cadres_at_one_door_make_one_visit_and_the_second_is_told(here: Town) -> None:
    assignment = swept(here)
    seen, now = target(assignment), here.later()
    people = (here.cadre, here.secretary)

    def visiting(by: Actor) -> Callable[[], Any]:
        return lambda: TARGETS.take(
            "visit", number=seen.number, by=by, now=now, version=seen.version, facts=VISITED
        )

    done = at_once(*(visiting(by) for by in people))
    assert sorted(type(one).__name__ for one in done) == ["SomebodyWasFirst", "Target"]
    assert isinstance(next(o for o in done if isinstance(o, Refused)), SomebodyWasFirst)
    assert Visit.objects.count() == 1
    found = sum_of(Tally.objects.all())
    assert (found.todo, found.visited) == (3, 1)


def test_figures_stay_exact_while_some_visit_and_others_share_out(here: Town) -> None:
    assignment = swept(here)
    second = zone_of(here, assignment, "第二片区")
    numbers = list(assignment.targets.values_list("number", flat=True))
    now = here.later()

    def sweep_all() -> None:
        for number in numbers:
            TARGETS.take("visit", number=number, by=here.secretary, now=now, facts=VISITED)

    def share_all() -> None:
        for number in numbers:
            said = {"zone": str(second.pk), "targets": number}
            ASSIGNMENTS.take(
                "share_out", number=assignment.number, by=here.secretary, now=now, facts=said
            )

    assert at_once(sweep_all, share_all) == [None, None]
    for tally in Tally.objects.all():
        mine = Target.objects.filter(assignment=tally.assignment, zone=tally.zone)
        assert [getattr(tally, s) for s in Found] == [mine.filter(state=s).count() for s in Found]
    assert sum_of(Tally.objects.all()).visited == 4


def test_one_list_imported_twice_at_once_is_written_once(here: Town) -> None:
    campaign = drafted(here)
    on_campaign(here, "assign", campaign, areas=[STREET])
    by, now = here.commander, here.later()

    def add() -> object:
        return CAMPAIGNS.take(
            "add_targets", number=campaign.number, by=by, now=now, facts={"lines": LIST}
        )

    at_once(add, add)
    assert Target.objects.count() == 4
    assert sum_of(Tally.objects.all()).todo == 4


def test_a_problem_pressed_twice_at_once_is_one_case(here: Town) -> None:
    assignment = swept(here)
    seen = on_target(here, "visit", target(assignment), said=PROBLEM)
    by, now = here.worker, here.later()

    def press() -> object:
        return TARGETS.take("make_case", number=seen.number, by=by, now=now, version=seen.version)

    at_once(press, press)
    assert Incident.objects.count() == 1
    assert Visit.objects.get().incident == Incident.objects.get()


def test_the_right_people_hear_of_it_once(here: Town) -> None:
    assignment = launched(here)
    settle()
    tell_people(here.later())
    told = {(n.kind, n.recipient_id) for n in Notice.objects.filter(kind__startswith="campaign.")}
    assert told == {("campaign.assigned", here.people["secretary"].pk)}
    on_assignment(here, "receive", assignment)
    zone_of(here, assignment)
    clock = Clock.objects.get(subject_kind="assignment", stage="finish")
    assert clock.due_at is not None
    late = clock.due_at.replace(minute=30)
    while sweep(late):
        continue
    settle()
    tell_people(late)
    tell_people(late)
    kinds = Notice.objects.filter(kind__startswith="campaign.").values_list("kind", "recipient_id")
    assert sorted(kinds) == sorted(
        [
            ("campaign.assigned", here.people["secretary"].pk),
            ("campaign.zone", here.people["cadre"].pk),
            ("campaign.near", here.people["secretary"].pk),
            ("campaign.late", here.people["secretary"].pk),
            ("campaign.late", here.people["commander"].pk),
        ]
    )
