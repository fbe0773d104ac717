"""The end: told, closed, rated, once more, or silent; and void, but never gone."""

from datetime import timedelta

import pytest

from clocks.models import Clock
from incidents.choices import OPEN, Source, State
from incidents.closing import evaluate_silent
from incidents.models import Assignment, Incident
from incidents.taking import FactsRefused
from tests.incidents import town as road
from tests.incidents.test_filing import refused
from tests.incidents.test_verification import answered_because
from tests.incidents.town import GOOD, Town, a_case, passed, sent_to_check, step, ticked

pytestmark = pytest.mark.django_db


def from_a_citizen(here: Town) -> Incident:
    """Answered, looked at, and not yet told."""
    case = answered_because(here, "citizens")
    return passed(here, sent_to_check(here, case))


def closing(case: Incident) -> dict[str, list[int]]:
    return {"standards": ticked(case, "closing")}


# --- telling and closing ---------------------------------------------------------------------------------


def test_no_case_is_closed_before_the_reporter_is_told(here: Town) -> None:
    case = from_a_citizen(here)
    assert refused(here, "close", case, here.dispatcher, closing(case)).code == "reporter_not_told"
    case = step(here, "inform", case, here.dispatcher, {"how": "phone", "note": "已电话告知"})
    assert (case.informed, case.informed_at) == ("phone", here.now)
    case = step(here, "close", case, here.dispatcher, closing(case))
    assert (case.state, case.closed_at) == (State.CLOSED, here.now)


def test_our_own_staff_need_not_be_told_apart(here: Town) -> None:
    case = a_case(here, State.CLOSED)
    assert (case.informed, case.informed_at) == ("self", case.closed_at)


def test_nobody_writes_down_that_the_reporter_told_themselves(here: Town) -> None:
    assert (
        refused(here, "inform", from_a_citizen(here), here.dispatcher, {"how": "self"}).status
        == 422
    )


def test_every_line_of_the_closing_standard_is_ticked(here: Town) -> None:
    case = a_case(here, State.FEEDBACK)
    no = refused(here, "close", case, here.dispatcher, {"standards": []})
    assert isinstance(no, FactsRefused)
    assert no.errors[0]["code"] == "standard_open"


def test_while_somebody_is_on_the_way_nothing_is_closed(here: Town) -> None:
    case = a_case(here, State.VERIFYING)
    assert refused(here, "close", case, here.dispatcher, closing(case)).code == "not_verified"


def test_closing_stops_every_clock(here: Town) -> None:
    case = a_case(here, State.CLOSED)
    assert not Clock.objects.filter(subject_id=case.pk, outcome="running").exists()
    assert (case.due_at, case.due_stage) == (None, "")


def test_what_was_told_about_a_first_answer_does_not_count_for_the_second(here: Town) -> None:
    case = step(here, "inform", from_a_citizen(here), here.dispatcher, {"how": "phone"})
    case = step(here, "close", case, here.dispatcher, closing(case))
    case = step(here, "reopen", case, here.citizen, {"reason": "没有解决"})
    assert (case.informed, case.informed_at, case.check_passed) == ("", None, None)


# --- what the reporter says --------------------------------------------------------------------------------


def test_the_reporters_rating_ends_the_case(here: Town) -> None:
    case = step(here, "rate", a_case(here, State.CLOSED), here.worker, GOOD | {"text": "很快"})
    assert (case.state, case.satisfaction, case.solved) == (State.EVALUATED, "satisfied", True)
    assert (case.rating_text, case.ended_at, case.evaluated_at) == ("很快", here.now, here.now)


def test_the_dispatcher_writes_down_what_was_said_on_the_phone(here: Town) -> None:
    case = step(here, "rate", a_case(here, State.CLOSED), here.dispatcher, GOOD)
    assert case.state == State.EVALUATED
    assert road.last_event(case).data["by_reporter"] is False


def test_nobody_else_rates(here: Town) -> None:
    assert refused(here, "rate", a_case(here, State.CLOSED), here.handler, GOOD).status == 403


