"""Calling up: who fits, once each, in teams; answering, checking in, standing down; the hours that count."""

from typing import Any

import pytest

from config.refusal import Refused
from emergency.choices import CalledState
from emergency.models import Called, CallUp, Service, Team
from notices.models import Notice
from steps.door import NotYours
from tests.emergency.alert import (
    COMMUNITY,
    IN_COMMUNITY,
    OTHER_COMMUNITY,
    act,
    answer,
    board_step,
    called,
    called_up,
    declared,
    enrolled,
    stranger,
    three,
    time_passes,
)
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db


def test_whoever_fits_is_called_in_a_team_of_their_community_with_leader_and_point(
    here: Town,
) -> None:
    three(here)
    enrolled(here, "second_volunteer", area=OTHER_COMMUNITY)
    call_up = called_up(here)
    first, second = Team.objects.filter(call_up=call_up)
    assert (call_up.people, first.called.count(), second.called.count()) == (4, 3, 1)
    assert first.leader == here.people["cadre"]
    assert first.lon is not None
    assert (first.place, second.area_code) == ("1号社区居委会", OTHER_COMMUNITY)


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({"kinds": ["cadre"]}, {"cadre"}),
        ({"skills": ["driver", "medic"]}, {"volunteer"}),
        ({"area": OTHER_COMMUNITY}, {"second_volunteer"}),
        ({"grouping": "one"}, {"cadre", "volunteer", "second_volunteer"}),
    ],
)
def test_people_are_chosen_by_area_kind_and_skill(
    here: Town, facts: dict[str, Any], names: set[str]
) -> None:
    enrolled(here, "cadre", kind="cadre")
    enrolled(here, skills=["medic"])
    enrolled(here, "second_volunteer", area=OTHER_COMMUNITY)
    call_up = called_up(here, **facts)
    assert set(call_up.called.values_list("person_id", flat=True)) == {
        here.people[name].pk for name in names
    }
    assert facts.get("grouping") != "one" or call_up.teams.count() == 1


def test_ticked_people_alone_are_called(here: Town) -> None:
    one = enrolled(here)
    enrolled(here, "cadre")
    assert called_up(here, people=[one.number]).called.get().enrolment == one


def test_a_second_press_calls_nobody_twice(here: Town) -> None:
    three(here)
    enrolled(here, "cadre", kind="party_member")  # twice enrolled, called once
    made = declared(here)
    assert called_up(here, made).people == 3
    with pytest.raises(Refused) as refused:
        act(here, "call_up", made, {"grouping": "community"})
    assert refused.value.code == "nobody_to_call"
    assert (CallUp.objects.count(), Called.objects.count()) == (1, 3)


def test_who_is_not_enrolled_now_is_not_called(here: Town) -> None:
    enrolled(here, valid_from="2026-04-01")
    enrolled(here, "cadre", valid_from="2026-01-01", valid_to="2026-02-01")
    with pytest.raises(Refused):
        called_up(here)


def test_coming_being_there_and_standing_down_count_as_hours(here: Town) -> None:
    three(here)
    call_up = called_up(here)
    one = called(call_up, here, "volunteer")
    assert answer(here, "come", one, here.volunteer, {"minutes": 20}).state == CalledState.COMING
    lon, lat = IN_COMMUNITY
    there = answer(
        here, "check_in", one, here.volunteer, {"lon": lon, "lat": lat, "accuracy_m": 12}, 15
    )
    assert (there.state, there.arrive_in_time, there.answer_in_time) == ("here", True, True)
    assert there.distance_m is not None
    assert there.distance_m < 2000
    down = answer(here, "stand_down", one, here.cadre, minutes=90)
    assert down.state == CalledState.DOWN
    served = Service.objects.get()
    assert (served.minutes, served.state, served.enrolment) == (90, "approved", one.enrolment)


def test_nobody_answers_for_another_but_the_leader_and_the_commander(here: Town) -> None:
    three(here)
    call_up = called_up(here)
    lonely = Called.objects.get(call_up=call_up, person=None)
    with pytest.raises(Called.DoesNotExist):
        answer(here, "come", lonely, here.volunteer, {"minutes": 10})
    with pytest.raises(NotYours):
        answer(here, "come", lonely, here.officer, {"minutes": 10})
    phoned = answer(here, "phone", lonely, here.cadre, {"outcome": "reached"})
    assert (phoned.phoned, phoned.answered_at is not None) == ("reached", True)
    assert (
        answer(here, "decline", lonely, here.secretary, {"because": "腿脚不便"}).state == "cannot"
    )
    own = called(call_up, here, "volunteer")
    assert answer(here, "decline", own, here.volunteer, {"because": "在外地"}).state == "cannot"
    assert answer(here, "come", own, here.volunteer, {"minutes": 90}).cannot_because == ""


