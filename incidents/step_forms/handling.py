"""Facts of dispatch, of handling, and of requests for time."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, OrganisationKind
from config.forms import DayInput, ManyTicks
from incidents.choices import PhotoKind, SuspensionReason
from incidents.limits import LONGEST_SUSPENSION_DAYS
from incidents.responsibility import prefixes
from incidents.step_forms.base import StepForm, as_field
from steps.forms import words

if TYPE_CHECKING:
    from datetime import date

    from incidents.case import Case as TheCase


def units_for(area_code: str) -> QuerySet[Organisation]:
    """The units that can be told to act in an area: those that serve it, and all of its district."""
    district = area_code[:6]
    serving = Q(area_code__in=prefixes(area_code))
    if district:
        serving |= Q(area_code__gte=district, area_code__lt=f"{district}:")
    kinds = [When(kind=kind, then=place) for place, kind in enumerate(_ASKED_MOST)]
    nearest = Case(*kinds, default=len(_ASKED_MOST), output_field=IntegerField())
    return Organisation.objects.filter(serving, active=True).order_by(nearest, "code")


_ASKED_MOST = (OrganisationKind.DEPARTMENT, OrganisationKind.SUBDISTRICT, OrganisationKind.CENTRE)


class _WithUnits(StepForm):
    """A form in which units are chosen by their code."""

    unit_fields: tuple[str, ...] = ()

    def fit(self, case: "TheCase") -> None:
        for name in self.unit_fields:
            as_field(self.fields[name]).queryset = units_for(case.incident.area_code)


_NOT_HERE = {"invalid_choice": _("There is no active unit with this code for this area.")}


class Dispatch(_WithUnits):
    unit_fields = ("lead", "assisting")

    lead = forms.ModelChoiceField(
        Organisation.objects.filter(active=True),
        to_field_name="code",
        label=_("Lead unit"),
        required=False,
        help_text=_("The responsible unit by the rules, unless you name another."),
        error_messages=_NOT_HERE,
    )
    assisting = forms.ModelMultipleChoiceField(
        Organisation.objects.filter(active=True),
        to_field_name="code",
        label=_("Assisting units"),
        required=False,
        widget=ManyTicks,
        error_messages={"invalid_choice": _("There is no active unit %(value)s for this area.")},
    )
    reason = words(
        _("Why this unit"),
        required=False,
        help_text=_("Needed where the lead unit is not the one that the rules name."),
    )
    instruction = words(_("Instruction"), required=False)

    def fit(self, case: "TheCase") -> None:
        super().fit(case)
        if not self.is_bound and case.suggestion and not case.must_designate:
            self.initial.setdefault("lead", case.suggestion.organisation.code)

    @property
    def advice(self) -> str:
        """What speaks for which unit."""
        assert self.case is not None
        if self.case.must_designate:
            return gettext(
                "Units have returned it %(count)s times. Name the unit that must act, and say why."
            ) % {"count": self.case.incident.return_count}
        chosen = self.case.suggestion
        if chosen is None:
            return gettext(
                "No rule names a unit for this matter here. Name the lead unit, and say why."
            )
        return gettext("The rules name %(unit)s. %(why)s") % {
            "unit": chosen.organisation.shown_name,
            "why": chosen.reason,
        }

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        lead, assisting = facts.get("lead"), facts.get("assisting")
        if lead and assisting and lead in assisting:
            self.add_to("assisting", _("The lead unit cannot assist itself."), "lead_assists")
        return facts


class Return(StepForm):
    reason = words(_("Why it is not ours"), help_text=_("Only a wrong dispatch can be returned."))


class Reasoned(StepForm):
    """A step that needs a reason."""

    reason = words(_("Reason"))


class Noted(StepForm):
    """A step to which something can be added."""

    note = words(_("Note"), required=False)


class CallIn(_WithUnits):
    unit_fields = ("units",)

    units = forms.ModelMultipleChoiceField(
        Organisation.objects.filter(active=True),
        to_field_name="code",
        label=_("Assisting units"),
        widget=ManyTicks,
        error_messages={"invalid_choice": _("There is no active unit %(value)s for this area.")},
    )
    instruction = words(_("Instruction"), required=False)


class Release(StepForm):
    unit = forms.ModelChoiceField(
        Organisation.objects.all(),
        to_field_name="code",
        label=_("Assisting unit"),
        error_messages={"invalid_choice": _("This unit does not assist here.")},
    )
    reason = words(_("Reason"))

    def fit(self, case: "TheCase") -> None:
        waiting = [a.unit_id for a in case.assisting if a.replied_at is None]
        as_field(self.fields["unit"]).queryset = Organisation.objects.filter(pk__in=waiting)


class AnswerAssist(StepForm):
    photos = (PhotoKind.AFTER,)

    text = words(_("How it was handled"))


class Answer(StepForm):
    photos = (PhotoKind.BEFORE, PhotoKind.AFTER)

    text = words(_("How it was handled"))


class AskExtension(StepForm):
    reason = words(
        _("Why more time is needed"),
        help_text=_("Granted, it adds the original limit once more to the present deadline."),
    )


class AskSuspension(StepForm):
    suspension_reason = forms.ChoiceField(
        label=_("Kind of reason"), choices=SuspensionReason.choices
    )
    until = forms.DateField(
        label=_("Until"), widget=DayInput, help_text=_("Handling goes on by itself on that day.")
    )
    reason = words(
        _("Note for the public"), help_text=_("The reporter may read it: no names, no numbers.")
    )

    def clean_until(self) -> "date":
        until: date = self.cleaned_data["until"]
        if self.case is None:
            return until
        if until <= self.case.today:
            raise forms.ValidationError(_("Choose a day after today."), code="until_past")
        if until > self.case.today + timedelta(days=LONGEST_SUSPENSION_DAYS):
            raise forms.ValidationError(
                _("A suspension lasts a year at most."), code="until_too_far"
            )
        return until


class RefuseAsk(StepForm):
    note = words(_("Why not"))
