"""`manage.py import_calendar`: the country's working days from the package `chinesecalendar`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clocks.calendars import calendar_for
from clocks.seed import seed_country


class Command(BaseCommand):
    help = (
        "Adds the published days that the country's calendar does not have yet. Run it again whenever"
        " the package chinesecalendar was upgraded; edited days are left as they are."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        added = seed_country(now=timezone.now())
        calendar = calendar_for("")
        self.stdout.write(
            f"{added} days added; the country's calendar covers {calendar.first} to {calendar.last}."
        )
