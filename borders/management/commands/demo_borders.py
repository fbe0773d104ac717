"""`manage.py demo_borders`: add matters without a lead and enclaves to the demonstration district, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from borders.demo import play
from borders.models import Enclave, Matter


class Command(BaseCommand):
    help = "Add matters without a lead and enclaves in different states to the demonstration district (after `demo`)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.filter(username="hx-s007-leader").exists():
            raise CommandError("Load the demonstration district first: manage.py demo.")
        if Matter.objects.exists() or Enclave.objects.exists():
            raise CommandError("There are matters or enclaves already; nothing was added.")
        matters, enclaves = play(timezone.now())
        self.stdout.write(f"{matters} matters, {enclaves} enclaves")
