"""A late unit appeals once; two reviews; what is granted spares the figures and keeps the fact."""

import pytest

from clocks.models import Clock
from incidents.choices import State
from incidents.models import Appeal, Incident
from incidents.querysets import visible_to
from incidents.queues import DESK, piles, waiting
from tests.incidents.test_filing import refused
from tests.incidents.town import (
    Town,
    a_case,
    answered,
    closed,
    last_event,
    passed,
    sent_to_check,
    step,
)

pytestmark = pytest.mark.django_db
WHY = {"reason": "上游抢修封路"}


def late(here: Town) -> Incident:
    """A closed case that its unit handled a day too late."""
    case = a_case(here, State.HANDLING)
    here.later(24 * 60)
    return closed(here, passed(here, sent_to_check(here, answered(here, case))))


def appealed(here: Town) -> Incident:
    return step(here, "appeal", late(here), here.handler, WHY)


def handle(case: Incident) -> Clock:
    return Clock.objects.filter(subject_id=case.pk, subject_kind="incident", stage="handle").latest(
        "round"
    )


def test_granted_by_both_it_counts_no_more_and_stays_a_fact(here: Town) -> None:
    case = appealed(here)
    step(here, "support_appeal", case, here.dispatcher, {"note": "属实"})
    case = step(here, "grant_appeal", case, here.clerk)
    clock = handle(case)
    assert clock.outcome == "exempted"
    assert clock.missed_at == clock.due_at
    assert last_event(case).data["clocks"] == [clock.pk]
    assert (case.state, Appeal.objects.get().state) == (State.CLOSED, "granted")


def test_the_clerk_cannot_grant_before_the_dispatcher_has_reviewed(here: Town) -> None:
    case = appealed(here)
    assert refused(here, "grant_appeal", case, here.clerk).code == "dispatcher_has_not_reviewed"
    assert (
        refused(here, "refuse_appeal", case, here.clerk, {"note": "否"}).code == "not_your_review"
    )
    step(here, "support_appeal", case, here.dispatcher)
    assert refused(here, "support_appeal", case, here.dispatcher).code == "supported_already"
    assert (
        refused(here, "refuse_appeal", case, here.dispatcher, {"note": "否"}).code
        == "not_your_review"
    )


def test_once_whatever_came_of_it(here: Town) -> None:
    case = appealed(here)
    step(here, "refuse_appeal", case, here.dispatcher, {"note": "无证明"})
    assert handle(case).outcome == "missed"
    assert refused(here, "appeal", case, here.handler, WHY).code == "appealed_before"


def test_only_a_late_unit_appeals_and_only_against_its_own_case(here: Town) -> None:
    in_time = a_case(here, State.CLOSED)
    assert refused(here, "appeal", in_time, here.handler, WHY).code == "was_not_late"
    assert refused(here, "appeal", late(here), here.dispatcher, WHY).status == 403
    assert refused(here, "appeal", a_case(here, State.HANDLING), here.handler, WHY).status == 409


def test_also_after_the_reporter_has_rated_and_the_end_keeps_its_time(here: Town) -> None:
    case = step(
        here, "rate", late(here), here.worker, {"satisfaction": "satisfied", "solved": True}
    )
    ended = case.ended_at
    case = step(here, "appeal", case, here.handler, WHY)
    assert (case.state, case.ended_at) == (State.EVALUATED, ended)


def test_a_reopened_case_overtakes_the_appeal_and_the_unit_may_appeal_again(here: Town) -> None:
    case = appealed(here)
    step(here, "reopen", case, here.worker, {"reason": "又有垃圾"})
    assert Appeal.objects.get().state == "dropped"
    assert handle(case).outcome == "running"
    assert not Clock.objects.filter(subject_id=case.pk, stage="ask", outcome="running").exists()
    closed(here, passed(here, sent_to_check(here, answered(here, case))))
    assert step(here, "appeal", case, here.handler, WHY).state == State.CLOSED


def test_each_review_has_a_clock_of_its_own_that_is_not_the_cases(here: Town) -> None:
    case = appealed(here)
    first = Clock.objects.get(subject_id=case.pk, stage="ask")
    assert (first.unit, case.due_at) == (here.centre, None)
    step(here, "support_appeal", case, here.dispatcher)
    first.refresh_from_db()
    second = Clock.objects.get(subject_id=case.pk, stage="ask_above")
    assert (first.outcome, second.outcome) == ("met", "running")
    step(here, "grant_appeal", case, here.clerk)
    second.refresh_from_db()
    assert second.outcome == "met"


def test_each_reviewer_finds_the_appeal_on_a_pile(here: Town) -> None:
    case = appealed(here)

    def lies(code: str, by: str) -> bool:
        actor, queue = getattr(here, by), next(q for q in DESK if q.code == code)
        assert piles(visible_to(actor), (queue,), actor)
        return waiting(visible_to(actor), queue, actor).filter(pk=case.pk).exists()

    assert lies("appeals", "dispatcher")
    assert not lies("appeals_supported", "clerk")
    step(here, "support_appeal", case, here.dispatcher)
    assert not lies("appeals", "dispatcher")
    assert lies("appeals_supported", "clerk")
