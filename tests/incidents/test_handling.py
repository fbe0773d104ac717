"""In the units' hands: receiving, returning in time, assisting, answering with what is demanded."""

import pytest

from clocks.models import Clock
from incidents.choices import PhotoKind, State
from incidents.models import Ask, Assignment, Incident
from tests.clocks.calendars import local
from tests.incidents.test_filing import refused
from tests.incidents.town import (
    Town,
    a_case,
    a_photo,
    answered,
    dispatched,
    last_event,
    received,
    step,
)

pytestmark = pytest.mark.django_db


def test_receiving_stops_the_clock_of_receipt_and_names_the_handler(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    assert Clock.objects.get(subject_id=case.pk, stage="receive").outcome == "met"
    assert Assignment.objects.get(incident=case).handler == here.people["handler"]
    assert case.due_stage == "handle"


def test_a_late_receipt_is_a_missed_clock_even_if_no_sweep_came_by(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    here.later(3 * 60)
    received(here, case)
    assert Clock.objects.get(subject_id=case.pk, stage="receive").outcome == "missed"


# --- returning -------------------------------------------------------------------------------------


def test_a_return_says_why_and_the_case_waits_for_dispatch_again(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    assert refused(here, "return", case, here.handler).status == 422
    case = step(here, "return", case, here.handler, {"reason": "属于排水"})
    assert (case.state, case.unit, case.return_count, case.returned_last) == (
        State.FILED,
        None,
        1,
        True,
    )
    lead = Assignment.objects.get(incident=case)
    assert (lead.return_reason, lead.returned_at) == ("属于排水", here.now)


def test_a_received_case_can_be_returned_within_half_the_limit_of_receipt(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    assert step(here, "return", case, here.handler, {"reason": "不属于"}).state == State.FILED


def test_after_that_it_counts_as_accepted(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    here.later(61)
    no = refused(here, "return", case, here.handler, {"reason": "不属于"})
    assert no.code == "too_late_to_return"
    assert "2026-03-09 10:" in str(no)


def test_the_window_is_counted_in_working_time(here: Town) -> None:
    here.now = local("2026-03-09 17:30")
    case = a_case(here, State.DISPATCHED)
    here.now = local("2026-03-10 08:20")
    assert step(here, "return", case, here.handler, {"reason": "不属于"}).state == State.FILED


def test_assisting_units_are_released_before_a_return(here: Town) -> None:
    case = dispatched(here, a_case(here, State.FILED), assisting=["WATER"])
    assert (
        refused(here, "return", case, here.handler, {"reason": "不"}).code
        == "assisting_units_still_act"
    )
    step(here, "release", case, here.handler, {"unit": "WATER", "reason": "退回"})
    assert step(here, "return", case, here.handler, {"reason": "不属于"}).state == State.FILED


def test_a_returned_case_cannot_be_pushed_on_to_closing(here: Town) -> None:
    case = step(here, "return", a_case(here, State.DISPATCHED), here.handler, {"reason": "不属于"})
    for code in ("send_check", "inform", "close", "send_back"):
        assert refused(here, code, case, here.dispatcher).code == "not_in_this_state"


def test_a_unit_that_answered_before_cannot_return_the_rework(here: Town) -> None:
    case = step(here, "rework", a_case(here, State.VERIFYING), here.worker, {"reason": "未清理"})
    assert refused(here, "return", case, here.handler, {"reason": "不属于"}).code == "sent_for_good"


# --- together ----------------------------------------------------------------------------------------


def test_the_lead_answers_only_after_all_assisting_units(here: Town) -> None:
    case = received(here, dispatched(here, a_case(here, State.FILED), assisting=["WATER"]))
    a_photo(here, case, here.handler, PhotoKind.AFTER)
    no = refused(here, "answer", case, here.handler, {"text": "已清理"})
    assert no.code == "assisting_units_have_not_answered"
    assert "排水所" in str(no)
    step(here, "receive_assist", case, here.helper)
    assert refused(here, "receive_assist", case, here.helper).code == "received_already"
    step(here, "answer_assist", case, here.helper, {"text": "已疏通"})
    assert (
        refused(here, "answer_assist", case, here.helper, {"text": "再"}).code == "answered_already"
    )
    assert step(here, "answer", case, here.handler, {"text": "已清理"}).state == State.FEEDBACK
    part = Assignment.objects.get(incident=case, lead=False)
    assert (part.reply, part.handler) == ("已疏通", here.people["helper"])


def test_to_answer_is_to_have_received(here: Town) -> None:
    case = received(here, dispatched(here, a_case(here, State.FILED), assisting=["WATER"]))
    step(here, "answer_assist", case, here.helper, {"text": "已疏通"})
    part = Assignment.objects.get(incident=case, lead=False)
    assert part.received_at == part.replied_at


# --- answering -----------------------------------------------------------------------------------------


def test_an_answer_has_a_text_and_the_photo_that_the_matter_demands(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    assert (
        refused(here, "answer", case, here.handler, {"text": "已清理"}).code
        == "after_photo_missing"
    )
    a_photo(here, case, here.handler, PhotoKind.AFTER)
    assert refused(here, "answer", case, here.handler, {"text": " "}).status == 422
    case = step(here, "answer", case, here.handler, {"text": "已清理"})
    assert (case.state, case.answered_at) == (State.FEEDBACK, here.now)
    assert Assignment.objects.get(incident=case).reply == "已清理"


def test_an_answer_stops_handling_and_starts_the_clock_of_review(here: Town) -> None:
    case = answered(here, a_case(here, State.HANDLING))
    clocks = dict(Clock.objects.filter(subject_id=case.pk).values_list("stage", "outcome"))
    assert (clocks["handle"], clocks["verify"]) == ("met", "running")
    assert case.due_stage == "verify"


def test_a_photo_from_before_a_rework_does_not_answer_it(here: Town) -> None:
    case = step(here, "rework", a_case(here, State.VERIFYING), here.worker, {"reason": "未清理"})
    assert (
        refused(here, "answer", case, here.handler, {"text": "又清理"}).code
        == "after_photo_missing"
    )
    assert answered(here, case).state == State.FEEDBACK


def test_a_request_that_the_answer_overtakes_is_dropped(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "ask_extension", case, here.handler, {"reason": "材料未到"})
    answered(here, case)
    ask = Ask.objects.get(incident=case)
    assert ask.state == "dropped"
    assert last_event(case).data["dropped_ask"] == ask.pk


def test_a_partners_unit_handles_in_its_own_name(here: Town) -> None:
    from tests.incidents.town import partner

    unit = partner(roles=["department"], organisation=here.sanitation)
    case = step(here, "receive", a_case(here, State.DISPATCHED), unit)
    assert Incident.objects.get(pk=case.pk).state == State.HANDLING
    assert Assignment.objects.get(incident=case).handler is None
