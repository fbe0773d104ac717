"""The installation's settings as tests need them: faster, in a folder of their own."""

import os
from itertools import count
from pathlib import Path


def _folder() -> Path:
    """Where this process keeps its servers and files: never the folder of a running ./run.

    Each worker of pytest-xdist has one of its own. They cannot share a PostgreSQL: readers of the
    journal wait for every transaction that is open in it, also those of the neighbour's tests.
    """
    project = Path(__file__).resolve().parent.parent
    folder = Path(os.environ.get("YIWANG_VAR", project / "var" / "test"))
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    return folder if folder.name == worker else folder / worker


# Before the real settings are read, and for every process that a test starts.
os.environ["YIWANG_VAR"] = str(_folder())

from config.settings import *
from config.settings import (
    CACHES,
    DATABASES,
    STATIC_ROOT,
    STORAGES,
)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Tests change boundaries many times within a second.
LOCATE_CHECK_SECONDS = 0.0

# Each test has an empty cache.
_run = os.getpid()
_tests = count()
_test = next(_tests)


def empty_the_cache() -> None:
    """Forget everything cached so far, without touching keys of others on a given Redis."""
    global _test
    _test = next(_tests)


def cache_key(key: str, prefix: str, version: int) -> str:
    """A key that only this test of this run knows."""
    return f"test:{_run}:{_test}:{prefix}:{version}:{key}"


CACHES["default"]["KEY_FUNCTION"] = cache_key
