"""A case that comes back to the unit which answered it: a new round, and what was done stays on record."""

from incidents.case import Deed
from incidents.models import Assignment


def hand_back(deed: Deed) -> None:
    """Give the case to its lead unit again. The former round's answer, photos and people are kept as they are."""
    incident, lead = deed.incident, deed.lead
    assert lead is not None, "an answered case has a lead unit"
    incident.dispatch_round += 1
    Assignment.objects.create(
        incident=incident,
        unit_id=lead.unit_id,
        lead=True,
        round=incident.dispatch_round,
        sent_at=deed.now,
        received_at=deed.now,
        handler_id=lead.handler_id,
        instruction=deed.facts.get("reason", ""),
        chosen_by={"by": "again", "round": incident.dispatch_round - 1},
    )
    incident.answered_at = None
    incident.check_passed = None
    incident.informed, incident.informed_at = "", None
    deed.data.update(unit=lead.unit_id, round=incident.dispatch_round)
