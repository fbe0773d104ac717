"""A case left alone climbs: each rung once, in order, at its time, however late or often the sweep comes."""

from datetime import datetime, timedelta

from escalation.models import Ladder, Rung
from incidents.choices import Level, State
from incidents.models import Incident
from incidents.taking import take
from notices.models import Notice
from supervision.models import Order
from tests.escalation.ladders import (
    beat,
    climbed,
    clock_of,
    deeds_of,
    ladder_of,
    planned,
    verbs_of,
)
from tests.incidents.town import Town, a_case, answered, step

ALL = ["urge", "urge", "tell", "to_community", "order", "to_street"]


def level(case: Incident) -> int:
    return Incident.objects.get(pk=case.pk).escalated_level


def due_of(case: Incident) -> datetime:
    due = clock_of(case).due_at
    assert due is not None
    return due


def test_a_case_left_alone_climbs_from_reminder_to_district(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    beat(here.now)
    due = due_of(case)
    allowance = clock_of(case)
    assert deeds_of(case) == []
    beat(due - timedelta(minutes=1))
    assert deeds_of(case) == ["urge"]
    beat(due + timedelta(seconds=1))
    assert deeds_of(case) == ["urge", "urge", "tell", "to_community"]
    assert level(case) == Level.COMMUNITY
    for _day in range(40):
        here.later(24 * 60)
        beat(here.now)
    assert (level(case), allowance.pk) == (Level.DISTRICT, clock_of(case).pk)
    assert deeds_of(case).count("urge") == 12
    assert [d for d in deeds_of(case) if d != "urge"] == [
        "tell", "to_community", "order", "to_street", "to_district",
    ]  # fmt: skip
    assert Order.objects.filter(incident=case).count() == 1
    assert verbs_of(case, "incident.climbed").count("incident.climbed") == 3
    assert ladder_of(case).next_at is None
    assert Incident.objects.get(pk=case.pk).urged_count == 12
    assert not Rung.objects.filter(clock=clock_of(case), late=True, deed="to_community").exists()


def test_at_the_very_instant_of_the_deadline_nothing_is_late(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    beat(due_of(case))
    assert deeds_of(case) == ["urge"]


def test_a_sweep_that_was_down_fires_each_rung_once_in_order_and_sends_no_burst(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    back = here.now + timedelta(days=60)
    climbed(back)
    climbed(back + timedelta(minutes=1))
    numbers = list(
        Rung.objects.filter(clock=clock_of(case)).order_by("pk").values_list("number", flat=True)
    )
    times = list(
        Rung.objects.filter(clock=clock_of(case))
        .order_by("pk")
        .values_list("planned_at", flat=True)
    )
    assert len(numbers) == len(set(numbers)) == 17
    assert times == sorted(times)
    assert not Rung.objects.filter(late=False).exists()
    assert Order.objects.filter(incident=case).count() == 1
    assert level(case) == Level.DISTRICT
    beat(back + timedelta(minutes=2))
    heard = Notice.objects.filter(kind__startswith="ladder.", recipient=here.people["handler"])
    assert [n.kind for n in heard] == ["ladder.late"]
    assert heard.get().facts["missed"] == 11


def test_an_answer_in_time_ends_the_ladder(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    answered(here, case)
    beat(due_of(case) + timedelta(days=30))
    assert deeds_of(case) == []
    assert not Ladder.objects.filter(clock=clock_of(case), next_at__isnull=False).exists()


def test_a_clock_that_stopped_before_its_ladder_was_told_so_fires_nothing(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    due = due_of(case)
    answered(here, case)
    climbed(due + timedelta(days=30))
    assert deeds_of(case) == []
    assert ladder_of(case).ended_at is not None


def test_a_case_raised_by_hand_is_not_pushed_further_than_its_rungs_say(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    take(
        "take_over",
        number=case.number,
        by=here.commander,
        now=here.later(),
        facts={"reason": "重要"},
    )
    assert level(case) == Level.DISTRICT
    beat(here.now)
    beat(here.now + timedelta(days=60))
    assert level(case) == Level.DISTRICT
    assert verbs_of(case, "incident.climbed") == []
    assert verbs_of(case, "escalation.stood") == ["escalation.stood"] * 3
    assert not Rung.objects.filter(deed__startswith="to_", moved=True).exists()


def test_a_suspended_case_does_not_climb_and_goes_on_with_what_was_left(here: Town) -> None:
    case = a_case(here, State.SUSPENDED)
    beat(here.now)
    assert ladder_of(case).next_at is None
    beat(here.now + timedelta(days=20))
    assert deeds_of(case) == []
    here.later(20 * 24 * 60)
    step(here, "resume", case, here.dispatcher)
    beat(here.now)
    assert ladder_of(case).next_at is not None
    assert deeds_of(case) == []
    beat(due_of(case) - timedelta(seconds=1))
    assert deeds_of(case) == ["urge"]


def test_an_extension_moves_every_rung_that_has_not_fired(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    before = due_of(case)
    step(here, "ask_extension", case, here.handler, {"reason": "材料"})
    step(here, "approve_ask", case, here.leader)
    step(here, "grant_extension", case, here.dispatcher)
    climbed(before + timedelta(seconds=1))
    assert deeds_of(case) == [], (
        "the reader has not told the ladder yet, and yet nothing fires too early"
    )
    planned()
    climbed(before + timedelta(seconds=1))
    assert deeds_of(case) == []
    climbed(due_of(case) + timedelta(seconds=1))
    assert deeds_of(case)[:2] == ["urge", "urge"]


def test_rework_keeps_the_deadline_and_nobody_is_escalated_for_the_past(here: Town) -> None:
    case = a_case(here, State.FEEDBACK)
    here.later(30 * 24 * 60)
    step(here, "send_back", case, here.dispatcher, {"reason": "照片不清"})
    beat(here.now)
    assert clock_of(case).round == 2
    past = {row["deed"] for row in ladder_of(case).plan if row.get("past")}
    assert {"urge", "tell", "to_community"} <= past
    assert deeds_of(case) == []
    assert level(case) == Level.GRID


def test_the_machines_clock_may_jump_back_and_forward(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    due = due_of(case)
    for jump in (
        timedelta(seconds=1),
        -timedelta(minutes=10),
        timedelta(seconds=2),
        timedelta(days=1),
    ):
        climbed(due + jump)
    first = deeds_of(case)
    climbed(due)
    assert deeds_of(case) == first
    assert len(first) == Rung.objects.count()


def test_other_stages_have_a_ladder_of_their_own(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    beat(here.now)
    stages = {ladder.clock.stage for ladder in Ladder.objects.filter(incident=case, ended_at=None)}
    assert stages == {"receive", "handle"}
    receive = clock_of(case, "receive").due_at
    assert receive is not None
    beat(receive + timedelta(seconds=1))
    assert deeds_of(case, "receive") == ["remind", "urge"]


def test_the_urging_leaves_what_people_type_alone(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    version = Incident.objects.get(pk=case.pk).version
    climbed(due_of(case) - timedelta(seconds=1))
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.urged_count, kept.version) == (1, version)


def test_whose_turn_it_is_hears_the_urging_and_the_leaders_hear_that_it_is_late(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    beat(due_of(case) + timedelta(seconds=1))
    names = {user.pk: name for name, user in here.people.items()}
    heard = {
        kind: {
            names[pk]
            for pk in Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True)
        }
        for kind in ("ladder.late", "ladder.tell", "case.climbed")
    }
    assert heard["ladder.late"] == {"handler", "leader"}
    assert heard["ladder.tell"] == {"leader", "commander"}
    assert "handler" in heard["case.climbed"]
