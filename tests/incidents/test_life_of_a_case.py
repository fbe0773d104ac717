"""One case from street corner to closing."""

import pytest

from incidents.choices import State
from incidents.models import Incident
from tests.incidents.town import Town, a_case

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_reached_by_real_actions(here: Town, state: State) -> None:
    case = a_case(here, state)
    kept = Incident.objects.get(pk=case.pk)
    assert kept.state == state
    assert (kept.ended_at is not None) == (
        state in {"not_accepted", "self_closed", "evaluated", "withdrawn"}
    )
