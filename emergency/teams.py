"""Teams on the spot (就地组团): who leads, and where they gather."""

from collections.abc import Collection
from typing import Any

import shapely
from django.utils.translation import gettext as _

from config.refusal import Refused
from emergency.doors import CALL_UPS, CallUpMeeting
from emergency.models import Team
from grids.models import Area


def assembly_points(codes: Collection[str]) -> dict[str, dict[str, Any]]:
    """`place`, `lon` and `lat` of a point inside each area, until somebody names a better one. One query."""
    found = {}
    for area in Area.objects.filter(code__in=codes):
        point: dict[str, Any] = {"place": area.name}
        if area.boundary:
            inside = shapely.from_wkb(bytes(area.boundary)).representative_point()
            point |= {"lon": round(inside.x, 6), "lat": round(inside.y, 6)}
        found[area.code] = point
    return found


@CALL_UPS.effect("set_team")
def set_team(m: CallUpMeeting) -> None:
    """What was left empty stays as it is. Raises Refused where it is no team of this call-up."""
    team = Team.objects.filter(pk=m.facts["team"], call_up=m.record).first()
    if team is None:
        raise Refused(
            "unknown_team", _("There is no such team in this call-up."), 422, field="team"
        )
    if m.facts["leader"] is not None:
        team.leader = m.facts["leader"]
    if m.facts["place"]:
        team.place = m.facts["place"]
    if m.facts["lon"] is not None:
        team.lon, team.lat = m.facts["lon"], m.facts["lat"]
    team.save()
    m.data.update(team=team.pk, team_area=team.area_code, leader=team.leader_id)
