"""Enrolling people in an area (编入网格), changing their terms, and ending it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, ActorKind
from accounts.personal import keyed_hash
from accounts.roles import May
from config.refusal import SomebodyWasFirst
from emergency.choices import EnrolmentState
from emergency.doors import ENROLMENTS, EnrolmentMeeting
from emergency.models import Enrolment
from emergency.querysets import WRITE
from emergency.step_forms import EnrolFacts
from journal.append import Happening, append_many
from steps.forms import FactsRefused

TERMS = ("kind", "skills", "required_per", "valid_from", "valid_to")


def enrol(*, by: Actor, now: datetime, facts: Mapping[str, Any]) -> Enrolment:
    """Enrol one person. `facts` is what was typed or sent (`step_forms.EnrolFacts`).

    Raises PermissionDenied, FactsRefused (422), SomebodyWasFirst (409) where they are enrolled there already.
    """
    demand_permission(by)
    form = enrol_form(by, facts)
    if not form.is_valid():
        raise FactsRefused(form)
    with transaction.atomic():
        (made,) = write_enrolments([drawn_up(form.cleaned_data, now)], by=by, now=now)
    return made


def demand_permission(by: Actor) -> None:
    """Raises PermissionDenied."""
    by.require(May.ENROL)
    if by.kind is ActorKind.CLIENT and WRITE not in by.scopes:
        raise PermissionDenied(str(May.ENROL))


def enrol_form(by: Actor, facts: Mapping[str, Any] | None, **initial: Any) -> EnrolFacts:
    """The form, with the areas in which this person enrols."""
    form = EnrolFacts(facts, initial=initial)
    form.offer_areas(by)
    return form


def drawn_up(facts: Mapping[str, Any], now: datetime) -> Enrolment:
    """The enrolment that a valid form's facts describe, unsaved and without a number."""
    person, phone = facts["person"], facts["phone"]
    made = Enrolment(
        state=EnrolmentState.ACTIVE,
        person=person,
        name=facts["name"],
        phone=phone,
        who=f"account-{person.pk}" if person else f"phone-{keyed_hash(phone)}",
        enrolled_at=now,
        updated_at=now,
    )
    fill(made, facts)
    return made


def fill(record: Enrolment, facts: Mapping[str, Any]) -> None:
    """Put the terms on an enrolment."""
    record.area_code = facts["area"]
    record.required_hours = facts["required_hours"] or 0
    for name in TERMS:
        setattr(record, name, facts[name])


def write_enrolments(drawn: Sequence[Enrolment], *, by: Actor, now: datetime) -> list[Enrolment]:
    """Write all or none, in the caller's transaction. Raises SomebodyWasFirst where one exists already."""
    numbers = _numbers(len(drawn))
    for one, number in zip(drawn, numbers, strict=True):
        one.number = number
    try:
        with transaction.atomic():
            made = Enrolment.objects.bulk_create(drawn, batch_size=500)
    except IntegrityError:
        raise SomebodyWasFirst(
            _("This person is enrolled in this area with this kind already.")
        ) from None
    append_many([_happening(one, by, now) for one in made])
    return made


def _happening(one: Enrolment, by: Actor, now: datetime) -> Happening:
    post = None if by.is_system else by.require(May.ENROL, area_code=one.area_code)
    data = {"enrolment_kind": one.kind, "area": one.area_code, "to": one.state, "version": 1}
    return Happening(
        verb="enrolment.enrolled",
        subject=(ENROLMENTS.subject, one.pk),
        area_code=one.area_code,
        by=by,
        now=now,
        post=post,
        data=data,
    )


@ENROLMENTS.effect("amend")
def amend(m: EnrolmentMeeting) -> None:
    """Other terms for the same person. Raises SomebodyWasFirst where they are enrolled so already."""
    fill(m.record, m.facts)
    twin = Enrolment.objects.filter(
        who=m.record.who,
        area_code=m.record.area_code,
        kind=m.record.kind,
        state=EnrolmentState.ACTIVE,
    )
    if twin.exclude(pk=m.record.pk).exists():
        raise SomebodyWasFirst(_("This person is enrolled in this area with this kind already."))
    m.data.update(enrolment_kind=m.record.kind, area=m.record.area_code)


def _numbers(count: int) -> list[str]:
    """`BR00000001` and so on: as many as are enrolled at once. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('enrolment_number') FROM generate_series(1, %s)", [count])
        return [f"BR{running:08d}" for (running,) in cursor.fetchall()]
