"""The facts that each step takes, declared once: the page's form, the API's input and its documentation."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Organisation, OrganisationKind
from config.forms import DayInput, ManyTicks
from grids.models import Area
from incidents.models import Incident
from incidents.querysets import visible_to as cases_visible_to
from incidents.step_forms.base import as_field
from incidents.step_forms.handling import units_for
from steps.forms import StepForm, words
from whistles.call import Call
from whistles.choices import Grade
from whistles.models import WhistleType
from whistles.plan_field import PlanField
from whistles.querysets import types_for

MOST_CASES = 20


def _degrees(label: Any, most: int) -> forms.FloatField:
    """Found by the page's map or the phone, and not typed."""
    return forms.FloatField(
        required=False, min_value=-most, max_value=most, widget=forms.HiddenInput, label=label
    )


def _demand_whole_point(form: StepForm, facts: Mapping[str, Any]) -> None:
    if (facts.get("lon") is None) != (facts.get("lat") is None):
        form.add_to("lat", _("A point needs both longitude and latitude."), "half_a_point")


class AboutUnit(StepForm):
    """A step about one unit; the page knows which, and a program names it."""

    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=40,
        widget=forms.HiddenInput,
        help_text=_("Code of the unit; not needed by a unit that acts for itself."),
    )


class Reasoned(StepForm):
    reason = words(_("Reason"))


class Noted(StepForm):
    note = words(_("Note"), required=False)


class UnitReasoned(AboutUnit):
    reason = words(_("Reason"))


class UnitNoted(AboutUnit):
    note = words(_("Note"), required=False)


