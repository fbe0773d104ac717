"""The ladder as the page of a case and the API show it: what fired, and what comes next and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.roles import May
from escalation.choices import REMINDERS, Deed
from escalation.models import Ladder, Rung
from escalation.plans import ahead
from escalation.rungs import Planned
from incidents.choices import Level, Stage
from incidents.models import Incident
from incidents.panels import Drawn


@dataclass(frozen=True)
class Line:
    """A rung: `at` is when it fired, or when it comes; None where the calendar does not say yet."""

    number: int
    deed: Deed
    moment: str
    at: datetime | None
    planned_at: datetime | None
    fired: bool
    late: bool = False
    moved: bool = True

    @property
    def text(self) -> str:
        return str(self.deed.label)

    @property
    def icon(self) -> str:
        return _ICONS.get(self.deed, "stairs-up")

    @property
    def tone(self) -> str:
        if not self.fired:
            return ""
        return "amber" if self.deed in REMINDERS else "red"


_ICONS = {
    Deed.REMIND: "bell",
    Deed.URGE: "bell-ringing",
    Deed.TELL: "speakerphone",
    Deed.ORDER: "gavel",
}


@dataclass(frozen=True)
class Climbing:
    """One clock's ladder. `state` is `climbs`, `paused`, `waits` (for the calendar), `failing` or `ended`."""

    ladder: Ladder
    stage: str
    round: int
    state: str
    fired: Sequence[Line]
    coming: Sequence[Line]

    @property
    def next(self) -> Line | None:
        return self.coming[0] if self.coming else None

    @property
    def rule(self) -> str:
        return self.ladder.rule.shown_name if self.ladder.rule else ""


def ladders_of(incident: Incident) -> list[Climbing]:
    """The case's ladders: those that run, then those of stopped clocks on which something fired. Two queries."""
    known = Ladder.objects.filter(incident=incident).select_related("clock", "rule")
    ladders = list(known.prefetch_related("rungs").order_by("-ended_at", "pk"))
    shown = [_climbing(ladder) for ladder in ladders if ladder.ended_at is None or ladder.fired]
    return sorted(shown, key=lambda one: (one.state == "ended", one.ladder.pk))


def _climbing(ladder: Ladder) -> Climbing:
    planned = {row["number"]: Planned.restored(row) for row in ladder.plan}
    return Climbing(
        ladder,
        str(Stage(ladder.clock.stage).label),
        ladder.clock.round,
        _state(ladder),
        [_fired(rung, planned) for rung in sorted(ladder.rungs.all(), key=_in_order)],
        [] if ladder.ended_at else _coming(ladder),
    )


def _in_order(rung: Rung) -> tuple[datetime, datetime, int]:
    return rung.fired_at, rung.planned_at, rung.number


def _state(ladder: Ladder) -> str:
    if ladder.ended_at is not None:
        return "ended"
    if ladder.failures:
        return "failing"
    if ladder.paused:
        return "paused"
    return "waits" if ladder.next_at is None and ladder.waits else "climbs"


def _fired(rung: Rung, planned: dict[int, Planned]) -> Line:
    said = planned[rung.number].said if rung.number in planned else ""
    deed = Deed(rung.deed)
    return Line(
        rung.number, deed, said, rung.fired_at, rung.planned_at, True, rung.late, rung.moved
    )


def _coming(ladder: Ladder) -> list[Line]:
    return [
        Line(one.planned.number, one.planned.rule.deed, one.planned.said, one.at, one.at, False)
        for one in ahead(ladder)
    ]


def panel(incident: Incident, actor: Actor, _now: datetime) -> Drawn | None:
    """On the page of a case, for those on duty who see it."""
    if not actor.posts_with(May.SEE_CASES):
        return None
    ladders = ladders_of(incident)
    if not ladders:
        return None
    level = Level(incident.escalated_level)
    facts = {"ladders": ladders, "level": level, "levels": _levels(level)}
    return Drawn("escalation/_panel.html", facts)


def _levels(present: Level) -> list[tuple[str, str]]:
    """Every level with its mark: `done` below the present one, `now`, or nothing."""
    marks = {True: "done", False: ""}
    return [
        (str(level.label), "now" if level == present else marks[level < present]) for level in Level
    ]


def state_said(state: str) -> str:
    """A ladder's state in words."""
    return {
        "climbs": _("climbs"),
        "paused": _("paused with its clock"),
        "waits": _("waits for the calendar"),
        "failing": _("a rung could not be done; it is tried again"),
        "ended": _("ended with its clock"),
    }[state]
