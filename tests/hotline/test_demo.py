"""The demonstration's day is played by the real actions."""

import pytest

from accounts.roles import Role
from hotline import demo
from hotline.choices import State
from hotline.models import Order
from notices.models import Notice
from tests.clocks.calendars import local
from tests.clocks.factories import seeded
from tests.factories import HOME, organisation, person_with
from tests.grids.factories import district
from tests.hotline.desk import tiers
from tests.incidents.catalogue.factories import edition

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _people(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The accounts and units that the day names, over the small territory of the tests."""
    seeded()
    tiers()
    district()
    edition()
    monkeypatch.setattr(demo, "HOME", "120103001")
    organisation(HOME, kind="centre", code="HX-CENTRE")
    unit = organisation(HOME, kind="department", code="HX-SAN", name="环卫局")
    posts = {
        "operator": (Role.HOTLINE_OPERATOR, HOME, None),
        "visitor": (Role.RETURN_VISITOR, HOME, None),
        "department": (Role.DEPARTMENT, HOME, unit),
    }
    for name, post in posts.items():
        person = person_with(*post)
        person.username = name
        person.save()


@pytest.mark.usefixtures("_people")
def test_the_day_ends_in_many_states_and_people_were_told() -> None:
    made = demo.play(local("2026-03-13 16:00"))
    states = set(Order.objects.values_list("state", flat=True))
    assert made == Order.objects.count() == 12
    assert {
        State.RECEIVED, State.ANSWERED_DIRECTLY, State.OTHER_WAY, State.DISPATCHED, State.RETURNED, State.HANDLING,
        State.IN_CASE, State.REPLIED, State.CLOSED,
    } <= states  # fmt: skip
    assert Notice.objects.filter(kind__startswith="hotline.").exists()
