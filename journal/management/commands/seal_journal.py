"""manage.py seal_journal"""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.seal import seal_days


class Command(BaseCommand):
    """What the worker does every hour, now."""

    help = "Seal every day that has ended and is not sealed yet."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = seal_days(timezone.now())
        self.stdout.write(_("%s events sealed.") % sealed)
