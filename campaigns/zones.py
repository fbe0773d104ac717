"""Zones (分战区) of an assignment, the cadres who are sent there (下片), and which targets are whose."""

from collections.abc import Iterable
from itertools import pairwise

from django.db.models import F
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns import tallying
from campaigns.door import ASSIGNMENTS, AssignmentMeeting
from campaigns.models import Arrival, Cadre, Target, Zone
from config.refusal import Refused


@ASSIGNMENTS.guard("change_zone", "drop_zone", "share_out")
def has_no_zones(m: AssignmentMeeting) -> str | Promise | None:
    """There must be a zone to share out to."""
    return None if m.zones else _("No zone is marked out yet.")


@ASSIGNMENTS.effect("add_zone")
def add_zone(m: AssignmentMeeting) -> None:
    """A zone with its leader and members."""
    facts = m.facts
    made = Zone.objects.create(
        assignment=m.record,
        name=facts["name"],
        starts_on=facts["starts_on"],
        ends_on=facts["ends_on"],
    )
    _set_cadres(m, made)


@ASSIGNMENTS.effect("change_zone")
def change_zone(m: AssignmentMeeting) -> None:
    """Name, people and days as they shall be. Arrivals of those who stay are kept."""
    zone, facts = _zone(m), m.facts
    zone.name, zone.starts_on, zone.ends_on = facts["name"], facts["starts_on"], facts["ends_on"]
    zone.save()
    _set_cadres(m, zone)


def _zone(m: AssignmentMeeting) -> Zone:
    return next(one for one in m.zones if str(one.pk) == m.facts["zone"])


def _set_cadres(m: AssignmentMeeting, zone: Zone) -> None:
    leader = int(m.facts["leader"])
    wanted = {int(one) for one in m.facts["members"]} | {leader}
    zone.cadres.exclude(person_id__in=wanted).delete()
    zone.cadres.update(leads=False)  # first nobody: a zone has one leader at every moment
    there = set(zone.cadres.values_list("person_id", flat=True))
    new = sorted(wanted - there)
    Cadre.objects.bulk_create(Cadre(zone=zone, person_id=person) for person in new)
    zone.cadres.filter(person_id=leader).update(leads=True)
    m.data.update(zone=zone.pk, cadres=new)


@ASSIGNMENTS.effect("drop_zone")
def drop_zone(m: AssignmentMeeting) -> None:
    """Its targets are the assignment's again."""
    zone = _zone(m)
    tallying.hold_targets(m.record)
    Target.objects.filter(zone=zone).update(zone=None)
    m.data["zone_name"] = zone.name
    zone.delete()
    tallying.count_anew(m.record)


# --- sharing out --------------------------------------------------------------------------------------


@ASSIGNMENTS.effect("share_out")
def share_out(m: AssignmentMeeting) -> None:
    """Give targets to zones; who moves a target that was visited takes its result along."""
    tallying.hold_targets(m.record)
    moved = _spread(m) if m.facts["evenly"] else _give(m)
    tallying.count_anew(m.record)
    m.data["targets"] = moved


def _spread(m: AssignmentMeeting) -> int:
    """What is in no zone, in stretches of neighbours (area, then address), each zone as much as the others."""
    rest = m.record.targets.filter(zone=None).order_by("area_code", "address", "pk")
    keys = list(rest.values_list("pk", flat=True))
    for zone, part in zip(m.zones, _parts(keys, len(m.zones)), strict=True):
        Target.objects.filter(pk__in=part).update(zone=zone, version=F("version") + 1)
    return len(keys)


def _parts(keys: list[int], n: int) -> Iterable[list[int]]:
    bounds = [len(keys) * place // n for place in range(n + 1)]
    return (keys[start:end] for start, end in pairwise(bounds))


def _give(m: AssignmentMeeting) -> int:
    zone, numbers = _zone(m), m.facts["numbers"]
    targets = m.record.targets.all()
    chosen = targets.filter(number__in=numbers) if numbers else targets.none()
    unknown = sorted(set(numbers) - set(chosen.values_list("number", flat=True)))
    if unknown:
        raise Refused(
            "unknown_target",
            _("This assignment has no target %(number)s.") % {"number": unknown[0][:20]},
            field="targets",
        )
    wanted = chosen | targets.filter(area_code__in=m.facts["areas"])
    return wanted.exclude(zone=zone).update(zone=zone, version=F("version") + 1)


# --- arriving -------------------------------------------------------------------------------------------


@ASSIGNMENTS.effect("arrive")
def arrive(m: AssignmentMeeting) -> None:
    """Person, time and position, once a local day. Where they stood is kept with the arrival and not in the journal."""
    zone = _own_zone(m)
    cadre = zone.cadres.get(person_id=m.by.user_id)
    there, fresh = Arrival.objects.get_or_create(
        cadre=cadre,
        day=m.today,
        defaults={
            "arrived_at": m.now,
            "lon": m.facts["lon"],
            "lat": m.facts["lat"],
            "accuracy_m": m.facts["accuracy_m"],
        },
    )
    if not fresh:
        raise Refused("arrived_already", _("You have checked in today already."), 409)
    m.data.update(zone=zone.pk, placed=there.lon is not None)


def _own_zone(m: AssignmentMeeting) -> Zone:
    chosen = m.facts["zone"]
    for zone in m.own_zones:
        if str(zone.pk) == chosen or (not chosen and len(m.own_zones) == 1):
            return zone
    raise Refused("which_zone", _("Say in which of your zones you are."), 422, field="zone")
