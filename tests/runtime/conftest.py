"""Folders for installations that a test starts."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def home() -> Iterator[Path]:
    """An empty folder for another installation.

    Not pytest's own: to that one it shuts out the account that servers of root step down to.
    """
    folder = Path(tempfile.mkdtemp(prefix="home-", dir=settings.VAR_DIR))
    yield folder
    shutil.rmtree(folder)
