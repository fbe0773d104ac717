"""Who is told what, once, and never of their own doing; and how it is said in both languages."""

import re
from datetime import timedelta

import pytest
from django.utils import translation

from clocks.sweep import sweep
from incidents import wording
from incidents.choices import Source, State
from incidents.history import timeline
from incidents.lifecycle import STEPS
from incidents.models import Incident
from incidents.telling import RULES_OF_TELLING, tell_people
from journal.wording import wordings
from notices.models import Notice
from notices.wording import lines, wording_of
from tests.clocks.factories import seeded
from tests.incidents import town as road
from tests.incidents.test_verification import answered_because
from tests.incidents.town import Town, a_case, a_report, step, town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Town:
    """Readers see only what is committed, so everything here is."""
    seeded()
    return town()


def told(here: Town, kind: str) -> set[str]:
    """Who was told of `kind` since the last time that anybody asked."""
    while tell_people(here.now):
        pass
    names = {user.pk: name for name, user in here.people.items()}
    found = Notice.objects.filter(kind=kind, read_at=None)
    people = {names[notice.recipient_id] for notice in found}
    Notice.objects.update(read_at=here.now)
    return people


def test_each_step_of_the_road_tells_those_who_must_act_next(here: Town) -> None:
    dispatchers = {"dispatcher", "second_dispatcher"}
    case = a_report(here)
    road.filed(here, case)
    road.dispatched(here, case, assisting=["WATER"])
    assert told(here, "case.sent") == {"handler", "leader"}
    road.received(here, case)
    step(here, "answer_assist", case, here.helper, {"text": "好"})
    assert told(here, "case.assisted") == {"handler", "leader"}
    road.answered(here, case)
    assert told(here, "case.answered") == dispatchers
    road.sent_to_check(here, case)
    assert told(here, "case.look") == {"worker"}
    road.passed(here, case)
    assert told(here, "case.passed") == dispatchers
    road.closed(here, case)
    assert told(here, "case.ended") == {"worker"}


def test_the_assisting_unit_is_told_that_it_assists(here: Town) -> None:
    road.dispatched(here, a_case(here, State.FILED), assisting=["WATER"])
    assert told(here, "case.assist") == {"helper"}


def test_a_return_and_a_request_tell_those_who_decide(here: Town) -> None:
    case = a_case(here, State.DISPATCHED)
    step(here, "return", case, here.handler, {"reason": "不属于"})
    assert told(here, "case.returned") == {"dispatcher", "second_dispatcher"}
    other = a_case(here, State.HANDLING)
    told(here, "case.sent")
    step(here, "ask_extension", other, here.handler, {"reason": "材料"})
    assert told(here, "case.asked") == {"leader"}
    step(here, "approve_ask", other, here.leader)
    assert told(here, "case.asked") == {"dispatcher", "second_dispatcher"}
    step(here, "grant_extension", other, here.dispatcher)
    assert told(here, "case.decided") == {"handler", "leader"}


def test_nobody_is_told_of_their_own_doing(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    told(here, "case.sent")
    step(here, "comment", case, here.handler, {"text": "在路上"})
    assert told(here, "case.comment") == {"leader"}


def test_what_is_late_is_told_to_unit_and_centre_once(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    told(here, "case.sent")
    here.now += timedelta(days=2)
    sweep(here.now)
    sweep(here.now)
    everybody = {"handler", "leader", "dispatcher", "second_dispatcher"}
    while tell_people(here.now):
        pass
    overdue = Notice.objects.filter(kind="case.overdue", facts__number=case.number)
    names = {user.pk: name for name, user in here.people.items()}
    assert sorted(names[n.recipient_id] for n in overdue) == sorted(everybody)


def test_urgent_work_calls_the_clerk_and_ordinary_work_waits_in_the_inbox(here: Town) -> None:
    a_report(here)
    assert told(here, "case.urgent") == set()
    a_report(here, urgency="urgent")
    assert told(here, "case.urgent") == {"clerk"}


def test_a_red_risk_is_urgent_by_itself_and_pages_the_commander(here: Town) -> None:
    case = road.filed(here, a_report(here, item_code=road.COVER))
    assert (case.risk, case.urgency) == ("red", "urgent")
    assert told(here, "case.paged") == {"commander"}
    lowered = {"urgency": "normal"}
    assert step(here, "classify", case, here.clerk, lowered).urgency == "normal"


def test_a_citizen_is_told_when_it_is_refused_or_closed(here: Town) -> None:
    case = a_report(here, by=here.citizen, source=Source.CITIZEN)
    facts = {"ground": "out_of_area", "note": "不在辖区", "informed": "online"}
    step(here, "refuse", case, here.clerk, facts)
    assert told(here, "case.refused") == {"citizen"}


def test_rework_and_reopening_tell_the_unit(here: Town) -> None:
    answered_because(here, "rework")
    assert told(here, "case.again") == {"handler", "leader"}
    case = a_case(here, State.CLOSED)
    told(here, "case.again")
    step(here, "reopen", case, here.worker, {"reason": "又有"})
    assert told(here, "case.again") == {"handler", "leader"}


def test_somebody_switched_off_is_told_nothing(here: Town) -> None:
    here.people["handler"].is_active = False
    here.people["handler"].save()
    road.dispatched(here, a_case(here, State.FILED))
    assert told(here, "case.sent") == {"leader"}


def test_no_bell_holds_a_name_a_phone_or_what_somebody_wrote(here: Town) -> None:
    case = a_report(
        here, by=here.clerk, source=Source.HOTLINE, urgency="urgent", text="机密内容",
        reporter_name="王小明", reporter_phone="13812345678",
    )  # fmt: skip
    step(here, "comment", case, here.dispatcher, {"text": "机密内容"})
    tell_people(here.now)
    facts = str(list(Notice.objects.values_list("facts", "link")))
    assert case.number in facts
    for secret in ("机密内容", "王小明", "13812345678"):
        assert secret not in facts


# --- said -----------------------------------------------------------------------------------------------


def test_every_verb_and_every_notice_has_its_words() -> None:
    verbs = {row.verb for row in STEPS.values()} | {"incident.reported", "incident.photo_added"}
    assert verbs <= wordings().keys()
    for kind, _sentence, _icon, _tone in wording._NOTICES:
        assert wording_of(kind).sentence
    assert RULES_OF_TELLING.keys() <= wordings().keys()


def test_sentences_name_units_people_and_items_in_the_readers_language(here: Town) -> None:
    case = a_case(here, State.VERIFYING)
    tell_people(here.now)
    with translation.override("en"):
        labels = [line.label for line in timeline(case, here.dispatcher)]
        bells = [line.text for line in lines(Notice.objects.all())]
    assert "Dispatched to 环卫所" in labels
    assert f"{here.people['worker'].name} sent to verify" in labels
    assert "Reported (Grid patrol)" in labels
    assert all(case.number in bell for bell in bells)
    assert not re.search(r"%\(|None", " ".join(labels + bells))


def test_a_timeline_costs_the_same_however_long(
    here: Town, django_assert_max_num_queries: object
) -> None:
    case = a_case(here, State.CLOSED)
    case = Incident.objects.get(pk=case.pk)
    dispatcher = here.dispatcher
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        timeline(case, dispatcher)
