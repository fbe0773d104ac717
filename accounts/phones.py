"""A person's mobile number: masked wherever it stands, shown on request to who administers the account."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.people import home_area, require_over_person
from accounts.personal import mask_phone
from accounts.reveal import Kind, Sealed
from accounts.visible import people_visible_to


def _find(actor: Actor, ident: str, now: datetime) -> Sealed | None:
    if not (ident.isascii() and ident.isdigit()):
        return None
    user = people_visible_to(actor).select_related("organisation").filter(pk=ident[:18]).first()
    if user is None or not user.phone:
        return None
    post = require_over_person(user, by=actor, now=now)
    return Sealed(user.phone, ("account", user.pk), home_area(user), post)


PHONE = Kind(
    name="person.phone",
    label=_("Mobile phone"),
    find=_find,
    mask=mask_phone,
    back=lambda ident: reverse("accounts:person", args=[ident]),
)
