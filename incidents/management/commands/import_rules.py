"""`manage.py import_rules FILE`: bring in rules of responsibility; with anything wrong, nothing is written."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import SYSTEM
from accounts.edits import LOCAL
from config.refusal import Refused
from incidents.responsibility_import import RulesRead, import_rules, read_rules


class Command(BaseCommand):
    """See the module."""

    help = "Import rules of responsibility (CSV or .xlsx)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="report only; write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            read = read_rules(options["file"].read_bytes(), today=now.astimezone(LOCAL).date())
            self._report(read)
            if options["dry_run"]:
                self.stdout.write(_("Nothing was written: this was a dry run."))
                return
            written = import_rules(read=read, by=SYSTEM, now=now)
        except OSError as error:
            raise CommandError(str(error)) from error
        except Refused as refusal:
            raise CommandError(str(refusal.sentence)) from refusal
        self.stdout.write(_("%(count)s rules were written.") % {"count": len(written)})

    def _report(self, read: RulesRead) -> None:
        for problem in read.problems:
            self.stdout.write(
                f"! {_('row %(row)s') % {'row': problem.row}} {problem.column}"
                f" “{problem.text}”: {problem.sentence}"
            )
        self.stdout.write(
            _("%(rows)s rows: %(fresh)s new, %(there)s there already, %(wrong)s problems.")
            % {
                "rows": read.rows,
                "fresh": len(read.fresh),
                "there": read.there,
                "wrong": len(read.problems),
            }
        )
