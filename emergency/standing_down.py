"""Stood down: one person, or all at the end. Whoever was there has served from arriving until then."""

from collections.abc import Sequence
from datetime import datetime

from clocks.calendar import SHANGHAI
from emergency.choices import OUT, CalledState, ServiceSource, ServiceState
from emergency.doors import CALL_UPS, CALLED, CalledMeeting, CallUpMeeting
from emergency.models import Called, Service


@CALLED.effect("stand_down")
def stand_down(m: CalledMeeting) -> None:
    """One person may go."""
    served = _service(m.record, m.now)
    if served is not None:
        served.save(force_insert=True)
        m.data["minutes"] = served.minutes


@CALL_UPS.effect("end")
def stand_all_down(m: CallUpMeeting) -> None:
    """Everybody who is out, in the order of their ids; who cannot come stays so."""
    rows = Called.objects.filter(call_up=m.record, state__in=OUT)
    people = list(rows.select_for_update(of=("self",)).order_by("id"))
    served = [one for one in (_service(each, m.now) for each in people) if one is not None]
    Service.objects.bulk_create(served, batch_size=1000)
    _write(people, m.now)
    m.data.update(count=len(people), served=len(served))


def _service(called: Called, now: datetime) -> Service | None:
    """The hours of who was there; None for anybody else."""
    if called.state != CalledState.HERE or called.arrived_at is None:
        return None
    return Service(
        enrolment_id=called.enrolment_id,
        source=ServiceSource.CALL_UP,
        state=ServiceState.APPROVED,
        day=called.arrived_at.astimezone(SHANGHAI).date(),
        minutes=max(round((now - called.arrived_at).total_seconds() / 60), 0),
        called=called,
        entered_at=now,
        decided_at=now,
    )


def _write(people: Sequence[Called], now: datetime) -> None:
    for one in people:
        one.state, one.ended_at, one.updated_at = CalledState.DOWN, now, now
        one.version += 1
    fields = ["state", "ended_at", "updated_at", "version"]
    Called.objects.bulk_update(people, fields, batch_size=1000)
