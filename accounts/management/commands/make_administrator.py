"""`manage.py make_administrator security_admin li.an 李安`: the first administrators of a fresh installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.actor import SYSTEM
from accounts.edits import LOCAL
from accounts.models import Post
from accounts.people import PersonFacts, create_person
from accounts.posts import PostFacts, grant_post
from accounts.roles import ADMINISTRATORS, Role
from config.refusal import Refused


class Command(BaseCommand):
    """Makes an account with one administrator's post over the whole installation, and prints its password once.

    Only while nobody holds that role: afterwards the security administrator appoints on the page.
    """

    help = "Make the first system, security or audit administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role", choices=sorted(ADMINISTRATORS))
        parser.add_argument("username")
        parser.add_argument("name")

    def handle(self, *args: Any, **options: Any) -> None:
        now, role = timezone.now(), Role(options["role"])
        today = now.astimezone(LOCAL).date()
        if Post.objects.held_on(today).filter(role=role, user__is_active=True).exists():
            raise CommandError(
                "There is one already. The security administrator appoints others on the page."
            )
        try:
            with transaction.atomic():
                facts = PersonFacts(name=options["name"])
                made = create_person(options["username"], facts, by=SYSTEM, now=now)
                post = PostFacts(role=role, valid_from=today)
                grant_post(made.user, post, by=SYSTEM, now=now)
        except Refused as refused:
            raise CommandError(str(refused.sentence)) from refused
        self.stdout.write(f"{made.user.username}  {made.password}")
        self.stdout.write(
            "The password is shown this once; it must be changed at the first sign-in."
        )
