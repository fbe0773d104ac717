"""The facts of dividing an assignment into zones, with their people and targets."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Post, User
from campaigns.models import Assignment, Zone
from config.forms import DayInput, ManyTicks
from incidents.querysets import within
from incidents.step_forms.base import as_field
from steps.forms import StepForm

MOST_PEOPLE = 600


def people_for(assignment: Assignment, day: date) -> "QuerySet[User]":
    """Who can be sent to a zone: whoever holds a post in the organisation, or in the area, on that day."""
    here = within(assignment.area_code, "area_code")
    if assignment.unit_id is not None:
        here = Q(organisation_id=assignment.unit_id)
    held = Post.objects.filter(here, valid_from__lte=day, ended_at=None)
    held = held.filter(Q(valid_to=None) | Q(valid_to__gte=day))
    people = User.objects.filter(is_active=True, pk__in=held.values("user_id"))
    return people.order_by("name", "pk")[:MOST_PEOPLE]


class AddZone(StepForm):
    name = forms.CharField(label=_("Name of the zone"), max_length=60)
    leader = forms.ChoiceField(label=_("Cadre who leads"))
    members = forms.MultipleChoiceField(label=_("Members"), required=False, widget=ManyTicks)
    starts_on = forms.DateField(label=_("From"), required=False, widget=DayInput)
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DayInput)

    def fit(self, meeting: Any) -> None:
        people = list(people_for(meeting.record, meeting.today))
        offered = [(str(one.pk), one.name or one.username) for one in people]
        as_field(self.fields["leader"]).choices = offered
        as_field(self.fields["members"]).choices = offered
        self.fields["starts_on"].initial = meeting.today

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.meeting is None:
            return facts
        facts["starts_on"] = facts.get("starts_on") or self.meeting.today
        if facts.get("ends_on") and facts["ends_on"] < facts["starts_on"]:
            self.add_to("ends_on", _("The last day lies before the first."), "backward")
        meeting: Any = self.meeting
        name, itself = facts.get("name"), str(facts.get("zone") or "")
        if any(zone.name == name and str(zone.pk) != itself for zone in meeting.zones):
            self.add_to("name", _("There is a zone of this name."), "taken")
        return facts


class _OfZone(StepForm):
    zone = forms.ChoiceField(label=_("Zone"))

    def fit(self, meeting: Any) -> None:
        super().fit(meeting)
        as_field(self.fields["zone"]).choices = [(str(z.pk), z.name) for z in meeting.zones]


class ChangeZone(_OfZone, AddZone):
    """Name, people and days anew, as they shall be. Who is not named any more serves no more in the zone."""

    field_order = ("zone", "name", "leader", "members", "starts_on", "ends_on")

    def fit(self, meeting: Any) -> None:
        super().fit(meeting)
        chosen = str(self.initial.get("zone") or "")
        zone = next((z for z in meeting.zones if str(z.pk) == chosen), None)
        if zone is not None:
            self.initial = {**zone_as_typed(zone), **self.initial}


def zone_as_typed(zone: Zone) -> dict[str, Any]:
    """A zone as the form would have been filled in."""
    cadres = list(zone.cadres.all())
    return {
        "name": zone.name,
        "leader": next((str(c.person_id) for c in cadres if c.leads), ""),
        "members": [str(c.person_id) for c in cadres if not c.leads],
        "starts_on": zone.starts_on,
        "ends_on": zone.ends_on,
    }


class DropZone(_OfZone):
    """Which zone."""


class ShareOut(_OfZone):
    """Everything that is in no zone evenly over all zones; or to one zone what lies in areas, or what is named."""

    zone = forms.ChoiceField(label=_("Zone"), required=False)
    evenly = forms.BooleanField(
        label=_("Spread what is in no zone evenly over all zones"), required=False
    )
    areas = forms.MultipleChoiceField(label=_("What lies in"), required=False, widget=ManyTicks)
    targets = forms.CharField(
        label=_("Or these targets"),
        required=False,
        max_length=100_000,
        help_text=_("Numbers, separated by spaces."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def fit(self, meeting: Any) -> None:
        super().fit(meeting)
        zones = [(str(z.pk), z.name) for z in meeting.zones]
        as_field(self.fields["zone"]).choices = [("", "—"), *zones]
        codes = meeting.record.targets.values_list("area_code", flat=True).distinct()
        as_field(self.fields["areas"]).choices = [(code, code) for code in sorted(codes)]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        facts["numbers"] = facts.get("targets", "").replace(",", " ").split()
        if facts.get("evenly"):
            return facts
        if not facts.get("zone"):
            self.add_to("zone", _("Choose the zone."), "required")
        if not facts.get("areas") and not facts["numbers"]:
            self.add_to("areas", _("Say which targets."), "required")
        return facts
