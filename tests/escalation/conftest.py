"""What this room's tests stand on."""

import pytest

from tests.clocks.factories import seeded
from tests.escalation.ladders import default_rules
from tests.incidents.town import Town, town


@pytest.fixture
def here(transactional_db: None) -> Town:
    """The town in real transactions, because ladders follow the journal; with calendar and default ladders."""
    seeded()
    default_rules()
    return town()
