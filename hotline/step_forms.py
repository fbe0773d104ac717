"""The facts that each step of a hotline order takes, declared once: page, API and documentation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from config.forms import ManyTicks
from hotline.choices import Line, Satisfaction, Way
from hotline.limits import MOST_EXTENSION_DAYS
from hotline.models import Order, Tier
from hotline.querysets import visible_to
from incidents.choices import OPEN as OPEN_CASES
from incidents.querysets import visible_to as cases_visible_to
from incidents.responsibility import Choice
from incidents.step_forms.base import as_field, case_field, item_field
from incidents.step_forms.handling import units_for
from steps.forms import StepForm, YesNo, words

_NOT_HERE = {"invalid_choice": _("There is no active unit with this code for this area.")}


class Nothing(StepForm):
    """A step that asks for nothing."""


class Texted(StepForm):
    text = words(_("What was said"))


class Reasoned(StepForm):
    reason = words(_("Reason"))


class Noted(StepForm):
    note = words(_("Note"), required=False)


class Note(StepForm):
    text = words(_("Note or question"))


def unit_field(*, required: bool, help_text: Any = "") -> "forms.ModelChoiceField[Organisation]":
    """An active unit, by its code."""
    return forms.ModelChoiceField(
        Organisation.objects.filter(active=True),
        to_field_name="code",
        label=_("Unit"),
        required=required,
        help_text=help_text,
        error_messages=_NOT_HERE,
    )


class _WithUnit(StepForm):
    def fit(self, meeting: Any) -> None:
        as_field(self.fields["unit"]).queryset = units_for(meeting.record.area_code)


class Dispatch(_WithUnit):
    unit = unit_field(
        required=False, help_text=_("The unit that the rules name, unless you name another.")
    )
    reason = words(
        _("Why this unit"),
        required=False,
        help_text=_("Needed where it is not the unit that the rules name."),
    )

    def fit(self, meeting: Any) -> None:
        super().fit(meeting)
        if not self.is_bound and meeting.suggestion:
            self.initial.setdefault("unit", meeting.suggestion.organisation.code)

    @property
    def _named(self) -> Choice | None:
        """What the rules say of this order; nothing where the form only describes itself."""
        meeting: Any = self.meeting
        found: Choice | None = meeting.suggestion if meeting is not None else None
        return found

    @property
    def advice(self) -> str:
        """Why the rules name the unit."""
        return self._named.reason if self._named else ""

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        check_unit(self, facts, self._named.organisation if self._named else None)
        return facts


def check_unit(form: Any, facts: dict[str, Any], named: Organisation | None) -> None:
    """A unit there must be, and a reason where it is not the one that the rules name."""
    if facts.get("unit") is None and named is None:
        if "unit" not in form.errors:
            form.add_to("unit", _("No rule names a unit for this: choose one."), "no_unit")
    elif facts.get("unit") not in (None, named) and named is not None and not facts.get("reason"):
        form.add_to(
            "reason",
            _("The rules name %(unit)s. Say why it is another.") % {"unit": named.shown_name},
            "reason_missing",
        )


class Designate(_WithUnit):
    unit = unit_field(required=True)
    reason = words(_("Why this unit"))


class OtherWay(StepForm):
    way = forms.ChoiceField(choices=Way.choices, label=_("Way"))
    line = forms.ChoiceField(
        choices=[("", "---------"), *Line.choices], required=False, label=_("Emergency line")
    )
    repeats = forms.CharField(
        required=False,
        max_length=20,
        label=_("Number of the earlier order"),
        help_text=_("Of the same caller, for a repeat with nothing new."),
    )
    text = words(_("What was said"))

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if self.meeting is not None:
            check_way(self, facts, self.meeting.by, self.meeting.record)
        return facts


def check_way(form: Any, facts: dict[str, Any], by: Any, order: Order) -> None:
    """An emergency line is named; a repeat names the caller's earlier order, which is put in place of its number."""
    if facts.get("way") == Way.URGENT_LINE and not facts.get("line"):
        form.add_to("line", _("Which line was it handed to?"), "line_missing")
    facts["repeats"] = _earlier(form, facts, by, order) if facts.get("way") == Way.REPEAT else None


def _earlier(form: Any, facts: dict[str, Any], by: Any, order: Order) -> Order | None:
    number = (facts.get("repeats") or "").strip()
    found = visible_to(by).filter(number=number).exclude(pk=order.pk).first() if number else None
    if found is None or found.caller_hash != order.caller_hash:
        said = _("Name an earlier order of the same caller.")
        form.add_to("repeats", said, "no_earlier_order")
        return None
    return found


