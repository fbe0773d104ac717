"""Units come, come late, stay away, object: clocks, the way up, and who is told."""

import pytest
from django.utils import translation

from clocks.choices import Outcome
from clocks.models import Clock
from config.refusal import Refused
from journal.models import Event
from notices.models import Notice
from notices.wording import lines
from tests.clocks.factories import seeded
from tests.incidents.town import IN_GRID, IN_NEIGHBOUR, Town
from tests.whistles.street import (
    a_whistle,
    blown,
    drafted,
    everyone,
    grades,
    part_of,
    step,
    street,
    time_passes,
)
from whistles.choices import State
from whistles.coming import metres_from_spot
from whistles.deadlines import SUBJECT
from whistles.models import MovedUp, Whistle
from whistles.moving_up import move_up
from whistles.reading import WhistleReading
from whistles.taking import NotYours
from whistles.telling import tell_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Town:
    """Readers see only what is committed, so everything here is."""
    seeded()
    return street()


def told(here: Town, name: str) -> list[str]:
    """The kinds of notices that this person has, the oldest first."""
    mine = Notice.objects.filter(recipient=here.people[name]).order_by("id")
    return [kind for kind in mine.values_list("kind", flat=True) if kind.startswith("whistle.")]


def now_is(whistle: Whistle) -> str:
    return Whistle.objects.get(pk=whistle.pk).state


# --- clocks ------------------------------------------------------------------------------------------


def test_an_emergency_gives_thirty_minutes_day_and_night_to_be_there(here: Town) -> None:
    whistle = blown(here)
    clocks = Clock.objects.filter(subject_kind=SUBJECT)
    assert {clock.stage for clock in clocks} == {"check_in"}
    assert {(c.due_at - c.started_at).total_seconds() for c in clocks if c.due_at} == {1800}
    assert whistle.due_at == max(c.due_at for c in clocks if c.due_at)


def test_a_work_whistle_has_clocks_for_signing_contact_and_check_in(here: Town) -> None:
    whistle = blown(here, type="work")
    part = part_of(whistle, "FIRE")
    stages = Clock.objects.filter(subject_kind=SUBJECT, subject_id=part.pk).values_list(
        "stage", flat=True
    )
    assert set(stages) == {"sign", "check_in"}
    step(here, "sign", whistle, here.fire_one)
    assert set(stages.all()) == {"sign", "check_in", "contact"}
    assert part_of(whistle, "FIRE").sign_in_time is True


def test_who_is_there_has_signed_and_contacted(here: Town) -> None:
    whistle = blown(here, type="work")
    step(here, "check_in", whistle, here.fire_one, {"lon": IN_GRID[0], "lat": IN_GRID[1]})
    part = part_of(whistle, "FIRE")
    assert part.signed_at is not None
    assert (part.sign_in_time, part.arrive_in_time) == (True, True)
    assert not Clock.objects.filter(
        subject_kind=SUBJECT, subject_id=part.pk, outcome=Outcome.RUNNING
    )


def test_a_check_in_keeps_person_time_and_place_and_the_journal_no_place(here: Town) -> None:
    whistle = blown(here)
    spot = {"lon": IN_NEIGHBOUR[0], "lat": IN_NEIGHBOUR[1], "accuracy_m": 12}
    step(here, "check_in", whistle, here.fire_one, spot)
    part = part_of(whistle, "FIRE")
    assert part.arrived_by == here.people["fire_one"]
    assert part.arrived_at == here.now
    assert metres_from_spot(whistle, part) == pytest.approx(864, abs=5)
    event = Event.objects.get(verb="whistle.checked_in")
    assert "117.2" not in str(event.data)


def test_the_whistle_follows_the_unit_that_has_come_least_far(here: Town) -> None:
    whistle = blown(here)
    step(here, "check_in", whistle, here.fire_one)
    step(here, "sign", whistle, here.police_one)
    assert now_is(whistle) == State.BLOWN
    step(here, "sign", whistle, here.handler)
    assert now_is(whistle) == State.SIGNED


# --- nobody comes --------------------------------------------------------------------------------------


def test_who_is_absent_moves_up_by_itself_exactly_once(here: Town) -> None:
    whistle = blown(here)
    for name in ("fire_one", "police_one"):
        step(here, "check_in", whistle, getattr(here, name))
    time_passes(here, 40)
    part = part_of(whistle, "SAN")
    assert part.is_absent
    moved = MovedUp.objects.get()
    assert (moved.summons, moved.stage, moved.level_code) == (part, "check_in", "120103")
    assert Event.objects.filter(verb="whistle.absent").count() == 1
    for name in ("leader", "commander", "secretary"):
        assert told(here, name).count("whistle.absent.emergency") == 1, name
    for _again in range(3):
        time_passes(here, 60)
    assert MovedUp.objects.count() == 1
    assert told(here, "commander").count("whistle.absent.emergency") == 1


