"""manage.py import_boundaries FILE --level community --crs wgs84: boundaries out of a file, with a report first."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import SYSTEM
from config.refusal import Refused
from grids.boundary_import.examining import STANDARD_TOLERANCE_M2, Options, examine
from grids.boundary_import.printing import lines, write_report
from grids.boundary_import.reading import CannotRead
from grids.boundary_import.writing import import_boundaries
from grids.coordinates import SYSTEMS
from grids.models import Level


class Command(BaseCommand):
    help = (
        "Read boundaries from GeoJSON, Shapefile (also zipped), KML or GeoPackage, report every defect by"
        " name, then write the sound ones in one transaction."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        levels = [Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY, Level.GRID]
        parser.add_argument("file", type=Path)
        parser.add_argument("--level", required=True, choices=[level.value for level in levels])
        parser.add_argument(
            "--crs", required=True, choices=SYSTEMS, help="what the coordinates are in"
        )
        parser.add_argument("--dry-run", action="store_true", help="report, and write nothing")
        parser.add_argument(
            "--report", type=Path, help="write the report to this .csv or .json, too"
        )
        parser.add_argument("--code-field", default="", help="the field of the official code")
        parser.add_argument("--name-field", default="")
        parser.add_argument("--layer", default="", help="where the file has several")
        parser.add_argument(
            "--encoding", default="", help="of a Shapefile's texts, such as GB18030"
        )
        parser.add_argument(
            "--by-name",
            action="store_true",
            help="take shapes with an unknown or doubled code by their name, where exactly one division"
            " without a polygon in the same subdistrict has it",
        )
        parser.add_argument(
            "--tolerance",
            type=float,
            default=STANDARD_TOLERANCE_M2,
            help="overlaps and gaps smaller than this many m² are only summed up",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            examination = examine(options["file"], _options(options), self.stderr.write)
        except (CannotRead, ValueError) as error:
            raise CommandError(str(error)) from error
        for line in lines(examination.report):
            self.stdout.write(line)
        if options["report"]:
            write_report(examination.report, options["report"])
        if options["dry_run"]:
            self.stdout.write(_("Nothing was written: this was a dry run."))
            return
        try:
            written = import_boundaries(examination, by=SYSTEM, now=timezone.now())
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(changed)d boundaries written, %(added)d grids added, %(unchanged)d as before.")
            % {
                "changed": written.changed,
                "added": written.added,
                "unchanged": written.unchanged,
            }
        )


def _options(given: dict[str, Any]) -> Options:
    return Options(
        level=Level(given["level"]),
        crs=given["crs"],
        layer=given["layer"],
        code_field=given["code_field"],
        name_field=given["name_field"],
        encoding=given["encoding"],
        by_name=given["by_name"],
        tolerance_m2=given["tolerance"],
    )
