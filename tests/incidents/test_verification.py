"""Somebody looks again: who goes, who may not, and what follows from what they find."""

from dataclasses import replace

import pytest

from accounts.models import User
from accounts.roles import Role
from clocks.models import Clock
from grids.models import Staffing
from incidents.choices import PhotoKind, Source, State
from incidents.history import timeline
from incidents.models import Assignment, Incident
from incidents.querysets import to_check
from incidents.step_forms.base import as_field
from incidents.taking import form_for
from tests.factories import post
from tests.incidents import town as road
from tests.incidents.test_filing import refused
from tests.incidents.town import COVER, Town, a_case, a_photo, passed, sent_to_check, step

pytestmark = pytest.mark.django_db


# --- who goes ------------------------------------------------------------------------------------------


def test_the_grids_own_worker_goes(here: Town) -> None:
    assert a_case(here, State.VERIFYING).checker == here.people["worker"]


def test_nobody_of_a_unit_that_handled_it_goes(here: Town) -> None:
    post(here.people["worker"], Role.DEPARTMENT, organisation=here.sanitation)
    case = a_case(here, State.VERIFYING)
    assert case.checker == here.people["chief"]


def test_who_is_employed_by_the_unit_does_not_go_either(here: Town) -> None:
    User.objects.filter(pk=here.people["worker"].pk).update(organisation=here.sanitation)
    assert a_case(here, State.VERIFYING).checker == here.people["chief"]


def test_a_neighbour_goes_where_the_grid_has_nobody(here: Town) -> None:
    case = a_case(here, State.FEEDBACK)
    Staffing.objects.all().delete()
    for name in ("worker", "chief"):
        User.objects.filter(pk=here.people[name].pk).update(is_active=False)
    assert sent_to_check(here, case).checker == here.people["neighbour"]


def test_where_nobody_can_go_it_is_said_and_the_case_stays(here: Town) -> None:
    case = a_case(here, State.FEEDBACK)
    for name in ("worker", "chief", "neighbour"):
        User.objects.filter(pk=here.people[name].pk).update(is_active=False)
    assert refused(here, "send_check", case, here.dispatcher).code == "nobody_to_check"
    assert Incident.objects.get(pk=case.pk).state == State.FEEDBACK


def test_a_person_can_be_named_if_they_are_fit(here: Town) -> None:
    case = a_case(here, State.FEEDBACK)
    for name in ("handler", "citizen", "foreign_clerk"):
        facts = {"checker": here.people[name].pk}
        assert refused(here, "send_check", case, here.dispatcher, facts).code == "unfit_checker"
    facts = {"checker": here.people["chief"].pk}
    assert step(here, "send_check", case, here.dispatcher, facts).checker == here.people["chief"]


def test_only_who_may_go_is_offered_the_nearest_first(here: Town) -> None:
    case = a_case(here, State.FEEDBACK)
    form = form_for("send_check", case, here.dispatcher, here.now)
    field = as_field(form.fields["checker"])
    offered = [str(label).split(" · ")[0] for value, label in field.choices if value]
    assert offered == [here.people[name].name for name in ("worker", "chief", "neighbour")]


def test_a_photo_of_the_check_bears_the_duty_and_gives_no_reporter_away(here: Town) -> None:
    case = passed(here, a_case(here, State.VERIFYING))
    shown = [
        (line.event.data.get("photo_kind"), line.who)
        for line in timeline(Incident.objects.get(pk=case.pk), here.handler)
        if line.event.verb == "incident.photo_added"
    ]
    assert (PhotoKind.CHECK, here.people["worker"].name) in shown
    assert all(who != here.people["worker"].name for kind, who in shown if kind != PhotoKind.CHECK)


def test_somebody_else_is_sent_where_the_first_cannot_go(here: Town) -> None:
    case = step(here, "change_checker", a_case(here, State.VERIFYING), here.dispatcher)
    assert case.checker == here.people["chief"]
    assert not to_check(here.worker).exists()
    assert refused(here, "pass_check", case, here.worker).status == 403


def test_a_duty_that_has_ended_sends_nobody(here: Town) -> None:
    Staffing.objects.filter(grid_id=road.GRID).update(valid_to="2026-03-01")
    Staffing.objects.create(
        grid_id=road.GRID,
        person=here.people["neighbour"],
        duty="part_time",
        valid_from="2026-01-01",
    )
    assert a_case(here, State.VERIFYING).checker == here.people["neighbour"]


# --- what they find ---------------------------------------------------------------------------------------


