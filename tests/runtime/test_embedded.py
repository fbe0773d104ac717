"""The database and broker of a trial: reachable, private, and still there after a restart."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection

from config import embedded
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


def test_what_was_written_survives_a_restart(home: Path) -> None:
    embedded.start(home)
    try:
        query(home, "CREATE TABLE kept (word text)")
        query(home, "INSERT INTO kept VALUES ('河西区')")
        valkey(home).set("task", "waiting")
        embedded.stop(home)
        assert not embedded.answering(home)

        embedded.start(home)
        assert query(home, "SELECT word FROM kept") == [("河西区",)]
        assert valkey(home).get("task") == b"waiting"
    finally:
        embedded.stop(home)


def query(var_dir: Path, sql: str) -> list[tuple[str, ...]]:
    connection = psycopg2.connect(host=str(socket_dir(var_dir)), user="postgres", dbname="yiwang")
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def valkey(var_dir: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=f"{socket_dir(var_dir)}/valkey.sock")


def test_only_the_owner_may_enter_the_socket_folder() -> None:
    folder = socket_dir(settings.VAR_DIR)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_command_without_a_database_says_a_sentence(project_folder: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=project_folder,
        env={
            **os.environ,
            "YIWANG_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "No database answers" in done.stderr
    assert "./run" in done.stderr
    assert "Traceback" not in done.stderr
