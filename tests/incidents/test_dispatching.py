"""Who must act: the rules' choice, a person's own with a reason, joint handling, and many at once."""

from typing import Any

import pytest

from accounts.models import Organisation
from clocks.models import Clock
from config.refusal import Refused
from incidents.choices import State
from incidents.dispatch import dispatch_many
from incidents.models import Assignment, Incident
from tests.incidents.test_filing import refused
from tests.incidents.town import COVER, Town, a_case, a_report, dispatched, filed, received, step

pytestmark = pytest.mark.django_db


def test_the_rules_choice_is_sent_and_why_is_kept(here: Town) -> None:
    case = dispatched(here, a_case(here, State.FILED))
    lead = Assignment.objects.get(incident=case)
    assert (lead.unit, lead.lead, lead.round) == (here.sanitation, True, 1)
    assert lead.chosen_by["by"] == "department_kind"
    assert case.unit == here.sanitation


def test_dispatch_starts_the_clocks_of_receipt_and_handling_for_the_unit(here: Town) -> None:
    case = dispatched(here, a_case(here, State.FILED))
    clocks = Clock.objects.filter(subject_id=case.pk, outcome="running")
    assert {(c.stage, c.unit) for c in clocks} == {
        ("receive", here.sanitation), ("handle", here.sanitation),
    }  # fmt: skip
    assert case.due_stage == "receive"
    assert case.due_at == min(c.due_at for c in clocks if c.due_at)


def test_another_unit_than_the_rules_name_needs_a_reason_that_is_kept(here: Town) -> None:
    case = a_case(here, State.FILED)
    no = refused(here, "dispatch", case, here.dispatcher, {"lead": "WATER"})
    assert no.code == "overrule_needs_reason"
    assert "环卫所" in str(no)
    dispatched(here, case, lead="WATER", reason="井盖相关")
    lead = Assignment.objects.get(incident=case)
    assert lead.chosen_by["by"] == "person"
    assert lead.chosen_by["reason"] == "井盖相关"
    assert lead.chosen_by["instead_of"]["unit"] == here.sanitation.pk


def test_where_no_rule_names_a_unit_a_person_must(here: Town) -> None:
    Organisation.objects.filter(pk=here.sanitation.pk).update(active=False)
    case = a_case(here, State.FILED)
    assert refused(here, "dispatch", case, here.dispatcher).code == "no_unit_found"
    assert dispatched(here, case, lead="WATER").unit == here.water


@pytest.mark.parametrize(
    "facts", [{"lead": "NK-SAN"}, {"lead": "NOWHERE"}, {"assisting": ["NK-SAN"]}]
)
def test_units_of_other_districts_and_unknown_ones_cannot_be_named(
    here: Town, facts: dict[str, Any]
) -> None:
    assert (
        refused(here, "dispatch", a_case(here, State.FILED), here.dispatcher, facts).status == 422
    )


def test_one_leads_and_others_assist(here: Town) -> None:
    case = dispatched(here, a_case(here, State.FILED), assisting=["WATER"])
    roles = dict(Assignment.objects.filter(incident=case).values_list("unit__code", "lead"))
    assert roles == {"SAN": True, "WATER": False}


def test_the_lead_cannot_assist_itself(here: Town) -> None:
    facts = {"lead": "SAN", "assisting": ["SAN"]}
    assert (
        refused(here, "dispatch", a_case(here, State.FILED), here.dispatcher, facts).status == 422
    )


def test_units_are_called_in_and_released_later(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "call_in", case, here.dispatcher, {"units": ["WATER"]})
    again = refused(here, "call_in", case, here.dispatcher, {"units": ["WATER"]})
    assert again.code == "already_involved"
    step(here, "release", case, here.handler, {"unit": "WATER", "reason": "不需要"})
    assert Assignment.objects.get(incident=case, lead=False).withdrawn_at is not None
    assert (
        refused(here, "release", case, here.handler, {"unit": "WATER"}).code == "nobody_to_release"
    )


