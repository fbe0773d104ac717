"""Whose a case inside an enclave is, once that is handed over: an old problem's owner's, else the manager's.

Registered with `incidents.responsibility`, and asked before the rules: these know areas, and no boundary of a place.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from django.utils.translation import gettext as _

from borders.choices import MANAGED, ProblemState
from borders.models import Enclave, Problem
from incidents.models import Incident
from incidents.responsibility import Choice, item_ladder

BY = "enclave"


def enclave_at(lon: float | None, lat: float | None) -> Enclave | None:
    """The enclave, handed over and with a boundary, that a WGS 84 point lies in. One query."""
    if lon is None or lat is None:
        return None
    around = Enclave.objects.filter(
        state__in=MANAGED,
        min_lon__lte=lon,
        max_lon__gte=lon,
        min_lat__lte=lat,
        max_lat__gte=lat,
    ).order_by("id")
    point = shapely.Point(lon, lat)
    inside: Iterable[Enclave] = around.select_related("manager", "owner")
    return next((one for one in inside if shapely.covers(_shape(one), point)), None)


def _shape(enclave: Enclave) -> Any:
    return shapely.from_wkb(bytes(enclave.boundary or b""))


def claim(incident: Incident) -> Choice | None:
    """The unit that must act on a case that lies in an enclave, and why."""
    enclave = enclave_at(incident.lon, incident.lat)
    if enclave is None or enclave.manager is None:
        return None
    old = _old_problem(enclave, incident)
    why = {"by": BY, "enclave": enclave.number, "name": enclave.name}
    if old is not None:
        return Choice(old.owner, {**why, "problem": old.pk, "title": old.title})
    return Choice(enclave.manager, why)


def _old_problem(enclave: Enclave, incident: Incident) -> Problem | None:
    """The open old problem that names the item most exactly."""
    if incident.item is None:
        return None
    ladder = [code for code in item_ladder(incident.item) if code]
    fitting = enclave.problems.filter(
        state=ProblemState.OPEN, item_code__in=ladder, owner__active=True
    ).select_related("owner")
    return min(fitting, key=lambda one: (ladder.index(one.item_code), one.pk), default=None)


def say(why: Mapping[str, Any]) -> str:
    """The stored reason as a sentence."""
    facts = {"enclave": why["enclave"], "name": why["name"], "problem": why.get("title", "")}
    if facts["problem"]:
        return (
            _(
                "In the enclave %(enclave)s (%(name)s) the old problem “%(problem)s” stays with this unit."
            )
            % facts
        )
    return _("It lies in the enclave %(enclave)s (%(name)s), which this unit manages.") % facts
