"""Unsigned, out of contact or absent: it moves up by itself, once for each summons and stage.

A reading of the journal: the sweep marks the clock and appends `clock.overdue`; here it is written down who is late or
absent, and the unit's leader, its administrative parent and the commander of the next level up are told, in the
transaction that moves the reader's cursor.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.urls import reverse

from accounts.actor import SYSTEM
from accounts.roles import May, Role
from clocks.calendar import SHANGHAI
from clocks.marks import OVERDUE
from incidents.telling import Staff
from journal.append import append
from journal.models import Event
from journal.readers import follow
from notices.tell import tell
from whistles.call import Call
from whistles.choices import HEARD, Stage
from whistles.deadlines import SUBJECT as CLOCKS
from whistles.models import MovedUp, Summons, Whistle
from whistles.querysets import level_above
from whistles.wording import kind_for

READER = "whistles.moving_up"
_MISSED = {
    Stage.SIGN: ("sign_in_time", "whistle.unsigned"),
    Stage.CONTACT: ("contact_in_time", "whistle.silent"),
    Stage.CHECK_IN: ("arrive_in_time", "whistle.absent"),
    Stage.OBJECTION: ("", "whistle.unanswered"),
}


def move_up(now: datetime, limit: int = 500) -> int:
    """Read the next missed deadlines and carry them up; the number of events read.

    Any number of workers may call it: one reads at a time, and cursor, marks and notices move together.
    """
    return follow(READER, partial(_move_all, now), verbs={OVERDUE}, limit=limit)


def _move_all(now: datetime, events: Sequence[Event]) -> None:
    about = [event for event in events if event.subject_kind == CLOCKS]
    ids = {int(event.subject_id) for event in about}
    touched = Summons.objects.filter(pk__in=ids).values("whistle_id")
    locked = Whistle.objects.select_for_update().filter(pk__in=touched).order_by("pk")
    whistles = {whistle.pk: whistle for whistle in locked}
    parts = Summons.objects.select_related("unit", "whistle__type").in_bulk(ids)
    staff = Staff(now.astimezone(SHANGHAI).date())
    for event in about:
        part = parts.get(int(event.subject_id))
        if part is not None:
            part.whistle = whistles[part.whistle_id]
            _move(part, Stage(event.data["stage"]), staff, now)


def _move(part: Summons, stage: Stage, staff: Staff, now: datetime) -> None:
    """Mark the summons, and tell whom it concerns. Who was released, or what was cancelled, moves nowhere."""
    whistle = part.whistle
    if whistle.state not in HEARD or not part.stands:
        return
    level = level_above(whistle.street_code)
    row, new = MovedUp.objects.get_or_create(
        summons=part, stage=stage, defaults={"level_code": level, "moved_at": now}
    )
    if not new:
        return
    _mark(part, stage, now)
    people = sorted(_concerned(part, stage, staff, level))
    event = _journal(part, stage, level, now)
    row.told = tell(
        event,
        people,
        kind=kind_for(_MISSED[stage][1], emergency=whistle.type.is_emergency),
        facts={
            "number": whistle.number,
            "unit": part.unit_id,
            "whistle_type": whistle.type_id,
            "late": part.arrived_at is not None,
        },
        link=reverse("whistles:whistle", args=[whistle.number]),
        now=now,
    )
    row.save(update_fields=["told"])


def _mark(part: Summons, stage: Stage, now: datetime) -> None:
    """Late, or absent until it comes; who is absent is not waited for."""
    field = _MISSED[stage][0]
    if field:
        setattr(part, field, False)
        part.save(update_fields=[field])
    whistle = part.whistle
    whistle.state = Call(whistle, SYSTEM, now).derived_state
    whistle.version += 1
    whistle.updated_at = now
    whistle.save(update_fields=["state", "version", "updated_at"])


def _concerned(part: Summons, stage: Stage, staff: Staff, level: str) -> frozenset[int]:
    """The unit's leader, its administrative parent's leaders, the next level's commander; for an objection that the
    street leaves lying, the street's commander and the next level's."""
    above = staff.in_charge(level, Role.COMMANDER)
    if stage is Stage.OBJECTION:
        return above | staff.in_charge(part.whistle.street_code, Role.COMMANDER)
    parent = part.unit.administrative_parent_id
    leaders = staff.of_unit(parent, May.APPROVE) | staff.of_unit(parent, May.SUPERVISE)
    return above | leaders | staff.of_unit(part.unit_id, May.APPROVE)


def _journal(part: Summons, stage: Stage, level: str, now: datetime) -> Event:
    return append(
        _MISSED[stage][1],
        subject=("whistle", part.whistle_id),
        area_code=part.whistle.area_code,
        by=SYSTEM,
        now=now,
        data={
            "unit": part.unit_id,
            "summons": part.pk,
            "level": level,
            "version": part.whistle.version,
        },
    )
