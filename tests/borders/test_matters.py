"""A matter that nobody owns: heard, ruled, written into the rules, and what the rule carries from then on."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from borders.adjudicating import rule_plainly
from borders.carrying import count_carried
from borders.choices import MatterState
from borders.doors import MATTERS
from borders.models import Matter, Opinion
from borders.querysets import matters_visible_to
from borders.raising import raise_matter
from borders.reading import MatterReading
from borders.telling import tell_people
from clocks.sweep import sweep
from config.refusal import Refused
from incidents.choices import State
from incidents.models import Assignment, ResponsibilityRule
from incidents.responsibility import choose
from journal.models import Event
from notices.models import Notice
from steps.forms import FactsRefused
from tests.borders.ground import a_matter, matter_facts, raised, ruling, take
from tests.factories import HOME
from tests.incidents.catalogue.factories import item
from tests.incidents.town import COVER, GARBAGE, Town, a_case, dispatched
from tests.journal.factories import settle

pytestmark = pytest.mark.django_db


def opine(here: Town, matter: Matter, name: str, says: str) -> Matter:
    return take(here, "opine", matter, getattr(here, name), {"says": says, "text": "依职责"})


def test_the_ruling_becomes_a_rule_and_open_cases_are_suggested_the_lead(here: Town) -> None:
    case = a_case(here, State.FILED)
    matter = take(here, "rule", raised(here), here.commander, ruling(lead="WATER", assisting=[]))
    assert matter.rule is not None
    assert matter.rule.organisation.code == "WATER"
    assert matter.number in matter.rule.note
    found = choose(item(GARBAGE), case.area_code, here.now.date())
    assert found is not None
    assert (found.organisation.code, found.why["rule"]) == ("WATER", matter.rule_id)
    reading = MatterReading(matter, here.dispatcher, here.now)
    assert [one.number for one in reading.waiting] == [case.number]
    dispatched(here, case)
    sent = Assignment.objects.get(incident=case)
    assert (sent.unit.code, sent.chosen_by["rule"]) == ("WATER", matter.rule_id)


@pytest.mark.django_db(transaction=True)
def test_each_dispatch_by_the_rule_is_counted_once(transactional_db: None) -> None:
    from tests.borders.ground import ground
    from tests.clocks.factories import seeded

    seeded()
    here = ground()
    matter = a_matter(here, MatterState.WRITTEN)
    dispatched(here, a_case(here, State.FILED))
    dispatched(here, a_case(here, State.FILED), lead="WATER", reason="就近处置")
    settle()
    while count_carried():
        pass
    kept = Matter.objects.get(pk=matter.pk)
    assert (kept.carried, kept.carried_last_at is not None) == (1, True)
    assert kept.version == matter.version


def test_a_tie_is_shown_before_and_refused_in_a_sentence(here: Town) -> None:
    first = a_matter(here, MatterState.WRITTEN)
    second = raised(here, title="又一件")
    reading = MatterReading(second, here.commander, here.now)
    assert [f"{first.rule_id}" in line for line in reading.ties] == [True]
    with pytest.raises(Refused) as no:
        take(here, "rule", second, here.commander, ruling(lead="WATER", assisting=[]))
    assert no.value.code == "rule_tie"
    assert "环卫所" in str(no.value)
    assert Matter.objects.get(pk=second.pk).state == MatterState.RAISED
    higher = ruling(lead="WATER", assisting=[], priority=5)
    done = take(here, "rule", second, here.commander, higher)
    assert ResponsibilityRule.objects.get(pk=done.rule_id or 0).priority == 5


def test_nobody_rules_beyond_their_own_area(here: Town) -> None:
    matter = raised(here, area="120103001")
    with pytest.raises(FactsRefused) as no:
        take(here, "rule", matter, here.secretary, ruling())
    assert [error["code"] for error in no.value.errors] == ["area_not_yours"]
    done = take(here, "rule", matter, here.secretary, ruling(area="120103001"))
    assert done.rule is not None
    assert done.rule.area_code == "120103001"


def test_each_unit_has_its_own_say_once_and_late_ones_are_marked(here: Town) -> None:
    matter = a_matter(here, MatterState.HEARING)
    matter = opine(here, matter, "handler", "ours")
    with pytest.raises(Refused) as no:
        opine(here, matter, "leader", "not_ours")
    assert no.value.code == "said_already"
    here.now += timedelta(days=20)
    opine(here, matter, "helper", "shared")
    late = {one.unit.code: one.is_late for one in Opinion.objects.select_related("unit")}
    assert late == {"SAN": False, "WATER": True}


def test_where_the_units_agree_one_press_is_enough(here: Town) -> None:
    matter = a_matter(here, MatterState.HEARING)
    matter = opine(here, matter, "handler", "ours")
    with pytest.raises(Refused) as no:
        rule_plainly(number=matter.number, by=here.commander, now=here.later(), version=None)
    assert no.value.code == "not_plain"
    opine(here, matter, "helper", "shared")
    done = rule_plainly(number=matter.number, by=here.commander, now=here.later(), version=None)
    assert (done.state, done.lead) == (MatterState.WRITTEN, here.sanitation)
    assert list(done.assisting.all()) == [here.water]
    assert Event.objects.filter(verb="rule.added", subject_id=str(done.rule_id)).exists()


def test_a_matter_without_an_item_gets_one_with_the_ruling(here: Town) -> None:
    matter = raised(here, item_code="", area=HOME)
    with pytest.raises(FactsRefused):
        take(here, "rule", matter, here.commander, ruling(item_code=""))
    done = take(here, "rule", matter, here.commander, ruling(item_code="0201 井盖设施"))
    assert done.item_code == "0201"
    found = choose(item(COVER), "120103001001001", here.now.date())
    assert found is not None
    assert found.organisation.code == "SAN"


def test_an_overdue_ruling_is_told_upward_and_the_ruler_when_all_have_spoken(here: Town) -> None:
    matter = raised(here, area="120103001")
    then = here.now + timedelta(days=30)
    assert matter.due_at is not None
    sweep(then)
    about = Event.objects.filter(subject_kind="unowned", subject_id=str(matter.pk))
    assert about.filter(verb="clock.overdue").exists()


@pytest.mark.django_db(transaction=True)
def test_bells_ring_for_those_who_must_act(transactional_db: None) -> None:
    from tests.borders.ground import ground
    from tests.clocks.factories import seeded

    seeded()
    here = ground()
    matter = raised(here, area="120103001")
    matter = take(here, "ask", matter, here.secretary, {"units": ["SAN", "WATER"]})
    opine(here, matter, "handler", "ours")
    opine(here, matter, "helper", "not_ours")
    then = here.now + timedelta(days=30)
    sweep(then)
    settle()
    while tell_people(then):
        pass

    def heard(name: str) -> set[str]:
        mine = Notice.objects.filter(recipient=here.people[name])
        return set(mine.values_list("kind", flat=True))

    assert {"unowned.to_rule", "unowned.all_heard", "border.late"} <= heard("secretary")
    assert heard("handler") == {"unowned.asked"}
    assert heard("commander") == {"border.near", "border.late"} - {"border.near"}
    assert heard("far_commander") == set()


def test_who_sees_a_matter(here: Town) -> None:
    matter = a_matter(here, MatterState.HEARING)

    def sees() -> set[str]:
        seen = ((n, matters_visible_to(getattr(here, n))) for n in here.people)
        return {name for name, rows in seen if rows.filter(pk=matter.pk).exists()}

    area = {
        "dispatcher",
        "second_dispatcher",
        "commander",
        "second_commander",
        "supervisor",
        "city_commander",
    }
    assert sees() == area | {"handler", "leader", "helper", "helper_leader"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": ""}, "required"),
        ({"item_code": "999999"}, "unknown_item"),
        ({"area": "999999"}, "area_unknown"),
        ({"cases": "12010320260309999999"}, "case_unknown"),
    ],
)
def test_a_matter_that_cannot_be_says_why(here: Town, more: dict[str, Any], code: str) -> None:
    with pytest.raises(FactsRefused) as no:
        raised(here, **more)
    assert [error["code"] for error in no.value.errors] == [code]
    assert not Matter.objects.exists()


def test_whoever_may_not_raise_is_refused_and_a_foreign_place_too(here: Town) -> None:
    with pytest.raises(PermissionDenied):
        raise_matter(by=here.handler, now=here.later(), facts=matter_facts())
    with pytest.raises(Refused) as no:
        raised(here, here.foreign_dispatcher)
    assert no.value.code == "area_not_yours"


def test_a_ruling_made_in_two_steps_may_be_changed_before_it_is_written(here: Town) -> None:
    matter = a_matter(here, MatterState.ADJUDICATED)
    again = ruling(lead="WATER", assisting=["SAN"])
    matter = take(here, "adjudicate", matter, here.second_commander, again)
    done = take(here, "write", matter, here.commander, ruling())
    assert done.rule is not None
    assert done.rule.organisation.code == "WATER"
    with pytest.raises(Refused):
        MATTERS.take(
            "write", number=done.number, by=here.commander, now=here.later(), facts=ruling()
        )
