"""Two commanders, two presses, an end while somebody checks in: real connections, one effect."""

from collections.abc import Iterator

import pytest
from django.db import connections

from config.refusal import Refused, SomebodyWasFirst
from emergency.declaring import declare
from emergency.doors import ACTIVATIONS, CALL_UPS, CALLED
from emergency.models import Activation, Called, CallUp, Service
from tests.emergency.alert import STREET, called, called_up, declared, three
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(committed: Town) -> Iterator[Town]:
    yield committed
    connections.close_all()


def test_of_two_commanders_who_declare_at_once_one_is_first(here: Town) -> None:
    facts = {"area": STREET, "kind": "flood", "level": "red", "reason": "强降雨"}
    now, people = here.later(), (here.secretary, here.second_secretary)
    done = at_once(*(lambda by=by: declare(by=by, now=now, facts=facts) for by in people))
    assert sorted(type(one).__name__ for one in done) == ["Activation", SomebodyWasFirst.__name__]
    assert Activation.objects.filter(state="declared").count() == 1


def test_two_presses_call_each_person_once(here: Town) -> None:
    three(here)
    made, now = declared(here), here.later()
    wider = declare(
        by=here.commander,
        now=now,
        facts={"area": "120103", "kind": "fire", "level": "red", "reason": "火情"},
    )
    facts = {"grouping": "community"}
    presses = [(made, here.secretary), (made, here.second_secretary), (wider, here.commander)]
    done = at_once(
        *(
            lambda one=one, by=by: ACTIVATIONS.take(
                "call_up", number=one.number, by=by, now=now, facts=facts
            )
            for one, by in presses
        )
    )
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["nobody_to_call"] * 2
    assert (CallUp.objects.count(), Called.objects.count()) == (1, 3)


def test_ending_while_somebody_checks_in_loses_neither(here: Town) -> None:
    three(here)
    made = declared(here)
    call_up = called_up(here, made)
    one, now = called(call_up, here, "volunteer"), here.later()
    by, secretary = here.volunteer, here.secretary
    there, _ended = at_once(
        lambda: CALLED.take("check_in", number=one.number, by=by, now=now),
        lambda: ACTIVATIONS.take(
            "end", number=made.number, by=secretary, now=now, facts={"reason": "雨停"}
        ),
    )
    one.refresh_from_db()
    assert one.state == "down"
    assert Service.objects.count() == (0 if isinstance(there, Refused) else 1)
    assert Activation.objects.get().figures["came"] == Service.objects.count()


def test_the_level_rises_while_people_answer(here: Town) -> None:
    three(here)
    made = declared(here)
    call_up = called_up(here, made)
    now, secretary = here.later(), here.secretary
    answers = [
        (called(call_up, here, name), getattr(here, name)) for name in ("cadre", "volunteer")
    ]
    done = at_once(
        lambda: ACTIVATIONS.take(
            "raise",
            number=made.number,
            by=secretary,
            now=now,
            facts={"level": "red", "reason": "涨水"},
        ),
        *(
            lambda one=one, by=by: CALLED.take(
                "come", number=one.number, by=by, now=now, facts={"minutes": 20}
            )
            for one, by in answers
        ),
    )
    assert not [one for one in done if isinstance(one, Exception)]
    assert Called.objects.filter(state="coming").count() == 2


def test_the_missing_are_called_again_by_one_of_two_presses(here: Town) -> None:
    three(here)
    call_up, now = called_up(here), here.later(15)
    people = (here.secretary, here.second_secretary)
    done = at_once(
        *(
            lambda by=by: CALL_UPS.take("again", number=call_up.number, by=by, now=now)
            for by in people
        )
    )
    assert [one.code for one in done if isinstance(one, Refused)] == ["called_just_now"]
    assert CallUp.objects.get().calls == 2
