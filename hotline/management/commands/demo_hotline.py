"""`manage.py demo_hotline`: add a day of the hotline to the demonstration district, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from hotline.demo import play
from hotline.models import Order


class Command(BaseCommand):
    help = "Add hotline orders in different states to the demonstration district (after `demo`)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.filter(username="operator").exists():
            raise CommandError("Load the demonstration district first: manage.py demo.")
        if Order.objects.exists():
            raise CommandError("There are hotline orders already; nothing was added.")
        self.stdout.write(f"{play(timezone.now())} hotline orders")
