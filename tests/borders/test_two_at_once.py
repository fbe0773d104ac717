"""Two people at the same moment: real connections, one effect, and the second is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from borders.choices import EnclaveState, MatterState
from borders.doors import ENCLAVES, MATTERS
from borders.models import Enclave, Matter, Signature
from config.refusal import Refused
from incidents.models import ResponsibilityRule
from journal.models import Event
from tests.borders.ground import a_matter, an_enclave, ground, move, raised, ruling
from tests.clocks.factories import seeded
from tests.incidents.test_two_at_once import at_once
from tests.incidents.town import Town

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def here(transactional_db: None) -> Iterator[Town]:
    """The ground in real transactions, with what an emptied database has lost."""
    seeded()
    yield ground()
    connections.close_all()


def doing(
    here: Town, door: Any, code: str, record: Any, name: str, **facts: Any
) -> Callable[[], Any]:
    by, now = getattr(here, name), here.later()
    return lambda: door.take(code, number=record.number, by=by, now=now, facts=facts)


def test_two_sides_that_sign_at_once_hand_it_over_once(here: Town) -> None:
    enclave = an_enclave(here, EnclaveState.ATTRIBUTED)
    move(here, "word", enclave, here.taker, {"handover": "移交"})
    done = at_once(
        doing(here, ENCLAVES, "sign", enclave, "giver", handover_version=1),
        doing(here, ENCLAVES, "sign", enclave, "taker", handover_version=1),
    )
    assert all(isinstance(one, Enclave) for one in done), done
    assert Enclave.objects.get().state == EnclaveState.HANDED_OVER
    assert Signature.objects.count() == 2
    both = [e.data["both"] for e in Event.objects.filter(verb="enclave.handover_signed")]
    assert sorted(both) == [False, True]


def test_of_two_who_rule_at_once_one_writes_the_rule(here: Town) -> None:
    matter = raised(here)
    done = at_once(
        doing(here, MATTERS, "rule", matter, "commander", **ruling()),
        doing(
            here, MATTERS, "rule", matter, "second_commander", **ruling(lead="WATER", assisting=[])
        ),
    )
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["not_in_this_state"]
    assert ResponsibilityRule.objects.count() == 1


def test_two_matters_ruled_at_once_never_tie(here: Town) -> None:
    first, second = raised(here), raised(here, title="同类事项")
    done = at_once(
        doing(here, MATTERS, "rule", first, "commander", **ruling()),
        doing(
            here, MATTERS, "rule", second, "second_commander", **ruling(lead="WATER", assisting=[])
        ),
    )
    refused = [one for one in done if isinstance(one, Refused)]
    assert [one.code for one in refused] == ["rule_tie"]
    assert sorted(Matter.objects.values_list("state", flat=True)) == ["raised", "written"]


def test_units_that_answer_at_once_do_not_stand_in_each_others_way(here: Town) -> None:
    matter = a_matter(here, MatterState.HEARING)
    done = at_once(
        doing(here, MATTERS, "opine", matter, "handler", says="ours", text="是"),
        doing(here, MATTERS, "opine", matter, "helper", says="not_ours", text="否"),
    )
    assert all(isinstance(one, Matter) for one in done), done
    silent = [e.data["silent"] for e in Event.objects.filter(verb="unowned.opinion_given")]
    assert sorted(silent) == [0, 1]
