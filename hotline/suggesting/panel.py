"""What the forms of filing and dispatch show beside their fields (`incidents/suggesters.py`)."""

from django.utils import timezone

from accounts.actor import Actor
from hotline.suggesting.items import suggest_items
from hotline.suggesting.units import SuggestedUnits, suggest_units
from incidents.models import Incident
from incidents.suggesters import Advice, Suggested


def items_for(case: Incident, by: Actor) -> Suggested:
    """Items for the text of a case."""
    found = suggest_items(case.text, case.title)
    advice = [
        Advice(one.entry.code, f"{one.entry.code} {one.entry.shown_name}", one.reason)
        for one in found.items
    ]
    return Suggested("item", advice, found.note)


def units_for_case(case: Incident, by: Actor) -> Suggested:
    """Units for a case that was filed."""
    found = units_of(case)
    if not any(one.counted or one.returned_this for one in found.units):
        return Suggested("lead", ())  # of the rules the form speaks itself
    advice = [Advice(one.unit.code, one.unit.shown_name, one.reason) for one in found.units]
    return Suggested("lead", advice, found.note)


def units_of(case: Incident) -> SuggestedUnits:
    """The units suggested for a case now; none while it has no item."""
    if case.item is None:
        return SuggestedUnits(())
    returned = case.assignments.filter(returned_at__isnull=False)
    return suggest_units(
        case.item,
        case.area_code,
        source=case.source,
        at=timezone.now(),
        returned_by=set(returned.values_list("unit_id", flat=True)),
    )
