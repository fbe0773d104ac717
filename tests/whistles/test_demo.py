"""The demonstration's whistles are made by the real actions."""

import pytest

from accounts.models import User
from accounts.roles import Role
from tests.clocks.calendars import local
from tests.clocks.factories import seeded
from tests.factories import organisation, person_with
from tests.whistles.street import types
from whistles import demo
from whistles.choices import State
from whistles.figures import figures
from whistles.models import MovedUp, PersonnelSuggestion, Whistle

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _people(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The accounts and units that the stories name, over the small territory of the tests."""
    from tests.grids.factories import area, district

    seeded()
    types()
    district()
    area("120103002", name="下瓦房街道")
    monkeypatch.setattr(demo, "HOME", "120103001")
    monkeypatch.setattr(demo, "OTHER", "120103002")
    units = {
        code: organisation(kind="department", code=code, name=code)
        for code in ("HX-FR", "HX-SAN", "HX-PS", "HX-LE", "HX-JU")
    }
    posts = {
        "secretary": (Role.COMMANDER, "120103001", None),
        "community": (Role.COMMUNITY, "120103001", None),
        "commander": (Role.COMMANDER, "120103", None),
        "fire": (Role.DEPARTMENT, "120103", units["HX-FR"]),
        "department": (Role.DEPARTMENT, "120103", units["HX-SAN"]),
        "hx-ps-handler": (Role.DEPARTMENT, "120103", units["HX-PS"]),
        "hx-le-handler": (Role.DEPARTMENT, "120103", units["HX-LE"]),
    }
    for name, post in posts.items():
        User.objects.filter(pk=person_with(*post).pk).update(username=name)


@pytest.mark.usefixtures("_people")
def test_the_stories_end_in_many_states_and_one_went_up_by_itself() -> None:
    now = local("2026-03-12 15:00")
    assert demo.play(now) == 7
    states = set(Whistle.objects.values_list("state", flat=True))
    assert {State.CLOSED, State.CHECKED_IN, State.BLOWN, State.DRAFTED, State.CANCELLED} <= states
    assert MovedUp.objects.filter(summons__unit__code="HX-PS", stage="check_in").exists()
    assert PersonnelSuggestion.objects.count() == 2
    secretary = demo.Stage(now).actor("commander")
    shown = figures(secretary, local("2026-02-01 00:00").date(), now.date())
    assert [line.blown for line in shown.streets] == [4, 2]
    assert {line.code: line.absent for line in shown.units}["HX-PS"] == 1
