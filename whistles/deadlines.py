"""What a step does to the clocks of summoned units, and the copy of the next deadline that lists sort by."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

from clocks import running
from clocks.choices import Outcome
from clocks.models import Clock
from steps.table import Moves
from steps.timing import Clocks, Timed
from supervision.choices import Counted
from supervision.counting import count_also
from whistles.choices import Stage
from whistles.lifecycle import STEPS
from whistles.models import Summons, Whistle

SUBJECT = "whistle_summons"
_IN_TIME = {
    Stage.SIGN: "sign_in_time",
    Stage.CONTACT: "contact_in_time",
    Stage.CHECK_IN: "arrive_in_time",
}


def count_absence() -> None:
    """Who does not sign or come in time is counted like who lets a case's deadline pass: cards are drawn for it."""
    count_also(
        SUBJECT,
        Counted.SUMMONED,
        stages={Stage.SIGN, Stage.CHECK_IN},
        forgiven_by=STEPS["release"].verb,
    )


def clock_ids(summons: Summons) -> list[int]:
    """Every clock that this summons ever had."""
    mine = Clock.objects.filter(subject_kind=SUBJECT, subject_id=summons.pk)
    return list(mine.order_by("pk").values_list("pk", flat=True))


def subject_of(summons: Summons) -> running.Subject:
    return (SUBJECT, summons.pk)


def move(whistle: Whistle, summonses: Iterable[Summons], moves: Moves, now: datetime) -> None:
    """Do to the clocks of each summons what the table says, in the order of their ids. The whistle is locked."""
    for summons in sorted(summonses, key=lambda one: one.pk):
        timed = partial(_timed, whistle, summons)
        clocks = Clocks(subject_of(summons), whistle.area_code, now, timed, longer=timed)
        _judge(summons, clocks.move(moves))


def _judge(summons: Summons, stopped: Sequence[Clock]) -> None:
    """Write down whether the unit was in time; the caller saves."""
    for clock in stopped:
        name = _IN_TIME.get(Stage(clock.stage))
        if name is not None:
            setattr(summons, name, clock.outcome != Outcome.MISSED)


def _timed(whistle: Whistle, summons: Summons, stage: str) -> Timed | None:
    """What the type gives; each stage runs once for a unit."""
    allowance = whistle.type.allowance(Stage(stage))
    if allowance is None:
        return None
    answers = whistle.street_id if stage == Stage.OBJECTION else summons.unit_id
    return Timed(allowance, f"whistle:{whistle.type.code}:{stage}", answers, round=1)


def clocks_of(whistle: Whistle) -> list[Clock]:
    """Every clock of the whistle's units, as they were started. Two queries at most."""
    parts = whistle.summonses.values("pk")
    mine = Clock.objects.filter(subject_kind=SUBJECT, subject_id__in=parts)
    return list(mine.order_by("started_at", "due_at", "id"))


def show_open(whistle: Whistle) -> None:
    """Copy the open deadline that comes first onto the whistle; nothing is saved."""
    parts = list(whistle.summonses.values_list("pk", flat=True))
    timed = Clock.objects.filter(
        subject_kind=SUBJECT,
        subject_id__in=parts,
        outcome=Outcome.RUNNING,
        due_at__isnull=False,
    )
    first = timed.order_by("due_at", "id").first()
    whistle.due_at = first.due_at if first else None
    whistle.amber_at = first.amber_at if first else None
