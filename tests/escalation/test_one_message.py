"""One deadline gives nobody two messages for the same moment, and no deadline passes in silence."""

from datetime import datetime, timedelta

from escalation.models import EscalationRule, Ladder
from incidents.choices import State
from incidents.models import Incident
from notices.models import Notice
from tests.escalation.ladders import beat, clock_of, planned, rule, rung
from tests.incidents.town import Town, a_case, step

OF_DEADLINES = ("case.amber", "case.overdue", "ladder.remind", "ladder.urge", "ladder.late")


def heard(here: Town, name: str, case: Incident, **facts: str) -> list[str]:
    """What this person was told of the case's deadlines, the oldest first."""
    mine = Notice.objects.filter(recipient=here.people[name], facts__number=case.number, **facts)
    kinds = mine.filter(kind__in=OF_DEADLINES).order_by("id")
    return list(kinds.values_list("kind", flat=True))


def moments(case: Incident, stage: str = "handle") -> tuple[datetime, datetime]:
    clock = clock_of(case, stage)
    assert clock.amber_at is not None
    assert clock.due_at is not None
    return clock.amber_at + timedelta(seconds=1), clock.due_at + timedelta(seconds=1)


def both(case: Incident, stage: str = "handle") -> None:
    """The deadline comes near, then it passes."""
    amber, due = moments(case, stage)
    for moment in (amber, due):
        beat(moment)


def test_the_ladder_tells_whose_turn_it_is_and_the_centre_hears_that_it_is_late(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    both(case)
    assert heard(here, "handler", case) == ["ladder.urge", "ladder.urge"]
    assert heard(here, "dispatcher", case) == ["case.overdue"]


def test_where_no_rule_is_in_force_everybody_is_told_as_if_there_were_no_ladder(here: Town) -> None:
    EscalationRule.objects.update(active=False)
    case = a_case(here, State.HANDLING)
    both(case)
    assert heard(here, "handler", case) == ["case.amber", "case.overdue"]
    assert heard(here, "dispatcher", case) == ["case.amber", "case.overdue"]


def test_a_ladder_that_reminds_at_another_moment_leaves_this_one_to_be_told(here: Town) -> None:
    EscalationRule.objects.update(active=False)
    rule(rungs=[rung("share", 50, "urge"), rung("after", 1, "urge")])
    case = a_case(here, State.HANDLING)
    planned()
    both(case)
    assert heard(here, "handler", case) == ["ladder.urge", "case.amber", "case.overdue"]


def test_a_ladder_that_is_stuck_reminds_nobody_so_they_are_told(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    planned()
    amber, _due = moments(case)
    Ladder.objects.update(failures=1, next_at=amber + timedelta(days=1))
    beat(amber)
    assert heard(here, "handler", case) == ["case.amber"]


def test_a_reminder_of_a_request_goes_to_whoever_must_answer_it(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "ask_extension", case, here.handler, {"reason": "材料未到"})
    planned()
    beat(moments(case, "ask")[0])
    assert heard(here, "leader", case, facts__stage="ask") == ["ladder.remind"]
    assert heard(here, "handler", case, facts__stage="ask") == []
