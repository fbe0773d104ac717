"""Who sees which events: every read for people starts here."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.authority import prefixes
from accounts.roles import May
from journal.models import Event


def visible_to(actor: Actor) -> "QuerySet[Event]":
    """The events of the areas that this audit administrator serves; of no area, only to those who serve all."""
    areas = prefixes(actor, May.READ_JOURNAL)
    if not areas:
        return Event.objects.none()
    if areas == ("",):
        return Event.objects.all()
    return Event.objects.filter(reduce(or_, (Q(area_code__startswith=code) for code in areas)))
