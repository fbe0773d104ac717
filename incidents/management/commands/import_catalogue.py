"""`manage.py import_catalogue [FILE]`: bring in an edition of the catalogue, with a report of every odd row."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import SYSTEM
from clocks.choices import AllowanceKind
from config.refusal import Refused
from incidents.catalogue_editions import (
    DEFAULT_CODE,
    DEFAULT_NAMES,
    Imported,
    activate,
    import_edition,
    rules_left_behind,
)
from incidents.catalogue_formats import SHIPPED, read_catalogue
from incidents.catalogue_reading import ReadCatalogue
from incidents.catalogue_report import lines


class Command(BaseCommand):
    """See the module."""

    help = "Import a catalogue: the shipped default, or a city's standard (CSV or .xlsx)."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Here `--version` is the edition's code, not Django's version."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = [AllowanceKind.WORK_DAY, AllowanceKind.NATURAL_DAY, AllowanceKind.LEGAL_WORKDAY]
        hours = [AllowanceKind.WORK_HOUR, AllowanceKind.HOUR_CONT]
        parser.add_argument("file", nargs="?", type=Path, default=SHIPPED)
        parser.add_argument("--version", dest="code", default="", help="code of the edition")
        parser.add_argument("--name", default="", help="its Chinese name")
        parser.add_argument("--name-en", default="", help="its English name")
        parser.add_argument("--source", default="", help="where it comes from")
        parser.add_argument("--days-are", default="work_day", choices=[k.value for k in kinds])
        parser.add_argument("--hours-are", default="work_hour", choices=[k.value for k in hours])
        parser.add_argument("--activate", action="store_true", help="put it in force")
        parser.add_argument("--dry-run", action="store_true", help="report only; write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            read = read_catalogue(
                file.read_bytes(),
                days_are=AllowanceKind(options["days_are"]),
                hours_are=AllowanceKind(options["hours_are"]),
            )
            for line in lines(read.report()):
                self.stdout.write(line)
            if options["dry_run"]:
                self.stdout.write(_("Nothing was written: this was a dry run."))
                return
            self._write(read, file, options)
        except OSError as error:
            raise CommandError(str(error)) from error
        except Refused as refusal:
            raise CommandError(str(refusal.sentence)) from refusal

    def _write(self, read: ReadCatalogue, file: Path, options: dict[str, Any]) -> None:
        shipped = file == SHIPPED
        done = import_edition(
            read=read,
            code=options["code"]
            or (DEFAULT_CODE if shipped else f"{read.format}-{read.fingerprint()[:8]}"),
            name=options["name"] or (DEFAULT_NAMES[0] if shipped else file.stem),
            name_en=options["name_en"] or (DEFAULT_NAMES[1] if shipped else ""),
            source=options["source"] or ("" if shipped else file.name),
            by=SYSTEM,
            now=timezone.now(),
        )
        self._say(done)
        if options["activate"]:
            version = activate(done.version, by=SYSTEM, now=timezone.now())
            self.stdout.write(_("Edition “%(code)s” is in force.") % {"code": version.code})
            for rule in rules_left_behind(version):
                self.stdout.write(
                    _("Rule %(rule)s names a code that this edition does not have: %(code)s")
                    % {"rule": rule.pk, "code": rule.item_code}
                )

    def _say(self, done: Imported) -> None:
        sentence = (
            _("Edition “%(code)s” was written as a draft.")
            if done.created
            else _("Edition “%(code)s” holds exactly this already; nothing was changed.")
        )
        self.stdout.write(sentence % {"code": done.version.code})
