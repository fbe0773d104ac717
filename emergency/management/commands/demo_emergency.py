"""`manage.py demo_emergency`: enrol people in the demonstration district, and play an emergency that has ended."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from emergency.demo import play
from emergency.models import Enrolment


class Command(BaseCommand):
    help = (
        "Add enrolled people and an ended emergency to the demonstration district (after `demo`)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not User.objects.filter(username="secretary").exists():
            raise CommandError("Load the demonstration district first: manage.py demo.")
        if Enrolment.objects.exists():
            raise CommandError("People are enrolled already; nothing was added.")
        self.stdout.write(f"{play(timezone.now())} people enrolled")
