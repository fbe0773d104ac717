"""What this room's tests stand on."""

import pytest


@pytest.fixture
def country_calendar(transactional_db: None) -> None:
    """Real transactions, with the seeded calendar that an emptied database has lost."""
    from tests.clocks.factories import seeded

    seeded()
