"""Who answers for a case: pushed up, taken over, handed back; who may, and who is told."""

import pytest

from accounts.roles import Role
from clocks.models import Clock
from config.refusal import Refused
from incidents.choices import Level, State
from incidents.models import Incident
from incidents.taking import NotYours, take
from journal.wording import filled, names_for, wording_of
from tests.factories import HOME, actor
from tests.incidents.town import Town, a_case, last_event, step

pytestmark = pytest.mark.django_db
WHY = {"reason": "需上级协调"}


def refused(here: Town, code: str, case: Incident, by: str, **facts: object) -> str:
    with pytest.raises(Refused) as no:
        step(here, code, case, getattr(here, by), {**WHY, **facts})
    return no.value.code


def test_a_chief_pushes_a_case_up_by_one_level_with_a_reason(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    clocks = list(Clock.objects.order_by("pk").values())
    moved = step(here, "raise", case, here.chief, WHY)
    assert (moved.escalated_level, moved.state) == (Level.COMMUNITY, State.HANDLING)
    assert last_event(case).data["level"] == Level.COMMUNITY
    assert list(Clock.objects.order_by("pk").values()) == clocks
    assert refused(here, "raise", case, "chief", reason="") == "invalid_facts"


def test_who_has_given_it_away_pushes_it_no_further(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "take_over", case, here.commander, WHY)
    assert refused(here, "raise", case, "chief") == "is_above_you"
    assert step(here, "raise", case, here.dispatcher, WHY).escalated_level == Level.CITY
    assert refused(here, "raise", case, "dispatcher") == "nothing_is_above"


def test_a_higher_level_takes_over_to_its_own_and_hands_back(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    street = actor(Role.COMMANDER, f"{HOME}001")
    assert refused(here, "hand_back", case, "commander") == "nothing_is_below"
    taken = take("take_over", number=case.number, by=street, now=here.later(), facts=WHY)
    assert taken.escalated_level == Level.STREET
    assert step(here, "take_over", case, here.commander, WHY).escalated_level == Level.DISTRICT
    assert refused(here, "take_over", case, "commander") == "is_not_below_you"
    with pytest.raises(Refused) as no:
        take("hand_back", number=case.number, by=street, now=here.later(), facts=WHY)
    assert no.value.code == "is_not_with_you"
    assert step(here, "hand_back", case, here.commander, WHY).escalated_level == Level.STREET
    back = step(here, "hand_back", case, here.commander, {**WHY, "level": "0"})
    assert back.escalated_level == Level.GRID


def test_a_case_is_not_handed_upward(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "raise", case, here.chief, WHY)
    assert refused(here, "hand_back", case, "commander", level="3") == "invalid_facts"


def test_a_colleague_without_the_role_and_an_outsider_do_not_move_it(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    with pytest.raises(NotYours):
        step(here, "raise", case, here.clerk, WHY)
    with pytest.raises(NotYours):
        step(here, "take_over", case, here.supervisor, WHY)
    with pytest.raises(Incident.DoesNotExist):
        step(here, "raise", case, here.foreign_dispatcher, WHY)
    with pytest.raises(NotYours):
        step(here, "climb", case, here.commander, {"level": "1"})


def test_a_level_shown_on_rows_can_be_filtered(here: Town) -> None:
    case = a_case(here, State.HANDLING)
    step(here, "raise", case, here.chief, WHY)
    from incidents.filters import IncidentFilter

    assert IncidentFilter({"level": "1"}, Incident.objects.all()).qs.get() == case


def test_a_level_is_told_by_its_name_and_not_by_its_number() -> None:
    facts = {"level": int(Level.DISTRICT)}
    said = filled(wording_of("incident.climbed").sentence, facts, names_for([facts]))
    assert str(Level.DISTRICT.label) in said
    assert "3" not in said
