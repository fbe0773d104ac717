"""manage.py make_grids --parent 120103 --count 435: synthetic boundaries where none is known."""

from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from accounts.actor import SYSTEM
from config.refusal import Refused
from grids.models import Level
from grids.synthetic import Made, make_boundaries, make_grids

# About what a grid has in the demonstration district: 435 grids on 48 square kilometres.
STANDARD_HECTARES: Final = 11.0


class Command(BaseCommand):
    help = (
        "Cut areas without a known boundary out of their parent, and communities into grids. The same input"
        " gives the same boundaries; all of them are marked synthetic."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        levels = [Level.SUBDISTRICT, Level.COMMUNITY, Level.GRID]
        parser.add_argument("--parent", required=True, help="the code of the area to divide")
        parser.add_argument(
            "--level", default=Level.GRID, choices=[level.value for level in levels]
        )
        parser.add_argument("--count", type=int, help="how many grids in all")
        parser.add_argument(
            "--size",
            type=float,
            help=f"how large a grid is to be, in hectares (without --count: {STANDARD_HECTARES:g})",
        )
        parser.add_argument("--again", action="store_true", help="make synthetic boundaries anew")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            made = _make(options)
        except Refused as error:
            raise CommandError(str(error)) from error
        for name, reason in made.skipped:
            self.stdout.write(f"  {name}: {reason}")
        self.stdout.write(
            _("%(grids)d grids added, %(boundaries)d boundaries made, %(retired)d grids retired.")
            % {
                "grids": len(made.grids),
                "boundaries": len(made.boundaries),
                "retired": len(made.retired),
            }
        )


def _make(options: dict[str, Any]) -> Made:
    now, again = timezone.now(), options["again"]
    level = Level(options["level"])
    if level is not Level.GRID:
        return make_boundaries(
            options["parent"], level, by=SYSTEM, now=now, again=again, progress=_progress
        )
    size = options["size"]
    if size is None and options["count"] is None:
        size = STANDARD_HECTARES
    return make_grids(
        options["parent"],
        count=options["count"],
        hectares=size,
        by=SYSTEM,
        now=now,
        again=again,
        progress=_progress,
    )


def _progress(places: Any) -> Any:
    return tqdm(places, unit=" places", leave=False)