class ToCase(StepForm):
    case = case_field(
        _("Case that it belongs to"),
        _("Number of an open case; without one a new case is reported."),
        required=False,
    )
    note = words(_("Note"), required=False)

    def fit(self, meeting: Any) -> None:
        as_field(self.fields["case"]).queryset = open_cases(meeting.by)


def open_cases(by: Any) -> Any:
    """The open cases that an order may be hung on."""
    return cases_visible_to(by).filter(state__in=OPEN_CASES)


def tier_field(*, required: bool = True) -> "forms.ModelChoiceField[Tier]":
    """How urgent it is: a row of the limits, by its code."""
    return forms.ModelChoiceField(
        Tier.objects.all(),
        to_field_name="code",
        label=_("Urgency"),
        empty_label=None,
        required=required,
    )


class PlaceFacts(forms.Form):
    """Where it is: a point, an area, words. Any of them may be missing."""

    area = forms.CharField(
        required=False, max_length=15, label=_("Area code"), widget=forms.HiddenInput
    )
    lon = forms.FloatField(
        required=False,
        min_value=-180,
        max_value=180,
        label=_("Longitude"),
        widget=forms.HiddenInput,
    )
    lat = forms.FloatField(
        required=False, min_value=-90, max_value=90, label=_("Latitude"), widget=forms.HiddenInput
    )
    address = forms.CharField(required=False, max_length=200, label=_("Address"))


class Amend(PlaceFacts, StepForm):
    item = item_field(required=False)
    tier = tier_field()

    def fit(self, meeting: Any) -> None:
        order = meeting.record
        known = {
            "item": order.item.code if order.item else "",
            "tier": order.tier.code,
            "area": order.area_code,
            "lon": order.lon,
            "lat": order.lat,
            "address": order.address,
        }
        self.initial = {**known, **self.initial}


class CallIn(StepForm):
    units = forms.ModelMultipleChoiceField(
        Organisation.objects.filter(active=True),
        to_field_name="code",
        label=_("Units"),
        widget=ManyTicks,
        error_messages={"invalid_choice": _("There is no active unit %(value)s for this area.")},
    )
    note = words(_("What is asked of them"), required=False)

    def fit(self, meeting: Any) -> None:
        there = {part.unit_id for part in meeting.parts}
        offered = units_for(meeting.record.area_code).exclude(pk__in=there)
        as_field(self.fields["units"]).queryset = offered


class Contribute(StepForm):
    text = words(_("What was done"))


class AskExtension(StepForm):
    days = forms.IntegerField(
        min_value=1,
        max_value=MOST_EXTENSION_DAYS,
        label=_("Working days more"),
        help_text=_("At most ten."),
    )
    reason = words(_("Reason"))


class Reply(StepForm):
    contacted = YesNo(label=_("Have you been in touch with the caller?"))
    text = words(_("What was done, and what the caller was told"))


CALL_SCRIPT = _(
    "“Hello, this is 12345. You asked us for something; may I ask how it went? Did the responsible unit get in touch"
    " with you? Is the matter solved? Are you satisfied, basically satisfied, or not satisfied? What should still be"
    " done?”"
)


class Visit(StepForm):
    contacted = YesNo(label=_("Did the unit get in touch?"))
    solved = YesNo(label=_("Is it solved?"))
    satisfaction = forms.ChoiceField(
        choices=Satisfaction.choices, label=_("Satisfied?"), widget=forms.RadioSelect
    )
    text = words(_("What the caller said"), required=False)

    @property
    def advice(self) -> str:
        """What whoever calls back says."""
        return str(CALL_SCRIPT)


FORMS: dict[str, type[StepForm]] = {
    "answer": Texted,
    "other_way": OtherWay,
    "dispatch": Dispatch,
    "designate": Designate,
    "uphold": Reasoned,
    "to_case": ToCase,
    "amend": Amend,
    "receive": Nothing,
    "accept": Nothing,
    "accept_silently": Nothing,
    "return": Reasoned,
    "call_in": CallIn,
    "start": Nothing,
    "contribute": Contribute,
    "ask_extension": AskExtension,
    "grant_extension": Noted,
    "refuse_extension": Reasoned,
    "reply": Reply,
    "reply_from_case": Nothing,
    "case_fell": Nothing,
    "visit": Visit,
    "not_reached": Noted,
    "unreachable": Noted,
    "close": Nothing,
    "note": Note,
}
