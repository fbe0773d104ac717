"""/healthz tells a load balancer whether to send people here."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import caches
from django.test import Client


@pytest.mark.django_db
def test_a_well_process_says_so_to_anybody() -> None:
    answer = Client().get("/healthz", headers={"host": "10.1.2.3"})
    assert answer.status_code == 200
    assert answer.json() == {"database": "up", "broker": "up"}
    assert answer["Cache-Control"] == "no-store"


@pytest.fixture
def no_broker(settings: LazySettings) -> Iterator[None]:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/valkey.sock",
        }
    }
    yield
    caches["default"].close()


@pytest.mark.django_db
@pytest.mark.usefixtures("no_broker")
def test_a_process_without_its_broker_names_what_is_down() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "up", "broker": "down"}