def test_a_recalled_case_waits_for_dispatch_with_its_time_stopped(here: Town) -> None:
    case = received(here, a_case(here, State.DISPATCHED))
    case = step(here, "recall", case, here.dispatcher, {"reason": "派错"})
    assert (case.state, case.unit) == (State.FILED, None)
    clocks = {c.stage: c for c in Clock.objects.filter(subject_id=case.pk, outcome="running")}
    assert clocks["handle"].paused_at is not None
    assert clocks["dispatch"].round == 2
    assert case.due_stage == "dispatch"


def test_handling_goes_on_with_the_time_left_when_dispatched_again(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    step(here, "return", case, here.handler, {"reason": "不属于"})
    here.later(60)
    case = dispatched(here, case, lead="WATER", reason="管线问题")
    handle = Clock.objects.get(subject_id=case.pk, stage="handle")
    assert (handle.round, handle.paused_at, handle.unit) == (1, None, here.water)
    assert handle.used_minutes == 5
    assert Clock.objects.filter(subject_id=case.pk, stage="receive").count() == 2


# --- returned again and again -----------------------------------------------------------------------


def returned_three_times(here: Town) -> Incident:
    case = a_case(here, State.FILED)
    for lead, by in (("SAN", "handler"), ("WATER", "helper"), ("SAN", "handler")):
        dispatched(here, case, lead=lead, reason="再派")
        case = step(here, "return", case, getattr(here, by), {"reason": "不属于我单位"})
    return case


def test_after_the_third_return_the_dispatcher_must_designate_and_say_why(here: Town) -> None:
    case = returned_three_times(here)
    assert (case.return_count, case.returned_last) == (3, True)
    assert refused(here, "dispatch", case, here.dispatcher).code == "must_designate"
    assert (
        refused(here, "dispatch", case, here.dispatcher, {"lead": "SAN"}).code == "must_designate"
    )
    dispatched(here, case, lead="SAN", reason="属环卫职责")
    lead = Assignment.objects.get(incident=case, round=4)
    assert lead.chosen_by["designated"] is True


def test_a_designated_unit_cannot_return_the_case(here: Town) -> None:
    case = returned_three_times(here)
    dispatched(here, case, lead="SAN", reason="属环卫职责")
    assert refused(here, "return", case, here.handler, {"reason": "不要"}).code == "sent_for_good"


# --- many at once -----------------------------------------------------------------------------------


def test_a_bulk_dispatch_reports_case_by_case_and_one_refusal_stops_no_other(here: Town) -> None:
    good, taken = a_case(here, State.FILED), a_case(here, State.DISPATCHED)
    cover = filed(here, a_report(here, item_code=COVER))
    stale = a_case(here, State.FILED)
    outcomes = dispatch_many(
        cases=[(good.number, good.version), (taken.number, None), (cover.number, None),
               (stale.number, stale.version - 1), ("20990101000001", None)],
        by=here.dispatcher,
        now=here.later(),
    )  # fmt: skip
    assert [o.refused.code if o.refused else o.incident.unit.code for o in outcomes] == [  # type: ignore[union-attr]
        "SAN", "not_in_this_state", "WATER", "somebody_was_first", "unknown_case",
    ]  # fmt: skip
    assert all(o.sentence for o in outcomes if o.refused)


def test_one_unit_for_many_cases_needs_its_reason_once(here: Town) -> None:
    cases = [(a_case(here, State.FILED).number, None) for _n in range(2)]
    facts = {"lead": "WATER", "reason": "集中处置"}
    outcomes = dispatch_many(cases=cases, by=here.dispatcher, now=here.later(), facts=facts)
    assert {o.incident.unit for o in outcomes if o.incident} == {here.water}


def test_refusals_are_raised_one_by_one_but_never_escape_a_bulk(here: Town) -> None:
    with pytest.raises(Refused):
        dispatched(here, a_case(here, State.DISPATCHED))
