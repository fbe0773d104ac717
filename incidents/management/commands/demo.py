"""`manage.py demo`: load the demonstration district into an empty database, or print its accounts."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from incidents.demo.district import CASES, is_empty, load
from incidents.demo.people import accounts_made, demonstration_password


class Command(BaseCommand):
    help = "Load the demonstration district (河西区, 120103) into an empty database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="print the accounts and stop")
        parser.add_argument("--cases", type=int, default=CASES, help="how many cases to invent")

    def handle(self, *args: Any, accounts: bool, cases: int, **options: Any) -> None:
        if not accounts:
            self._load(cases)
        self._print_accounts()

    def _load(self, cases: int) -> None:
        if not is_empty():
            raise CommandError(
                "This database is not empty; the demonstration district is only loaded into an empty one."
            )
        with tqdm(total=100, unit="%", desc="demonstration", file=sys.stderr) as bar:

            def progress(part: str, share: float) -> None:
                first, last = _SHARES[part]
                done = round(first + (last - first) * share)
                if done > bar.n:
                    bar.set_description(part, refresh=False)
                    bar.update(done - bar.n)

            load(timezone.now(), progress, cases=cases)

    def _print_accounts(self) -> None:
        made = accounts_made()
        if not made:
            self.stdout.write("This database has no demonstration accounts.")
            return
        self.stdout.write(f"Password of every account below: {demonstration_password()}")
        for account, user in made:
            self.stdout.write(f"  {user.username:<11} {account.role.value:<19} {user.name}")


# Where each part begins and ends on the one progress bar, in percent of the time it takes.
_SHARES = {
    "areas": (0, 6),
    "catalogue": (6, 8),
    "organisations": (8, 9),
    "people": (9, 30),
    "cases": (30, 100),
}
