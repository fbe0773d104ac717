"""One case whose rung cannot be done stops nobody else, says why, and goes on once the cause is mended."""

from datetime import timedelta

from escalation.failures import failing_visible_to, try_again
from escalation.models import EscalationRule, Ladder
from incidents.choices import State
from incidents.models import Incident
from notices.models import Notice
from tests.escalation.ladders import (
    beat,
    climbed,
    clock_of,
    deeds_of,
    ladder_of,
    planned,
    rule,
    rung,
    verbs_of,
)
from tests.incidents.town import Town, a_case, a_report

ORDER_AT_DUE = [rung("due", 0, "urge"), rung("due", 0, "order"), rung("after", 1, "to_street")]


def nobody_could_answer(case: Incident) -> None:
    """A case that waits for filing and has lost its centre: an order on it has no addressee."""
    Incident.objects.filter(pk=case.pk).update(centre=None)


def test_the_others_climb_and_the_poisoned_one_is_tried_again_with_growing_pauses(
    here: Town,
) -> None:
    rule(stage="filing", rungs=ORDER_AT_DUE)
    poisoned, sound = a_report(here), a_report(here)
    nobody_could_answer(poisoned)
    beat(here.now)
    due = clock_of(sound, "filing").due_at
    assert due is not None
    now = due + timedelta(minutes=1)
    beat(now)
    assert deeds_of(sound, "filing") == ["urge", "order"]
    assert deeds_of(poisoned, "filing") == ["urge"], "what fired before stays"
    ladder = ladder_of(poisoned, "filing")
    assert (ladder.failures, ladder.next_at) == (1, now + timedelta(minutes=1))
    assert "Refused" in ladder.last_error
    beat(now + timedelta(minutes=1, seconds=1))
    assert ladder_of(poisoned, "filing").failures == 2
    assert verbs_of(poisoned, "escalation.failed") == ["escalation.failed"], "said once"
    assert Notice.objects.get(kind="ladder.failed").recipient == here.people["system_admin"]


def test_an_administrator_sees_it_mends_the_cause_and_lets_it_be_tried_at_once(here: Town) -> None:
    rule(stage="filing", rungs=ORDER_AT_DUE)
    case = a_report(here)
    nobody_could_answer(case)
    beat(here.now)
    here.later(24 * 60)
    beat(here.now)
    ladder = failing_visible_to(here.system_admin).get()
    assert not failing_visible_to(here.commander).exists()
    Incident.objects.filter(pk=case.pk).update(centre=here.centre)
    climbed(here.now)
    assert deeds_of(case, "filing") == ["urge"]
    assert try_again(ladder, by=here.system_admin, now=here.now)
    climbed(here.later(1))
    assert deeds_of(case, "filing") == ["urge", "order", "to_street"]
    assert ladder_of(case, "filing").failures == 0
    assert not try_again(ladder, by=here.system_admin, now=here.now)


def test_a_rule_that_cannot_be_read_stops_no_other_ladder_and_is_mended_by_saving_it(
    here: Town,
) -> None:
    broken = rule(item_code="0101", rungs=[{"when": "at some time"}])
    bad = a_case(here, State.HANDLING)
    good = a_report(here)
    planned()
    assert ladder_of(bad).plan == []
    assert Ladder.objects.filter(incident=good).exists()
    climbed(here.later())
    assert ladder_of(bad).failures == 1
    EscalationRule.objects.filter(pk=broken.pk).update(rungs=[rung("due", 0, "urge")])
    climbed(here.later(10))
    due = clock_of(bad).due_at
    assert due is not None
    climbed(due + timedelta(seconds=1))
    assert deeds_of(bad) == ["urge"]
    assert ladder_of(bad).failures == 0


def test_a_batch_of_reminders_with_a_bad_one_is_done_one_by_one(here: Town) -> None:
    cases = [a_report(here, text=f"第{n}件") for n in range(3)]
    planned()
    bad = ladder_of(cases[1], "filing")
    Ladder.objects.filter(pk=bad.pk).update(plan=[{**bad.plan[0], "deed": "no such deed"}])
    due = clock_of(cases[0], "filing").due_at
    assert due is not None
    climbed(due + timedelta(hours=1))
    assert deeds_of(cases[0], "filing")[:1] == deeds_of(cases[2], "filing")[:1] == ["remind"]
    assert deeds_of(cases[1], "filing") == []
    assert Ladder.objects.get(pk=bad.pk).failures == 1
