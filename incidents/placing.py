"""From a position to grid, area and centre. A report is never refused for its position."""

import math
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, OrganisationKind
from config.refusal import Refused
from grids.coordinates import SYSTEMS, to_wgs84
from grids.locate import How, Located, locate
from grids.models import Area, AreaStatus, Level
from incidents.choices import Placed
from incidents.models import Incident
from incidents.responsibility import prefixes

# The box around China's land and seas, degrees: outside it, somebody mixed up numbers or systems.
_WEST, _SOUTH, _EAST, _NORTH = 73.0, 3.0, 136.0, 54.0


@dataclass(frozen=True)
class Position:
    """Where something is: degrees, longitude first, in the coordinate system `crs`, and how that was found out."""

    lon: float
    lat: float
    crs: str = "wgs84"
    accuracy_m: float | None = None
    how: Placed = Placed.GPS


def place_at(incident: Incident, position: Position) -> Promise | None:
    """Put the case at a point (kept in WGS 84) and into the grid found there; nothing is saved.

    Where there is none, the point is kept, the case waits for a person, and the sentence says why.
    """
    if not is_on_earth(position):
        if _is_china(position.lat, position.lon):
            return _(
                "Longitude and latitude seem to be swapped. The position was left out; somebody will "
                "place the case."
            )
        return _(
            "The position is no place on earth. It was left out; somebody will place the case."
        )
    if position.crs not in SYSTEMS:
        return _(
            "The coordinate system is not known. The position was left out; somebody will place the case."
        )
    lon, lat = to_wgs84(position.lon, position.lat, position.crs)
    incident.lon, incident.lat = round(lon, 7), round(lat, 7)
    incident.accuracy_m = position.accuracy_m
    found = locate(incident.lon, incident.lat)
    if found.grid_code is None:
        incident.placed, incident.grid_code = Placed.UNPLACED, ""
        return _why_nowhere(position)
    _put_into(incident, found.grid_code, _how(found, position))
    return None


def is_on_earth(position: Position) -> bool:
    """Whether the numbers are degrees at all."""
    numbers = math.isfinite(position.lon) and math.isfinite(position.lat)
    return numbers and abs(position.lon) <= 180 and abs(position.lat) <= 90


def _how(found: Located, position: Position) -> Placed:
    return Placed.APPROXIMATE if found.how is How.NEAREST else position.how


def _is_china(lon: float, lat: float) -> bool:
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def _why_nowhere(position: Position) -> Promise:
    if _is_china(position.lon, position.lat):
        return _(
            "The point lies in no grid and near none. It was kept; somebody will place the case."
        )
    return _("The point lies far outside China. It was kept; somebody will place the case.")


def place_in_grid(incident: Incident, grid_code: str) -> None:
    """Put the case into a grid without a point, or beside the point it has. Raises Refused `unknown_grid`."""
    known = Area.objects.filter(code=grid_code, level=Level.GRID, status=AreaStatus.ACTIVE)
    if not known.exists():
        raise Refused(
            "unknown_grid",
            _("There is no grid with the code “%(code)s” today.") % {"code": grid_code[:20]},
            422,
            field="grid_code",
        )
    how = Placed.AREA if incident.lon is None else Placed.MAP
    _put_into(incident, grid_code, how)


def _put_into(incident: Incident, grid_code: str, how: Placed) -> None:
    incident.grid_code, incident.area_code, incident.placed = grid_code, grid_code, how
    incident.centre_id = centre_of(grid_code)[0]


def leave_unplaced(incident: Incident, area_code: str) -> None:
    """The case waits for a person at the centre of `area_code`, or of the whole where that is not known."""
    incident.centre_id, served = centre_of(area_code)
    incident.area_code, incident.grid_code = area_code or served, ""
    incident.placed = Placed.UNPLACED


def centre_of(area_code: str) -> tuple[int | None, str]:
    """Id and area of the active centre that serves the area most closely; without an area, of the one that
    serves the most. (None, "") where there is none."""
    centres = Organisation.objects.filter(kind=OrganisationKind.CENTRE, active=True)
    if area_code:
        centres = centres.filter(area_code__in=prefixes(area_code))
    found = sorted(centres.values_list("area_code", "code", "pk"), key=lambda c: (len(c[0]), c[1]))
    if not found:
        return None, ""
    served, _code, key = found[-1] if area_code else found[0]
    return key, served
