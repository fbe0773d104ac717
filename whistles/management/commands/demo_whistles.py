"""`manage.py demo_whistles`: add whistles to the demonstration district, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from whistles.demo import play
from whistles.models import Whistle


class Command(BaseCommand):
    help = "Add whistles in different states to the demonstration district (after `demo`)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.filter(username="secretary").exists():
            raise CommandError("Load the demonstration district first: manage.py demo.")
        if Whistle.objects.exists():
            raise CommandError("There are whistles already; nothing was added.")
        self.stdout.write(f"{play(timezone.now())} whistles")
