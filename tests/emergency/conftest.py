"""What this room's tests stand on."""

import pytest

from tests.clocks.factories import seeded
from tests.emergency.alert import alert_town, seed_paces
from tests.incidents.town import Town


@pytest.fixture
def here(db: None) -> Town:
    """The town with a street's commander, a community officer, and people to enrol."""
    return alert_town()


@pytest.fixture
def committed(transactional_db: None) -> Town:
    """The same in real transactions: readers of the journal see only what is committed."""
    seeded()
    seed_paces()
    return alert_town()
