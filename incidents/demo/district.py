"""Loading the whole demonstration: areas, catalogue, organisations, people, cases."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from accounts.models import User
from clocks.sweep import sweep
from grids.demonstration import make_district
from grids.models import Area, Level
from incidents.catalogue import active_version
from incidents.catalogue_editions import import_default
from incidents.demo.cases import Cast, Planner, Story
from incidents.demo.organisations import make_organisations
from incidents.demo.people import People
from incidents.demo.timeline import Timeline
from incidents.models import CatalogueItem
from incidents.telling import tell_people
from notices.models import Notice

CASES = 260
DAYS = 60

# Called with the name of the part and how much of it is done (0 to 1).
Progress = Callable[[str, float], None]


def is_empty() -> bool:
    """Whether this database holds no territory and nobody yet."""
    return not Area.objects.exists() and not User.objects.exists()


def load(now: datetime, progress: Progress, *, cases: int = CASES) -> None:
    """Load everything. Territory and people come in one transaction each; cases one step at a time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET synchronous_commit = off"
        )  # a loading that is cut short starts anew anyway
    since = (now - timedelta(days=DAYS + 30)).date()
    start = now - timedelta(days=DAYS + 1)
    with transaction.atomic():
        progress("areas", 0)
        make_district(now=start)
        progress("areas", 1)
        import_default(now=start)
        progress("catalogue", 1)
        make_organisations(start)
        progress("organisations", 1)
    with transaction.atomic():
        people = People(start, since)
        for done, _name in enumerate(people.make()):
            progress("people", min(done / 1_480, 0.99))
        progress("people", 1)
    _play(now, progress, cases)


def _play(now: datetime, progress: Progress, cases: int) -> None:
    """Tell all stories in one order of time, sweeping the clocks as it passes."""
    version = active_version()
    items = list(CatalogueItem.objects.filter(version=version, enabled=True).order_by("code"))
    grids = list(
        Area.objects.filter(level=Level.GRID, status="active", boundary__isnull=False).order_by(
            "code"
        )
    )
    begin = now - timedelta(days=DAYS)
    timeline = Timeline(until=now, tick=sweep_and_tell)
    cast = Cast()
    for plan in Planner(now, items, grids).plans(cases):
        timeline.add(plan.begins, Story(plan, cast).life())
    timeline.play(
        every=timedelta(hours=6), told=lambda at: progress("cases", (at - begin) / (now - begin))
    )
    Notice.objects.filter(created_at__lt=now - timedelta(days=2)).update(read_at=now)
    progress("cases", 1)


def sweep_and_tell(now: datetime) -> None:
    """What the workers would have done at that hour: everything due, then everybody told."""
    while sweep(now):
        continue
    tell_people(now)
