"""What partner systems may hear of ladders: which rung fired on a case that they could read."""

from escalation.deeds import ORDERED, STOOD, VERBS
from incidents.deadlines import SUBJECT
from notices.webhooks.topics import also


def open_ladders_to_partners() -> None:
    """Called once, when the room is ready. What could not be done is for administrators, and stays here."""
    also(SUBJECT, {*VERBS.values(), ORDERED, STOOD})
