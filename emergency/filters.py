"""How activations and enrolments are narrowed down: one set of filters for the pages and for the API."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.personal import keyed_hash
from emergency.choices import (
    EnrolmentKind,
    EnrolmentState,
    EventKind,
    Level,
    ServiceState,
    Skill,
    State,
)
from emergency.models import Activation, Enrolment
from incidents.querysets import within

Rows = QuerySet[Any]


class ActivationFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """By state, level, kind and area."""

    state = django_filters.ChoiceFilter(choices=State.choices, label=_("State"))
    level = django_filters.ChoiceFilter(choices=Level.choices, label=_("Level"))
    kind = django_filters.ChoiceFilter(choices=EventKind.choices, label=_("Kind of event"))
    area = django_filters.CharFilter(method="by_area", label=_("Area code"))

    class Meta:
        model = Activation
        fields: tuple[str, ...] = ()

    def by_area(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(within(value))


class EnrolmentFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """By name or phone, area, kind, skill, shortfall, and what waits for approval."""

    q = django_filters.CharFilter(
        method="words", label=_("Name of an account, exact phone, or number")
    )
    kind = django_filters.MultipleChoiceFilter(choices=EnrolmentKind.choices, label=_("Kind"))
    skill = django_filters.ChoiceFilter(choices=Skill.choices, method="by_skill", label=_("Skill"))
    area = django_filters.CharFilter(method="by_area", label=_("Area code"))
    short = django_filters.ChoiceFilter(
        choices=[("yes", _("Hours missing")), ("no", _("Hours served"))],
        method="by_shortfall",
        label=_("Hours"),
    )
    waits = django_filters.ChoiceFilter(
        choices=[("yes", _("Hours wait for approval"))], method="by_waiting", label=_("Approval")
    )
    state = django_filters.ChoiceFilter(choices=EnrolmentState.choices, label=_("State"))

    class Meta:
        model = Enrolment
        fields: tuple[str, ...] = ()

    def words(self, rows: Rows, _name: str, value: str) -> Rows:
        by_phone = f"phone-{keyed_hash(value)}"
        return rows.filter(
            Q(person__name__icontains=value) | Q(who=by_phone) | Q(number=value.strip())
        )

    def by_skill(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(skills__contains=[value])

    def by_area(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(within(value))

    def by_shortfall(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(short__gt=0) if value == "yes" else rows.filter(short=0)

    def by_waiting(self, rows: Rows, _name: str, _value: str) -> Rows:
        return rows.filter(services__state=ServiceState.TO_APPROVE).distinct()
