"""Name and phone of the enrolled: masked wherever they stand; shown for a minute, with a reason, and journaled."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.personal import mask_name, mask_phone
from accounts.reveal import Kind, Sealed
from accounts.roles import May
from emergency.choices import OUT
from emergency.models import Called, Enrolment
from emergency.querysets import enrolments_visible_to


def _find(actor: Actor, ident: str, now: datetime) -> Sealed | None:
    """For whoever enrols or commands in the area; for the leader, while the person is out in their team."""
    seen = enrolments_visible_to(actor).select_related("person")
    found = seen.filter(number=ident).first()
    led = _led(actor, ident)
    if found is None and led is None:
        return None
    one = found or led
    assert one is not None
    post = actor.may(May.ENROL, area_code=one.area_code)
    if post is None and led is None:
        raise PermissionDenied(str(May.ENROL))
    name, phone = (one.person.name, one.person.phone) if one.person else (one.name, one.phone)
    return Sealed(f"{name} {phone}".strip(), ("enrolment", one.pk), one.area_code, post)


def _led(actor: Actor, ident: str) -> Enrolment | None:
    out = Called.objects.filter(
        enrolment__number=ident, team__leader_id=actor.user_id, state__in=OUT
    )
    called = out.filter(team__leader__isnull=False).select_related("enrolment__person").first()
    return called.enrolment if called else None


def _mask(value: str) -> str:
    name, _space, phone = value.rpartition(" ")
    return f"{mask_name(name)} {mask_phone(phone)}".strip()


ENROLLED = Kind(
    name="enrolment.phone",
    label=_("Name and phone"),
    find=_find,
    mask=_mask,
    back=lambda ident: reverse("emergency:enrolment", args=[ident]),
)
