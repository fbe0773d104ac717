"""Which cases partner systems may hear of when something happens: those that they could read."""

from collections.abc import Collection

from accounts.actor import Actor
from incidents.deadlines import SUBJECT
from incidents.querysets import READ, visible_to
from incidents.wording import verbs_of_cases
from notices.webhooks.topics import register


def seen_cases(actor: Actor, ids: Collection[str]) -> set[str]:
    """Of these cases (ids as text) those that the actor sees; one query."""
    seen = visible_to(actor).filter(pk__in=[int(one) for one in ids])
    return {str(pk) for pk in seen.values_list("pk", flat=True)}


def open_cases_to_partners() -> None:
    """Called once, when the room is ready."""
    register(SUBJECT, scope=READ, verbs=verbs_of_cases(), sees=seen_cases)
