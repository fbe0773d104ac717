"""Resolutions, key projects and rectification lists: tasks with days of their own, notes, milestones, the list."""

from datetime import timedelta

import pytest

from campaigns.choices import AssignmentState
from campaigns.models import Assignment, Campaign
from campaigns.reading import board
from clocks.models import Clock
from config.refusal import Refused
from steps.forms import FactsRefused
from tests.campaigns.ground import STREET, drafted, on_assignment, on_campaign
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db


def a_resolution(here: Town) -> Campaign:
    """Two tasks for one unit, each with its own day."""
    made = drafted(here, kind="resolution", meeting_name="全体会议", held_on="2026-03-06")
    for text, day in (("整治占道", "2026-03-20"), ("清运点位改造", "2026-04-30")):
        on_campaign(here, "assign", made, units=["SAN"], text=text, due_on=day)
    on_campaign(here, "launch", made)
    return made


def test_a_resolution_names_its_meeting(here: Town) -> None:
    with pytest.raises(FactsRefused) as no:
        drafted(here, kind="resolution")
    assert {error["field"] for error in no.value.errors} == {"meeting_name", "held_on"}


def test_a_unit_may_have_two_tasks_of_one_meeting_each_with_its_day(here: Town) -> None:
    made = a_resolution(here)
    late, other = made.assignments.order_by("pk")
    for one in (late, other):
        on_assignment(here, "receive", one, "leader")
    later = here.now + timedelta(days=15)
    (bar,) = board(here.commander, later)
    assert [(row.assignment.text, str(row.lamp)) for row in bar.rows] == [
        ("整治占道", "red"),
        ("清运点位改造", "green"),
    ]
    assert (bar.late, bar.laggards) == (1, 1)


def test_the_board_shows_whose_monthly_note_is_missing(here: Town) -> None:
    made = a_resolution(here)
    one, other = made.assignments.order_by("pk")
    for each in (one, other):
        on_assignment(here, "receive", each, "leader")
    here.now += timedelta(days=30)
    on_assignment(here, "note", one, "leader", text="已完成一半", percent=50)
    (bar,) = board(here.commander, here.now)
    assert {row.assignment.pk: row.lacks_note for row in bar.rows} == {
        one.pk: False,
        other.pk: True,
    }
    assert bar.percent == 25


def test_a_key_project_is_done_when_its_milestones_are_reached(here: Town) -> None:
    made = drafted(here, kind="project")
    on_campaign(here, "assign", made, units=["SAN"])
    with pytest.raises(Refused) as no:
        on_campaign(here, "launch", made)
    assert no.value.code == "has_no_milestones"
    only = made.assignments.get()
    for text in ("选址", "验收"):
        on_campaign(
            here, "add_milestone", made, assignment=only.number, text=text, due_on="2026-03-20"
        )
    on_campaign(here, "launch", made)
    on_assignment(here, "receive", only, "leader")
    first, second = only.milestones.order_by("pk")
    on_assignment(here, "reach", only, "leader", milestone=first.pk)
    with pytest.raises(Refused) as no:
        on_assignment(here, "report", only, "leader", text="完成")
    assert no.value.code == "milestones_left"
    clocks = Clock.objects.filter(subject_kind="campaign_milestone").order_by("pk")
    assert [clock.outcome for clock in clocks] == ["met", "running"]
    (bar,) = board(here.commander, here.now)
    assert bar.percent == 50
    on_assignment(here, "reach", only, "leader", milestone=second.pk)
    on_assignment(here, "report", only, "leader", text="完成")


def test_what_was_put_right_is_taken_off_the_list(here: Town) -> None:
    made = drafted(here, kind="rectification")
    on_campaign(here, "assign", made, areas=[STREET], text="夜市周边")
    on_campaign(here, "launch", made)
    only = Assignment.objects.get()
    on_assignment(here, "receive", only, "secretary")
    on_assignment(here, "report", only, "secretary", text="已整治")
    on_assignment(here, "accept", only, "commander")
    done = on_assignment(here, "delist", only, "commander")
    assert done.state == AssignmentState.DELISTED
    on_campaign(here, "close", made)
