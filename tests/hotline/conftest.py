"""The hotline, for every test of orders."""

import pytest

from tests.hotline.desk import hotline
from tests.incidents.town import Town


@pytest.fixture
def here(db: None) -> Town:
    return hotline()
