"""Which whistles partner systems may hear of when something happens: those that they could read. Suggestions about
people are opened to nobody."""

from collections.abc import Collection

from accounts.actor import Actor
from notices.webhooks.topics import register
from whistles.querysets import READ, visible_to
from whistles.taking import SUBJECT
from whistles.wording import verbs_of_whistles


def seen_whistles(actor: Actor, ids: Collection[str]) -> set[str]:
    """Of these whistles (ids as text) those that the actor sees; one query."""
    seen = visible_to(actor).filter(pk__in=[int(one) for one in ids])
    return {str(pk) for pk in seen.values_list("pk", flat=True)}


def open_whistles_to_partners() -> None:
    """Called once, when the room is ready."""
    register(SUBJECT, scope=READ, verbs=verbs_of_whistles(), sees=seen_whistles)
