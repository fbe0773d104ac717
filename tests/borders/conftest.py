"""The border district, for every test of this room."""

import pytest

from tests.borders.ground import ground
from tests.incidents.town import Town


@pytest.fixture
def here(db: None) -> Town:
    return ground()
