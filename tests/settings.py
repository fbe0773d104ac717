"""The installation's settings as tests need them: faster, in a folder of their own."""

import os
from itertools import count
from pathlib import Path

# Before the real settings are read: never the folder, and so never the servers, of a running ./run.
os.environ.setdefault("YIWANG_VAR", str(Path(__file__).resolve().parent.parent / "var" / "test"))

from config.settings import *
from config.settings import (
    BROKER,
    CACHES,
    DATABASES,
    REDIS_URL,
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

# Each worker of pytest-xdist has a broker of its own, and each test an empty cache.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
_tests = count()
_test = next(_tests)


def empty_the_cache() -> None:
    """Forget everything cached so far, without touching keys of others on a given Redis."""
    global _test
    _test = next(_tests)


def cache_key(key: str, prefix: str, version: int) -> str:
    """A key that only this test of this run knows."""
    return f"test:{_RUN}:{WORKER}:{_test}:{prefix}:{version}:{key}"


CACHES["default"]["KEY_FUNCTION"] = cache_key
if not REDIS_URL:
    CACHES["default"]["LOCATION"] = f"{BROKER}?db={WORKER}"
    CELERY_BROKER_URL = f"{BROKER.replace('unix://', 'redis+socket://')}?virtual_host={WORKER}"
