"""Which ladder holds, who writes it, and what is refused."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.roles import Role
from config.refusal import Refused, SomebodyWasFirst
from escalation.models import EscalationRule
from escalation.rules import RuleBook, Wording, add_rule, change_rule, rules_visible_to, wording_of
from incidents.choices import State
from incidents.models import Incident
from journal.models import Event
from tests.escalation.ladders import ladder_of, planned, rule, rung
from tests.factories import ABROAD, HOME, actor
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import Town, a_case

RUNGS = [rung("due", 0, "urge")]


def case_of(**facts: object) -> Incident:
    return Incident(area_code=f"{HOME}001001001", risk="red", urgency="urgent", **facts)


@pytest.mark.parametrize(
    ("broad", "exact"),
    [
        ({"stage": ""}, {"stage": "handle"}),
        ({"stage": "handle"}, {"stage": "", "urgency": "urgent"}),
        ({"urgency": "urgent"}, {"risk": "red"}),
        ({"risk": "red", "urgency": "urgent"}, {"area_code": HOME}),
        ({"area_code": HOME}, {"area_code": f"{HOME}001"}),
    ],
)
@pytest.mark.django_db
def test_the_most_exact_rule_holds(broad: dict[str, str], exact: dict[str, str]) -> None:
    EscalationRule.objects.all().delete()
    for conditions, name in ((broad, "broad"), (exact, "exact")):
        rule(**{"stage": "", "rungs": RUNGS, **conditions, "name": name})
    found = RuleBook()
    assert [one.name for one in found.matching(case_of(), "handle")] == ["exact", "broad"]


@pytest.mark.django_db
def test_a_rule_that_is_switched_off_or_of_elsewhere_does_not_hold() -> None:
    rule(name="off", active=False, area_code=HOME)
    rule(name="elsewhere", area_code=ABROAD)
    found = RuleBook().choose(case_of(), "handle")
    assert found is None or found.name.startswith("默认")


def test_an_administrator_writes_a_rule_and_a_tie_is_refused(here: Town) -> None:
    said = Wording(name="河西处置", area_code=HOME, stage="handle", rungs=RUNGS)
    written = add_rule(wording=said, by=here.system_admin, now=here.now)
    assert Event.objects.filter(verb="escalation_rule.added", subject_id=str(written.pk)).exists()
    with pytest.raises(Refused) as no:
        add_rule(wording=said, by=here.system_admin, now=here.now)
    assert no.value.code == "rule_tie"
    off = Wording(**{**said.__dict__, "active": False})
    change_rule(written, wording=off, by=here.system_admin, now=here.now, seen=1)
    add_rule(wording=said, by=here.system_admin, now=here.now)


def test_only_who_manages_ladders_here_may_write(here: Town) -> None:
    said = Wording(name="河西处置", area_code=HOME, stage="handle", rungs=RUNGS)
    for stranger in (here.commander, actor(Role.SYSTEM_ADMIN, ABROAD)):
        with pytest.raises(PermissionDenied):
            add_rule(wording=said, by=stranger, now=here.now)
    assert not rules_visible_to(here.commander).exists()


def test_of_two_who_change_a_rule_the_second_is_told_who_was_first(here: Town) -> None:
    mine = rule(area_code=HOME)
    said = wording_of(mine)
    change_rule(mine, wording=said, by=here.system_admin, now=here.now, seen=1)
    with pytest.raises(SomebodyWasFirst):
        change_rule(mine, wording=said, by=here.system_admin, now=here.now, seen=1)


def test_of_two_who_write_the_same_at_once_one_is_refused(here: Town) -> None:
    said = Wording(name="河西处置", area_code=HOME, stage="handle", rungs=RUNGS)
    by = here.system_admin
    done = at_once(*[lambda: add_rule(wording=said, by=by, now=here.now)] * 2)
    assert sorted(type(one).__name__ for one in done) == ["EscalationRule", "Refused"]


def test_unknown_places_and_matters_are_refused(here: Town) -> None:
    for field, code in (("area_code", "999999"), ("item_code", "990000")):
        facts: dict[str, Any] = {field: code}
        wrong = Wording(name="错", stage="handle", rungs=RUNGS, **facts)
        everywhere = actor(Role.SYSTEM_ADMIN, "")
        with pytest.raises(Refused) as no:
            add_rule(wording=wrong, by=everywhere, now=here.now)
        assert no.value.field == field


def test_a_rule_edited_later_is_for_clocks_that_begin_later(here: Town) -> None:
    mine = rule(area_code=HOME)
    before = a_case(here, State.HANDLING)
    planned()
    said = Wording(**{**wording_of(mine).__dict__, "rungs": [rung("due", 0, "tell")]})
    change_rule(mine, wording=said, by=here.system_admin, now=here.now)
    after = a_case(here, State.HANDLING)
    planned()
    assert [row["deed"] for row in ladder_of(before).plan] == ["urge"]
    assert [row["deed"] for row in ladder_of(after).plan] == ["tell"]
