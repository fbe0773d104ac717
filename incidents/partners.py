"""Which cases partner systems may hear of when something happens: those that they could read."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts import area_names
from accounts.actor import Actor, ActorKind
from accounts.clients import area_of_client
from config.refusal import Refused
from incidents.deadlines import SUBJECT
from incidents.models import Incident
from incidents.querysets import READ, visible_to
from incidents.wording import verbs_of_cases
from notices.webhooks.topics import register


def seen_cases(actor: Actor, ids: Collection[str]) -> set[str]:
    """Of these cases (ids as text) those that the actor sees; one query."""
    seen = visible_to(actor).filter(pk__in=[int(one) for one in ids])
    return {str(pk) for pk in seen.values_list("pk", flat=True)}


def demand_own_area(case: Incident, by: Actor, *, field: str) -> None:
    """A partner system reports from its own area only; `field` is the input that says where it is.

    Raises Refused `area_foreign` (422). People may report what they see anywhere.
    """
    if by.kind is not ActorKind.CLIENT or by.id is None:
        return
    own = by.posts[0].area_code if by.posts else area_of_client(by.id)
    if not case.area_code.startswith(own):
        names = area_names.names_of({case.area_code, own})
        raise Refused(
            "area_foreign",
            _("This lies in %(there)s, outside of the area of your system: %(own)s.")
            % {"there": names.get(case.area_code, case.area_code), "own": names.get(own, own)},
            field=field,
        )


def open_cases_to_partners() -> None:
    """Called once, when the room is ready."""
    register(SUBJECT, scope=READ, verbs=verbs_of_cases(), sees=seen_cases)
