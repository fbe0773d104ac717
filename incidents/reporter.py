"""Who reported: kept apart, masked everywhere, shown on request with a reason, and every look is journaled."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.personal import mask_name, mask_phone
from accounts.roles import May, Scope
from config.refusal import Refused
from incidents.models import Incident, Remark
from incidents.querysets import visible_to
from journal.append import append

SHOWN_SECONDS = 60


@dataclass(frozen=True)
class Reporter:
    """Name and phone of who reported a case, masked or plain."""

    name: str
    phone: str


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


def reveal(*, number: str, by: Actor, now: datetime, reason: str) -> Reporter:
    """Name and phone in plain, to be shown for `SHOWN_SECONDS`; who looked and why is journaled.

    Raises Incident.DoesNotExist for outsiders, Refused 403 for those who may not know, 422 without a reason.
    """
    with transaction.atomic():
        incident = visible_to(by).select_for_update(of=("self",)).get(number=number)
        if not may_see_reporter(by, incident):
            raise Refused("reporter_hidden", _("You may not see who reported this case."), 403)
        if not reason.strip():
            raise Refused("no_reason", _("Say why you need to know."), 422, field="reason")
        remark = Remark.objects.create(incident=incident, text=reason[:500], written_at=now)
        append(
            "incident.reporter_revealed",
            subject=("incident", incident.pk),
            area_code=incident.area_code,
            by=by,
            now=now,
            data={"remark": remark.pk},
        )
    return Reporter(incident.reporter_name, incident.reporter_phone)
