"""What this room's tests stand on: kinds of their own, and no waiting for others unless a test asks for it."""

from collections.abc import Iterator
from typing import Any

import pytest

from notices import wording
from notices.webhooks import topics
from tests.notices.kinds import register_kinds, register_topic
from tests.notices.receiver import Receiver, receiving


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kinds of `kinds.py`, for one test."""
    monkeypatch.setattr(wording, "_kinds", {})
    register_kinds()


@pytest.fixture
def topic(monkeypatch: pytest.MonkeyPatch) -> None:
    """The topic of `kinds.py`, for one test."""
    monkeypatch.setattr(topics, "_topics", {})
    register_topic()


@pytest.fixture
def inside(settings: Any) -> None:
    """Our own machine may be called."""
    settings.WEBHOOK_HOSTS = ["127.0.0.1"]


@pytest.fixture
def gateway(settings: Any) -> Iterator[Receiver]:
    """A gateway that takes everything."""
    with receiving() as receiver:
        settings.GATEWAY_URL, settings.GATEWAY_SECRET = receiver.url, "gateway-secret"
        settings.PUBLIC_URL = "https://yiwang.example.org"
        yield receiver
