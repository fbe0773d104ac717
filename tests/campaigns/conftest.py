"""The ground, for every test of campaigns."""

import pytest

from tests.campaigns.ground import ground
from tests.incidents.town import Town


@pytest.fixture
def here(db: None) -> Town:
    return ground()
