"""manage.py set_up, which every start calls."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.management.commands import set_up

STAMP = Path(settings.VAR_DIR) / "demonstration.loading"


@pytest.fixture
def said() -> Iterator[StringIO]:
    yield StringIO()
    STAMP.unlink(missing_ok=True)


def begin_anew_if_needed(said: StringIO) -> None:
    set_up.Command(stdout=said)._forget_half_a_demonstration()


@pytest.mark.django_db
def test_a_loading_that_was_cut_short_is_begun_anew(said: StringIO) -> None:
    STAMP.write_text(set_up._database())
    begin_anew_if_needed(said)
    assert connection.introspection.table_names() == []
    assert "cut short" in said.getvalue()
    assert not STAMP.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("stamp", [None, "db.example.org:5432/another"])
def test_a_database_that_is_not_half_loaded_is_left_alone(
    said: StringIO, stamp: str | None
) -> None:
    if stamp:
        STAMP.write_text(stamp)
    before = connection.introspection.table_names()
    begin_anew_if_needed(said)
    assert connection.introspection.table_names() == before != []
    assert said.getvalue() == ""
