"""In the hands of who is called: coming, cannot, here; and of the leader, who calls by phone whoever has no account."""

from datetime import timedelta
from math import asin, cos, radians, sin, sqrt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emergency.choices import CallUpState, Phoned
from emergency.doors import CALLED, CalledMeeting
from emergency.models import Called, CallUp

EARTH_RADIUS_M = 6_371_000


@CALLED.guard("come", "decline", "check_in", "phone")
def call_up_has_ended(m: CalledMeeting) -> str | Promise | None:
    """Asked anew and not read off the row: it may have ended while this step waited for its lock."""
    if CallUp.objects.filter(pk=m.record.call_up_id, state=CallUpState.CALLING).exists():
        return None
    return _("The call-up has ended: you need not come any more.")


def _has_answered(m: CalledMeeting) -> Called:
    """The first answer counts; whoever is marked late stays late."""
    called = m.record
    if called.answered_at is None:
        called.answered_at = m.now
        if called.answer_in_time is None:
            called.answer_in_time = m.now <= called.call_up.answer_by
    return called


@CALLED.effect("come")
def come(m: CalledMeeting) -> None:
    """Coming, there at."""
    called = _has_answered(m)
    called.coming_at, called.cannot_because = m.now + timedelta(minutes=m.facts["minutes"]), ""
    m.data["by_leader"] = m.by.user_id != called.person_id


@CALLED.effect("decline")
def decline(m: CalledMeeting) -> None:
    """Cannot, because. The words stay out of the journal: they may be about health or family."""
    called = _has_answered(m)
    called.cannot_because, called.coming_at = m.facts["because"], None
    m.data["by_leader"] = m.by.user_id != called.person_id


@CALLED.effect("check_in")
def check_in(m: CalledMeeting) -> None:
    """Time, position, distance to the assembly point (metres). The position stays out of the journal."""
    called = _has_answered(m)
    called.arrived_at, called.cannot_because = m.now, ""
    if called.arrive_in_time is None:
        called.arrive_in_time = m.now <= called.call_up.arrive_by
    called.lon, called.lat = m.facts["lon"], m.facts["lat"]
    called.accuracy_m = m.facts["accuracy_m"]
    called.distance_m = metres(called.lon, called.lat, called.team.lon, called.team.lat)
    m.data.update(placed=called.lon is not None, late=not called.arrive_in_time)


@CALLED.effect("phone")
def phone(m: CalledMeeting) -> None:
    """Reached or not; who was reached then says whether they come."""
    m.record.phoned = m.facts["outcome"]
    m.data["phoned"] = m.facts["outcome"]
    if m.facts["outcome"] == Phoned.REACHED:
        _has_answered(m)


def metres(
    lon1: float | None, lat1: float | None, lon2: float | None, lat2: float | None
) -> float | None:
    """The distance between two points (WGS 84 degrees); None where either is not known."""
    if lon1 is None or lat1 is None or lon2 is None or lat2 is None:
        return None
    a, b, c, d = map(radians, (lon1, lat1, lon2, lat2))
    half = sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(half)), 1)
