"""What the page of a case shows of the hotline: the orders that wait for its result."""

from datetime import datetime

from accounts.actor import Actor
from hotline.querysets import visible_to
from incidents.models import Incident
from incidents.panels import Drawn

MOST = 20


def orders_panel(case: Incident, actor: Actor, now: datetime) -> Drawn | None:
    """The orders of this case that the actor sees."""
    orders = list(visible_to(actor).filter(case=case).select_related("tier")[:MOST])
    return Drawn("hotline/_panel.html", {"orders": orders}) if orders else None
