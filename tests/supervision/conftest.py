"""What this room's tests stand on."""

import pytest

from tests.incidents.town import Town, town


@pytest.fixture
def here(db: None) -> Town:
    """The town of cases, with everybody in it."""
    return town()
