"""Telling administrators in time that the published days run out."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.actor import SYSTEM
from accounts.models import Post
from accounts.roles import RULES, May
from clocks.calendars import calendar_for
from clocks.choices import Outcome
from clocks.models import Calendar, Clock
from journal.append import append
from notices.tell import tell

ENDING = "calendar.ending"


def watch_calendar(now: datetime) -> int:
    """Warn whoever manages calendars that the country's days end within `CALENDAR_WARN_DAYS`, or that
    clocks wait for the next year already; how many people were told. Once a local day, however often it runs.
    """
    country = Calendar.objects.filter(area_code="").first()
    if country is None:
        return 0
    published = calendar_for("")
    today = published.local_date(now)
    waiting = waiting_clocks().count()
    if not waiting and not _ends_soon(published.last, today):
        return 0
    with transaction.atomic():
        if not _first_today(country, today):
            return 0
        last = published.last.isoformat() if published.last else ""
        facts = {"last": last, "days": _days_left(published.last, today), "waiting": waiting}
        event = append(
            ENDING, subject=("calendar", country.pk), area_code="", by=SYSTEM, now=now, data=facts
        )
        link = reverse("clocks:calendar", args=[country.pk])
        return tell(event, managers(today), kind=ENDING, facts=facts, link=link, now=now)


def waiting_clocks() -> "QuerySet[Clock]":
    """Clocks whose deadline, or whose outcome, needs days that are not published yet."""
    running = Q(outcome=Outcome.RUNNING, due_at=None, paused_at=None)
    return Clock.objects.filter(running | Q(outcome=Outcome.PENDING))


def managers(day: date) -> Iterator[int]:
    """The ids of the people whose post of this day lets them manage calendars."""
    roles = [role for role, rule in RULES.items() if May.MANAGE_CALENDAR in rule.may]
    holders = Post.objects.held_on(day).filter(role__in=roles, user__is_active=True)
    return holders.order_by("user_id").values_list("user_id", flat=True).distinct().iterator()


def _days_left(last: date | None, today: date) -> int:
    return (last - today).days if last else 0


def _ends_soon(last: date | None, today: date) -> bool:
    return last is None or last - today <= timedelta(days=settings.CALENDAR_WARN_DAYS)


def _first_today(country: Calendar, today: date) -> bool:
    """Whether this process is the one that warns today: decided by the row, not by a schedule."""
    not_yet = Q(warned_on=None) | Q(warned_on__lt=today)
    return bool(Calendar.objects.filter(not_yet, pk=country.pk).update(warned_on=today))
