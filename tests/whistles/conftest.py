"""The street, for every test of whistles."""

import pytest

from tests.incidents.town import Town
from tests.whistles.street import street


@pytest.fixture
def here(db: None) -> Town:
    return street()
