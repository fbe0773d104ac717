"""A sweep from its draft to its end: sent down, zones, cadres, visits, figures, cases."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from campaigns.choices import AssignmentState, Found, State
from campaigns.judging import urge_laggards
from campaigns.models import Assignment, Tally, Target, Visit
from campaigns.querysets import assignments_visible_to, targets_visible_to, visible_to
from campaigns.tallying import Figures, sum_of
from clocks.models import Clock
from config.refusal import Refused, SomebodyWasFirst
from incidents.models import Incident
from incidents.querysets import visible_to as cases_visible_to
from journal.models import Event
from steps.door import NotYours
from steps.forms import FactsRefused
from tests.campaigns.ground import (
    ABSENT,
    COMMUNITY,
    LIST,
    PROBLEM,
    STREET,
    VISITED,
    drafted,
    launched,
    on_assignment,
    on_campaign,
    on_target,
    swept,
    target,
    under_way,
    zone_of,
)
from tests.incidents.town import GRID, Town

pytestmark = pytest.mark.django_db


def figures(assignment: Assignment) -> tuple[int, int, int, int]:
    """To do, absent, visited, problem; and they are what counting the targets gives."""
    found = sum_of(Tally.objects.filter(assignment=assignment))
    counted = tuple(assignment.targets.filter(state=state).count() for state in Found)
    shown = (found.todo, found.absent, found.visited, found.problem)
    assert shown == counted
    return shown


def test_a_sweep_sent_down_runs_against_a_clock_for_each_who_got_it(here: Town) -> None:
    assignment = launched(here)
    assert assignment.state == AssignmentState.SENT
    assert assignment.campaign.state == State.LAUNCHED
    clocks = Clock.objects.filter(subject_kind="assignment", subject_id=assignment.pk)
    assert {clock.stage for clock in clocks} == {"receipt", "finish"}
    finish = clocks.get(stage="finish")
    assert finish.due_at is not None
    assert finish.due_at.isoformat() == "2026-03-31T16:00:00+00:00"  # the end of the local day
    assert figures(assignment) == (4, 0, 0, 0)


def test_an_allowance_runs_from_the_moment_of_sending(here: Town) -> None:
    assignment = launched(here, limit_value=Decimal(3), limit_kind="natural_day")
    assert assignment.sent_at is not None
    finish = Clock.objects.get(stage="finish", subject_kind="assignment")
    assert finish.due_at == assignment.sent_at + timedelta(days=3)


def test_visits_move_the_figures_and_keep_who_when_and_what(here: Town) -> None:
    assignment = swept(here)
    on_target(here, "visit", target(assignment, 0), said=VISITED)
    on_target(here, "visit", target(assignment, 1), said=ABSENT)
    on_target(here, "visit", target(assignment, 2), said=PROBLEM)
    assert figures(assignment) == (1, 1, 1, 1)
    kept = Visit.objects.get(target=target(assignment, 0))
    assert kept.visited_by == here.people["cadre"]
    assert kept.answers == {"1": True, "2": "4"}
    on_target(here, "visit", target(assignment, 1), said=VISITED)
    assert figures(assignment) == (1, 0, 2, 1)
    assert [v.found for v in target(assignment, 1).visits.all()] == ["visited", "absent"]


def test_a_required_line_must_be_answered_unless_nobody_is_there(here: Town) -> None:
    assignment = swept(here)
    with pytest.raises(FactsRefused) as no:
        on_target(here, "visit", target(assignment), said={"found": "visited"})
    assert [error["field"] for error in no.value.errors] == ["line_1"]
    with pytest.raises(FactsRefused) as no:
        on_target(here, "visit", target(assignment), said={"found": "problem", "line_1": "true"})
    assert [error["field"] for error in no.value.errors] == ["note"]
    assert figures(assignment) == (4, 0, 0, 0)
    on_target(here, "visit", target(assignment), said=ABSENT)


def test_a_second_visit_says_that_somebody_was_there_and_may_be_made_on_purpose(here: Town) -> None:
    assignment = swept(here)
    seen = target(assignment)
    on_target(here, "visit", seen, said=VISITED)
    with pytest.raises(SomebodyWasFirst) as no:
        on_target(here, "visit", seen, said=VISITED, version=seen.version)
    assert here.people["cadre"].name in str(no.value)
    with pytest.raises(Refused) as state:
        on_target(here, "visit", seen, said=VISITED)
    assert state.value.code == "not_in_this_state"
    on_target(here, "visit_again", seen, said=PROBLEM)
    assert figures(assignment) == (3, 0, 0, 1)
    assert seen.visits.count() == 2


def test_a_problem_becomes_one_case_with_place_and_words_taken_over(here: Town) -> None:
    assignment = swept(here)
    seen = on_target(here, "visit", target(assignment), said=PROBLEM)
    on_target(here, "make_case", seen)  # a mediator's post reports nothing else; this one was sent
    case = Incident.objects.get()
    assert (case.grid_code, case.address, case.title) == (GRID, "友谊路1号", "津河五金店")
    assert "后厨油烟管道积油" in case.text
    assert seen.visits.get().incident == case
    assert cases_visible_to(here.cadre).get() == case
    with pytest.raises(Refused) as twice:
        on_target(here, "make_case", seen, "worker")
    assert twice.value.code == "is_a_case_already"
    assert case.number in str(twice.value)
    assert Incident.objects.count() == 1


def test_targets_are_spread_evenly_and_moved_with_their_results(here: Town) -> None:
    assignment = under_way(here)
    zone_of(here, assignment)
    second = zone_of(here, assignment, "第二片区")
    on_assignment(here, "share_out", assignment, evenly=True)
    assert sorted(sum_of([one]).total for one in Tally.objects.all()) == [2, 2]
    mine = assignment.targets.filter(zone__name="第一片区").order_by("pk")
    on_target(here, "visit", mine[0], said=VISITED)
    on_assignment(here, "share_out", assignment, zone=str(second.pk), targets=mine[0].number)
    moved = Tally.objects.get(zone=second)
    assert (moved.todo, moved.visited) == (2, 1)
    assert figures(assignment) == (3, 0, 1, 0)
    on_assignment(here, "drop_zone", assignment, zone=str(second.pk))
    assert Target.objects.filter(zone=None).count() == 3
    assert figures(assignment) == (3, 0, 1, 0)


def test_a_cadre_checks_in_once_a_day_with_the_position(here: Town) -> None:
    assignment = swept(here)
    on_assignment(here, "arrive", assignment, "cadre", lon=117.2, lat=39.0, accuracy_m=12)
    with pytest.raises(Refused) as no:
        on_assignment(here, "arrive", assignment, "cadre")
    assert no.value.code == "arrived_already"
    here.now += timedelta(days=1)
    on_assignment(here, "arrive", assignment, "cadre")
    days = assignment.zones.get().cadres.get().arrivals.count()
    assert days == 2
    event = Event.objects.filter(verb="assignment.arrived").earliest("id")
    assert "lon" not in event.data


def test_it_is_done_when_somebody_was_everywhere_and_the_sender_judges(here: Town) -> None:
    assignment = swept(here)
    with pytest.raises(Refused) as no:
        on_assignment(here, "report", assignment, text="全部完成")
    assert no.value.code == "targets_left"
    for place in range(4):
        on_target(here, "visit", target(assignment, place), said=VISITED)
    on_assignment(here, "report", assignment, text="全部完成")
    with pytest.raises(Refused):  # reported: nothing more is entered
        on_target(here, "visit_again", target(assignment), said=PROBLEM)
    with pytest.raises(NotYours):
        on_assignment(here, "accept", assignment, "secretary")
    back = on_assignment(here, "send_back", assignment, "commander", reason="第三户照片不清")
    assert back.due_at is not None
    assert back.due_at.isoformat() == "2026-03-31T16:00:00+00:00"
    on_assignment(here, "report", assignment, text="已补")
    on_assignment(here, "accept", assignment, "commander")
    on_campaign(here, "close", assignment.campaign)
    assignment.campaign.refresh_from_db()
    assert assignment.campaign.state == State.CLOSED


def test_only_laggards_are_urged_and_not_twice_within_the_hour(here: Town) -> None:
    assignment = under_way(here)
    campaign, commander = assignment.campaign, here.commander
    assert urge_laggards(campaign=campaign, by=commander, now=here.later()) == 0
    late = here.now + timedelta(days=40)
    assert urge_laggards(campaign=campaign, by=commander, now=late) == 1
    assert urge_laggards(campaign=campaign, by=commander, now=late + timedelta(minutes=3)) == 0
    assignment.refresh_from_db()
    assert assignment.urged_count == 1


def test_a_campaign_called_off_withdraws_what_runs(here: Town) -> None:
    assignment = under_way(here)
    on_campaign(here, "cancel", assignment.campaign, reason="计划调整")
    assignment.refresh_from_db()
    assert assignment.state == AssignmentState.CANCELLED
    assert not Clock.objects.filter(subject_kind="assignment", outcome="running").exists()
    with pytest.raises(Refused) as no:
        on_target(here, "visit", target(assignment), "secretary", VISITED)
    assert no.value.code == "campaign_runs"


def test_who_sees_what(here: Town) -> None:
    draft = drafted(here)
    on_campaign(here, "assign", draft, areas=[STREET])
    insiders = {"commander", "supervisor"}

    def seeing(ask: Any) -> set[str]:
        return {name for name in here.people if ask(getattr(here, name)).exists()}

    assert seeing(visible_to) == insiders
    swept(here)
    assert seeing(visible_to) == insiders | {"secretary", "cadre"}
    assert seeing(assignments_visible_to) == insiders | {"secretary", "cadre"}
    sweepers = {"worker", "neighbour", "chief", "officer"}
    assert seeing(targets_visible_to) == insiders | {"secretary", "cadre"} | sweepers
    in_grid = targets_visible_to(here.worker).values_list("area_code", flat=True)
    assert set(in_grid) == {GRID}


def test_a_sweep_needs_somebody_and_something(here: Town) -> None:
    campaign = drafted(here)
    for codes, step, said in (
        ("goes_to_nobody_yet", "launch", {}),
        ("goes_to_somebody", "add_targets", {"lines": LIST}),
    ):
        with pytest.raises(Refused) as no:
            on_campaign(here, step, campaign, **said)
        assert no.value.code == codes
    on_campaign(here, "assign", campaign, areas=[STREET, COMMUNITY])
    with pytest.raises(Refused) as no:
        on_campaign(here, "launch", campaign)
    assert no.value.code == "has_no_targets"
    on_campaign(here, "add_targets", campaign, every_grid=True)
    on_campaign(here, "launch", campaign)
    community = campaign.assignments.get(area_code=COMMUNITY)
    assert community.targets.count() == 2  # the smallest area around a grid gets it
    figure = Figures(todo=2)
    assert (figure.percent, figure.total) == (0, 2)