class CheckIn(AboutUnit):
    """A position comes from the phone by itself; a phone that finds none may check in all the same."""

    lon = _degrees(_("Longitude"), 180)
    lat = _degrees(_("Latitude"), 90)
    accuracy_m = forms.FloatField(
        required=False, min_value=0, widget=forms.HiddenInput, label=_("Accuracy (m)")
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        _demand_whole_point(self, facts)
        return facts


class Deliver(AboutUnit):
    result = words(_("What was done"))


class CallIn(StepForm):
    units = forms.MultipleChoiceField(label=_("Units"), widget=ManyTicks)

    def fit(self, call: Call) -> None:
        there = {one.unit_id for one in call.summonses}
        offered = [u for u in summonable(call.whistle.area_code) if u.pk not in there]
        as_field(self.fields["units"]).choices = [(u.code, u.shown_name) for u in offered]

    def clean_units(self) -> list[Organisation]:
        return _chosen(self.cleaned_data["units"])


class Plan(StepForm):
    text = forms.CharField(label=_("What is to be reached"), max_length=200)
    unit = forms.ChoiceField(label=_("By which unit"), required=False)
    due_on = forms.DateField(label=_("By when"), widget=DayInput)

    def fit(self, call: Call) -> None:
        units = [(one.unit.code, one.unit.shown_name) for one in call.standing]
        as_field(self.fields["unit"]).choices = [("", _("The street itself")), *units]


class Tick(StepForm):
    milestone = forms.TypedChoiceField(label=_("Milestone"), coerce=int)

    def fit(self, call: Call) -> None:
        waiting = [one for one in call.milestones if one.done_at is None]
        if not call.from_the_street:
            own = {one.unit_id for one in call.own}
            waiting = [one for one in waiting if one.unit_id in own]
        as_field(self.fields["milestone"]).choices = [(one.pk, one.text) for one in waiting]


class Evaluate(StepForm):
    """`grade_CODE` and `text_CODE` for the code of each unit that was summoned."""

    def fit(self, call: Call) -> None:
        for part in call.standing:
            name = part.unit.shown_name
            self.fields[f"grade_{part.unit.code}"] = forms.ChoiceField(
                label=name, choices=Grade.choices, widget=forms.RadioSelect
            )
            self.fields[f"text_{part.unit.code}"] = words(_("Why, for %(unit)s") % {"unit": name})


class DraftFacts(StepForm):
    """What a whistle is about and whom it summons; for drafting it and for amending the draft."""

    type = forms.ChoiceField(label=_("Kind of whistle"))
    text = words(_("What is the matter, and what must be done?"))
    area = forms.CharField(
        label=_("Area code"),
        required=False,
        max_length=15,
        help_text=_("The street or community; found by itself where a point is marked."),
    )
    address = forms.CharField(label=_("Where, in words"), required=False, max_length=200)
    lon = _degrees(_("Longitude"), 180)
    lat = _degrees(_("Latitude"), 90)
    lead = forms.ChoiceField(label=_("Lead unit"))
    units = forms.MultipleChoiceField(label=_("Other units"), required=False, widget=ManyTicks)
    cases = forms.CharField(
        label=_("Cases"),
        required=False,
        max_length=400,
        help_text=_("Numbers of the cases that it hangs on, if any."),
    )
    plan = PlanField(
        label=_("Plan"),
        required=False,
        help_text=_("Milestones, if the whistle is more than one visit. More can be added later."),
    )
    stay = forms.BooleanField(
        label=_("The lead unit may not leave before the street confirms"), required=False
    )

    def fit_for(self, actor: Actor, area_code: str) -> None:
        """Offer the types that this person may blow, and the units of the district."""
        offered = [(u.code, u.shown_name) for u in summonable(area_code)]
        as_field(self.fields["type"]).choices = [(t.code, t.shown_name) for t in types_for(actor)]
        as_field(self.fields["lead"]).choices = [("", "—"), *offered]
        as_field(self.fields["units"]).choices = offered
        as_field(self.fields["plan"]).widget.choices = [("", _("The street itself")), *offered]
        self.actor = actor

    def fit(self, call: Call) -> None:
        self.fit_for(call.by, call.whistle.area_code)
        if not self.is_bound:
            self.initial = {**drafted_facts(call), **self.initial}

    def clean_type(self) -> WhistleType:
        return WhistleType.objects.get(code=self.cleaned_data["type"])

    def clean_area(self) -> str:
        code = str(self.cleaned_data["area"]).strip()
        if code and not Area.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is no area with this code."), code="area_unknown")
        return code

    def clean_lead(self) -> Organisation:
        return _chosen([self.cleaned_data["lead"]])[0]

    def clean_units(self) -> list[Organisation]:
        return _chosen(self.cleaned_data["units"])

    def clean_cases(self) -> list[Incident]:
        numbers = [n for n in re.split(r"[\s,，、;；'\[\]]+", self.cleaned_data["cases"]) if n]
        found = list(cases_visible_to(self.actor).filter(number__in=numbers[:MOST_CASES]))
        missing = set(numbers) - {case.number for case in found}
        if missing:
            raise forms.ValidationError(
                _("There is no case %(numbers)s that you may see."),
                code="case_unknown",
                params={"numbers": ", ".join(sorted(missing))[:80]},
            )
        return found

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        _demand_whole_point(self, facts)
        if facts.get("lead") in facts.get("units", []):
            facts["units"] = [unit for unit in facts["units"] if unit != facts["lead"]]
        self._of_summoned_units(facts)
        return facts

    def _of_summoned_units(self, facts: dict[str, Any]) -> None:
        """Put the unit of each milestone in place of its code."""
        named = [facts["lead"], *facts.get("units", [])] if facts.get("lead") else []
        summoned = {unit.code: unit for unit in named}
        for row in facts.get("plan") or []:
            code, row["unit"] = row["unit"], summoned.get(row["unit"])
            if code and row["unit"] is None and summoned:
                self.add_to(
                    "plan",
                    _("“%(text)s” is planned for a unit that is not summoned.")
                    % {"text": row["text"]},
                    "plan_unit",
                )


def drafted_facts(call: Call) -> dict[str, Any]:
    """A draft as its form shows it."""
    whistle = call.whistle
    lead = next((one.unit.code for one in call.standing if one.lead), "")
    return {
        "type": whistle.type.code,
        "text": whistle.text,
        "area": whistle.area_code,
        "address": whistle.address,
        "lon": whistle.lon,
        "lat": whistle.lat,
        "lead": lead,
        "units": [one.unit.code for one in call.standing if not one.lead],
        "cases": ", ".join(whistle.cases.values_list("number", flat=True)),
        "stay": whistle.stay,
        "plan": [
            {
                "text": one.text,
                "unit": one.unit.code if one.unit else "",
                "due_on": one.due_on.isoformat(),
            }
            for one in call.milestones
        ],
    }


def summonable(area_code: str) -> list[Organisation]:
    """The units that can be summoned to an area: all of its district but streets and communities themselves."""
    offices = (OrganisationKind.SUBDISTRICT, OrganisationKind.COMMUNITY)
    found = units_for(area_code).exclude(kind__in=offices).order_by("code")
    order = [str(kind) for kind in (OrganisationKind.DEPARTMENT, OrganisationKind.CONTRACTOR)]
    return sorted(found, key=lambda unit: order.index(unit.kind) if unit.kind in order else 9)


def _chosen(codes: list[str]) -> list[Organisation]:
    found = {unit.code: unit for unit in Organisation.objects.filter(code__in=codes, active=True)}
    return [found[code] for code in dict.fromkeys(codes) if code in found]


FORMS: dict[str, type[StepForm]] = {
    "amend": DraftFacts,
    "approve": Noted,
    "blow": Noted,
    "call_in": CallIn,
    "sign": AboutUnit,
    "contact": UnitNoted,
    "check_in": CheckIn,
    "object": UnitReasoned,
    "uphold": UnitReasoned,
    "release": UnitReasoned,
    "start": AboutUnit,
    "plan": Plan,
    "tick": Tick,
    "deliver": Deliver,
    "send_back": UnitReasoned,
    "leave": AboutUnit,
    "confirm": Noted,
    "evaluate": Evaluate,
    "close": Noted,
    "cancel": Reasoned,
}