def test_not_solved_comes_back_once_with_a_new_limit(here: Town) -> None:
    case = a_case(here, State.CLOSED)
    unsolved = {"satisfaction": "not", "solved": False}
    assert refused(here, "rate", case, here.worker, unsolved).code == "reopen_instead"
    case = step(here, "reopen", case, here.worker, {"reason": "又有垃圾"})
    assert (case.state, case.reopened_count, case.closed_at) == (State.HANDLING, 1, None)
    clock = Clock.objects.filter(subject_id=case.pk, stage="handle").latest("round")
    assert (clock.round, clock.started_at) == (2, here.now)
    assert Assignment.objects.filter(incident=case).count() == 2
    case = road.closed(here, passed(here, sent_to_check(here, road.answered(here, case))))
    assert refused(here, "reopen", case, here.worker, {"reason": "再"}).code == "may_be_reopened"
    assert step(here, "rate", case, here.worker, unsolved).state == State.EVALUATED


def test_satisfied_or_not_is_one_thing_and_solved_another(here: Town) -> None:
    facts = {"satisfaction": "not", "solved": True}
    assert step(here, "rate", a_case(here, State.CLOSED), here.worker, facts).satisfaction == "not"


def test_after_seven_days_of_silence_a_case_is_evaluated_by_itself_and_once(here: Town) -> None:
    case = a_case(here, State.CLOSED)
    assert case.closed_at is not None
    assert evaluate_silent(case.closed_at + timedelta(days=6, hours=23)) == 0
    then = case.closed_at + timedelta(days=7)
    assert evaluate_silent(then) == 1
    assert evaluate_silent(then) == 0
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.state, kept.satisfaction, kept.solved) == (State.EVALUATED, "silent", None)


# --- void ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(OPEN))
def test_any_open_case_can_be_voided_with_a_reason_and_is_never_gone(
    here: Town, state: State
) -> None:
    case = a_case(here, state)
    assert refused(here, "withdraw", case, here.clerk).status == 422
    case = step(here, "withdraw", case, here.clerk, {"reason": "重复登记"})
    kept = Incident.objects.get(pk=case.pk)
    assert (kept.state, kept.ended_at, kept.due_at) == (State.WITHDRAWN, here.now, None)
    assert not Clock.objects.filter(subject_id=case.pk, outcome="running").exists()


def test_voiding_drops_requests_and_releases_units(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "ask_extension", case, here.handler, {"reason": "材料"})
    step(here, "withdraw", case, here.clerk, {"reason": "误报"})
    assert case.asks.get().state == "dropped"
    assert Assignment.objects.get(incident=case).withdrawn_at is not None


def test_a_reporter_takes_a_report_back_before_it_is_filed(here: Town) -> None:
    case = road.a_report(here, by=here.citizen, source=Source.CITIZEN)
    assert step(here, "take_back", case, here.citizen).state == State.WITHDRAWN
    filed = a_case(here, State.FILED)
    assert refused(here, "take_back", filed, here.worker).code == "not_in_this_state"


# --- said at any time ---------------------------------------------------------------------------------------------


def test_urging_counts_and_moves_nothing(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    for count in (1, 2):
        case = step(here, "urge", case, here.commander, {"text": "请抓紧"})
        assert (case.state, case.urged_count) == (State.HANDLING, count)


def test_a_comment_needs_words_and_no_version(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    assert refused(here, "comment", case, here.handler, {"text": " "}).status == 422
    assert (
        step(here, "comment", case, here.handler, {"text": "在路上"}, version=1).state
        == State.HANDLING
    )


def test_the_databases_own_guards_hold(here: Town) -> None:
    from django.db import IntegrityError, transaction

    case = a_case(here, State.HANDLING)
    for wrong in (
        {"state": "lost"},
        {"unit": None},
        {"state": "evaluated"},
        {"ended_at": here.now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=case.pk).update(**wrong)
