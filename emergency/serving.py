"""Hours that somebody served: entered by hand they wait for another's approval; what is required, what is missing."""

from datetime import date
from decimal import Decimal

from django.db.models import (
    Case,
    DecimalField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.refusal import Refused
from emergency.choices import Per, ServiceSource, ServiceState
from emergency.doors import ENROLMENTS, EnrolmentMeeting
from emergency.models import Enrolment, Service

_HOURS = DecimalField(max_digits=9, decimal_places=1)


@ENROLMENTS.effect("record_service")
def record_service(m: EnrolmentMeeting) -> None:
    """Entered; it waits."""
    made = Service.objects.create(
        enrolment=m.record,
        source=ServiceSource.BY_HAND,
        state=ServiceState.TO_APPROVE,
        day=m.facts["day"],
        minutes=round(m.facts["hours"] * 60),
        text=m.facts["text"],
        entered_by_id=m.by.user_id,
        entered_at=m.now,
    )
    m.data.update(service=made.pk, hours=float(m.facts["hours"]), day=m.facts["day"].isoformat())


@ENROLMENTS.guard("approve_service", "refuse_service")
def no_hours_wait(m: EnrolmentMeeting) -> str | Promise | None:
    """There must be some."""
    return None if m.services else gettext_lazy("No hours wait for approval.")


@ENROLMENTS.guard("approve_service", "refuse_service")
def hours_are_your_own(m: EnrolmentMeeting) -> str | Promise | None:
    """Nobody decides about themselves."""
    if m.by.user_id is not None and m.record.person_id == m.by.user_id:
        return gettext_lazy("Nobody approves their own hours.")
    return None


@ENROLMENTS.effect("approve_service")
def approve_service(m: EnrolmentMeeting) -> None:
    """They count."""
    _decide(m, ServiceState.APPROVED)


@ENROLMENTS.effect("refuse_service")
def refuse_service(m: EnrolmentMeeting) -> None:
    """They do not count, and stay on record."""
    _decide(m, ServiceState.REFUSED)


def _decide(m: EnrolmentMeeting, state: ServiceState) -> None:
    waiting = Service.objects.filter(enrolment=m.record, state=ServiceState.TO_APPROVE)
    service = waiting.filter(pk=m.facts["service"]).first()
    if service is None:
        raise Refused("unknown_service", _("These hours do not wait for approval any more."), 409)
    if service.entered_by_id is not None and service.entered_by_id == m.by.user_id:
        raise Refused(
            "entered_by_you", _("Hours are approved by somebody else than who entered them."), 409
        )
    service.state, service.decided_by_id, service.decided_at = state, m.by.user_id, m.now
    service.save()
    m.data.update(service=service.pk, hours=service.hours, day=service.day.isoformat())


def with_hours(enrolments: QuerySet[Enrolment], today: date) -> QuerySet[Enrolment]:
    """With `served` and `short` (hours) in the present month or year, in the same query."""
    minutes = Case(
        When(required_per=Per.MONTH, then=_served(today.replace(day=1))),
        default=_served(today.replace(month=1, day=1)),
        output_field=IntegerField(),
    )
    hours = ExpressionWrapper(minutes / Value(Decimal(60)), output_field=_HOURS)
    zero = Value(Decimal(0), output_field=_HOURS)
    return enrolments.annotate(served=hours).annotate(
        short=Greatest(
            ExpressionWrapper(F("required_hours") - F("served"), output_field=_HOURS), zero
        )
    )


def _served(since: date) -> Coalesce:
    counted = Service.objects.filter(
        enrolment=OuterRef("pk"), state=ServiceState.APPROVED, day__gte=since
    )
    total = counted.order_by().values("enrolment").annotate(total=Sum("minutes")).values("total")
    return Coalesce(Subquery(total), 0)
