"""Where the matter of an order is: the grid under its point, else the area that was named, else the hotline's own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.roles import May
from config.refusal import Refused
from grids.locate import locate
from grids.models import Area, AreaStatus
from hotline.models import Order


def place(order: Order, facts: Mapping[str, Any], home: str) -> None:
    """Put point, area and address on the order; nothing is saved. Raises Refused (422) for an area that is none."""
    order.lon, order.lat, order.address = facts["lon"], facts["lat"], facts["address"]
    order.area_code = _grid(order) or _named(facts["area"]) or home


def _grid(order: Order) -> str:
    if order.lon is None or order.lat is None:
        order.lon = order.lat = None
        return ""
    return locate(order.lon, order.lat).grid_code or ""


def _named(code: str) -> str:
    known = Area.objects.filter(code=code, status=AreaStatus.ACTIVE)
    if code and not known.exists():
        raise Refused(
            "unknown_area",
            _("There is no area with the code “%(code)s” today.") % {"code": code[:20]},
            422,
            field="area",
        )
    return code


def home_of(by: Actor) -> str:
    """The area for which this person takes calls: where an order waits that nothing else is known of."""
    return max(by.area_prefixes(May.TAKE_CALLS), key=len, default="")
