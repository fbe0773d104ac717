"""A place in the journal, as a partner system keeps it: `transaction-event`."""

import re

from django.utils.translation import gettext as _

from config.refusal import Refused
from journal.models import Event
from journal.queries import Place
from journal.readers import read_horizon

_CURSOR = re.compile(r"(\d{1,18})-(\d{1,18})")


def cursor_of(event: Event) -> str:
    """The place of one event."""
    return f"{event.xid}-{event.id}"


def place_of(cursor: str) -> Place:
    """The place that a cursor names. Raises Refused where it is none, or lies in the future."""
    found = _CURSOR.fullmatch(cursor.strip())
    if found is None:
        raise Refused("cursor_wrong", _("This is no cursor of ours."), field="cursor")
    place = int(found[1]), int(found[2])
    if place > present():
        raise Refused("cursor_ahead", _("Nothing has happened there yet."), field="cursor")
    return place


def present() -> Place:
    """The place of the last event that readers can have; (0, 0) in an empty journal."""
    settled = Event.objects.filter(xid__lt=read_horizon())
    last = settled.order_by("-xid", "-id").values_list("xid", "id").first()
    return last or (0, 0)
