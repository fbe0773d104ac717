"""Two people, or two workers, at the same moment: real connections, one effect, and the second is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from clocks.sweep import sweep
from config.refusal import Refused, SomebodyWasFirst
from journal.models import Event
from notices.models import Notice
from tests.clocks.factories import seeded
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import Town
from tests.whistles.street import a_whistle, blown, grades, part_of, street
from whistles.choices import State
from whistles.models import MovedUp, Whistle
from whistles.moving_up import move_up
from whistles.taking import take
from whistles.telling import tell_people

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Iterator[Town]:
    """The street in real transactions, with what an emptied database has lost."""
    seeded()
    yield street()
    connections.close_all()


def taking(here: Town, code: str, whistle: Whistle, name: str, **more: Any) -> Callable[[], Any]:
    by, now = getattr(here, name), here.later()
    return lambda: take(code, number=whistle.number, by=by, now=now, **more)


def test_of_two_who_sign_for_one_unit_the_second_is_told(here: Town) -> None:
    whistle = blown(here)
    done = at_once(
        taking(here, "sign", whistle, "fire_one"), taking(here, "sign", whistle, "fire_two")
    )
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["unit_not_in_this_state"]
    assert part_of(whistle, "FIRE").signed_by is not None
    assert Event.objects.filter(verb="whistle.signed").count() == 1
    signer = Event.objects.get(verb="whistle.signed").actor_label
    assert signer in str(refused[0])


def test_two_units_that_sign_at_once_do_not_stand_in_each_others_way(here: Town) -> None:
    whistle = blown(here)
    seen = whistle.version
    done = at_once(
        taking(here, "sign", whistle, "fire_one", version=seen),
        taking(here, "sign", whistle, "police_one", version=seen),
    )
    assert all(isinstance(one, Whistle) for one in done), done
    assert Whistle.objects.get(pk=whistle.pk).version == seen + 2


def test_of_two_who_evaluate_the_second_is_told_who_was_first(here: Town) -> None:
    whistle = a_whistle(here, State.DELIVERED)
    facts: dict[str, Any] = {"version": whistle.version, "facts": grades(whistle)}
    done = at_once(
        taking(here, "evaluate", whistle, "secretary", **facts),
        taking(here, "evaluate", whistle, "second_secretary", **facts),
    )
    assert [type(one) for one in done if not isinstance(one, Whistle)] == [SomebodyWasFirst]
    assert Event.objects.filter(verb="whistle.evaluated").count() == 1


def test_it_moves_up_once_however_many_workers_look(here: Town) -> None:
    blown(here)
    then = here.later(60)
    at_once(*[lambda: sweep(then)] * 3)

    def work() -> int:
        return sum(move_up(then, limit=1) + tell_people(then, limit=2) for _turn in range(20))

    at_once(*[work] * 4)
    assert MovedUp.objects.count() == 3
    assert Event.objects.filter(verb="whistle.absent").count() == 3
    for name in ("commander", "secretary"):
        mine = Notice.objects.filter(recipient=here.people[name], kind="whistle.absent.emergency")
        assert mine.count() == 3, name


def test_a_unit_that_checks_in_while_it_is_being_carried_up_is_late_and_not_lost(
    here: Town,
) -> None:
    whistle = blown(here)
    then = here.later(60)
    sweep(then)
    done = at_once(taking(here, "check_in", whistle, "fire_one"), lambda: move_up(then))
    assert not [one for one in done if isinstance(one, Exception)], done
    while move_up(then):
        pass
    part = part_of(whistle, "FIRE")
    assert part.is_late
    assert not part.is_absent
    assert MovedUp.objects.filter(summons=part).count() == 1
