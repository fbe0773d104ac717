"""A unit asks for time: two levels, counted when granted, never too late, and ended by itself."""

from datetime import datetime, timedelta

import pytest

from accounts.actor import SYSTEM
from clocks.models import Clock
from incidents.choices import State
from incidents.models import Ask, Incident
from incidents.requests_for_time import resume_due
from incidents.taking import FactsRefused
from tests.clocks.calendars import local, shown
from tests.incidents.test_filing import refused
from tests.incidents.town import Town, a_case, answered, step, suspended

pytestmark = pytest.mark.django_db


def asked(here: Town, case: Incident) -> Incident:
    return step(here, "ask_extension", case, here.handler, {"reason": "材料未到"})


def approved(here: Town, case: Incident) -> Incident:
    return step(here, "approve_ask", asked(here, case), here.leader)


def granted(here: Town, case: Incident) -> Incident:
    return step(here, "grant_extension", approved(here, case), here.dispatcher)


def handle(case: Incident) -> Clock:
    return Clock.objects.filter(subject_id=case.pk, stage="handle").latest("round")


# --- extension ---------------------------------------------------------------------------------------


def test_an_extension_adds_the_original_limit_to_the_present_deadline(here: Town) -> None:
    case = a_case(here, State.HANDLING)  # dispatched 09:15, four working hours
    assert shown(handle(case).due_at) == "2026-03-09 15:15"  # type: ignore[arg-type]
    case = granted(here, case)
    assert shown(handle(case).due_at) == "2026-03-10 09:15"  # type: ignore[arg-type]
    assert (case.extension_count, case.due_at) == (1, handle(case).due_at)
    assert Ask.objects.get(incident=case).state == "granted"


def test_the_dispatcher_cannot_grant_before_the_leader_approves(here: Town) -> None:
    case = asked(here, a_case(here, State.HANDLING))
    assert refused(here, "grant_extension", case, here.dispatcher).code == "leader_has_not_approved"
    assert (
        refused(here, "refuse_ask", case, here.dispatcher, {"note": "否"}).code
        == "not_on_your_level"
    )
    step(here, "approve_ask", case, here.leader)
    assert refused(here, "approve_ask", case, here.leader).code == "approved_already"
    assert (
        refused(here, "refuse_ask", case, here.leader, {"note": "否"}).code == "not_on_your_level"
    )
    assert step(here, "grant_extension", case, here.dispatcher).extension_count == 1


def test_twice_at_most_and_refused_ones_do_not_count(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "refuse_ask", asked(here, case), here.leader, {"note": "不需要"})
    step(here, "refuse_ask", approved(here, case), here.dispatcher, {"note": "不需要"})
    granted(here, granted(here, case))
    no = refused(here, "ask_extension", case, here.handler, {"reason": "再"})
    assert no.code == "extended_often_enough"


def test_one_request_at_a_time_and_it_can_be_dropped(here: Town) -> None:
    case = asked(here, a_case(here, State.HANDLING))
    no = refused(here, "ask_suspension", case, here.handler, later(here))
    assert no.code == "another_request_is_open"
    step(here, "drop_ask", case, here.handler)
    assert step(here, "ask_suspension", case, here.handler, later(here)).state == State.HANDLING


def test_an_overdue_case_is_not_extended(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    here.later(24 * 60)
    assert (
        refused(here, "ask_extension", case, here.handler, {"reason": "晚"}).code
        == "already_overdue"
    )


def test_a_grant_that_comes_after_the_deadline_is_refused(here: Town) -> None:
    case = approved(here, a_case(here, State.HANDLING))
    here.later(24 * 60)
    assert refused(here, "grant_extension", case, here.dispatcher).code == "clock_overdue"
    assert Ask.objects.get(incident=case).state == "approved"


def test_without_a_request_there_is_nothing_to_decide(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    for code, by in (("approve_ask", here.leader), ("grant_extension", here.dispatcher),
                     ("drop_ask", here.handler), ("refuse_ask", here.leader)):  # fmt: skip
        assert refused(here, code, case, by, {"note": "无"}).code == "no_request_is_open"


def test_what_was_asked_for_is_granted_and_nothing_else(here: Town) -> None:
    case = approved(here, a_case(here, State.HANDLING))
    assert refused(here, "grant_suspension", case, here.dispatcher).code == "not_a_suspension"
    other = a_case(here, State.HANDLING)
    step(here, "ask_suspension", other, here.handler, later(here))
    step(here, "approve_ask", other, here.leader)
    assert refused(here, "grant_extension", other, here.dispatcher).code == "not_an_extension"


# --- suspension ----------------------------------------------------------------------------------------


def later(here: Town, days: int = 30, **facts: str) -> dict[str, str]:
    until = (here.now + timedelta(days=days)).date().isoformat()
    return {"suspension_reason": "season", "until": until, "reason": "冬季不能施工"} | facts


@pytest.mark.parametrize(
    ("days", "code"), [(0, "until_past"), (-3, "until_past"), (400, "until_too_far")]
)
def test_a_suspension_ends_after_today_and_within_a_year(here: Town, days: int, code: str) -> None:
    case = a_case(here, State.HANDLING)
    no = refused(here, "ask_suspension", case, here.handler, later(here, days))
    assert isinstance(no, FactsRefused)
    assert no.errors[0]["code"] == code


def test_a_suspended_case_has_no_deadline_and_nobody_handles_it(here: Town) -> None:
    case = a_case(here, State.SUSPENDED)
    assert (case.due_at, case.suspended_once) == (None, True)
    assert case.suspension_note == "冬季不能施工"
    assert handle(case).paused_at == here.now
    for code in ("answer", "ask_extension", "return", "answer_assist"):
        assert refused(here, code, case, here.handler, {"text": "x"}).status in (403, 409)


def test_it_goes_on_by_itself_on_its_day_and_once(here: Town) -> None:
    case = a_case(here, State.SUSPENDED)
    left = handle(case).used_minutes
    day = case.suspended_until
    assert day is not None
    eve = local(f"{day - timedelta(days=1)} 23:59")
    assert resume_due(eve) == 0
    morning = local(f"{day} 00:01")
    assert resume_due(morning) == 1
    assert resume_due(morning) == 0
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.state, kept.suspended_until) == (State.HANDLING, None)
    assert handle(case).used_minutes == left
    assert kept.due_at == handle(case).due_at
    assert kept.due_at is not None
    assert kept.due_at > morning


def test_a_dispatcher_lets_it_go_on_before_its_day(here: Town) -> None:
    case = step(here, "resume", a_case(here, State.SUSPENDED), here.dispatcher)
    assert case.state == State.HANDLING
    assert (
        refused(here, "ask_suspension", case, here.handler, later(here)).code == "suspended_before"
    )
    assert answered(here, case).state == State.FEEDBACK


def test_time_itself_may_resume_and_evaluate_and_nothing_else(here: Town) -> None:
    case = a_case(here, State.REPORTED)
    assert refused(here, "file", case, SYSTEM).status == 403


def test_a_suspension_whose_day_came_before_it_was_granted_is_pointless(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "ask_suspension", case, here.handler, later(here, 1))
    step(here, "approve_ask", case, here.leader)
    here.later(24 * 60)
    assert refused(here, "grant_suspension", case, here.dispatcher).code == "day_has_come"


def test_pausing_takes_nothing_from_the_time_left(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    due: datetime | None = handle(case).due_at
    suspended(here, case, days=1)
    assert due is not None
    resume_due(local("2026-03-10 08:00"))
    moved = handle(case).due_at
    assert moved is not None
    assert moved > due