def test_standing_all_down_credits_who_is_there_and_takes_no_answers_any_more(here: Town) -> None:
    three(here)
    call_up = called_up(here)
    one, cadre = called(call_up, here, "volunteer"), called(call_up, here, "cadre")
    answer(here, "check_in", one, here.volunteer)
    answer(here, "decline", cadre, here.cadre, {"because": "住院"})
    board_step(here, "end", call_up, minutes=60)
    states = dict(call_up.called.values_list("person_id", "state"))
    assert states == {
        here.people["volunteer"].pk: "down",
        here.people["cadre"].pk: "cannot",
        None: "down",
    }
    assert Service.objects.get().minutes == 61
    with pytest.raises(Refused) as refused:
        answer(here, "check_in", cadre, here.cadre)
    assert refused.value.code == "call_up_has_ended"


def test_a_commander_names_another_leader_and_a_better_point(here: Town) -> None:
    three(here)
    call_up = called_up(here)
    team = call_up.teams.get()
    named = {"team": team.pk, "leader": here.people["volunteer"].username, "place": "社区广场"}
    board_step(here, "set_team", call_up, named | {"lon": 117.2, "lat": 39.01})
    team.refresh_from_db()
    assert (team.leader, team.place, team.lat) == (here.people["volunteer"], "社区广场", 39.01)
    with pytest.raises(Refused):
        board_step(here, "set_team", call_up, {"team": team.pk + 1})


@pytest.mark.django_db(transaction=True)
def test_the_called_are_told_as_danger_and_the_missing_move_up_to_leader_and_commander(
    committed: Town,
) -> None:
    here = committed
    three(here)
    enrolled(here, "second_volunteer", area=OTHER_COMMUNITY)
    call_up = called_up(here)
    assert CallUp.objects.filter(told_at=None).exists()
    time_passes(here, 1)
    assert told(here, "call_up.called") == {"cadre", "volunteer", "second_volunteer"}
    assert told(here, "call_up.lead") == {"cadre", "second_volunteer"}
    assert CallUp.objects.filter(told_at__isnull=False).exists()
    answer(here, "come", called(call_up, here, "cadre"), here.cadre, {"minutes": 20})
    answer(here, "come", called(call_up, here, "volunteer"), here.volunteer, {"minutes": 20})
    time_passes(here, 30)
    assert told(here, "call_up.unanswered") == {"cadre", "second_volunteer"}
    silent = Called.objects.filter(call_up=call_up, answer_in_time=False)
    assert silent.count() == 2
    time_passes(here, 11)
    assert told(here, "call_up.unanswered") == {"cadre", "second_volunteer", "secretary"} | {
        "second_secretary"
    }
    time_passes(here, 90)
    assert told(here, "call_up.absent") == {"cadre", "second_volunteer"}
    late = answer(here, "check_in", called(call_up, here, "volunteer"), here.volunteer)
    assert (late.is_late, late.arrive_in_time) == (True, False)
    time_passes(here, 11)
    assert "secretary" in told(here, "call_up.absent")
    before = Notice.objects.count()
    time_passes(here, 600)
    assert Notice.objects.count() == before


@pytest.mark.django_db(transaction=True)
def test_the_missing_are_called_again_but_not_at_once(committed: Town) -> None:
    here = committed
    three(here)
    call_up = called_up(here)
    time_passes(here, 1)
    answer(here, "come", called(call_up, here, "cadre"), here.cadre, {"minutes": 20})
    with pytest.raises(Refused) as refused:
        board_step(here, "again", call_up)
    assert refused.value.code == "called_just_now"
    board_step(here, "again", call_up, minutes=10)
    time_passes(here, 1)
    calls = Notice.objects.filter(kind="call_up.called", recipient=here.people["volunteer"])
    assert calls.count() == 2
    assert Notice.objects.filter(kind="call_up.called", recipient=here.people["cadre"]).count() == 1
    with pytest.raises(Refused):
        board_step(here, "again", call_up)


def told(here: Town, kind: str) -> set[str]:
    """Who has a notice of this kind."""
    names = {user.pk: name for name, user in here.people.items()}
    rows = Notice.objects.filter(kind=kind).values_list("recipient_id", flat=True)
    return {names[pk] for pk in rows}


def test_a_person_is_out_at_one_place_only(here: Town) -> None:
    three(here)
    called_up(here, declared(here))
    wider = declared(here, COMMUNITY, by=here.commander, kind="fire")
    with pytest.raises(Refused):
        act(here, "call_up", wider, {"grouping": "grid"}, by=here.commander)
    stranger(here, "李小川", "13800000002")
    act(here, "call_up", wider, {"grouping": "grid"}, by=here.commander)
    assert CallUp.objects.latest("id").people == 1
