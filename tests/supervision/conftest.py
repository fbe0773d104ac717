"""What this room's tests stand on."""

import pytest

from tests.clocks.factories import seeded
from tests.incidents.town import Town, town


@pytest.fixture
def here(db: None) -> Town:
    """The town of cases, with everybody in it."""
    return town()


@pytest.fixture
def committed(transactional_db: None) -> Town:
    """The town in real transactions: readers of the journal see only what is committed."""
    seeded()
    return town()
