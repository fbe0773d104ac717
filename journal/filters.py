"""What an auditor narrows the log down by."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import ActorKind
from accounts.models import ApiClient, User
from journal.models import Event
from journal.wording import label_of, subjects, wordings

MOST_NAMESAKES = 50
_THE_SYSTEM = ("system", "系统")


def verb_choices() -> list[tuple[str, str]]:
    """Every registered verb with its sentence, those of one kind of subject together."""
    return [(verb, f"{label_of(verb)} · {verb}") for verb in sorted(wordings())]


def subject_choices() -> list[tuple[str, str]]:
    """Every registered kind of subject."""
    return sorted(((kind, str(s.label)) for kind, s in subjects().items()), key=lambda c: c[1])


class AuditForm(forms.Form):
    """The fields of the filter, and what they must not say together."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("number") and not given.get("kind"):
            self.add_error("kind", _("Say what the number is the number of."))
        since, until = given.get("since"), given.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day lies before the first day."))
        return given


class AuditFilter(django_filters.FilterSet):  # type: ignore[misc]  # untyped library
    """By verb, person, subject, area and time. `people` holds the accounts that the typed name fits."""

    verb = django_filters.ChoiceFilter(label=_("Operation"), choices=verb_choices)
    who = django_filters.CharFilter(label=_("Whole name or user name"), method="by_person")
    since = django_filters.DateFilter(
        label=_("From"), method="from_day", widget=forms.DateInput(attrs={"type": "date"})
    )
    until = django_filters.DateFilter(
        label=_("Up to and including"),
        method="to_day",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    kind = django_filters.ChoiceFilter(
        label=_("About"), field_name="subject_kind", choices=subject_choices
    )
    number = django_filters.CharFilter(label=_("Number"), method="by_number", max_length=40)
    area = django_filters.CharFilter(
        label=_("Area code"),
        field_name="area_code",
        lookup_expr="startswith",
        validators=[RegexValidator(r"^\d{1,15}$", _("An area code is 1 to 15 digits."))],
    )

    class Meta:
        model = Event
        fields: tuple[str, ...] = ()
        form = AuditForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: list[int] = []

    def by_person(self, events: "QuerySet[Event]", name: str, text: str) -> "QuerySet[Event]":
        text = text.strip()
        if text.lower() in _THE_SYSTEM:
            return events.filter(actor_kind=ActorKind.SYSTEM)
        named = Q(username__iexact=text) | Q(name=text)
        self.people = list(User.objects.filter(named).values_list("pk", flat=True)[:MOST_NAMESAKES])
        clients = list(ApiClient.objects.filter(name=text).values_list("pk", flat=True))
        return events.filter(
            Q(actor_kind=ActorKind.USER, actor_id__in=self.people)
            | Q(actor_kind=ActorKind.CLIENT, actor_id__in=clients)
        )

    def by_number(self, events: "QuerySet[Event]", name: str, text: str) -> "QuerySet[Event]":
        kind = self.form.cleaned_data.get("kind", "")
        subject = subjects().get(kind)
        found = subject.find(text.strip()) if subject and subject.find else None
        return events.filter(subject_id=text.strip() if found is None else str(found))

    def from_day(self, events: "QuerySet[Event]", name: str, day: date) -> "QuerySet[Event]":
        return events.filter(at__gte=_midnight(day))

    def to_day(self, events: "QuerySet[Event]", name: str, day: date) -> "QuerySet[Event]":
        return events.filter(at__lt=_midnight(day + timedelta(days=1)))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))
