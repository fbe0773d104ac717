"""What this room's tests stand on."""

import pytest
from hypothesis import settings

# A busy machine is no fault: how long a due date takes is measured by bench/due.py.
settings.register_profile("clocks", deadline=None)
settings.load_profile("clocks")


@pytest.fixture
def country_calendar(transactional_db: None) -> None:
    """Real transactions, with the seeded calendar that an emptied database has lost."""
    from tests.clocks.factories import seeded

    seeded()
