"""What the rungs of a ladder do. Who hears of it is read from the journal (`escalation/telling.py`)."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.actor import SYSTEM
from clocks.models import Clock
from escalation.choices import AUDIENCE, LEVEL_OF, Deed
from escalation.models import Ladder
from escalation.rungs import Planned
from incidents.models import Incident
from incidents.taking import take
from journal.append import Happening, append, append_many
from journal.models import Event
from journal.queries import timeline
from supervision.limits import answer_within
from supervision.orders import open_orders

VERBS = {
    Deed.REMIND: "escalation.reminded",
    Deed.URGE: "escalation.urged",
    Deed.TELL: "escalation.told",
}
# What the system's orders ask; people read it in their own language.
ASKED = _(
    "The deadline has passed by the ladder's measure. What was done, and when will it be finished?"
)
ORDERED = "escalation.ordered"
STOOD = "escalation.stood"


@dataclass
class Firing:
    """A rung that is due now. `quiet`: a later reminder of the same run tells the same people; `missed` is how many
    reminders that one stands for besides itself."""

    ladder: Ladder
    case: Incident
    clock: Clock
    planned: Planned
    at: datetime
    late: bool
    quiet: bool = False
    missed: int = 0
    moved: bool = True

    @property
    def audience(self) -> str:
        return AUDIENCE.get(self.planned.rule.deed, "")

    def happening(self, verb: str, now: datetime, **more: object) -> Happening:
        """The event of this rung, about the case. Times are ISO 8601 in UTC."""
        clock = self.clock
        return Happening(
            verb=verb,
            subject=clock.subject,
            area_code=self.case.area_code,
            by=SYSTEM,
            now=now,
            data={
                "clock": clock.pk,
                "stage": clock.stage,
                "round": clock.round,
                "rung": self.planned.number,
                "planned": self.at.isoformat(),
                "late": self.late,
                "due": clock.due_at.isoformat() if clock.due_at else None,
                "unit": clock.unit_id,
                **more,
            },
        )


def remind(firings: Sequence[Firing], now: datetime) -> list[Event]:
    """Count the urgings on their cases and write the events of all, in one go."""
    _count_urgings(firings, now)
    return append_many(
        [
            firing.happening(
                VERBS[firing.planned.rule.deed], now, quiet=firing.quiet, missed=firing.missed
            )
            for firing in firings
        ]
    )


def _count_urgings(firings: Sequence[Firing], now: datetime) -> None:
    """The version stays: a reminder must not cost anybody what they are typing."""
    urged = Counter(one.case.pk for one in firings if one.planned.rule.deed is Deed.URGE)
    for times in set(urged.values()):
        cases = [pk for pk, count in urged.items() if count == times]
        Incident.objects.filter(pk__in=cases).update(
            urged_count=F("urged_count") + times, updated_at=now
        )


def _remind_one(firing: Firing, now: datetime) -> Event:
    return remind([firing], now)[0]


def _order(firing: Firing, now: datetime) -> Event:
    """Once per rung, whoever asks again: the order's cause names the rung."""
    with translation.override(settings.LANGUAGE_CODE):
        question = str(ASKED)
    orders = open_orders(
        numbers=[firing.case.number],
        question=question,
        answer_by=answer_within(),
        by=SYSTEM,
        now=now,
        cause=f"ladder:{firing.clock.pk}:{firing.planned.number}",
    )
    ids = [order.pk for order in orders]
    return _append(firing.happening(ORDERED, now, orders=ids))


def _move_up(firing: Firing, now: datetime) -> Event:
    """To the level of the rung; where the case is there or above, that is said and nothing else happens."""
    level = LEVEL_OF[firing.planned.rule.deed]
    present = Incident.objects.values_list("escalated_level", flat=True).get(pk=firing.case.pk)
    if present >= level:
        firing.moved = False
        return _append(firing.happening(STOOD, now, level=present))
    take("climb", number=firing.case.number, by=SYSTEM, now=now, facts={"level": int(level)})
    return timeline(*firing.clock.subject).latest("seq")


def _append(happening: Happening) -> Event:
    return append(**{name: getattr(happening, name) for name in happening.__dataclass_fields__})


DEEDS: Mapping[Deed, Callable[[Firing, datetime], Event]] = {
    Deed.REMIND: _remind_one,
    Deed.URGE: _remind_one,
    Deed.TELL: _remind_one,
    Deed.ORDER: _order,
    **dict.fromkeys(LEVEL_OF, _move_up),
}
