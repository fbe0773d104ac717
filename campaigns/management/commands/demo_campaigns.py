"""`manage.py demo_campaigns`: add campaigns to the demonstration district, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from campaigns.demo import play
from campaigns.models import Campaign


class Command(BaseCommand):
    help = "Add campaigns in different states to the demonstration district (after `demo`)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.filter(username="secretary").exists():
            raise CommandError("Load the demonstration district first: manage.py demo.")
        if Campaign.objects.exists():
            raise CommandError("There are campaigns already; nothing was added.")
        self.stdout.write(f"{play(timezone.now())} campaigns")
