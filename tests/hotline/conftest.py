"""What this room's tests stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from hotline.suggesting.keeping import forget
from tests.hotline.desk import hotline
from tests.incidents.town import Town


@pytest.fixture
def here(db: None) -> Town:
    """The town with a hotline."""
    return hotline()


@pytest.fixture
def storage(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Files of models in a folder of the test's own, and nothing remembered from another test."""
    settings.MEDIA_ROOT = tmp_path
    forget()
    yield tmp_path
    forget()