def test_solved_needs_a_photo_of_the_spot(here: Town) -> None:
    case = a_case(here, State.VERIFYING)
    assert refused(here, "pass_check", case, here.worker).code == "check_photo_missing"
    case = passed(here, case)
    assert (case.state, case.check_passed) == (State.VERIFYING, True)
    clocks = dict(Clock.objects.filter(subject_id=case.pk).values_list("stage", "outcome"))
    assert (clocks["verify"], clocks["feedback"]) == ("met", "running")
    assert not to_check(here.worker).exists()


def test_one_look_one_answer(here: Town) -> None:
    case = passed(here, a_case(here, State.VERIFYING))
    assert refused(here, "rework", case, here.worker, {"reason": "不"}).code == "checked_already"
    assert refused(here, "change_checker", case, here.dispatcher).code == "looked_already"


def test_rework_keeps_the_deadline_and_what_was_done(here: Town) -> None:
    case = a_case(here, State.VERIFYING)
    due = Clock.objects.get(subject_id=case.pk, stage="handle").due_at
    case = step(here, "rework", case, here.worker, {"reason": "仍有垃圾"})
    rounds = Clock.objects.filter(subject_id=case.pk, stage="handle").order_by("round")
    assert [(c.round, c.outcome, c.due_at) for c in rounds] == [
        (1, "met", due),
        (2, "running", due),
    ]
    assert (case.state, case.rework_count, case.due_at) == (State.HANDLING, 1, due)
    parts = Assignment.objects.filter(incident=case).order_by("round")
    assert [(p.round, p.reply) for p in parts] == [(1, "已清理"), (2, "")]
    assert case.photos.filter(kind=PhotoKind.AFTER, round=1).exists()


def test_rework_after_the_deadline_is_late_at_once(here: Town) -> None:
    case = a_case(here, State.VERIFYING)
    here.later(2 * 24 * 60)
    case = step(here, "rework", case, here.worker, {"reason": "仍有垃圾"})
    assert case.due_at is not None
    assert case.due_at < here.now
    road.answered(here, case)
    last = Clock.objects.filter(subject_id=case.pk, stage="handle").latest("round")
    assert last.outcome == "missed"


def test_the_dispatcher_sends_a_poor_answer_back_without_a_way_to_the_spot(here: Town) -> None:
    case = step(
        here, "send_back", a_case(here, State.FEEDBACK), here.dispatcher, {"reason": "照片不清"}
    )
    assert (case.state, case.rework_count) == (State.HANDLING, 1)


# --- where a look is a must -----------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["danger", "citizens", "rework", "reopened"])
def test_danger_citizens_and_anything_done_twice_is_looked_at_before_closing(
    here: Town, why: str
) -> None:
    case = answered_because(here, why)
    assert refused(here, "inform", case, here.dispatcher, {"how": "phone"}).code == "not_verified"
    no = refused(here, "close", case, here.dispatcher, {"standards": road.ticked(case, "closing")})
    assert no.code == "not_verified"


def answered_because(here: Town, why: str) -> Incident:
    match why:
        case "danger":
            case_ = road.filed(here, road.a_report(here, item_code=COVER))
            case_ = road.dispatched(here, case_)
            step(here, "receive", case_, here.helper)
            a_photo(here, case_, here.helper, PhotoKind.AFTER)
            return step(here, "answer", case_, here.helper, {"text": "已修复"})
        case "citizens":
            case_ = road.a_report(here, by=here.citizen, source=Source.CITIZEN)
            step(here, "precheck", case_, here.clerk)
            step(here, "answer_precheck", case_, here.worker, {"found": True, "text": "属实"})
            case_ = road.dispatched(here, road.filed(here, case_))
            return road.answered(here, road.received(here, case_))
        case "rework":
            again = step(
                here, "rework", a_case(here, State.VERIFYING), here.worker, {"reason": "未"}
            )
            return road.answered(here, again)
    again = step(here, "reopen", a_case(here, State.CLOSED), here.worker, {"reason": "又有"})
    return road.answered(here, again)


def test_a_colleagues_own_report_may_be_closed_on_a_look_at_the_answer(here: Town) -> None:
    case = a_case(here, State.FEEDBACK)
    assert road.closed(here, case).state == State.CLOSED


def test_a_checker_whose_post_has_ended_cannot_answer(here: Town) -> None:
    case = a_case(here, State.VERIFYING)
    gone = replace(here.worker, posts=here.citizen.posts)
    assert refused(here, "rework", case, gone, {"reason": "未"}).status == 403
