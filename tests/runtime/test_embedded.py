"""The database and broker of a trial: reachable, private, and still there after a restart."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from config.embedded import socket_dir


@pytest.mark.django_db
def test_the_database_speaks_utf8_and_sorts_by_code_point() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(x ORDER BY x) FROM unnest(ARRAY['b', '河', 'B', 'a']) x")
        assert cursor.fetchone() == (["B", "a", "b", "河"],)


def test_the_cache_keeps_what_it_is_given() -> None:
    cache.set("where", "河西区")
    assert cache.get("where") == "河西区"


def test_sockets_have_short_paths_however_deep_the_checkout(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 90) / ("b" * 90)
    assert len(f"{socket_dir(deep)}/.s.PGSQL.5432.lock") < 100
    assert socket_dir(deep) == socket_dir(deep)
    assert socket_dir(deep) != socket_dir(deep.parent)
