"""What the drills of ladders stand on: many cases with clocks and ladders, a broker of their own, real workers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from accounts.actor import SYSTEM
from clocks import running
from clocks.allowance import Allowance
from clocks.calendars import calendar_for
from clocks.models import Clock
from config import embedded, unprivileged
from config.embedded import socket_dir
from config.programs import halt, launch
from escalation.models import Ladder, Rung
from incidents.choices import Source, State
from incidents.models import Incident
from journal.append import Happening, append_many
from journal.models import Event
from tests.incidents.town import GRID, Town

_numbers = count(1)


def cases_left_alone(
    here: Town, many: int, began: datetime, allowance: Allowance, *, with_unit: bool = True
) -> list[Incident]:
    """Cases in handling since `began`, each with its clock and the event that the ladders are made from."""
    cases = Incident.objects.bulk_create(
        Incident(
            number=f"D{next(_numbers):011d}",
            state=State.HANDLING,
            source=Source.GRID,
            text="路边有暴露垃圾",
            area_code=GRID,
            grid_code=GRID,
            unit=here.sanitation,
            units=[here.sanitation.pk],
            centre=here.centre,
            reported_at=began,
            updated_at=began,
        )
        for _n in range(many)
    )
    due = _clocks(cases, began, allowance)
    for start in range(0, many, 1000):
        with transaction.atomic():
            append_many([_began(case, began) for case in cases[start : start + 1000]])
    assert due is not None
    return cases


def _clocks(cases: list[Incident], began: datetime, allowance: Allowance) -> datetime | None:
    clocks = [
        Clock(
            subject_kind="incident",
            subject_id=case.pk,
            stage="handle",
            area_code=case.area_code,
            unit_id=case.unit_id,
            allowance_value=allowance.value,
            allowance_kind=allowance.kind,
            rule="drill",
            started_at=began,
            run_from=began,
        )
        for case in cases
    ]
    calendar = calendar_for(GRID)
    for clock in clocks:
        running.settle(clock, calendar, began)
    Clock.objects.bulk_create(clocks)
    return clocks[0].due_at


def _began(case: Incident, began: datetime) -> Happening:
    return Happening(
        verb="incident.dispatched", subject=("incident", case.pk), area_code=case.area_code,
        by=SYSTEM, now=began, data={},
    )  # fmt: skip


def pending(now: datetime) -> int:
    """The ladders that have something due: visibly pending, in their rows."""
    return Ladder.objects.filter(next_at__lt=now).count()


def each_rung_once(expected: int) -> None:
    """As many rungs as there should be, none twice, and the journal tells of each exactly once."""
    pairs = list(Rung.objects.values_list("clock_id", "number"))
    assert len(pairs) == len(set(pairs)) == expected
    events = list(Rung.objects.values_list("event_id", flat=True))
    assert len(set(events)) == expected
    told = list(
        Event.objects.filter(verb__startswith="escalation.", data__has_key="rung")
        .exclude(verb="escalation.failed")
        .values_list("data__clock", "data__rung")
    )
    climbed = Event.objects.filter(verb="incident.climbed").count()
    assert len(told) == len(set(told))
    assert len(told) + climbed == expected


# --- processes ---------------------------------------------------------------------------------


class Broker:
    """A Valkey of the drill's own, which it can take away."""

    def __init__(self, home: Path) -> None:
        self.home = home.resolve()
        for folder in (socket_dir(self.home), self.home / "valkey", self.home / "log"):
            folder.mkdir(parents=True, exist_ok=True)
            unprivileged.own_folder(folder, unprivileged.account())
        self.program = embedded.programs(self.home)[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{socket_dir(self.home) / 'valkey.sock'}"

    def up(self) -> None:
        self.process = launch(self.program, leashed=True)
        embedded.wait_until_up(self.home, [(self.program, self.process)])

    def down(self) -> None:
        if self.process is not None:
            halt(self.process, self.program)
            self.process = None


def _celery(broker: Broker, *command: str) -> "subprocess.Popen[bytes]":
    environment = os.environ | {
        "YIWANG_DRILL_DATABASE": str(connection.settings_dict["NAME"]),
        "CELERY_BROKER_URL": broker.url,
    }
    log = (broker.home / "log" / f"{command[0]}.log").open("ab")
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "tests.drills.drill_app",
            *command,
            "--loglevel=WARNING",
        ],
        cwd=settings.BASE_DIR,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


@contextmanager
def at_work(broker: Broker, *, workers: int, beats: int) -> Iterator[None]:
    """So many worker processes and beats, until the block ends."""
    started = [
        _celery(
            broker, "worker", f"--concurrency={workers}", "--without-mingle", "--without-gossip"
        )
    ]
    for number in range(beats):
        schedule = broker.home / f"schedule{number}"
        started.append(_celery(broker, "beat", f"--schedule={schedule}", "--pidfile="))
    try:
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def hours(value: int) -> Allowance:
    """Hours of day and night: no calendar bounds how long these drills stay true."""
    from decimal import Decimal

    from clocks.choices import AllowanceKind

    return Allowance(Decimal(value), AllowanceKind.HOUR_CONT)


def long_ago(now: datetime) -> datetime:
    """A beginning after which, with an hour's limit, six rungs are due at `now` and a seventh is not."""
    return now - timedelta(hours=2, minutes=30)