def test_the_administrative_parent_of_an_absent_unit_is_told(here: Town) -> None:
    blown(here)
    time_passes(here, 40)
    assert told(here, "bureau_leader") == ["whistle.absent.emergency"] * 2
    assert told(here, "fire_leader").count("whistle.absent.emergency") == 1


def test_who_is_absent_is_not_waited_for(here: Town) -> None:
    whistle = blown(here)
    for name in ("fire_one", "police_one"):
        step(here, "check_in", whistle, getattr(here, name))
    assert now_is(whistle) == State.BLOWN
    time_passes(here, 40)
    assert now_is(whistle) == State.CHECKED_IN


def test_who_comes_after_all_is_late_and_no_longer_absent(here: Town) -> None:
    whistle = blown(here)
    time_passes(here, 40)
    step(here, "check_in", whistle, here.fire_one)
    part = part_of(whistle, "FIRE")
    assert part.is_late
    assert not part.is_absent


def test_an_unsigned_whistle_moves_up(here: Town) -> None:
    whistle = blown(here, type="work")
    step(here, "sign", whistle, here.fire_one)
    time_passes(here, 70)
    missed = MovedUp.objects.filter(stage="sign").values_list("summons__unit__code", flat=True)
    assert set(missed) == {"POLICE", "SAN"}
    assert part_of(whistle, "POLICE").sign_in_time is False


def test_what_was_cancelled_moves_nowhere(here: Town) -> None:
    whistle = blown(here)
    step(here, "cancel", whistle, here.secretary, {"reason": "误报"})
    time_passes(here, 90)
    assert not MovedUp.objects.exists()


def test_the_page_shows_that_it_moved_up(here: Town) -> None:
    whistle = blown(here)
    time_passes(here, 40)
    reading = WhistleReading(Whistle.objects.get(pk=whistle.pk), here.secretary, here.now)
    assert all(part.moved_up for part in reading.parts)
    assert "河西区" in reading.parts[0].moved_up[0]


# --- objecting -----------------------------------------------------------------------------------------


def test_a_unit_objects_once_and_an_answer_has_its_clock(here: Town) -> None:
    whistle = blown(here)
    step(here, "object", whistle, here.police_one, {"reason": "不属于公安职责"})
    clock = Clock.objects.get(subject_kind=SUBJECT, stage="objection")
    assert clock.due_at is not None
    assert (clock.due_at - clock.started_at).total_seconds() == 1800
    step(here, "uphold", whistle, here.secretary, {"unit": "POLICE", "reason": "需维持秩序"})
    clock.refresh_from_db()
    assert clock.outcome == Outcome.MET
    with pytest.raises(Refused) as no:
        step(here, "object", whistle, here.police_one, {"reason": "还是不属于"})
    assert no.value.code == "objected_before"


def test_who_is_released_counts_as_not_summoned(here: Town) -> None:
    whistle = blown(here)
    step(here, "object", whistle, here.police_one, {"reason": "不属于公安职责"})
    step(here, "release", whistle, here.secretary, {"unit": "POLICE", "reason": "确不属于"})
    time_passes(here, 60)
    assert set(MovedUp.objects.values_list("summons__unit__code", flat=True)) == {"FIRE", "SAN"}
    with pytest.raises(NotYours):
        step(here, "check_in", whistle, here.police_one)
    assert "whistle.need_not_come" in told(here, "police_one")


def test_when_the_lead_is_released_another_unit_leads(here: Town) -> None:
    whistle = blown(here)
    step(here, "object", whistle, here.fire_one, {"reason": "非火情"})
    step(here, "release", whistle, here.secretary, {"unit": "FIRE", "reason": "确非火情"})
    assert [part.unit.code for part in whistle.summonses.filter(lead=True)] == ["POLICE"]


def test_an_objection_left_lying_goes_to_the_streets_commander_and_above(here: Town) -> None:
    whistle = blown(here)
    step(here, "object", whistle, here.police_one, {"reason": "不属于公安职责"})
    for name in ("fire_one", "police_one", "handler"):
        step(here, "check_in", whistle, getattr(here, name))
    time_passes(here, 40)
    assert MovedUp.objects.get().stage == "objection"
    for name in ("secretary", "commander"):
        assert "whistle.unanswered.emergency" in told(here, name)


