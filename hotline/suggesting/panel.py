"""What the forms of filing and dispatch show beside their fields (`incidents/suggesters.py`), and those of an order."""

from django.utils import timezone

from accounts.actor import Actor
from hotline.models import Order
from hotline.suggesting.items import suggest_items
from hotline.suggesting.units import SuggestedUnits, suggest_units
from incidents.choices import Source
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
    return _beside("lead", _units_of_case(case))


def units_for_order(order: Order) -> Suggested:
    """Units for an order that the hotline sends, or sends elsewhere after a return."""
    return _beside("unit", _units_of_order(order))


def _beside(field: str, found: SuggestedUnits) -> Suggested:
    """Nothing where only the rules speak: of these the form speaks itself."""
    if not any(one.counted or one.returned_this for one in found.units):
        return Suggested(field, ())
    advice = [Advice(one.unit.code, one.unit.shown_name, one.reason) for one in found.units]
    return Suggested(field, advice, found.note)


def _units_of_case(case: Incident) -> SuggestedUnits:
    """None while it has no item."""
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


def _units_of_order(order: Order) -> SuggestedUnits:
    """None while it has no item."""
    if order.item is None:
        return SuggestedUnits(())
    returned = order.parts.filter(lead=True, returned_at__isnull=False)
    return suggest_units(
        order.item,
        order.area_code,
        source=Source.HOTLINE,
        at=timezone.now(),
        returned_by=set(returned.values_list("unit_id", flat=True)),
    )
