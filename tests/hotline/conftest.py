"""What this room's tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from hotline.suggesting.keeping import forget
from tests.clocks.factories import seeded
from tests.incidents.town import Town, town


@pytest.fixture
def here(db: None) -> Town:
    """The town, with its calendar."""
    seeded()
    return town()


@pytest.fixture
def storage(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Files of models in a folder of the test's own, and nothing remembered from another test."""
    settings.MEDIA_ROOT = tmp_path
    forget()
    yield tmp_path
    forget()