def test_the_only_unit_is_not_released(here: Town) -> None:
    whistle = blown(here, units=[])
    step(here, "object", whistle, here.fire_one, {"reason": "非火情"})
    with pytest.raises(Refused) as no:
        step(here, "release", whistle, here.secretary, {"unit": "FIRE", "reason": "确非火情"})
    assert no.value.code == "last_unit_stands"


# --- the lead stays, the street judges ------------------------------------------------------------------


def test_the_lead_may_not_leave_before_the_street_confirms(here: Town) -> None:
    whistle = everyone(here, "deliver", a_whistle(here, State.HANDLING), {"result": "已处置"})
    step(here, "leave", whistle, here.police_one)
    with pytest.raises(Refused) as no:
        step(here, "leave", whistle, here.fire_one)
    assert no.value.code == "work_is_not_done"
    step(here, "confirm", whistle, here.secretary)
    step(here, "leave", whistle, here.fire_one)
    assert part_of(whistle, "FIRE").left_at is not None


def test_the_lead_delivers_last(here: Town) -> None:
    whistle = a_whistle(here, State.HANDLING)
    with pytest.raises(Refused) as no:
        step(here, "deliver", whistle, here.fire_one, {"result": "已处置"})
    assert no.value.code == "other_units_still_act"


def test_nothing_is_confirmed_while_a_unit_may_still_come_in_time(here: Town) -> None:
    whistle = blown(here)
    step(here, "check_in", whistle, here.fire_one)
    with pytest.raises(Refused) as no:
        step(here, "confirm", whistle, here.secretary)
    assert "公安分局" in str(no.value)
    time_passes(here, 40)
    assert step(here, "confirm", whistle, here.secretary).state == State.DELIVERED


def test_what_is_sent_back_must_be_delivered_and_confirmed_again(here: Town) -> None:
    whistle = a_whistle(here, State.DELIVERED)
    back = {"unit": "POLICE", "reason": "现场仍有人员聚集"}
    assert step(here, "send_back", whistle, here.secretary, back).state == State.HANDLING
    assert Whistle.objects.get(pk=whistle.pk).confirmed_at is None


def test_all_units_are_graded_at_once_or_none(here: Town) -> None:
    whistle = a_whistle(here, State.DELIVERED)
    some = {name: value for name, value in grades(whistle).items() if "SAN" not in name}
    with pytest.raises(Refused) as no:
        step(here, "evaluate", whistle, here.secretary, some)
    assert no.value.status == 422
    assert not whistle.summonses.exclude(grade="").exists()


def test_a_unit_sees_its_own_grade_and_only_after_the_evaluation(here: Town) -> None:
    whistle = a_whistle(here, State.DELIVERED)
    whistle.summonses.update(grade="poor", grade_text="草稿")

    def shown(name: str) -> dict[str, str]:
        now = Whistle.objects.get(pk=whistle.pk)
        reading = WhistleReading(now, getattr(here, name), here.now)
        return {part.part.unit.code: part.grade_text for part in reading.parts}

    assert set(shown("police_one").values()) == {""}
    step(here, "evaluate", whistle, here.secretary, grades(whistle))
    assert shown("police_one") == {"FIRE": "", "POLICE": "处置得力", "SAN": ""}
    assert set(shown("secretary").values()) == {"处置得力"}


# --- telling -------------------------------------------------------------------------------------------


def test_everybody_hears_what_concerns_them_once(here: Town) -> None:
    whistle = a_whistle(here, State.CHECKED_IN)
    tell_people(here.now)
    assert told(here, "fire_two") == ["whistle.alarm"]
    assert told(here, "police_leader") == ["whistle.alarm"]
    assert told(here, "secretary").count("whistle.arrived") == 3
    assert told(here, "helper") == []
    count = Notice.objects.count()
    tell_people(here.now)
    move_up(here.now)
    assert Notice.objects.count() == count
    step(here, "cancel", whistle, here.secretary, {"reason": "演练结束"})
    tell_people(here.now)
    assert told(here, "fire_one")[-1] == "whistle.off.emergency"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_notice_can_be_read(here: Town, language: str) -> None:
    drafted(here)
    whistle = blown(here)
    step(here, "object", whistle, here.police_one, {"reason": "不属于"})
    time_passes(here, 45)
    with translation.override(language):
        said = [line.text for line in lines(Notice.objects.filter(kind__startswith="whistle."))]
    assert said
    assert not [text for text in said if "—" in text or "%" in text]
