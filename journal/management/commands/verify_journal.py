"""manage.py verify_journal"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from tqdm import tqdm

from journal.models import Event
from journal.verify import Proof, verify


class Command(BaseCommand):
    """Prints each row that is not as it was written; ends with status 1 where there is any."""

    help = "Prove that no event was changed, removed or inserted, or say which row was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--most", type=int, default=100, help="stop after so many findings (default 100)"
        )

    def handle(self, *args: Any, most: int, **options: Any) -> None:
        proof, found = Proof(), 0
        total = Event.objects.count()
        with tqdm(total=total, unit=" events", disable=None, file=self.stderr) as bar:
            for finding in verify(proof, bar.update):
                found += 1
                tqdm.write(finding.sentence, file=self.stdout)
                if found >= most:
                    raise CommandError(_("Stopped after %s findings.") % found)
        if found:
            raise CommandError(_("%s findings: the journal is not as it was written.") % found)
        self.stdout.write(
            _("%(events)s events and %(seals)s seals are as they were written.")
            % {"events": proof.events, "seals": proof.seals}
        )
        self.stdout.write(
            _("Not sealed yet: %s. Of these, only the last event of a subject could go unnoticed.")
            % proof.unsealed
        )
        if proof.last_seal:
            self.stdout.write(_("Last seal, to keep elsewhere: %s") % proof.last_seal)
