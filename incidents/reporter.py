"""Who reported: kept apart, masked everywhere, shown on request with a reason, and every look is journaled."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.personal import mask_name, mask_phone
from accounts.reveal import Kind, Sealed
from accounts.roles import May, Scope
from incidents.models import Incident
from incidents.querysets import visible_to


@dataclass(frozen=True)
class Reporter:
    """Name and phone of who reported a case, masked or plain."""

    name: str
    phone: str

    def __str__(self) -> str:
        return f"{self.name} {self.phone}".strip()


def may_see_reporter(actor: Actor, incident: Incident) -> bool:
    """Whether the actor may know who reported: the reporters' own centre does, the handling unit does not."""
    if actor.is_system:
        return True
    return any(
        post.rule_scope is Scope.AREA and post.covers(incident.area_code)
        for post in actor.posts_with(May.SEE_REPORTER)
    )


def masked(incident: Incident) -> Reporter:
    """For pages: `张*`, `138****1234`."""
    return Reporter(mask_name(incident.reporter_name), mask_phone(incident.reporter_phone))


def _find(actor: Actor, ident: str, now: datetime) -> Sealed | None:
    """Name and phone of who reported the case numbered `ident`; None for outsiders and where nobody is named."""
    incident = visible_to(actor).filter(number=ident).first()
    if incident is None or not (incident.reporter_name or incident.reporter_phone):
        return None
    if not may_see_reporter(actor, incident):
        raise PermissionDenied(str(May.SEE_REPORTER))
    value = f"{incident.reporter_name} {incident.reporter_phone}".strip()
    post = actor.may(May.SEE_REPORTER, area_code=incident.area_code)
    return Sealed(value, ("incident", incident.pk), incident.area_code, post)


def _mask(value: str) -> str:
    name, _space, phone = value.rpartition(" ")
    return f"{mask_name(name)} {mask_phone(phone)}".strip()


# Shown for a minute, with a reason, and every look is journaled: see accounts/reveal.py.
REPORTER = Kind(
    name="incident.reporter",
    label=_("Reporter"),
    find=_find,
    mask=_mask,
    back=lambda ident: reverse("incidents:case", args=[ident]),
)
