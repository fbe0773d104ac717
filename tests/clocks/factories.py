"""Clocks and calendars for tests, on the real database."""

from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import transaction

from clocks import running
from clocks.allowance import Allowance
from clocks.choices import AllowanceKind
from clocks.models import Clock
from clocks.seed import seed_country
from tests.clocks.calendars import local
from tests.factories import HOME

_subjects = count(1)


def a_clock(
    started: str = "2026-03-09 09:00",
    value: str | int = 2,
    kind: str = "work_hour",
    stage: str = "handle",
    subject: tuple[str, int] | None = None,
    **more: Any,
) -> Clock:
    """A clock started at a local time through the same door as any other."""
    more.setdefault("area_code", HOME)
    with transaction.atomic():
        return running.start(
            subject=subject or ("incident", next(_subjects)),
            stage=stage,
            allowance=Allowance(Decimal(value), AllowanceKind(kind)),
            rule="a test's limit",
            now=local(started),
            **more,
        )


def seeded(now: datetime | None = None) -> None:
    """The country's calendar, also after a test that emptied the tables."""
    seed_country(now=now or local("2026-01-01 00:00"))
